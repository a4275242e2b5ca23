"""Threaded HTTP servers, with and without TLS."""

from __future__ import annotations

import dataclasses
import socket
import ssl
from typing import Any

from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.serving import ThreadedWSGIServer

# For how long a client may say nothing: in the TLS handshake, and between two requests.
SILENCE_SECONDS = 120


@dataclasses.dataclass(frozen=True)
class Address:
    host: str
    port: int

    @staticmethod
    def parse(text: str) -> Address:
        host, _, port = text.rpartition(":")
        if not host or not port.isdigit() or int(port) > 65535:
            raise ValueError(f"not an address:port: {text}")
        return Address(host, int(port))

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


class RequestHandler(MotoRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = SILENCE_SECONDS

    def setup(self) -> None:
        super().setup()
        # Head and body of an answer are written apart; Nagle's algorithm would hold back the second for 40 ms.
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def log_request(self, *_: Any) -> None:
        """Nothing: requests may carry tokens."""


class Server(ThreadedWSGIServer):
    daemon_threads = True
    tls: ssl.SSLContext | None = None

    def finish_request(self, request: Any, client_address: Any) -> None:
        """Shakes hands in the connection's own thread: a client that connects and says nothing holds up nobody else."""
        if self.tls is not None:
            request.settimeout(SILENCE_SECONDS)
            try:
                request = self.tls.wrap_socket(request, server_side=True)
            except OSError:
                return
        super().finish_request(request, client_address)
        if self.tls is not None:
            self.shutdown_request(request)


def listen(address: Address, application: Any, tls: ssl.SSLContext | None) -> Server:
    """Binds `address`. The caller serves. Raises OSError, naming the address, where it cannot be had."""
    try:
        server = Server(address.host, address.port, application, handler=RequestHandler)
    except SystemExit as error:  # werkzeug's way to say that a port is in use
        raise OSError(f"cannot listen on {address}: it is in use or not an address of this machine") from error
    except OSError as error:
        raise OSError(f"cannot listen on {address}: {error.strerror}") from error
    server.tls = tls
    # It is only looked at, to tell applications that they are reached by https.
    server.ssl_context = tls
    return server
