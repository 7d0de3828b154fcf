"""Keys of the bank and of the airline, and a client that speaks with one."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from helpdesk.push import client as redis_client
from helpdesk.tenancy.context import tenant
from helpdesk.tenancy.models import Membership, Organization
from helpdesk.tenancy.tokens import ApiToken, Scope
from tickets.api.domain.tokens import approve_token, make_token


@dataclass
class Speaker:
    """Calls the API of one organization with one key."""

    words: str
    org: str = "frailejon"
    token: ApiToken | None = None

    def __call__(self, method: str, address: str, body: Any = None, **headers: str) -> Any:
        sent = {"Authorization": f"Bearer {self.words}"} if self.words else {}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        path = address if address.startswith("/api/") else f"/api/v1/{self.org}/{address}"
        content = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        return getattr(Client(), method)(path, headers=sent, **content)


def make_key(
    organization: Organization, by: Membership, agrees: Membership, scopes: Any, initials: str
) -> tuple[ApiToken, str]:
    """A key somebody made and somebody else agreed to."""
    with tenant(organization.pk):
        token, words = make_token(
            organization, name="CRM", initials=initials, scopes=list(scopes), days=30, by=by
        )
        approve_token(token, by=agrees)
        token.refresh_from_db()
    return token, words


@pytest.fixture(autouse=True)
def _fresh_budget(db: None) -> None:
    """The counters of calls outlive a test's transaction; its keys do not."""
    for key in redis_client().scan_iter("cf:*:api:*"):
        redis_client().delete(key)


@pytest.fixture
def speak(cast: Any) -> Callable[..., Speaker]:
    """``speak()`` has every scope; ``speak(Scope.TICKETS_READ)`` only those."""
    count = iter("ABCDEFGHIJ")

    def make(*scopes: str) -> Speaker:
        token, words = make_key(cast.bank, cast.marta, cast.paola, scopes or Scope.values, f"Q{next(count)}")
        return Speaker(words, token=token)

    return make


@pytest.fixture
def stranger(cast: Any) -> Speaker:
    """A key of the airline, with every scope, that calls the bank's addresses."""
    with tenant(cast.airline.pk):
        cast.carla.permissions = sorted(set(cast.carla.permissions) | {"assign_cases"})
    token, words = make_key(cast.airline, cast.carla, cast.carla, Scope.values, "ZZ")
    assert token.approved_at is not None
    return Speaker(words, token=token)
