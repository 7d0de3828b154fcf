"""The whole matrix of care.md 6: every permission of every preset, against the views that exist.

A permission without a view yet stands in ``NO_VIEW_YET``, with what it waits for; nothing is left unsaid.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from helpdesk.tenancy.context import tenant, whole
from helpdesk.tenancy.permissions import MATRIX, PRESETS, Mode, Permission, Role
from helpdesk.tenancy.tokens import ApiToken
from tests.stories import typify
from tickets.api.domain.tokens import make_token
from tickets.cases.access import AccessKind, CaseAccess, Petition
from tickets.cases.models import Message, Ticket
from tickets.replies.domain.reply import reply
from tickets.settings.models import AccountPolicy, TeamChange

P = Permission
NO_VIEW_YET = {
    P.HOLD_EVIDENCE: "legal holds",
    P.GRANT_COMPENSATION: "compensations",
    P.DECLARE_INCIDENTS: "incidents",
    P.APPROVE_NOTICES: "notices of incidents",
    P.PUBLISH_GUIDES: "protocols, templates and articles",
    P.SEE_DASHBOARDS: "dashboards",
    P.SEE_QUALITY: "quality reviews",
    P.EXPORT_DATA: "exports",
    P.DATA_RIGHTS: "rights over one's data",
}
# What the answer to an action means: done at once, asked of another person, refused, not there.
DONE, ASKED, REFUSED = "done", "asked", "refused"
EXPECTED = {
    Mode.YES: DONE, Mode.REASON: DONE, Mode.OWN: DONE, Mode.MASKED: DONE, Mode.TWO: ASKED, Mode.REASON_TWO: ASKED,
    Mode.APPROVAL: ASKED, Mode.ASKS: ASKED, Mode.READ: REFUSED, Mode.NO: REFUSED,
}  # fmt: skip


@dataclass(frozen=True)
class Try:
    """One action: a request, and whether it did or asked for something. ``expects`` departs from EXPECTED."""

    method: str
    path: str
    data: dict[str, str]
    outcome: str = "status"
    expects: dict[str, str] | None = None


# permission → a request that needs it and nothing else that the preset lacks.
TRIES: dict[Permission, Try] = {
    P.SEE_CASES: Try("get", "casos/{number}/", {}, expects={Role.AUDITOR: DONE}),
    P.SEE_PERSONAL_DATA: Try("post", "mensajes/{incoming}/ver/", {"reason": "verify"}),
    P.SEE_RESERVED: Try(
        # Named people simply see it (P); the auditor says why first.
        "post", "casos/{reserved}/abrir/", {"reason": "requerimiento"},
        expects={Role.AGENT: REFUSED, Role.SUPERVISOR: REFUSED},
    ),
    P.RESERVE_CASES: Try("post", "casos/{number}/reserva/", {"reserved": "1", "reason": "x"}),
    P.REPLY_PUBLIC: Try(
        "post", "casos/{number}/respuestas/", {"text": "Hola", "mode": "public", "client_token": "t1"}, "reply"
    ),
    P.REPLY_PRIVATE: Try(
        "post", "casos/{number}/respuestas/", {"text": "Hola", "mode": "private", "client_token": "t2"}, "reply"
    ),
    P.REPLY_UNAPPROVED: Try(
        # Without it the answer is written and waits.
        "post", "casos/{number}/respuestas/", {"text": "Hola", "mode": "public", "client_token": "t3"}, "reply",
        expects={Role.TRAINEE: ASKED},
    ),
    P.APPROVE_REPLIES: Try("post", "mensajes/{waiting}/approve/", {}),
    P.WRITE_NOTES: Try("post", "casos/{number}/notas/", {"text": "nota"}),
    P.TAKE_CASES: Try("post", "casos/{number}/asignacion/", {"assignee": "{me}"}),
    P.ASSIGN_CASES: Try("post", "casos/{number}/asignacion/", {"assignee": "{other}"}),
    P.HAND_OVER: Try("post", "casos/{brand}/entrega/", {}),
    P.CHANGE_KIND: Try("post", "casos/{number}/tipo/", {"kind": "informacion"}),
    # Their forms open for who may; a trainee's wish (A) has no petition of its own yet.
    P.FILE_CASES: Try("get", "casos/{number}/radicado/", {}, expects={Role.TRAINEE: REFUSED}),
    P.JOIN_CASES: Try("get", "casos/{number}/unir/", {}, expects={Role.TRAINEE: REFUSED}),
    P.TRANSFER_CASES: Try("get", "casos/{number}/consultas/", {}, expects={Role.TRAINEE: REFUSED}),
    P.CLOSE_WITHOUT_MOTIVE: Try("post", "casos/{number}/sin-atencion/", {"reason": "Publicidad o sorteo"}),
    P.MAKE_COMMITMENTS: Try(
        # What a trainee promises (A) waits with the answer that promises it.
        "post", "casos/{number}/compromisos/", {"what": "x", "due_at": "2099-01-01T10:00"},
        expects={Role.TRAINEE: REFUSED},
    ),
    P.RESOLVE_CASES: Try("post", "casos/{number}/resolucion/", {}, "petition"),
    P.EXTEND_TERM: Try(
        "post", "casos/{filed}/prorroga/", {"days": "5", "reason": "falta un soporte", "mode": "public"}, "petition"
    ),
    # Read by whom the matrix lets read, changed by an admin only.
    P.MANAGE_TIME: Try("post", "ajustes/plazos/nuevo/", {"priority": "high", "is_wall_time": "0"}),
    P.HIDE_COMMENTS: Try("post", "mensajes/{incoming}/ocultar/", {"reason": "x"}, "petition"),
    P.CHECK_IDENTITY: Try("post", "casos/{number}/cliente/validacion/", {"check": "declared"}),
    P.UNIFY_CUSTOMERS: Try("post", "casos/{number}/cliente/unir/", {"other": "{someone}"}),
    P.APPROVE_UNIFICATIONS: Try("get", "uniones/", {}, expects={Role.AUDITOR: DONE, Role.AGENT: REFUSED}),
    P.MANAGE_ACCOUNTS: Try("post", "ajustes/cuentas/{account}/modo/", {"mode": "full"}),
    P.MANAGE_TEAM: Try("post", "ajustes/equipo/{member}/acceso/", {"active": "1"}),
    P.MANAGE_DUTY: Try("post", "ajustes/equipo/{member}/turnos/", {"day_0": "8-12"}),
    P.MANAGE_API: Try("post", "ajustes/api/", {}),
    # Who makes keys opens the same page, and agrees to none of them.
    P.APPROVE_API: Try("post", "ajustes/api/{key}/aprobar/", {}, "key"),
    P.MANAGE_ROLES: Try("post", "ajustes/equipo/{member}/", {"role": "admin"}, "change"),
    P.SEE_AUDIT: Try("get", "ajustes/bitacora/", {}, expects={Role.ADMIN: DONE}),
}  # fmt: skip
# Permissions whose verb exists and whose page another room brings: the permission itself is asked there.
BY_VERB = {
    P.CHANGE_FILED_KIND: "replies.domain.casework.change_kind asks for the reason",
}


def test_every_permission_is_tried_or_said_to_have_no_view():
    assert set(TRIES) | set(NO_VIEW_YET) | set(BY_VERB) == set(Permission)
    assert not set(TRIES) & set(NO_VIEW_YET)


def test_every_permission_has_a_mode_in_every_preset():
    assert set(MATRIX) == set(Permission)
    assert all(set(modes) == set(Role) for modes in MATRIX.values())
    assert set(PRESETS) == set(Role)


def test_every_view_asks_for_a_permission_of_the_matrix():
    """What a view asks for and the matrix does not know would be nobody's."""

    asked = set()
    for path in Path("tickets").rglob("*.py"):
        asked |= set(re.findall(r"Permission\.([A-Z_]+)", path.read_text()))
    assert {Permission[name] for name in asked} <= set(MATRIX)


