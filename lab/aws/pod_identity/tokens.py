"""Whose is a token? Asked of the Kubernetes API server, which signed it."""

from __future__ import annotations

import base64
import dataclasses
import tempfile
from pathlib import Path
from typing import Any

import requests
import yaml

AUDIENCE = "pods.eks.amazonaws.com"

SERVICE_ACCOUNT_START = "system:serviceaccount:"


class TokenRefused(Exception):
    """The token is expired, or of another cluster or audience, or no token at all. The message is the API server's."""


class ReviewUnavailable(Exception):
    """The API server did not answer."""


@dataclasses.dataclass(frozen=True)
class TokenOwner:
    namespace: str
    service_account: str
    pod_name: str
    pod_uid: str


class TokenReviewer:
    """Asks by the current context of a kubeconfig file, which is read anew for every question: it may be written later."""

    def __init__(self, kubeconfig: Path) -> None:
        self._kubeconfig = kubeconfig

    def review(self, token: str) -> TokenOwner:
        body = {
            "apiVersion": "authentication.k8s.io/v1",
            "kind": "TokenReview",
            "spec": {"token": token, "audiences": [AUDIENCE]},
        }
        try:
            with tempfile.TemporaryDirectory() as directory:
                url, options = _connection(yaml.safe_load(self._kubeconfig.read_text()), Path(directory))
                response = requests.post(
                    f"{url}/apis/authentication.k8s.io/v1/tokenreviews", json=body, timeout=10, **options
                )
            response.raise_for_status()
            status = response.json()["status"]
        except (OSError, ValueError, KeyError, StopIteration) as error:
            raise ReviewUnavailable(f"the API server could not be asked about the token: {error}") from error
        return _owner(status)


def _owner(status: dict[str, Any]) -> TokenOwner:
    user = status.get("user", {})
    name = user.get("username", "")
    if not status.get("authenticated") or AUDIENCE not in status.get("audiences", []):
        raise TokenRefused(status.get("error") or "the token is not valid for Pod Identity")
    if not name.startswith(SERVICE_ACCOUNT_START):
        raise TokenRefused("the token is not a service account's")
    namespace, _, service_account = name.removeprefix(SERVICE_ACCOUNT_START).partition(":")
    extra = user.get("extra", {})
    return TokenOwner(
        namespace=namespace,
        service_account=service_account,
        pod_name=(extra.get("authentication.kubernetes.io/pod-name") or [""])[0],
        pod_uid=(extra.get("authentication.kubernetes.io/pod-uid") or [""])[0],
    )


def _connection(kubeconfig: dict[str, Any], directory: Path) -> tuple[str, dict[str, Any]]:
    """The API server's address, and how `requests` gets there: CA, client certificate or bearer token."""
    context = _named(kubeconfig["contexts"], kubeconfig["current-context"])["context"]
    cluster = _named(kubeconfig["clusters"], context["cluster"])["cluster"]
    user = _named(kubeconfig["users"], context["user"])["user"]
    options: dict[str, Any] = {"verify": _file(cluster, "certificate-authority", directory) or True}
    certificate = _file(user, "client-certificate", directory)
    if certificate is not None:
        options["cert"] = (certificate, _file(user, "client-key", directory))
    elif "token" in user:
        options["headers"] = {"Authorization": f"Bearer {user['token']}"}
    return cluster["server"].rstrip("/"), options


def _named(entries: list[dict[str, Any]], name: str) -> dict[str, Any]:
    return next(entry for entry in entries if entry["name"] == name)


def _file(entry: dict[str, Any], key: str, directory: Path) -> str | None:
    if key in entry:
        return str(entry[key])
    data = entry.get(f"{key}-data")
    if data is None:
        return None
    path = directory / key
    path.touch(mode=0o600)
    path.write_bytes(base64.b64decode(data))
    return str(path)
