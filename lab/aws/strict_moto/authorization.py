"""moto enforces IAM; here it asks for the permissions that AWS asks for, on the resources that AWS means.

moto 5.2.5 knows some S3 actions by names that IAM does not have, looks at no object that a copy reads or a DeleteObjects names,
tells everybody what locks an object, takes any role that does not exist yet for "*", refuses what one statement allows for the condition of another one, and takes a
path's parameters for the body of a request without one, so that its signature does not match.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote, urlparse

import xmltodict
from moto import settings
from moto.core.authorization import ActionAuthenticatorMixin
from moto.iam.access_control import IAMPolicyStatement, IAMRequestBase, PermissionResult
from moto.iam.responses import IamResponse
from moto.s3.exceptions import S3AccessDeniedError
from moto.s3.responses import S3Response

# By the query parameter that says what of a bucket is meant: what reads it, what writes or removes it.
BUCKET_ACTIONS = {
    "accelerate": ("GetAccelerateConfiguration", "PutAccelerateConfiguration"),
    "encryption": ("GetEncryptionConfiguration", "PutEncryptionConfiguration"),
    "lifecycle": ("GetLifecycleConfiguration", "PutLifecycleConfiguration"),
    "object-lock": ("GetBucketObjectLockConfiguration", "PutBucketObjectLockConfiguration"),
    "ownershipControls": ("GetBucketOwnershipControls", "PutBucketOwnershipControls"),
    "publicAccessBlock": ("GetBucketPublicAccessBlock", "PutBucketPublicAccessBlock"),
    "replication": ("GetReplicationConfiguration", "PutReplicationConfiguration"),
    "requestPayment": ("GetBucketRequestPayment", "PutBucketRequestPayment"),
}

# The same of an object.
OBJECT_ACTIONS = {
    "legal-hold": ("GetObjectLegalHold", "PutObjectLegalHold"),
    "retention": ("GetObjectRetention", "PutObjectRetention"),
}

# What the answer to HeadObject has only for those who may ask for it by itself.
LOCK_HEADERS = {
    "x-amz-object-lock-legal-hold": "GetObjectLegalHold",
    "x-amz-object-lock-mode": "GetObjectRetention",
    "x-amz-object-lock-retain-until-date": "GetObjectRetention",
}


def authorize_as_aws_does() -> None:
    """Turns on IAM in moto, for every request from now on, with what moto lacks."""
    S3Response._authenticate_and_authorize_s3_action = _s3_action(S3Response._authenticate_and_authorize_s3_action)
    S3Response.head_object = _hiding_locks(S3Response.head_object)
    IamResponse._determine_resource = _iam_resource(IamResponse._determine_resource)
    IAMPolicyStatement.is_action_permitted = _only_where_it_applies(IAMPolicyStatement.is_action_permitted)
    IAMRequestBase._create_aws_request = _signed_request(IAMRequestBase._create_aws_request)
    settings.INITIAL_NO_AUTH_ACTION_COUNT = 0
    ActionAuthenticatorMixin.request_count = 0


def _only_where_it_applies(original: Callable[..., PermissionResult]) -> Callable[..., PermissionResult]:
    """A statement whose condition is not met says nothing, where moto lets it refuse. Those of trust policies, without resources, are left."""

    @functools.wraps(original)
    def is_action_permitted(
        self: IAMPolicyStatement,
        action: str,
        resource: str = "*",
        principal: str | None = None,
        incoming_condition_values: dict[str, str] | None = None,
    ) -> PermissionResult:
        if self._statement.get("Resource") and not self._check_conditions(incoming_condition_values):
            return PermissionResult.NEUTRAL
        return original(self, action, resource, principal, incoming_condition_values)

    return is_action_permitted


def _s3_action(original: Callable[..., None]) -> Callable[..., None]:
    @functools.wraps(original)
    def authorize(self: S3Response, bucket_name: str | None = None, key_name: str | None = None) -> None:
        def check(action: str, bucket: str | None, key: str | None) -> None:
            # moto answers by the action's name as well, so it is put back.
            before = self.data["Action"]
            self.data["Action"] = action
            try:
                original(self, bucket_name=bucket, key_name=key)
            finally:
                self.data["Action"] = before

        if key_name is None and self.data["Action"] == "DeleteObject" and self.is_delete_keys():
            for key in _named_keys(self.body):
                check("DeleteObject", bucket_name, key)
            return
        check(_action_name(self, key_name), bucket_name, key_name)
        source = self.headers.get("x-amz-copy-source")
        if source is not None and key_name is not None:
            parsed = urlparse(source)
            bucket, _, key = unquote(parsed.path).lstrip("/").partition("/")
            check("GetObjectVersion" if "versionId" in parsed.query else "GetObject", bucket, key)

    return authorize


def _action_name(response: S3Response, key_name: str | None) -> str:
    action = response.data["Action"]
    if key_name is not None:
        for parameter, (read, write) in OBJECT_ACTIONS.items():
            if parameter in response.querystring:
                return read if response.method == "GET" else write
        return action
    if action == "HeadBucket":
        return "ListBucket"
    for parameter, (read, write) in BUCKET_ACTIONS.items():
        if parameter in response.querystring:
            return read if response.method == "GET" else write
    return action


def _hiding_locks(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def head_object(self: S3Response, bucket_name: str, query: Any, key_name: str, headers: Any) -> Any:
        status, answered, body = original(self, bucket_name, query, key_name, headers)
        for header, action in LOCK_HEADERS.items():
            if answered.get(header) is None:
                continue
            self.data["Action"] = action
            try:
                self._authenticate_and_authorize_s3_action(bucket_name=bucket_name, key_name=key_name)
            except S3AccessDeniedError:
                del answered[header]
        return status, answered, body

    return head_object


def _named_keys(body: Any) -> list[str]:
    objects = xmltodict.parse(body, strip_whitespace=False)["Delete"].get("Object", [])
    return [entry["Key"] for entry in (objects if isinstance(objects, list) else [objects])]


def _iam_resource(original: Callable[[IamResponse], str]) -> Callable[[IamResponse], str]:
    @functools.wraps(original)
    def determine(self: IamResponse) -> str:
        known = original(self)
        name = self.querystring.get("RoleName")
        if known != "*" or name is None:
            return known
        path = self.querystring.get("Path", ["/"])[0]
        return f"arn:{self.partition}:iam::{self.current_account}:role{path}{name[0]}"

    return determine


def _signed_request(original: Callable[[IAMRequestBase], Any]) -> Callable[[IAMRequestBase], Any]:
    @functools.wraps(original)
    def create(self: IAMRequestBase) -> Any:
        data = self._data
        if self._method in ("GET", "HEAD", "DELETE"):
            self._data = {}
        try:
            return original(self)
        finally:
            self._data = data

    return create
