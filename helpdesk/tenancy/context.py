"""Who is asking. The settings are local to a transaction, so nothing leaks to the next request."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from django.db import connection, transaction


@contextmanager
def tenant(organization_id: int, *, is_whole: bool = False) -> Iterator[None]:
    """Open a transaction in which only this organization's rows exist; nobody in particular asks.

    ``is_whole``: and all of them, as within :func:`whole`. Nested use restores the former tenant and asker. On an
    error the rollback (of the transaction or the savepoint) restores them, because ``set_config(…, true)`` is itself
    transactional.
    """
    with transaction.atomic():
        former = _become(_nobody_of(organization_id) | ({"app.whole": "on"} if is_whole else {}))
        yield
        if former["app.tenant"] or connection.savepoint_ids:
            _become(former)


@contextmanager
def acting_user(user_id: int) -> Iterator[None]:
    """Open a transaction in which the memberships of this user are readable, and nothing else."""
    with transaction.atomic():
        _swap("app.user", str(user_id))
        yield


@contextmanager
def speaking_for(token_id: int) -> Iterator[None]:
    """Within, what is written down is written by this key of the API: audit lines, notes, messages.

    Inside ``tenant``; restores what was before, as ``tenant`` does.
    """
    with transaction.atomic():
        former = _swap("app.token", str(token_id))
        yield
        _swap("app.token", former)


def enter(organization_id: int, *, member_id: int | None = None, scope: str = "") -> None:
    """Set the tenant for the rest of the transaction that is open; for the request's own transaction.

    With a member, the cases they may not see are not there (``tickets`` has the policies).
    """
    _become({"app.tenant": str(organization_id), "app.member": str(member_id or ""), "app.scope": scope})


@contextmanager
def whole() -> Iterator[None]:
    """Act for the organization, not for who asks: reserved cases and other people's are there too.

    For verbs whose result their author may no longer see, and for telling the consoles. Inside a transaction.
    """
    former = _swap("app.whole", "on")
    try:
        yield
    finally:
        if not connection.needs_rollback:
            _swap("app.whole", former)


def current_tenant() -> int | None:
    """The organization whose rows are visible now, or None."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nullif(current_setting('app.tenant', true), '')::bigint")
        return cursor.fetchone()[0]


def _nobody_of(organization_id: int) -> dict[str, str]:
    return {"app.tenant": str(organization_id), "app.member": "", "app.scope": ""}


def _swap(name: str, value: str) -> str:
    return _become({name: value})[name]


def _become(values: dict[str, str]) -> dict[str, str]:
    """Set these settings for the transaction; what they were before."""
    with connection.cursor() as cursor:
        cursor.execute(_swapping(tuple(values)), list(values.values()))
        found = cursor.fetchone()
    return {name: former or "" for name, former in zip(values, found[::2], strict=True)}


@cache
def _swapping(names: tuple[str, ...]) -> str:
    # In this order: a setting is read before it is set.
    return "SELECT " + ", ".join(
        f"current_setting('{name}', true), set_config('{name}', %s, true)" for name in names
    )
