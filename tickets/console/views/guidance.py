"""A protocol in a case: its panel, its steps, leaving it, granting; and the templates the composer offers."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from channels_social.models import SocialAccount
from helpdesk import audit, clock
from helpdesk.http import for_members
from helpdesk.tenancy.permissions import Permission
from protocols.answers.rules.wording import VOICES
from tickets.cases.models import Ticket
from tickets.console.case_page import ticket_for, who_context
from tickets.console.guidance import Asked, panel_of
from tickets.console.push import announce_after
from tickets.console.queries.wordings import offers_for, voice_of
from tickets.console.rows import case_url
from tickets.console.views.loading import locked_or_404
from tickets.console.views.pages import must_say_why
from tickets.customers.domain import checking
from tickets.customers.domain.people import Refused
from tickets.customers.models import Customer
from tickets.customers.sentences import refusal
from tickets.enums import CheckMeans, IdentityCheck
from tickets.guidance.domain import following
from tickets.guidance.domain.following import NotPossible
from tickets.guidance.domain.granting import grant
from tickets.guidance.domain.queries.guidance import guidance_of
from tickets.guidance.sentences import sentence
from tickets.replies.domain.petitions import PetitionRefused, ask_grant
from tickets.replies.domain.targets import targets_of

POST, GET_POST = ("POST",), ("GET", "HEAD", "POST")
PANEL = "tickets/console/guidance/_panel.html"


@for_members(Permission.SEE_CASES)
def panel(request: Any, number: int) -> HttpResponse:
    """The panel by itself, drawn again when the motive changed."""
    ticket = ticket_for(number)
    if ticket is None or must_say_why(request, ticket):
        raise Http404
    return _panel(request, ticket, Asked())


@for_members(Permission.SEE_CASES, Permission.WRITE_NOTES, Permission.TAKE_CASES, methods=POST)
def step(request: Any, number: int) -> HttpResponse:
    """Tick a step or take it back; with ``check`` the identity check it asks for is registered by the same key."""
    ticket, key = locked_or_404(number), request.POST.get("step", "")
    try:
        if request.POST.get("check") == "1":
            return _check(request, ticket, key)
        following.tick(ticket, key, by=request.member, done=request.POST.get("done", "1") == "1")
    except NotPossible as refused:
        return _refused(request, ticket, refused, "steps")
    except Refused as refused:
        return _panel(request, ticket, Asked(refusal(refused.code), "steps"), status=422)
    return _panel(request, ticket, Asked(goes_on=True))


def _check(request: Any, ticket: Ticket, key: str) -> HttpResponse:
    """The check of a step, by the means the protocol prescribes. The whole right pane shows it."""
    guide = guidance_of(ticket).guide
    asked = next((one for one in guide.steps if one.key == key), None) if guide else None
    if asked is None or not asked.identity:
        raise NotPossible("no_step")
    if not request.member.can(Permission.CHECK_IDENTITY):
        raise NotPossible("may_not_check")
    state = IdentityCheck(asked.identity)
    means = asked.means if state == IdentityCheck.VERIFIED else CheckMeans.SAID.value
    checking.check(ticket.customer, state=state, means=means, by=request.member, ticket_id=ticket.pk)
    if not request.htmx:
        return redirect(case_url(request.org.slug, ticket.number))
    fresh = ticket_for(ticket.number)
    assert fresh is not None
    with timezone.override(request.org.timezone):
        context = who_context(request, fresh, guided=Asked(goes_on=True))
        answer = render(request, "tickets/console/_who.html", context)
    answer["HX-Retarget"], answer["HX-Reswap"] = "#who", "outerHTML"
    return answer


@for_members(Permission.SEE_CASES, Permission.WRITE_NOTES, Permission.TAKE_CASES, methods=POST)
def change(request: Any, number: int) -> HttpResponse:
    """Leave the protocol with a reason, take it up again, or go on by the version in force."""
    ticket, op = locked_or_404(number), request.POST.get("op", "")
    reason = request.POST.get("reason", "")
    try:
        if op == "leave":
            following.leave(ticket, reason=reason, by=request.member)
        elif op == "again":
            following.take_up_again(ticket, by=request.member)
        elif op == "newer":
            following.take_newer(ticket, by=request.member)
        elif op == "follow":
            following.follow(ticket, by=request.member)
        else:
            raise Http404
    except NotPossible as refused:
        return _refused(request, ticket, refused, op, reason)
    return _panel(request, ticket, Asked())


@for_members(Permission.SEE_CASES, Permission.GRANT_COMPENSATION, methods=POST)
def grant_amount(request: Any, number: int) -> HttpResponse:
    """Grant within one's attributions, or ask who may grant more."""
    ticket, posted = locked_or_404(number), request.POST
    key, amount, note = posted.get("key", ""), posted.get("amount", ""), posted.get("note", "")
    try:
        if posted.get("ask") == "1":
            ask_grant(ticket, key=key, amount=amount, reason=note, by=request.member)
            return _asked(request, ticket)
        grant(ticket, key=key, amount=amount, note=note, by=request.member)
    except PetitionRefused:
        refused = NotPossible("no_why")
        return _refused(request, ticket, refused, "grant", amount, note=note, key=key, may_ask=True)
    except NotPossible as refused:
        may_ask = refused.code == "over_limit"
        return _refused(request, ticket, refused, "grant", amount, note=note, key=key, may_ask=may_ask)
    return _panel(request, ticket, Asked())


