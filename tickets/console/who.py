"""The person in the right pane: who they are, how far that is proven, who else may be them. Inside ``tenant``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helpdesk import clock
from helpdesk.tenancy.models import Membership
from helpdesk.tenancy.permissions import Permission
from helpdesk.ui.dates import local_words
from protocols.models import CustomerTier
from tickets.aftercontact.domain.asking import is_left_alone
from tickets.cases.models import Ticket
from tickets.customers.domain.checking import DAYS
from tickets.customers.domain.queries.suggestions import Candidate, Evidence, suggestions
from tickets.customers.domain.unifying import may_unify, unifications_of
from tickets.customers.models import Customer, Identity, Unification
from tickets.customers.sentences import evidence
from tickets.enums import SENSITIVE, CheckMeans, IdentityCheck, UnificationState

# Reasons to look at a datum, one key each; another one may be written.
REASONS = ("verify", "contact", "correct", "asked")
ICONS = {"email": "mail", "phone": "phone", "document": "user"}


@dataclass(slots=True)
class Told:
    """What a post of the right pane has to say when the pane is drawn again."""

    error: str = ""
    where: str = ""
    text: str = ""
    clear: dict[int, str] = field(default_factory=dict)
    found: list[int] = field(default_factory=list)


def person_context(request: Any, ticket: Ticket, told: Told | None = None) -> dict[str, Any]:
    """Everything ``who/_person.html`` and ``who/_same.html`` show."""
    said, member, now = told or Told(), request.member, clock.now()
    customer = Customer.objects.select_related("checked_by").get(pk=ticket.customer_id)
    identities = Identity.objects.filter(organization_id=customer.organization_id, customer=customer)
    shown = [identity_line(one, said.clear) for one in identities.order_by("pk")[:30]]

    def url(name: str, **more: object) -> str:
        return reverse(name, kwargs={"org": request.org.slug, "number": ticket.number, **more})

    return {
        "told": said,
        "person": {
            "check": check_line(customer, now),
            "identities": shown,
            "tier_id": customer.tier_id,
            "tiers": [(tier.pk, tier.name) for tier in CustomerTier.objects.order_by("name")],
            "level_url": url("customer_level"),
            "is_left_alone": is_left_alone(ticket),
            "may_leave_alone": member.can(Permission.REPLY_PRIVATE),
            "no_contact_url": url("no_contact"),
            "may_see": member.can(Permission.SEE_PERSONAL_DATA),
            "may_check": member.can(Permission.CHECK_IDENTITY),
            "may_unify": member.can(Permission.UNIFY_CUSTOMERS),
            "may_write": member.can(Permission.WRITE_NOTES),
            "means": [(m.value, m.label) for m in CheckMeans if m != CheckMeans.SAID],
            "days": [(days, _days(days)) for days in DAYS],
            "reasons": [(code, reason_words(code)) for code in REASONS],
            "add_url": url("identity_add"),
            "check_url": url("identity_check"),
            "unify_url": url("unify"),
            "apart_url": url("keep_apart"),
        },
        "same": [
            one | {"first": at == 0} for at, one in enumerate(_same(customer, member, said, request.org.slug))
        ],
        "unifications": [
            unification_line(one, member, customer.pk, request.org.slug)
            for one in unifications_of(customer.organization_id, customer.pk)
        ],
    }


def reason_words(code: str) -> str:
    """Why somebody looks at a datum, as it is recorded."""
    return {
        "verify": _("Validar su identidad"),
        "contact": _("Llamarla o escribirle"),
        "correct": _("Corregir el dato"),
        "asked": _("Buscarla en otro sistema"),
    }.get(code, code)


def _days(days: int) -> str:
    return _("24 horas") if days == 1 else ngettext("%s día", "%s días", days) % days


def check_line(customer: Customer, now: datetime) -> dict[str, Any]:
    """How far the person's identity is proven, as the head of the pane says it."""
    state = IdentityCheck(customer.check_state)
    has_expired = state == IdentityCheck.VERIFIED and not customer.is_verified(now)
    words = {
        IdentityCheck.NONE: _("Identidad sin validar"),
        IdentityCheck.DECLARED: _("Identidad declarada"),
        IdentityCheck.VERIFIED: _("Validación vencida") if has_expired else _("Identidad verificada"),
    }[state]
    return {
        "state": "expired" if has_expired else state.value,
        "words": words,
        "means": str(CheckMeans(customer.check_means).label) if customer.check_means else "",
        "by": customer.checked_by,
        "until": local_words(customer.check_until, now=now) if customer.check_until else "",
    }


