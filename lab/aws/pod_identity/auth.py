"""EKS Auth: a pod's token for temporary credentials of the role that its service account is associated with."""

from __future__ import annotations

import dataclasses
import datetime
import json
import threading
import uuid
from collections.abc import Callable
from typing import Any

from moto.core.utils import utcnow
from moto.iam.exceptions import NotFoundException
from moto.iam.models import iam_backends
from moto.sts.models import sts_backends
from strict_moto.expiry import forget_old_sessions

from pod_identity.associations import Association, Associations
from pod_identity.tokens import AUDIENCE, ReviewUnavailable, TokenOwner, TokenRefused

# Longest name of a role's session, and what an expired one is kept for: to be told apart from an unknown one.
SESSION_NAME_LENGTH = 64
KEEP_EXPIRED_SECONDS = 3600


class AuthError(Exception):
    """By the names and status codes of EKS Auth's API."""

    def __init__(self, code: str, status: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.status = status


@dataclasses.dataclass(frozen=True)
class Session:
    owner: TokenOwner
    association: Association
    account_id: str
    role_session_arn: str
    role_session_id: str
    access_key_id: str
    secret_access_key: str = dataclasses.field(repr=False)
    session_token: str = dataclasses.field(repr=False)
    expiration: datetime.datetime

    def as_eks_auth_answers(self) -> dict[str, Any]:
        return {
            "subject": {"namespace": self.owner.namespace, "serviceAccount": self.owner.service_account},
            "audience": AUDIENCE,
            "podIdentityAssociation": {
                "associationArn": self.association.arn,
                "associationId": self.association.id,
            },
            "assumedRoleUser": {"arn": self.role_session_arn, "assumeRoleId": self.role_session_id},
            "credentials": {
                "accessKeyId": self.access_key_id,
                "secretAccessKey": self.secret_access_key,
                "sessionToken": self.session_token,
                "expiration": self.expiration.timestamp(),
            },
        }


class EksAuth:
    def __init__(
        self,
        associations: Associations,
        review: Callable[[str], TokenOwner],
        cluster_name: str,
        region: str,
        account_id: str,
        seconds: int,
    ) -> None:
        self.cluster_name = cluster_name
        self._associations = associations
        self._review = review
        self._region = region
        self._account_id = account_id
        self._seconds = seconds
        self._minting = threading.Lock()

    def assume_role(self, cluster_name: str, token: str) -> Session:
        """Raises AuthError: for a bad token, a service account without an association, a role that does not trust EKS."""
        owner = self._owner(token)
        association = self._associations.find(cluster_name, owner.namespace, owner.service_account)
        if association is None:
            raise AuthError(
                "ResourceNotFoundException",
                404,
                f"No association found for service account {owner.service_account} in namespace {owner.namespace} "
                f"of cluster {cluster_name}",
            )
        self._require_trust(association)
        with self._minting:
            forget_old_sessions(self._account_id, KEEP_EXPIRED_SECONDS)
            role = sts_backends[self._account_id]["aws"].assume_role(
                region_name=self._region,
                role_session_name=f"eks-{cluster_name[:12]}-{owner.pod_name[:10]}-{uuid.uuid4()}"[:SESSION_NAME_LENGTH],
                role_arn=association.role_arn,
                policy="",
                duration=self._seconds,
                external_id="",
            )
        # moto's policies know no tags of a session; they are kept with it for whoever looks.
        role.session_tags = {} if association.session_tags_disabled else self._session_tags(cluster_name, owner)
        return Session(
            owner=owner,
            association=association,
            account_id=self._account_id,
            role_session_arn=role.arn,
            role_session_id=role.user_id,
            access_key_id=role.access_key_id,
            secret_access_key=role.secret_access_key,
            session_token=role.session_token,
            expiration=(role.expiration - utcnow()) + datetime.datetime.now(datetime.UTC),
        )

    def _owner(self, token: str) -> TokenOwner:
        if not token:
            raise AuthError("InvalidParameterException", 400, "The request has no token")
        try:
            return self._review(token)
        except TokenRefused as error:
            code = "ExpiredTokenException" if "expired" in str(error) else "InvalidTokenException"
            raise AuthError(code, 400, f"The token was refused: {error}") from error
        except ReviewUnavailable as error:
            raise AuthError("ServiceUnavailableException", 503, str(error)) from error

    def _require_trust(self, association: Association) -> None:
        needed = {"sts:AssumeRole"} if association.session_tags_disabled else {"sts:AssumeRole", "sts:TagSession"}
        try:
            role = iam_backends[self._account_id]["aws"].get_role_by_arn(association.role_arn)
        except NotFoundException as error:
            raise AuthError("InvalidRequestException", 400, f"Role not found: {association.role_arn}") from error
        missing = needed - _trusted_actions(role.assume_role_policy_document)
        if missing:
            raise AuthError(
                "AccessDeniedException",
                400,
                f"The trust policy of {association.role_arn} does not allow {AUDIENCE} {', '.join(sorted(missing))}",
            )

    def _session_tags(self, cluster_name: str, owner: TokenOwner) -> dict[str, str]:
        return {
            "eks-cluster-arn": f"arn:aws:eks:{self._region}:{self._account_id}:cluster/{cluster_name}",
            "eks-cluster-name": cluster_name,
            "kubernetes-namespace": owner.namespace,
            "kubernetes-service-account": owner.service_account,
            "kubernetes-pod-name": owner.pod_name,
            "kubernetes-pod-uid": owner.pod_uid,
        }


def _trusted_actions(document: str) -> set[str]:
    """What a trust policy allows EKS Pod Identity. Statements with conditions count as not allowing: none is evaluated."""
    statements = json.loads(document)["Statement"]
    actions: set[str] = set()
    for statement in _listed(statements):
        principal = statement.get("Principal", {})
        services = _listed(principal.get("Service", [])) if isinstance(principal, dict) else []
        if statement["Effect"] == "Allow" and AUDIENCE in services and "Condition" not in statement:
            actions.update(_listed(statement.get("Action", [])))
    return actions


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
