"""The EKS Pod Identity agent: what AWS SDKs in a pod ask for credentials, at 169.254.170.23."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable
from typing import Any

from werkzeug.wrappers import Request, Response

from pod_identity.auth import AuthError, EksAuth


class Agent:
    """A WSGI application. Logs who got credentials and who was refused, and never a token or a key."""

    def __init__(self, auth: EksAuth) -> None:
        self._auth = auth

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        request = Request(environ)
        return self._answer(request)(environ, start_response)

    def _answer(self, request: Request) -> Response:
        if request.path != "/v1/credentials":
            return Response("not found\n", 404)
        if request.method != "GET":
            return Response("only GET is answered\n", 405)
        try:
            session = self._auth.assume_role(self._auth.cluster_name, request.headers.get("Authorization", ""))
        except AuthError as error:
            logging.warning("refused credentials to %s: %s: %s", request.remote_addr, error.code, error)
            return Response(f"{error.code}: {error}\n", error.status, content_type="text/plain")
        owner = session.owner
        logging.info(
            "gave %s to pod %s, service account %s/%s",
            session.role_session_arn,
            owner.pod_name,
            owner.namespace,
            owner.service_account,
        )
        body = {
            "AccessKeyId": session.access_key_id,
            "SecretAccessKey": session.secret_access_key,
            "Token": session.session_token,
            "AccountId": session.account_id,
            "Expiration": session.expiration.strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
        return Response(json.dumps(body), 200, content_type="application/json")
