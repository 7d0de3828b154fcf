"""Who speaks: ``Authorization: Bearer cfa_…``, looked up in the organization of the path; and what it may do."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AnonymousUser
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.permissions import BasePermission

from helpdesk import clock
from helpdesk.tenancy.tokens import ApiToken, Scope
from tickets.api.domain.tokens import find_token, used
from tickets.api.problems import Problem

REALM = 'Bearer realm="circunflejo"'


class KeyProblem(Problem):
    """No key, or one that opens nothing."""

    auth_header = REALM


class BearerAuthentication(BaseAuthentication):
    """The key of the request. A key of another organization is no key here: the same answer as nonsense."""

    def authenticate(self, request: Any) -> tuple[Any, ApiToken]:
        """Nobody and the key; raises :class:`KeyProblem`."""
        organization = request.parser_context["view"].organization
        scheme, _space, words = get_authorization_header(request).decode("latin-1").partition(" ")
        token = None
        if scheme.lower() == "bearer" and organization is not None:
            token = find_token(organization, words.strip())
        if token is None:
            raise KeyProblem(401, "no_token")
        now = clock.now()
        _refuse_dead(token, now)
        if organization.closed_at is not None:
            raise Problem(410, "closed")
        used(token, now)
        return AnonymousUser(), token

    def authenticate_header(self, request: Any) -> str:
        """For the 401 of DRF's own."""
        return REALM


def _refuse_dead(token: ApiToken, now: Any) -> None:
    if token.revoked_at is not None:
        raise KeyProblem(401, "token_revoked")
    if token.expires_at <= now:
        raise KeyProblem(401, "token_expired")
    if token.approved_at is None:
        raise KeyProblem(401, "token_waits")


class HasScope(BasePermission):
    """The scope the view asks for its method."""

    def has_permission(self, request: Any, view: Any) -> bool:
        """Raise 403 with the scope that is missing."""
        wanted = view.scopes.get(request.method)
        if wanted is not None and wanted not in request.auth.scopes:
            raise Problem(403, "scope_missing", f"{Scope(wanted).label}: {wanted}")
        return True


class BearerScheme(OpenApiAuthenticationExtension):
    """How the schema tells it."""

    target_class = "tickets.api.authentication.BearerAuthentication"
    name = "key"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """A bearer key."""
        return {"type": "http", "scheme": "bearer", "description": "cfa_…"}
