"""EKS's API of Pod Identity associations, which moto lacks: authorised by IAM like moto's own actions."""

from __future__ import annotations

from typing import Any

import moto.eks.urls as eks_urls
from moto.core.exceptions import _RESTError
from moto.core.responses import ActionResult, EmptyResult
from moto.eks.exceptions import (
    InvalidParameterException,
    InvalidRequestException,
    ResourceInUseException,
    ResourceNotFoundException,
)
from moto.eks.responses import EKSResponse
from moto.iam.access_control import IAMPolicy, IAMRequest, PermissionResult
from moto.iam.exceptions import NotFoundException
from moto.iam.models import iam_backends

from pod_identity.associations import Association, AssociationExists, AssociationMissing, Associations

PATHS = (
    "{0}/clusters/(?P<name>[^/]+)/pod-identity-associations$",
    "{0}/clusters/(?P<name>[^/]+)/pod-identity-associations/(?P<associationId>[^/]+)$",
)


def serve_associations(associations: Associations) -> None:
    """Puts the API into moto's EKS. To be called before the first request."""
    PodIdentityResponse.associations = associations
    for path in list(eks_urls.url_paths):
        eks_urls.url_paths[path] = PodIdentityResponse.dispatch
    for path in PATHS:
        eks_urls.url_paths[path] = PodIdentityResponse.dispatch


class PodIdentityResponse(EKSResponse):
    associations: Associations

    def create_pod_identity_association(self) -> ActionResult:
        cluster_name = self._cluster_name()
        role_arn = self._get_param("roleArn")
        tags = self._get_param("tags") or {}
        self._refuse_what_is_not_stood_in_for()
        self._require("iam:PassRole", role_arn, {"iam:PassedToService": "pods.eks.amazonaws.com"})
        self._require_role(cluster_name, role_arn)
        if tags:
            self._require("eks:TagResource", self.associations.arn(cluster_name, "*"), {})
        try:
            association = self.associations.create(
                cluster_name=cluster_name,
                namespace=self._get_param("namespace"),
                service_account=self._get_param("serviceAccount"),
                role_arn=role_arn,
                tags=tags,
                session_tags_disabled=bool(self._get_param("disableSessionTags")),
            )
        except AssociationExists as error:
            raise ResourceInUseException(clusterName=cluster_name, message=str(error)) from error
        return ActionResult({"association": association.as_eks_answers()})

    def list_pod_identity_associations(self) -> ActionResult:
        namespace = self._get_param("namespace")
        service_account = self._get_param("serviceAccount")
        found = [
            association.summary()
            for association in self.associations.of(self._cluster_name())
            if namespace in (None, association.namespace) and service_account in (None, association.service_account)
        ]
        return ActionResult({"associations": found})

    def describe_pod_identity_association(self) -> ActionResult:
        return ActionResult({"association": self._association().as_eks_answers()})

    def update_pod_identity_association(self) -> ActionResult:
        association = self._association()
        role_arn = self._get_param("roleArn")
        self._refuse_what_is_not_stood_in_for()
        if role_arn is not None:
            self._require("iam:PassRole", role_arn, {"iam:PassedToService": "pods.eks.amazonaws.com"})
            self._require_role(association.cluster_name, role_arn)
        updated = self.associations.update(
            association.cluster_name, association.id, role_arn, self._get_param("disableSessionTags")
        )
        return ActionResult({"association": updated.as_eks_answers()})

    def delete_pod_identity_association(self) -> ActionResult:
        association = self._association()
        self.associations.delete(association.cluster_name, association.id)
        return ActionResult({"association": association.as_eks_answers()})

    def tag_resource(self) -> ActionResult:
        association = self.associations.by_arn(self._extract_arn_from_path())
        if association is None:
            return super().tag_resource()
        association.tags.update(self._get_param("tags"))
        return EmptyResult()

    def untag_resource(self) -> ActionResult:
        association = self.associations.by_arn(self._extract_arn_from_path())
        if association is None:
            return super().untag_resource()
        for key in self.querystring.get("tagKeys", []):
            association.tags.pop(key, None)
        return EmptyResult()

    def list_tags_for_resource(self) -> ActionResult:
        association = self.associations.by_arn(self._extract_arn_from_path())
        return super().list_tags_for_resource() if association is None else ActionResult({"tags": association.tags})

    def _determine_resource(self) -> str:
        """What moto's IAM looks for in a policy's Resource."""
        if self.path.startswith("/tags/"):
            return self._extract_arn_from_path()
        parts = self.path.partition("?")[0].strip("/").split("/")
        if len(parts) < 2:
            return "*"
        if len(parts) == 4 and parts[2] == "pod-identity-associations":
            return self.associations.arn(parts[1], parts[3])
        return f"arn:{self.partition}:eks:{self.region}:{self.current_account}:cluster/{parts[1]}"

    def _authenticate_and_authorize_normal_action(self, resource: str = "*") -> None:
        try:
            super()._authenticate_and_authorize_normal_action(resource)
        except _RESTError as error:
            # EKS speaks JSON; moto says who is refused in XML, which SDKs cannot read here.
            raise error.to_json() from error

    def _require(self, action: str, resource: str, conditions: dict[str, str]) -> None:
        """Refuses the request unless its sender may also do `action`, as AWS does for actions that imply another."""
        request = IAMRequest(
            account_id=self.current_account,
            method=self.method,
            path=self.raw_path,
            data=self.data,
            body=self.raw_body,
            headers=self.headers,
            action=action.partition(":")[2],
        )
        results = [
            IAMPolicy(policy).is_action_permitted(action, resource, None, conditions)
            for policy in request._access_key.collect_policies()
        ]
        if PermissionResult.DENIED in results or PermissionResult.PERMITTED not in results:
            request._action = action
            try:
                request._raise_access_denied()
            except _RESTError as error:
                raise error.to_json() from error

    def _require_role(self, cluster_name: str, role_arn: str) -> None:
        try:
            iam_backends[self.current_account][self.partition].get_role_by_arn(role_arn)
        except NotFoundException as error:
            raise InvalidParameterException(clusterName=cluster_name, message=f"Role not found: {role_arn}") from error

    def _refuse_what_is_not_stood_in_for(self) -> None:
        for parameter in ("targetRoleArn", "policy"):
            if self._get_param(parameter):
                raise InvalidRequestException(message=f"{parameter} is not known to this stand-in for EKS")

    def _cluster_name(self) -> str:
        name: Any = self._get_param("name")
        return self.eks_backend.describe_cluster(name).name

    def _association(self) -> Association:
        cluster_name = self._cluster_name()
        try:
            return self.associations.get(cluster_name, self._get_param("associationId"))
        except AssociationMissing as error:
            raise ResourceNotFoundException(clusterName=cluster_name, message=str(error)) from error
