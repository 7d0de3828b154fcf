"""A small OpenID Connect provider on this machine: discovery, keys, code flow with PKCE, back-channel logout.

Real HTTP, real signatures; what a test wants to go wrong is set on it.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "circunflejo", "secreto-del-cliente"


class Provider:
    """``person`` is who is logged in there now; None is turned away."""

    def __init__(self) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.person: dict[str, Any] | None = None
        # What the token says besides, or instead: {"aud": "another"} …
        self.claims: dict[str, Any] = {}
        self.signed_with: Any = None
        self.algorithm = "RS256"
        self.says_issuer = ""
        self.codes: dict[str, dict[str, str]] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.issuer = ""

    def configuration(self) -> dict[str, Any]:
        at = self.issuer
        return {
            "issuer": self.says_issuer or at, "authorization_endpoint": f"{at}/authorize",
            "token_endpoint": f"{at}/token", "jwks_uri": f"{at}/keys", "response_types_supported": ["code"],
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
            "code_challenge_methods_supported": ["S256"],
        }  # fmt: skip

    def keys(self) -> dict[str, Any]:
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [public | {"kid": "one", "use": "sig", "alg": "RS256"}]}

    def authorize(self, asked: dict[str, str]) -> str:
        """The address the browser is sent back to."""
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        if self.person is None:
            return f"{asked['redirect_uri']}?{urlencode({'error': 'access_denied', 'state': asked['state']})}"
        code = secrets.token_urlsafe()
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, asked: dict[str, str]) -> tuple[int, dict[str, Any]]:
        began = self.codes.pop(asked.get("code", ""), None)
        digest = hashlib.sha256(asked.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        right = (
            began is not None
            and challenge == began["code_challenge"]
            and asked.get("redirect_uri") == began["redirect_uri"]
            and (asked.get("client_id"), asked.get("client_secret")) == (CLIENT, SECRET)
        )
        if not right:
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {"iss": self.says_issuer or self.issuer, "aud": CLIENT, "iat": now, "exp": now + 60}
        return 200, {
            "access_token": "at", "token_type": "Bearer",
            "id_token": self.sign(claims | (self.person or {}) | self.claims),
        }  # fmt: skip

    def sign(self, claims: dict[str, Any]) -> str:
        key = self.signed_with if self.signed_with is not None else self.key
        return jwt.encode(claims, key, algorithm=self.algorithm, headers={"kid": "one"})

    def goodbye(self, subject: str, **more: Any) -> str:
        """A logout token."""
        now = int(time.time())
        events = {"http://schemas.openid.net/event/backchannel-logout": {}}
        return self.sign(
            {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 60, "jti": secrets.token_hex(),
             "sub": subject, "events": events} | more
        )  # fmt: skip


@contextmanager
def running() -> Iterator[Provider]:
    """A provider that answers on a free port of this machine."""
    provider = Provider()

    class Answers(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:
            """Quiet."""

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            asked = {key: values[0] for key, values in parse_qs(parts.query).items()}
            provider.asked.append((parts.path, asked))
            if parts.path == "/.well-known/openid-configuration":
                self._json(200, provider.configuration())
            elif parts.path == "/keys":
                self._json(200, provider.keys())
            elif parts.path == "/authorize":
                self.send_response(302)
                self.send_header("Location", provider.authorize(asked))
                self.end_headers()
            else:
                self._json(404, {})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            asked = {key: values[0] for key, values in parse_qs(body).items()}
            provider.asked.append((self.path, asked))
            self._json(*provider.token(asked))

        def _json(self, status: int, data: dict[str, Any]) -> None:
            body = json.dumps(data).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    provider.issuer = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