@pytest.fixture
def ground(cast: Any, people: Any, brand: Any, say: Any) -> SimpleNamespace:
    """Cases everybody can be tried on: one a member of each preset may see, a reserved one, a brand's."""
    # A question, so that its kind is nobody's to give a reason for: it was not filed.
    ticket = say("¿Cuál es el horario? Mi celular es 300 123 4567", account=cast.bank_x)
    filed = say("@FrailejonAyuda me cobraron dos veces la cuota y nadie responde", account=cast.bank_x)
    other = say("otra persona", account=cast.bank_x)
    branded = say("@Frailejon ¿cuál es el horario? Mi celular es 300 123 4567", account=brand)
    reserved = say("línea ética", account=cast.bank_x)
    members = {Role.AGENT: cast.juan, Role.TRAINEE: cast.andres, Role.SUPERVISOR: people.supervisor,
               Role.ADMIN: people.admin, Role.MARKETING: people.marketing, Role.AUDITOR: people.auditor,
               Role.AREA: people.area}  # fmt: skip
    with tenant(cast.bank.pk), whole():
        AccountPolicy.objects.filter(account=brand).update(hands_to=cast.bank_x)
        Ticket.objects.filter(pk=reserved.pk).update(is_reserved=True)
        ticket.refresh_from_db()
        typify(ticket)
        Ticket.objects.filter(pk__in=[ticket.pk, branded.pk]).update(assignee=cast.andres)
        waiting = reply(ticket, by=cast.andres, text="Hola.", mode="public", client_token="w")[0]
        incoming = Message.objects.get(ticket=ticket, direction="in")
        for member in (people.area, people.auditor):
            kind = AccessKind.AREA if member is people.area else AccessKind.OPENED
            for one in (ticket, branded):
                CaseAccess.objects.create(
                    organization=cast.bank, ticket=one, member=member, kind=kind, until="2099-01-01T00:00Z"
                )
    scopes = ["tickets:write", "messages:write"]  # more than an admin may do
    with tenant(cast.bank.pk):
        key, _words = make_token(cast.bank, name="CRM", initials="CR", scopes=scopes, days=30, by=cast.marta)
    keys = {"number": ticket.number, "filed": filed.number,
            "brand": branded.number, "reserved": reserved.number, "waiting": waiting.pk,
            "incoming": incoming.pk, "account": cast.bank_page.pk, "member": cast.paola.pk,
            "someone": other.customer_id, "other": cast.paola.pk, "key": key.pk}  # fmt: skip
    return SimpleNamespace(cast=cast, members=members, keys=keys, branded=branded)


