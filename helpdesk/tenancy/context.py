"""Who is asking. The settings are local to a transaction, so nothing leaks to the next request."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def tenant(organization_id: int) -> Iterator[None]:
    """Open a transaction in which only this organization's rows exist; nobody in particular asks.

    Nested use restores the former tenant and asker. On an error the rollback (of the transaction or the
    savepoint) restores them, because ``set_config(…, true)`` is itself transactional.
    """
    with transaction.atomic():
        former = _become(str(organization_id), "", "")
        yield
        if former[0] or connection.savepoint_ids:
            _become(*former)


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
    _become(str(organization_id), str(member_id or ""), scope)


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


def _swap(name: str, value: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s, true), set_config(%s, %s, true)", [name, name, value])
        return cursor.fetchone()[0] or ""


def _become(organization: str, member: str, scope: str) -> tuple[str, str, str]:
    """Set who asks and of which organization; who it was before."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('app.tenant', true), set_config('app.tenant', %s, true), "
            "current_setting('app.member', true), set_config('app.member', %s, true), "
            "current_setting('app.scope', true), set_config('app.scope', %s, true)",
            [organization, member, scope],
        )
        found = cursor.fetchone()
    return found[0] or "", found[2] or "", found[4] or ""
