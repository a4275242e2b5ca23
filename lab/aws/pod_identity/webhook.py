"""EKS's mutating webhook: tells the SDKs of a pod with an association where to get credentials, and gives it a token."""

from __future__ import annotations

import base64
import json
from typing import Any

from pod_identity.associations import Associations
from pod_identity.tokens import AUDIENCE

VOLUME = "eks-pod-identity-token"
MOUNT_PATH = "/var/run/secrets/pods.eks.amazonaws.com/serviceaccount"
TOKEN_SECONDS = 24 * 60 * 60
CREDENTIALS_URI = "http://169.254.170.23/v1/credentials"


class Webhook:
    def __init__(self, associations: Associations, cluster_name: str, region: str) -> None:
        self._associations = associations
        self._cluster_name = cluster_name
        self._environment = {
            "AWS_STS_REGIONAL_ENDPOINTS": "regional",
            "AWS_DEFAULT_REGION": region,
            "AWS_REGION": region,
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": CREDENTIALS_URI,
            "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": f"{MOUNT_PATH}/{VOLUME}",
        }

    def review(self, review: dict[str, Any]) -> dict[str, Any]:
        """Answers an AdmissionReview of a pod. Every pod is allowed; who has no association is left as it is."""
        request = review["request"]
        response: dict[str, Any] = {"uid": request["uid"], "allowed": True}
        patch = self._patch(request.get("namespace", ""), request["object"]["spec"])
        if patch:
            response["patchType"] = "JSONPatch"
            response["patch"] = base64.b64encode(json.dumps(patch).encode()).decode()
        return {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "response": response}

    def _patch(self, namespace: str, spec: dict[str, Any]) -> list[dict[str, Any]]:
        service_account = spec.get("serviceAccountName") or "default"
        if self._associations.find(self._cluster_name, namespace, service_account) is None:
            return []
        patch: list[dict[str, Any]] = []
        if not any(volume["name"] == VOLUME for volume in spec.get("volumes", [])):
            patch.append(_appended("/spec", spec, "volumes", [_token_volume()]))
        for group in ("initContainers", "containers"):
            for index, container in enumerate(spec.get(group, [])):
                patch.extend(self._container_patch(f"/spec/{group}/{index}", container))
        return patch

    def _container_patch(self, path: str, container: dict[str, Any]) -> list[dict[str, Any]]:
        named = {variable["name"] for variable in container.get("env", [])}
        # What a pod says itself is left alone, as on EKS.
        variables = [{"name": name, "value": value} for name, value in self._environment.items() if name not in named]
        mounted = any(mount["name"] == VOLUME for mount in container.get("volumeMounts", []))
        mounts = [] if mounted else [{"name": VOLUME, "mountPath": MOUNT_PATH, "readOnly": True}]
        changes = (("env", variables), ("volumeMounts", mounts))
        return [_appended(path, container, key, added) for key, added in changes if added]


def _appended(path: str, owner: dict[str, Any], key: str, added: list[Any]) -> dict[str, Any]:
    """One JSON Patch operation that appends to a list which may not be there yet. `add` replaces what is there."""
    return {"op": "add", "path": f"{path}/{key}", "value": [*owner.get(key, []), *added]}


def _token_volume() -> dict[str, Any]:
    token = {"audience": AUDIENCE, "expirationSeconds": TOKEN_SECONDS, "path": VOLUME}
    return {"name": VOLUME, "projected": {"sources": [{"serviceAccountToken": token}]}}