def outcome_of(ground: Any, tried: Try, role: str) -> str:
    member, keys = ground.members[role], dict(ground.keys)
    if role == Role.MARKETING:
        # Whom the preset shows brand accounts only is tried on a brand's case.
        with tenant(ground.cast.bank.pk):
            incoming = Message.objects.get(ticket=ground.branded, direction="in").pk
        keys |= {"number": keys["brand"], "incoming": incoming}
    keys |= {"me": member.pk}
    client = Client()
    client.force_login(member.user)
    data = {name: value.format(**keys) for name, value in tried.data.items()}
    answer = getattr(client, tried.method)(f"/frailejon/{tried.path.format(**keys)}", data)
    assert answer.status_code in (200, 302, 403, 404, 409, 422), answer.status_code
    if answer.status_code in (403, 404):
        return REFUSED
    with tenant(ground.cast.bank.pk), whole():
        if tried.outcome == "petition" and Petition.objects.exists():
            return ASKED
        if tried.outcome == "change" and TeamChange.objects.filter(state="pending").exists():
            return ASKED
        if tried.outcome == "key":
            return DONE if ApiToken.objects.get(pk=keys["key"]).approved_at else REFUSED
        if tried.outcome == "reply":
            assert answer.status_code != 422, answer.content.decode()[-500:]
            message = Message.objects.filter(direction="out", author=member).latest("pk")
            return ASKED if message.send_state == "awaiting_approval" else DONE
    return DONE


@contextmanager
def put_back() -> Iterator[None]:
    """What happens inside has not happened: the next preset finds the ground as it was."""
    with transaction.atomic():
        mark = transaction.savepoint()
        yield
        transaction.savepoint_rollback(mark)


@pytest.mark.parametrize("permission", sorted(TRIES))
def test_preset_does_what_the_matrix_says_and_no_more(ground, permission):
    tried, modes = TRIES[permission], MATRIX[permission]
    expected = {role: EXPECTED[modes[role]] for role in Role} | dict(tried.expects or {})

    found = {}
    for role in Role:
        with put_back():
            found[role] = outcome_of(ground, tried, role)

    assert found == expected, modes


def test_nobody_approves_their_own_answer_whatever_they_hold(cast, people, say):
    """Even somebody who was given every permission."""
    ticket = say("hola")
    with tenant(cast.bank.pk):
        paola = cast.paola
        paola.permissions = [p.value for p in Permission if p != P.REPLY_UNAPPROVED]
        paola.modes = {}
        paola.save()
        ticket.refresh_from_db()
        (message,) = reply(ticket, by=paola, text="Hola.", mode="public", client_token="w")
    client = Client()
    client.force_login(paola.user)

    client.post(f"/frailejon/mensajes/{message.pk}/approve/")

    with tenant(cast.bank.pk):
        assert Message.objects.get(pk=message.pk).send_state == "awaiting_approval"
