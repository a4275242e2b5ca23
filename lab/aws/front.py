"""Sends each request of the TLS address to who answers it, and keeps out what must not reach moto."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from pod_identity.auth import AuthError, EksAuth
from pod_identity.webhook import Webhook
from strict_moto.arrival import note_arrival
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Request, Response

ASSUME_ROLE = "/assume-role-for-pod-identity"

# moto's own switches (they turn IAM off) and its instance metadata (it hands out credentials).
CLOSED = ("/moto-api", "/latest/meta-data", "/latest/api")


class Front:
    def __init__(self, moto: Any, auth: EksAuth, webhook: Webhook, instance: str) -> None:
        self._moto = moto
        self._auth = auth
        self._webhook = webhook
        self._instance = instance

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        note_arrival()
        path = environ.get("PATH_INFO", "")
        if path == "/holdfast/ready":
            answer = _json(200, {"instance": self._instance})
        elif path == "/webhook/pod-identity":
            answer = self._admit(environ)
        elif path.endswith(ASSUME_ROLE) and path.startswith("/clusters/"):
            answer = self._assume_role(environ, path.removeprefix("/clusters/").removesuffix(ASSUME_ROLE))
        elif path.startswith(CLOSED):
            answer = Response("not found\n", 404)
        elif "HTTP_AUTHORIZATION" not in environ:
            # moto looks for a signature in this header only; it lets some unsigned requests through.
            answer = Response(
                '<?xml version="1.0" encoding="UTF-8"?>\n'
                "<Error><Code>AccessDenied</Code><Message>Access Denied: the request is not signed</Message></Error>",
                403,
                content_type="application/xml",
            )
        else:
            return self._moto(environ, start_response)
        return answer(environ, start_response)

    def _admit(self, environ: dict[str, Any]) -> Response:
        try:
            return _json(200, self._webhook.review(Request(environ).get_json(force=True)))
        except (BadRequest, KeyError, TypeError) as error:
            return _json(400, {"message": f"not an AdmissionReview: {error!r}"})

    def _assume_role(self, environ: dict[str, Any], cluster_name: str) -> Response:
        try:
            body = Request(environ).get_json(force=True)
            session = self._auth.assume_role(cluster_name, str(body.get("token", "")))
        except AuthError as error:
            return _json(error.status, {"message": str(error)}, {"x-amzn-ErrorType": error.code})
        except (BadRequest, AttributeError):
            return _json(400, {"message": "not JSON with a token"}, {"x-amzn-ErrorType": "InvalidRequestException"})
        return _json(200, session.as_eks_auth_answers())


def _json(status: int, body: Any, headers: dict[str, str] | None = None) -> Response:
    return Response(json.dumps(body), status, headers, content_type="application/json")