def identity_line(identity: Identity, clear: dict[int, str]) -> dict[str, Any]:
    """One identity: what a network tells is shown, what is sensitive is masked unless it was asked for just now."""
    is_sensitive = identity.network in SENSITIVE
    label = (
        _masked(identity) if is_sensitive else (f"@{identity.handle}" if identity.handle else identity.name)
    )
    return {
        "id": identity.pk,
        "icon": "messenger"
        if identity.scope == "messenger"
        else ICONS.get(identity.network, identity.network),
        "label": clear.get(identity.pk) or label or "·····",
        "is_clear": identity.pk in clear,
        "is_masked": is_sensitive and identity.sealed is not None and identity.pk not in clear,
        "is_by_hand": identity.is_by_hand,
        "is_verified": identity.check_state == IdentityCheck.VERIFIED,
        "state": IdentityCheck(identity.check_state).label,
    }


def _masked(identity: Identity) -> str:
    """What may be seen of a datum; one a door took in may have no mask of its own yet."""
    if identity.masked or not identity.handle:
        return identity.masked
    local, at, domain = identity.handle.rpartition("@")
    return f"{local[:1]}·····@{domain}" if at else identity.handle if "•" in identity.handle else ""


def _same(customer: Customer, member: Membership, told: Told, slug: str) -> list[dict[str, Any]]:
    found = suggestions(customer)
    known = {one.customer_id for one in found}
    asked = [Candidate(pk, [Evidence("by_hand", "")]) for pk in told.found if pk not in known | {customer.pk}]
    candidates = [*(one for one in found if one.customer_id in told.found), *asked,
                  *(one for one in found if one.customer_id not in told.found)]  # fmt: skip
    people = Customer.objects.in_bulk([one.customer_id for one in candidates])
    cases = _cases_of(people, slug)
    return [
        _candidate(one, people[one.customer_id], customer, member, cases)
        for one in candidates
        if one.customer_id in people and people[one.customer_id].merged_into_id is None
    ]


def _cases_of(people: Iterable[int], slug: str) -> dict[int, list[Ticket]]:
    open_cases = Ticket.objects.filter(
        customer_id__in=list(people), state__in=["new", "open", "waiting_customer", "waiting_area"]
    ).order_by("-id")[:40]
    cases: dict[int, list[Ticket]] = {}
    for ticket in open_cases:
        cases.setdefault(ticket.customer_id, []).append(ticket)
    return cases


def _candidate(
    found: Candidate, other: Customer, customer: Customer, member: Membership, cases: dict[int, list[Ticket]]
) -> dict[str, Any]:
    identities = Identity.objects.filter(organization_id=other.organization_id, customer=other).order_by(
        "pk"
    )[:4]
    why = [evidence(one.code, one.shown) for one in found.evidence[:4]]
    return {
        "id": other.pk,
        "name": other.name,
        "identities": [identity_line(one, {}) for one in identities],
        "why": "; ".join(why),
        "codes": [one.code for one in found.evidence if one.code != "by_hand"],
        "is_strong": found.is_strong,
        "cases": [one.radicado or str(one.number) for one in cases.get(other.pk, [])[:3]],
        "alone": may_unify(customer, other, member),
    }


def unification_line(
    unification: Unification, member: Membership, customer_id: int, slug: str
) -> dict[str, Any]:
    """What is waiting or done about two people, with what this member may do about it."""
    other = unification.gone if unification.kept_id == customer_id else unification.kept
    waits = unification.state in (UnificationState.PENDING, UnificationState.UNDO_PENDING)
    is_undo = unification.state == UnificationState.UNDO_PENDING
    asker = unification.undo_asked_by if is_undo else unification.asked_by
    return {
        "id": unification.pk,
        "kept": unification.kept.name,
        "gone": unification.gone.name,
        "name": other.name,
        "state": unification.state,
        "state_label": UnificationState(unification.state).label,
        "why": "; ".join(evidence(code, "").strip() for code in unification.evidence),
        "reason": unification.reason,
        "asker": asker,
        "at": unification.decided_at or unification.asked_at,
        "may_approve": waits
        and member.can(Permission.APPROVE_UNIFICATIONS)
        and (not asker or asker.pk != member.pk),
        "is_own": waits and asker is not None and asker.pk == member.pk,
        "may_undo": unification.state == UnificationState.DONE and member.can(Permission.UNIFY_CUSTOMERS),
        "alone": member.can(Permission.APPROVE_UNIFICATIONS),
        "url": {
            step: reverse("unification", args=[slug, unification.pk, step])
            for step in ("approve", "refuse", "undo")
        },
    }
