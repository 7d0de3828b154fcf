"""The product inside this process, as one role: requests through Django's client, their statements watched."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

# Not counted: who asks (session, user, membership), the tenant's setting, the transaction's own words.
_FRAME = ("set_config", "SAVEPOINT", "BEGIN", "COMMIT", "set_constraints")


def member_of(slug: str, initials: str = "JC") -> Any:
    """A membership, with its user; as the owner or whoever may see it."""
    from helpdesk.tenancy.models import User

    user = User.objects.get(email=f"{initials.lower()}@{slug}.example")
    from helpdesk.tenancy.context import acting_user
    from helpdesk.tenancy.models import Membership

    with acting_user(user.pk):
        return Membership.objects.select_related("organization", "user").get(
            user=user, organization__slug=slug
        )


def session_of(user: Any) -> str:
    """A logged-in session's key, made in the store, as after a log-in."""
    from importlib import import_module

    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return session.session_key


@contextmanager
def watched(see: Callable[[str, Any, Any], None]) -> Iterator[None]:
    """Call ``see(sql, params, cursor)`` before every statement of the block, those of its own excepted."""
    from django.db import connection

    inside = False

    def wrapper(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal inside
        if not inside:
            inside = True
            try:
                see(sql, params, context["cursor"])
            finally:
                inside = False
        return execute(sql, params, many, context)

    with connection.execute_wrapper(wrapper):
        yield


def after_authentication(statements: list[str]) -> list[str]:
    """What a page asks once it is known who asks."""
    from helpdesk.tenancy.planned import SET_FIRST

    asks = [i for i, sql in enumerate(statements) if "helpdesk_membership" in sql and "user_id" in sql]
    last = next((i for i in asks if "slug" in statements[i]), -1)
    # A setting that goes along with a statement does not hide it.
    alone = [sql.removeprefix(SET_FIRST) for sql in statements[last + 1 :]]
    return [sql for sql in alone if not any(word in sql for word in _FRAME)]


def client_of(member: Any) -> Any:
    """A logged-in client of Django's, for the first host that is allowed."""
    from django.conf import settings
    from django.test import Client

    client = Client(headers={"host": "localhost"}, raise_request_exception=True)
    client.cookies[settings.SESSION_COOKIE_NAME] = session_of(member.user)
    return client
