"""Which service account has which role: the Pod Identity associations of the clusters."""

from __future__ import annotations

import dataclasses
import datetime
import secrets
import string
import threading
from typing import Any


class AssociationExists(Exception):
    """A service account has one association at most."""

    def __init__(self, association: Association) -> None:
        super().__init__(f"Association already exists: {association.id}")


class AssociationMissing(Exception):
    def __init__(self, cluster_name: str, association_id: str) -> None:
        super().__init__(f"No association found in cluster {cluster_name} for id: {association_id}")


@dataclasses.dataclass
class Association:
    id: str
    arn: str
    cluster_name: str
    namespace: str
    service_account: str
    role_arn: str
    tags: dict[str, str]
    session_tags_disabled: bool
    created_at: datetime.datetime
    modified_at: datetime.datetime

    def as_eks_answers(self) -> dict[str, Any]:
        """By the member names of EKS's API."""
        return {
            **self.summary(),
            "roleArn": self.role_arn,
            "tags": self.tags,
            "createdAt": self.created_at,
            "modifiedAt": self.modified_at,
            "disableSessionTags": self.session_tags_disabled,
        }

    def summary(self) -> dict[str, Any]:
        """What EKS's list shows."""
        return {
            "clusterName": self.cluster_name,
            "namespace": self.namespace,
            "serviceAccount": self.service_account,
            "associationArn": self.arn,
            "associationId": self.id,
        }


class Associations:
    """In memory, for several threads."""

    def __init__(self, region: str, account_id: str) -> None:
        self._arn_start = f"arn:aws:eks:{region}:{account_id}:podidentityassociation"
        self._by_id: dict[str, Association] = {}
        self._lock = threading.Lock()

    def arn(self, cluster_name: str, association_id: str) -> str:
        return f"{self._arn_start}/{cluster_name}/{association_id}"

    def create(
        self,
        cluster_name: str,
        namespace: str,
        service_account: str,
        role_arn: str,
        tags: dict[str, str],
        session_tags_disabled: bool,
    ) -> Association:
        with self._lock:
            found = self._find(cluster_name, namespace, service_account)
            if found is not None:
                raise AssociationExists(found)
            association_id = "a-" + "".join(secrets.choice(string.ascii_lowercase + string.digits) for _ in range(17))
            now = datetime.datetime.now(datetime.UTC)
            association = Association(
                id=association_id,
                arn=self.arn(cluster_name, association_id),
                cluster_name=cluster_name,
                namespace=namespace,
                service_account=service_account,
                role_arn=role_arn,
                tags=dict(tags),
                session_tags_disabled=session_tags_disabled,
                created_at=now,
                modified_at=now,
            )
            self._by_id[association_id] = association
            return association

    def get(self, cluster_name: str, association_id: str) -> Association:
        found = self._by_id.get(association_id)
        if found is None or found.cluster_name != cluster_name:
            raise AssociationMissing(cluster_name, association_id)
        return found

    def of(self, cluster_name: str) -> list[Association]:
        with self._lock:
            return [association for association in self._by_id.values() if association.cluster_name == cluster_name]

    def by_arn(self, arn: str) -> Association | None:
        found = self._by_id.get(arn.rpartition("/")[2])
        return found if found is not None and found.arn == arn else None

    def find(self, cluster_name: str, namespace: str, service_account: str) -> Association | None:
        """The association of one service account, or None."""
        with self._lock:
            return self._find(cluster_name, namespace, service_account)

    def update(
        self, cluster_name: str, association_id: str, role_arn: str | None, session_tags_disabled: bool | None
    ) -> Association:
        with self._lock:
            association = self.get(cluster_name, association_id)
            if role_arn is not None:
                association.role_arn = role_arn
            if session_tags_disabled is not None:
                association.session_tags_disabled = session_tags_disabled
            association.modified_at = datetime.datetime.now(datetime.UTC)
            return association

    def delete(self, cluster_name: str, association_id: str) -> Association:
        with self._lock:
            association = self.get(cluster_name, association_id)
            del self._by_id[association_id]
            return association

    def _find(self, cluster_name: str, namespace: str, service_account: str) -> Association | None:
        wanted = (cluster_name, namespace, service_account)
        for association in self._by_id.values():
            if (association.cluster_name, association.namespace, association.service_account) == wanted:
                return association
        return None