def _asked(request: Any, ticket: Ticket) -> HttpResponse:
    """The petition stands in the head of the case, for everybody who looks at it."""
    announce_after(request, [ticket.pk])
    return _panel(request, ticket, Asked(done=_("Pedido: lo decide quien puede otorgarlo.")))


@for_members(Permission.SEE_CASES, methods=GET_POST)
def templates(request: Any, number: int) -> HttpResponse:
    """The templates for this case, those of its motive first; posted, how its customer is spoken to from now on."""
    ticket = ticket_for(number)
    if ticket is None or must_say_why(request, ticket):
        raise Http404
    voice = request.POST.get("voice", "")
    if voice in VOICES and request.member.can(Permission.REPLY_PRIVATE):
        _speak(request, ticket, voice)
    voice = voice_of(ticket)
    account = SocialAccount.objects.filter(
        organization_id=ticket.organization_id, pk=ticket.account_id
    ).first()
    target = next(iter(targets_of(ticket, now=clock.now()).values()), None)
    account = target.account if target else account
    with timezone.override(request.org.timezone):
        offers = offers_for(ticket, account, by=request.member, voice=voice, now=clock.now())
        context = {
            "offers": offers,
            "suggested": sum(one.is_suggested for one in offers),
            "voice": voice,
            "voices": VOICES,
            "url": request.path,
        }
        return render(request, "tickets/console/guidance/_templates.html", context)


def _speak(request: Any, ticket: Ticket, voice: str) -> None:
    """Remember how this customer wants to be spoken to."""
    changed = Customer.objects.filter(pk=ticket.customer_id).exclude(voice=voice).update(voice=voice)
    ticket.customer.voice = voice
    if changed:
        audit.record(
            request.org.pk, "customer.voice", actor_id=request.member.pk, ticket_id=ticket.pk, voice=voice
        )


def _refused(
    request: Any, ticket: Ticket, refused: NotPossible, where: str, text: str = "", **more: Any
) -> HttpResponse:
    said = Asked(sentence(refused.code, refused.detail), where, text, **more)
    return _panel(request, ticket, said, status=422)


def _panel(request: Any, ticket: Ticket, said: Asked, *, status: int = 200) -> HttpResponse:
    if not request.htmx and request.method == "POST":
        if status == 200:
            return redirect(case_url(request.org.slug, ticket.number))
        return HttpResponse(said.error, status=status)
    ticket.organization = request.org
    with timezone.override(request.org.timezone):
        context = {
            "org": request.org,
            "me": request.member,
            "guidance": panel_of(ticket, request.member, request.org.slug, said),
        }
        return render(request, PANEL, context, status=status)
