"""allauth's OpenID Connect, stricter: the issuer is the one that was configured, signatures are always checked,
and nobody is asked at an address inside our own network."""

from __future__ import annotations

import functools
import ipaddress
import socket
from typing import Any
from urllib.parse import urlsplit

import jwt
import requests
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest

# Never what the token itself proposes: "none" and shared secrets are no signature of a provider.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
TIMEOUT = 8
LEEWAY = 30


class Untrusted(OAuth2Error):
    """What a provider said and cannot be believed; ``code`` has its sentence in ``helpdesk.tenancy.sign_on_words``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class NotAllowed(Untrusted, requests.RequestException):
    """An address no provider may have."""


class GuardedSession(requests.Session):
    """Asks only https addresses outside our own network, and follows nobody elsewhere.

    With the sandbox on (demonstrations, tests) this machine is allowed.
    """

    def request(self, method: str, url: str, **kwargs: Any) -> requests.Response:  # type: ignore[override]
        check_address(url)
        kwargs["allow_redirects"] = False
        kwargs.setdefault("timeout", TIMEOUT)
        return super().request(method, url, **kwargs)


def check_address(url: str) -> None:
    """Raises :class:`NotAllowed` for an address that is not https or lies in a private network."""
    parts = urlsplit(url)
    if settings.SIGN_ON_LOCAL and parts.hostname in ("localhost", "127.0.0.1", "::1"):
        return
    if parts.scheme != "https" or not parts.hostname or parts.username:
        raise NotAllowed("not_https")
    try:
        found = socket.getaddrinfo(parts.hostname, parts.port or 443, type=socket.SOCK_STREAM)
    except OSError as error:
        raise NotAllowed("no_address") from error
    if any(not ipaddress.ip_address(one[4][0].split("%")[0]).is_global for one in found):
        raise NotAllowed("private")


def discover(issuer: str) -> dict[str, Any]:
    """What a provider says of itself. Raises ``OAuth2Error`` or ``RequestException``."""
    with GuardedSession() as session:
        response = session.get(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
        if 300 <= response.status_code < 500:
            raise Untrusted("no_page")
        response.raise_for_status()
        try:
            config = response.json()
        except ValueError as error:
            raise Untrusted("no_page") from error
    if not isinstance(config, dict):
        raise Untrusted("no_page")
    if str(config.get("issuer", "")).rstrip("/") != issuer.rstrip("/"):
        raise Untrusted("another")
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        check_address(str(config.get(name, "")))
    return config


def decode(token: str, *, config: dict[str, Any], client_id: str, require: tuple[str, ...]) -> dict[str, Any]:
    """The claims of a token signed by a provider for us. Raises ``OAuth2Error``."""
    try:
        kid = jwt.get_unverified_header(token).get("kid")
        with GuardedSession() as session:
            response = session.get(config["jwks_uri"])
            response.raise_for_status()
            keys = jwt.PyJWKSet.from_dict(response.json()).keys
        usable = [key for key in keys if (kid is None or key.key_id == kid) and key.public_key_use != "enc"]
        if not usable:
            raise Untrusted("signature")
        return jwt.decode(
            token, usable[0].key, algorithms=ALGORITHMS, audience=client_id, issuer=config["issuer"],
            leeway=LEEWAY, options={"require": list(require)},
        )  # fmt: skip
    except (jwt.ExpiredSignatureError, jwt.ImmatureSignatureError) as error:
        raise Untrusted("clock") from error
    except (jwt.PyJWTError, ValueError, TypeError, KeyError) as error:
        raise Untrusted("signature") from error


class StrictAdapter(OpenIDConnectOAuth2Adapter):
    """One organization's provider; ``provider_id`` is the organization's slug."""

    def get_provider(self) -> Any:
        """allauth's provider, which asks through this adapter on the way there as on the way back."""
        provider = super().get_provider()
        provider.oauth2_adapter_class = StrictAdapter
        return provider

    @functools.cached_property
    def openid_config(self) -> dict[str, Any]:
        return discover(self.get_provider().app.settings["server_url"])

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> Any:
        """Who came is what the signed token says; what the provider says besides must be of the same person."""
        id_token = kwargs["response"].get("id_token")
        if not id_token:
            raise Untrusted("signature")
        claims = self._decode_id_token(app, id_token)
        if "email" not in claims and "userinfo_endpoint" in self.openid_config:
            more = self._fetch_user_info(token.token)
            if more.get("sub") == claims["sub"]:
                claims = more | claims
        return self.get_provider().sociallogin_from_response(request, {"id_token": claims})

    def _decode_id_token(self, app: Any, id_token: str) -> dict[str, Any]:
        return decode(
            id_token, config=self.openid_config, client_id=app.client_id, require=("exp", "iat", "iss", "sub")
        )
