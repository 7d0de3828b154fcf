"""The panel «Protocolo» in the right pane: guide, steps, data, destinations, attributions, notes. Inside ``tenant``."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.dateparse import parse_datetime

from helpdesk import clock
from helpdesk.tenancy.models import Membership
from helpdesk.tenancy.permissions import Permission
from helpdesk.ui.addresses import address
from protocols.guides.enums import DestinationKind
from protocols.guides.rules.following import StepState
from protocols.guides.rules.guide import Destination, Guide
from protocols.guides.seeds import note_of
from tickets.areas.models import Area
from tickets.cases.models import Ticket
from tickets.console.queries.wordings import voice_of
from tickets.enums import CheckMeans
from tickets.guidance.domain.granting import amount_words, granted, limit_of
from tickets.guidance.domain.queries.guidance import (
    Guidance,
    grants_of,
    guidance_of,
    proven,
    steps_of,
    totals_of,
)

ICONS = {
    DestinationKind.WEBSITE: "link",
    DestinationKind.PRIVATE: "lock",
    DestinationKind.FORM: "shield",
    DestinationKind.CALL_BACK: "phone",
    DestinationKind.AREA: "area",
}
# What is asked, as the customer is spoken to; they read it, so it is Spanish whatever the screen speaks.
ASKING = {
    "usted": "Para continuar, indíquenos por este medio: {data}. No nos envíe claves ni códigos.",
    "tu": "Para continuar, indícanos por este medio: {data}. No nos envíes claves ni códigos.",
    "vos": "Para continuar, indicanos por este medio: {data}. No nos mandes claves ni códigos.",
}


@dataclass(slots=True)
class Asked:
    """What a post of the panel has to say when it is drawn again."""

    error: str = ""
    where: str = ""
    text: str = ""
    # A step was done: the next one takes the focus.
    goes_on: bool = False
    # Of a grant: what was chosen, why, and whether it can be asked of somebody else; what was done.
    key: str = ""
    note: str = ""
    may_ask: bool = False
    done: str = ""


def panel_of(ticket: Ticket, member: Membership, slug: str, said: Asked | None = None) -> dict[str, Any]:
    """Everything ``guidance/_panel.html`` shows; an empty ``name`` where the motive has no protocol."""
    said, found, now = said or Asked(), guidance_of(ticket), clock.now()
    customer = ticket.customer
    guide, voice = found.guide, voice_of(ticket)

    def url(name: str) -> str:
        return address(name, slug, ticket.number)

    panel: dict[str, Any] = {
        "url": url("protocol_panel"),
        "step_url": url("protocol_step"),
        "change_url": url("protocol_change"),
        "grant_url": url("protocol_grant"),
        "may": ticket.is_open and member.can(Permission.WRITE_NOTES) and member.can(Permission.TAKE_CASES),
        "motive": found.motive_name,
        "name": guide.name if guide else "",
        "said": said,
    }
    if guide is None or found.version is None:
        return panel
    steps = steps_of(found, customer, now)
    return panel | {
        "number": found.version.number,
        "newer": found.newer,
        "elsewhere": found.page.name if found.is_elsewhere and found.page else "",
        "is_followed": found.followed is not None,
        "left": _left(found),
        "text": guide.text,
        "steps": [_step(one, found, member, said) for one in steps],
        "done": sum(one.is_done for one in steps),
        "data": guide.data,
        "asking": ASKING[voice].format(data=", ".join(_lowered(one) for one in guide.data)),
        "destinations": _destinations(guide, ticket, member, slug),
        "grants": _grants(guide, ticket, member),
        "granted": [_granted(one) for one in grants_of(ticket)],
        "totals": [
            {"unit": one.unit, "here": amount_words(one.here), "everywhere": amount_words(one.everywhere)}
            for one in totals_of(ticket)
        ],
        **_note(guide, ticket),
        "proven": proven(customer, now),
    }


def _left(found: Guidance) -> dict[str, Any] | None:
    row = found.left
    if row is None or row.left_code != "reason":
        return None
    return {"reason": row.left_reason, "by": row.left_by, "at": row.left_at}


def _step(state: StepState, found: Guidance, member: Membership, said: Asked) -> dict[str, Any]:
    step = state.step
    done = found.followed.done.get(step.key, {}) if found.followed else {}
    waits = state.waits_for is not None and state.waits_for.key == step.key
    return {
        "key": step.key,
        "text": step.text,
        "is_done": state.is_done,
        "is_next": state.is_next,
        "is_blocked": state.waits_for is not None,
        # This very step asks for the check: it can be registered here.
        "asks": step.identity if waits else "",
        "may_check": member.can(Permission.CHECK_IDENTITY),
        "means": str(CheckMeans(step.means).label) if step.means in CheckMeans.values else "",
        "at": parse_datetime(str(done.get("at", ""))) if done else None,
        "focus": said.goes_on and state.is_next,
    }


def _destinations(guide: Guide, ticket: Ticket, member: Membership, slug: str) -> list[dict[str, Any]]:
    """The ways out this member may take, each with its digit."""
    needed = {
        DestinationKind.AREA: Permission.RESOLVE_CASES,
        DestinationKind.CALL_BACK: Permission.MAKE_COMMITMENTS,
        DestinationKind.PRIVATE: Permission.REPLY_PRIVATE,
    }
    usable = [
        one
        for one in guide.destinations
        if (permission := needed.get(DestinationKind(one.kind))) is None or member.can(permission)
    ]
    return [_destination(n, one, ticket, slug) for n, one in enumerate(usable[:5], 1)]


def _destination(n: int, one: Destination, ticket: Ticket, slug: str) -> dict[str, Any]:
    kind = DestinationKind(one.kind)
    line = {
        "key": str(n), "kind": kind.value, "label": one.label or str(kind.label), "icon": ICONS[kind],
    }  # fmt: skip
    if kind == DestinationKind.AREA:
        area = Area.objects.filter(
            organization_id=ticket.organization_id, name__iexact=one.value, is_active=True
        ).first()
        query = f"?area={area.pk}" if area else ""
        line["href"] = address("consult", slug, ticket.number) + query
    elif kind == DestinationKind.CALL_BACK:
        line["dialog"] = address("commitments", slug, ticket.number) + "?what=llamada"
    elif kind.needs_address:
        line["insert"] = one.value
    return line


def _grants(guide: Guide, ticket: Ticket, member: Membership) -> list[dict[str, Any]]:
    """What this member may still grant here."""
    found: list[dict[str, Any]] = []
    mine = [(one, limit) for one in guide.attributions if (limit := limit_of(one, member)) > 0]
    used = granted(ticket) if mine else {}
    for one, limit in mine:
        left = max(limit - used.get((one.name, one.unit), Decimal(0)), Decimal(0))
        found.append({"key": one.key, "name": one.name, "unit": one.unit, "left": amount_words(left)})
    return found


def _granted(row: Any) -> dict[str, Any]:
    return {
        "name": row.name,
        "amount": amount_words(row.amount),
        "unit": row.unit,
        "by": row.by,
        "at": row.at,
        "note": row.note,
    }


def _note(guide: Guide, ticket: Ticket) -> dict[str, str]:
    country = ticket.organization.country
    note, ours = guide.note(country), note_of(country, ticket.organization.sector)
    return {
        "legal": note.legal,
        "privacy": (note.privacy or ours.privacy).replace("{empresa}", ticket.organization.name),
    }


def _lowered(words: str) -> str:
    """«Tipo de documento» within a sentence; «PIR» stays as it is."""
    return words if words[:2].isupper() else words[:1].lower() + words[1:]
