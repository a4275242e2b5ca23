"""Temporary credentials end. moto gives them a time to end and never looks at it."""

from __future__ import annotations

import functools
from typing import Any

from moto.core.exceptions import _RESTError
from moto.core.utils import utcnow
from moto.iam import access_control
from moto.iam.models import iam_backends
from moto.s3.exceptions import S3ClientError
from moto.sts.models import AssumedRole, sts_backends

from strict_moto.arrival import arrived_at

MESSAGE = "The security token included in the request is expired"


class ExpiredTokenError(_RESTError):
    code = 403

    def __init__(self) -> None:
        super().__init__("ExpiredToken", MESSAGE)


class S3ExpiredTokenError(S3ClientError):
    code = "ExpiredToken"

    def __init__(self) -> None:
        super().__init__("ExpiredToken", "The provided token has expired.")


def enforce_expiry() -> None:
    """From now on, a request that is signed with credentials that had expired when it came is refused, whatever else it is."""
    for request_class, error in (
        (access_control.IAMRequest, ExpiredTokenError),
        (access_control.S3IAMRequest, S3ExpiredTokenError),
    ):
        request_class.check_signature = _checking_expiry(request_class.check_signature, error)


def _checking_expiry(original: Any, error: type[Exception]) -> Any:
    @functools.wraps(original)
    def check_signature(self: Any) -> None:
        # First the signature: who cannot sign learns nothing about the key.
        original(self)
        key = self._access_key
        if isinstance(key, access_control.AssumedRoleAccessKey):
            role = sts_backends[self.account_id]["aws"].get_assumed_role_from_access_key(key._access_key_id)
            if role is None or role.expiration <= arrived_at():
                raise error

    return check_signature


def forget_old_sessions(account_id: str, seconds: int) -> None:
    """Removes sessions that ended more than `seconds` ago: moto looks for a key by going through all of them.

    To be called by one thread at a time, and not while a role is assumed.
    """

    def is_old(role: AssumedRole) -> bool:
        return (utcnow() - role.expiration).total_seconds() > seconds

    backend = sts_backends[account_id]["aws"]
    keys = iam_backends[account_id]["aws"].access_keys
    old = [role for role in backend.assumed_roles if is_old(role)]
    # A new list: other threads may be going through the one that is there.
    backend.assumed_roles = [role for role in backend.assumed_roles if role not in old]
    for role in old:
        keys.pop(role.access_key.physical_resource_id, None)
