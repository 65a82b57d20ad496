"""A stand-in for Google on loopback: a real HTTP server with its key and token endpoints, and a pen to sign with."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

from houses import START

CLIENT_ID = "touchline-server.apps.googleusercontent.com"


class GoogleStandIn:
    """What it publishes and answers is changed by the test; `asked` counts requests by path.

    info: answers of the token endpoint by access token; an int is a status, bytes are sent as they are.
    """

    def __init__(self) -> None:
        self.keys: dict[str, RSAKey] = {"kid-1": RSAKey.generate_key(2048)}
        self.published: Any = None
        self.status = 200
        self.info: dict[str, Any] = {}
        self.asked: dict[str, int] = {}
        self.address = ""

    @property
    def settings(self) -> dict[str, str]:
        return {
            "TOUCHLINE_GOOGLE_JWKS_URL": f"{self.address}/certs",
            "TOUCHLINE_GOOGLE_TOKENINFO_URL": f"{self.address}/tokeninfo",
        }

    def id_token(self, *, kid: str = "kid-1", key: Any = None, alg: str = "RS256", **changed: Any) -> str:
        """A token as Google signs it; claims are changed by name, None leaves one out."""
        claims = {**self.claims(), **changed}
        header = {"alg": alg, "kid": kid}
        present = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(header, present, key or self.keys[kid], algorithms=[alg])

    @staticmethod
    def claims() -> dict[str, Any]:
        now = int(START.timestamp())
        return {
            "iss": "https://accounts.google.com",
            "aud": CLIENT_ID,
            "azp": "touchline-android.apps.googleusercontent.com",
            "sub": "110169484474386276334",
            "email": "Ada@Example.org",
            "email_verified": True,
            "name": "Ada Lovelace",
            "iat": now,
            "exp": now + 3600,
        }

    def answer(self, path: str) -> tuple[int, bytes]:
        parts = urlsplit(path)
        self.asked[parts.path] = self.asked.get(parts.path, 0) + 1
        if parts.path == "/certs":
            document = self.published
            if document is None:
                document = {
                    "keys": [
                        {**key.as_dict(private=False), "kid": kid, "use": "sig", "alg": "RS256"}
                        for kid, key in self.keys.items()
                    ]
                }
            return self.status, document if isinstance(document, bytes) else json.dumps(document).encode()
        token = parse_qs(parts.query).get("access_token", [""])[0]
        found = self.info.get(token, 400)
        if isinstance(found, int):
            return found, b'{"error": "invalid_token"}'
        return 200, found if isinstance(found, bytes) else json.dumps(found).encode()


@contextmanager
def google_on_loopback() -> Iterator[GoogleStandIn]:
    """A running stand-in."""
    google = GoogleStandIn()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = google.answer(self.path)
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return None

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        google.address = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield google
        finally:
            server.shutdown()
            thread.join()
