"""What the page of a case shows around its story, read with one statement. Inside ``tenant``.

Each part is small and hangs from the case: asked for one by one they were nine round trips.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from channels_social.models import SocialAccount
from helpdesk.tenancy.models import Membership
from helpdesk.tenancy.planned import ask
from helpdesk.tenancy.select import told
from tickets.cases.access import Petition
from tickets.cases.classification import Classification
from tickets.cases.models import Ticket
from tickets.clocks.models import Clock
from tickets.commitments.models import Commitment
from tickets.console.case_file import ON_FILE, Row
from tickets.replies.domain.open_cases import CASES, OpenCase, asked_for
from tickets.settings.models import AccountPolicy

_OF_CASE = "organization_id = %(org)s AND {}ticket_id = %(ticket)s"
PROMISES = f"""SELECT jsonb_agg(to_jsonb(i) || jsonb_build_object('owner', to_jsonb(o)) ORDER BY i.due_at, i.id)
 FROM tickets_commitment i
 LEFT JOIN helpdesk_membership o ON o.organization_id = i.organization_id AND o.id = i.owner_id
 WHERE i.{_OF_CASE.format("i.")}"""
HEAD = f"""
SELECT
(SELECT jsonb_agg(to_jsonb(c) ORDER BY c.due_at) FROM tickets_clock c WHERE c.{_OF_CASE.format("c.")}),
(SELECT jsonb_agg(jsonb_build_array(f.what, f.id, f.number, f.kind, f.code, f.at, f.day))
 FROM ({ON_FILE}) f(what, id, number, kind, code, at, day)),
(SELECT jsonb_agg(to_jsonb(o)) FROM ({CASES}) o),
(SELECT jsonb_agg(to_jsonb(p) || jsonb_build_object('who', a.display_name) ORDER BY p.id) FROM tickets_petition p
 JOIN helpdesk_membership a ON a.organization_id = p.organization_id AND a.id = p.asked_by_id
 WHERE p.{_OF_CASE.format("p.")} AND p.state = 'pending'),
(SELECT jsonb_agg(x.member_id) FROM tickets_caseaccess x
 WHERE x.{_OF_CASE.format("x.")} AND x.kind = 'named' AND x.until IS NULL),
(SELECT to_jsonb(k) - 'stems' FROM tickets_classification k WHERE k.{_OF_CASE.format("k.")} AND k.is_current),
(SELECT jsonb_build_array(v.id, v.number) FROM protocols_treeversion v WHERE v.organization_id = %(org)s
 ORDER BY v.number DESC LIMIT 1),
(SELECT jsonb_build_object('voice', y.voice, 'text', y.hand_over_text, 'network', s.network, 'name', s.name,
                           'handle', s.handle)
 FROM tickets_accountpolicy y
 JOIN channels_social_socialaccount b ON b.organization_id = y.organization_id AND b.id = y.account_id
 JOIN channels_social_socialaccount s ON s.organization_id = y.organization_id AND s.id = y.hands_to_id
 WHERE y.organization_id = %(org)s AND y.account_id = %(account)s AND b.purpose = 'brand'),
(SELECT jsonb_agg(to_jsonb(m) ORDER BY m.display_name) FROM helpdesk_membership m
 WHERE m.organization_id = %(org)s AND m.is_active),
({PROMISES})
"""


@dataclass(frozen=True, slots=True)
class Head:
    """Rows as they are; who may see and do what with them is decided where they are shown."""

    clocks: list[Clock]
    on_file: list[Row]
    open_cases: list[OpenCase]
    # Waiting, with the name of who asks.
    petitions: list[tuple[Petition, str]]
    named: list[int]
    said: Classification | None
    # Key and number of the tree in force.
    tree: tuple[int, int] | None
    # Of a case on a brand account: where it is handed over.
    hands_over: AccountPolicy | None
    team: list[Membership]
    promises: list[Commitment]


def head_of(ticket: Ticket) -> Head:
    """Everything around the story of this case."""
    with connection.cursor() as cursor:
        ask(cursor, HEAD, asked_for(ticket, [ticket.customer_id]) | {"account": ticket.account_id})
        row = [json.loads(part) if isinstance(part, str) else part for part in cursor.fetchone()]
    clocks, on_file, cases, petitions, named, said, tree, policy, team, promises = row
    return Head(
        clocks=[told(Clock, one) for one in clocks or ()],
        on_file=[_on_file(one) for one in on_file or ()],
        open_cases=[OpenCase.told(one) for one in cases or ()],
        petitions=[(told(Petition, one), one["who"]) for one in petitions or ()],
        named=named or [],
        said=told(Classification, said | {"stems": []}) if said else None,
        tree=tuple(tree) if tree else None,
        hands_over=_policy(policy) if policy else None,
        team=[told(Membership, one) for one in team or ()],
        promises=_promises(promises),
    )


def promises_of(ticket: Ticket) -> list[Commitment]:
    """Every commitment of the case with its owner, by due date."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT ({PROMISES})", {"org": ticket.organization_id, "ticket": ticket.pk})
        (rows,) = cursor.fetchone()
    return _promises(json.loads(rows) if isinstance(rows, str) else rows)


def _promises(rows: list[dict[str, Any]] | None) -> list[Commitment]:
    found = []
    for one in rows or ():
        commitment = told(Commitment, one)
        owner = one["owner"]
        commitment.owner = told(Membership, owner) if owner else None
        found.append(commitment)
    return found


def _policy(row: dict[str, str]) -> AccountPolicy:
    where = SocialAccount(network=row["network"], handle=row["handle"], name=row["name"])
    return AccountPolicy(voice=row["voice"], hand_over_text=row["text"], hands_to=where)


def _on_file(row: list[Any]) -> Row:
    *facts, at, day = row
    return (*facts, datetime.fromisoformat(at) if at else None, date.fromisoformat(day) if day else None)
