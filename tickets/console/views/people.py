"""What a colleague does about a person in the right pane: data, validation, who else is them."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from helpdesk.http import for_members
from helpdesk.tenancy.permissions import Permission
from helpdesk.text import clean
from protocols.models import CustomerTier
from tickets.aftercontact.domain.answers import set_no_contact
from tickets.aftercontact.domain.asking import is_left_alone
from tickets.cases.models import Ticket
from tickets.console.case_page import ticket_for, who_context
from tickets.console.push import announce_after
from tickets.console.queries.people import found_by
from tickets.console.rows import case_url
from tickets.console.who import REASONS, Told, reason_words, unification_line
from tickets.customers.domain import checking, identities, unifying
from tickets.customers.domain.people import Refused
from tickets.customers.domain.queries.suggestions import WEIGHT
from tickets.customers.models import Identity, Unification
from tickets.customers.rules.data import Unrecognised, recognise
from tickets.customers.sentences import refusal
from tickets.enums import IdentityCheck, IdentityKind, UnificationState
from tickets.replies.domain.levels import put_on_level

POST = ("POST",)


@for_members(Permission.SEE_CASES, Permission.WRITE_NOTES, methods=POST)
def identity_add(request: Any, number: int) -> HttpResponse:
    """Note an e-mail, a telephone, a document or a handle of this person; what it is, is recognised."""
    ticket, text = _ticket(number), _words(request, "text")
    kind = request.POST.get("kind", "")
    kind = kind if kind in ("email", "phone", "document", "handle") else ""
    network = IdentityKind.FACEBOOK if request.POST.get("network") == "facebook" else IdentityKind.X
    try:
        identities.add(
            ticket.customer, recognise(text, request.org.country, kind), by=request.member, network=network,
            verified=request.POST.get("verified") == "1" and request.member.can(Permission.CHECK_IDENTITY),
            ticket_id=ticket.pk,
        )  # fmt: skip
    except (Unrecognised, Refused) as refused:
        return _who(request, ticket, Told(refusal(refused.code), "add", text), status=422)
    return _who(request, ticket)


@for_members(Permission.SEE_CASES, methods=POST)
def identity_change(request: Any, number: int, pk: int, what: str) -> HttpResponse:
    """See a datum in clear with a reason, say it was verified, or take away what was added by hand."""
    ticket = _ticket(number)
    identity = (
        Identity.objects.select_related("customer").filter(pk=pk, customer_id=ticket.customer_id).first()
    )
    if identity is None:
        raise Http404
    told = Told()
    try:
        if what == "see":
            told.clear[pk] = identities.unmask(
                identity, by=request.member, reason=_reason(request), ticket_id=ticket.pk
            )
        elif not request.member.can(Permission.CHECK_IDENTITY):
            raise Refused("may_not")
        elif what == "verify":
            identities.verify(identity, by=request.member, ticket_id=ticket.pk)
        else:
            identities.remove(identity, by=request.member, ticket_id=ticket.pk)
    except Refused as refused:
        return _refused(request, ticket, refused, f"identity-{pk}")
    return _who(request, ticket, told)


@for_members(Permission.SEE_CASES, Permission.REPLY_PRIVATE, methods=POST)
def no_contact(request: Any, number: int) -> HttpResponse:
    """«No contactar», put on or taken away: they are answered, and nothing is said of our own accord."""
    ticket, wanted = _ticket(number), request.POST.get("no_contact") == "1"
    if wanted != is_left_alone(ticket):
        set_no_contact(ticket, wanted, by=request.member)
    return _who(request, ticket)


def _words(request: Any, name: str) -> str:
    return clean(request.POST.get(name, ""))


def _reason(request: Any) -> str:
    code = request.POST.get("reason", "")
    return reason_words(code) if code in REASONS else _words(request, "words")


@for_members(Permission.SEE_CASES, Permission.CHECK_IDENTITY, methods=POST)
def identity_check(request: Any, number: int) -> HttpResponse:
    """Say how far this person's identity is proven: ``check`` is a state, or the means by which it was verified."""
    ticket, said = _ticket(number), request.POST.get("check", "")
    days = request.POST.get("days", "1")
    state = IdentityCheck(said) if said in IdentityCheck.values else IdentityCheck.VERIFIED
    means = "said" if state == IdentityCheck.DECLARED else ("" if said in IdentityCheck.values else said)
    try:
        if means and means not in checking.CheckMeans.values:
            raise Refused("means_needed")
        checking.check(
            ticket.customer, state=state, means=means, days=int(days) if days.isdecimal() else 0,
            by=request.member, ticket_id=ticket.pk,
        )  # fmt: skip
    except Refused as refused:
        return _refused(request, ticket, refused, "check")
    return _who(request, ticket)


@for_members(Permission.SEE_CASES, Permission.CHECK_IDENTITY, methods=POST)
def customer_level(request: Any, number: int) -> HttpResponse:
    """Put this person on a level of customers, or on none."""
    ticket, said = _ticket(number), request.POST.get("tier", "")
    tier = CustomerTier.objects.filter(pk=int(said)).first() if said.isdecimal() and len(said) < 18 else None
    if said and tier is None:
        raise Http404
    moved = put_on_level(ticket.customer, tier, by=request.member, ticket_id=ticket.pk)
    announce_after(request, moved)
    return _who(request, ticket)


