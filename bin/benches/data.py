"""Fills an empty migrated database: 20 organizations through the product's own verbs, their million cases by
set-based statements. Run as the owner in a process of its own: `python -m benches.data TICKETS`."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from benches import voices

# Twenty, the biggest with half of all; few when the data are few (a test).
ORGANIZATIONS, FEW = 20, 5
SMALL = 10_000
FIRST_X, FIRST_PAGE = 1_900_000_000_000_000_000, 200_000_000_000_000
FILL = Path(__file__).with_name("fill.sql")
# Filled without their secondary keys and indexes, which are made again over the full table.
BIG = (
    "tickets_customer", "tickets_identity", "tickets_ticket", "tickets_filing", "tickets_clock",
    "tickets_conversation", "tickets_message", "tickets_note", "helpdesk_auditevent",
    "channels_social_outboundaction", "channels_social_inboundevent",
)  # fmt: skip
INITIALS = ("JC", "LO", "AT", "NV", "IS", "CR", "MG", "RB", "ES", "OV", "DF", "HP")
PASSWORD = "una-clave-de-banco-1"


def main(tickets: int) -> dict[str, float]:
    """Fill it; seconds."""
    import django

    django.setup()
    from django.db import connection

    started = time.monotonic()
    count = ORGANIZATIONS if tickets > SMALL else FEW
    organizations = [_organization(place) for place in range(1, count + 1)]
    with connection.cursor() as cursor:
        cursor.execute(
            "SET maintenance_work_mem = '256MB'; SET work_mem = '128MB'; SET synchronous_commit = off"
        )
        cursor.execute(
            "CREATE TEMP TABLE org (place int, id bigint, x bigint, page bigint, members bigint[])"
        )
        for row in organizations:
            cursor.execute("INSERT INTO org VALUES (%s, %s, %s, %s, %s)", row)
        again = _strip(cursor)
        watching = _unwatch(cursor)
        _fill(cursor, tickets, count)
        for statement in again:
            _timed(cursor, statement)
        for table in BIG:
            _timed(
                cursor,
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))",
            )
        _timed(cursor, "VACUUM ANALYZE")
        for statement in watching:
            cursor.execute(statement)
    for row in organizations:
        _count(row[1])
    with connection.cursor() as cursor:
        _timed(cursor, "VACUUM ANALYZE tickets_dayfigure")
    return {"seconds": round(time.monotonic() - started, 1)}


def _organization(place: int) -> tuple[int, int, int, int, list[int]]:
    from channels_social.domain.accounts import seal
    from channels_social.models import SocialAccount
    from helpdesk.tenancy.context import tenant
    from tickets.settings.domain.organization import give_policy, invite, open_organization

    is_bank = place % 2 == 1
    organization = open_organization(
        slug=f"banca-{place:02}", name=f"Empresa {place:02}", country="CO" if is_bank else "ES",
        sector="bank" if is_bank else "airline", timezone="America/Bogota" if is_bank else "Europe/Madrid",
        first_year=2025,
    )  # fmt: skip
    members = [
        invite(
            organization, email=f"{initials.lower()}@banca-{place:02}.example", name=f"Persona {initials}",
            initials=initials, role="agent", password=PASSWORD if initials == "JC" else None,
        )
        for initials in (INITIALS if place == 1 else INITIALS[:3])
    ]  # fmt: skip
    if place == 1:  # who looks at the board
        invite(
            organization, email=f"pm@banca-{place:02}.example", name="Persona PM", initials="PM", role="supervisor",
            password=None,
        )  # fmt: skip
    accounts = []
    with tenant(organization.pk):
        for network, external_id in (("x", FIRST_X + place), ("facebook", FIRST_PAGE + place)):
            account = SocialAccount.objects.create(
                organization_id=organization.pk, network=network, external_id=str(external_id),
                handle=f"Banca{place:02}" if network == "x" else "", name=organization.name,
                credentials=seal({"access_token": f"bench-{place}"}), capabilities={"reply": True, "dm": True},
            )  # fmt: skip
            give_policy(account, voice="usted")
            accounts.append(account.pk)
    return place, organization.pk, accounts[0], accounts[1], [member.pk for member in members]


def _strip(cursor: Any) -> list[str]:
    """Drop keys and indexes of the big tables but the primary keys; what makes them again, in order."""
    cursor.execute(
        "SELECT conrelid::regclass::text, conname, contype::text, pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE contype IN ('f', 'u') AND (conrelid::regclass::text = ANY(%(big)s) "
        "OR (contype = 'f' AND confrelid::regclass::text = ANY(%(big)s)))",
        {"big": list(BIG)},
    )
    constraints = sorted(cursor.fetchall(), key=lambda row: row[2])  # foreign keys before what they refer to
    for table, name, _kind, _definition in constraints:
        cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    cursor.execute(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index "
        "WHERE indrelid::regclass::text = ANY(%s) AND NOT indisprimary",
        [list(BIG)],
    )
    indexes = cursor.fetchall()
    for name, _definition in indexes:
        cursor.execute(f"DROP INDEX {name}")
    back = [
        f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {text}'
        for table, name, _k, text in reversed(constraints)
    ]
    return [definition for _name, definition in indexes] + back


def _unwatch(cursor: Any) -> list[str]:
    """Figures are counted once at the end: no marks of a million cases; what watches them again."""
    cursor.execute(
        "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgname LIKE 'figures%%' "
        "AND tgrelid::regclass::text = ANY(%s)",
        [list(BIG)],
    )
    triggers = cursor.fetchall()
    for table, name in triggers:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {name}")
    return [f"ALTER TABLE {table} ENABLE TRIGGER {name}" for table, name in triggers]


def _count(organization: int) -> None:
    """The figures of all days, as the first sweep of an organization counts them."""
    from helpdesk import clock
    from helpdesk.tenancy.context import tenant
    from helpdesk.tenancy.models import Organization
    from tickets.insights.domain.sweeping import sweep

    started = time.monotonic()
    with tenant(organization):
        swept = sweep(Organization.objects.get(pk=organization), now=clock.now(), turn=10**6)
    print(f"{time.monotonic() - started:6.1f} s  figures of {swept.days if swept else 0} days", flush=True)


def _fill(cursor: Any, tickets: int, organizations: int) -> None:
    words = {
        name.lower(): list(getattr(voices, name))
        for name in ("FIRST", "LAST", "OPENING", "MATTER", "DETAIL", "ENDING")
    }
    lines = [line for line in FILL.read_text().splitlines() if not line.startswith("--")]
    for statement in "\n".join(lines).split(";\n"):
        if statement.strip():
            _timed(
                cursor,
                statement,
                {"tickets": tickets, "customers": tickets * 2 // 5, "others": organizations - 1.001, **words},
            )


def _timed(cursor: Any, statement: str, params: Any = None) -> None:
    started = time.monotonic()
    cursor.execute(statement, params)
    if (took := time.monotonic() - started) > 0.5:
        print(f"{took:6.1f} s  {' '.join(statement.split())[:110]}", flush=True)


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]))))