@for_members(Permission.SEE_CASES, Permission.UNIFY_CUSTOMERS, methods=POST)
def unify(request: Any, number: int) -> HttpResponse:
    """Unify this person with another, or ask a supervisor to."""
    return _about_two(request, number, join=True)


@for_members(Permission.SEE_CASES, Permission.UNIFY_CUSTOMERS, methods=POST)
def keep_apart(request: Any, number: int) -> HttpResponse:
    """Say that this person and another are two."""
    return _about_two(request, number, join=False)


def _about_two(request: Any, number: int, *, join: bool) -> HttpResponse:
    ticket, other = _ticket(number), request.POST.get("other", "")
    if not other.isdecimal() or len(other) > 18:
        raise Http404
    two = {"one": ticket.customer_id, "other": int(other), "by": request.member, "ticket_id": ticket.pk}
    try:
        if join:
            codes = [code for code in request.POST.getlist("evidence") if code in WEIGHT]
            done = unifying.unify(request.org.pk, **two, evidence=codes, reason=_words(request, "reason"))
            _announce(request, done)
        else:
            unifying.keep_apart(request.org.pk, **two)
    except Refused as refused:
        return _refused(request, ticket, refused, "same")
    return _who(request, ticket)


@for_members(Permission.SEE_CASES, Permission.UNIFY_CUSTOMERS, methods=POST)
def unification(request: Any, pk: int, step: str) -> HttpResponse:
    """Approve, refuse or undo; then back to the case, or to the list of what waits."""
    verb = {"approve": unifying.approve, "refuse": unifying.refuse, "undo": unifying.undo}[step]
    found = Unification.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    number = request.POST.get("number", "")
    ticket = ticket_for(int(number)) if number.isdecimal() and len(number) < 15 else None
    try:
        done = verb(pk, by=request.member, ticket_id=ticket.pk if ticket else None)
    except Refused as refused:
        if ticket is not None:
            return _refused(request, ticket, refused, "same")
        return _waiting_page(request, refusal(refused.code, refused.detail), status=_status(refused))
    _announce(request, done)
    return _who(request, _ticket(ticket.number)) if ticket else redirect("unifications", request.org.slug)


@for_members(Permission.SEE_CASES, Permission.APPROVE_UNIFICATIONS)
def unifications(request: Any) -> HttpResponse:
    """What waits for approval, and what was done lately and may be undone."""
    return _waiting_page(request)


def _waiting_page(request: Any, error: str = "", status: int = 200) -> HttpResponse:
    rows = Unification.objects.select_related("kept", "gone", "asked_by", "decided_by", "undo_asked_by")
    waiting = rows.filter(state__in=[UnificationState.PENDING, UnificationState.UNDO_PENDING]).order_by(
        "asked_at"
    )
    done = rows.filter(state=UnificationState.DONE).order_by("-pk")
    slug = request.org.slug
    context = {
        "org": request.org, "me": request.member, "section": "unifications", "error": error,
        "waiting": [unification_line(one, request.member, one.kept_id, slug) for one in waiting[:100]],
        "done": [unification_line(one, request.member, one.kept_id, slug) for one in done[:50]],
    }  # fmt: skip
    with timezone.override(request.org.timezone):
        return render(request, "tickets/console/unifications.html", context, status=status)


@for_members(Permission.SEE_CASES, methods=POST)
def same_person(request: Any, number: int) -> HttpResponse:
    """Look for the same person by hand: a number, a handle, an e-mail, a telephone or a document."""
    ticket, text = _ticket(number), _words(request, "text")
    found = [pk for pk in found_by(request.org, text) if pk != ticket.customer_id]
    if not found:
        return _who(request, ticket, Told(refusal("nobody"), "same", text), status=422)
    return _who(request, ticket, Told(found=found, text=text))


def _ticket(number: int) -> Ticket:
    ticket = ticket_for(number)
    if ticket is None:
        raise Http404
    return ticket


def _refused(request: Any, ticket: Ticket, refused: Refused, where: str) -> HttpResponse:
    told = Told(refusal(refused.code, refused.detail), where)
    fresh = ticket_for(ticket.number)
    assert fresh is not None
    return _who(request, fresh, told, status=_status(refused))


def _status(refused: Refused) -> int:
    return 409 if refused.code in ("already", "not_waiting", "waiting") else 422


def _who(request: Any, ticket: Ticket, told: Told | None = None, status: int = 200) -> HttpResponse:
    if not request.htmx and status == 200 and not (told and (told.clear or told.found)):
        return redirect(f"{case_url(request.org.slug, ticket.number)}#who")
    fresh = ticket_for(ticket.number)
    assert fresh is not None
    with timezone.override(request.org.timezone):
        response = render(
            request, "tickets/console/_who.html", who_context(request, fresh, told), status=status
        )
    # A datum in clear is for whoever asked, once.
    response["Cache-Control"] = "no-store"
    return response


def _announce(request: Any, done: Unification) -> None:
    moved = done.moved.get("tickets_ticket.customer_id", [])
    tickets = [*moved, *_open_of(done)]
    announce_after(request, tickets)


def _open_of(done: Unification) -> list[int]:
    return list(
        Ticket.objects.filter(customer_id__in=[done.kept_id, done.gone_id])
        .order_by("-pk")
        .values_list("pk", flat=True)[:60]
    )
