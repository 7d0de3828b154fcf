"""The page of one case: everything its templates show, in a fixed number of queries. Inside ``tenant``."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from types import SimpleNamespace
from typing import Any

from django.utils.translation import gettext as _

from channels_social.enums import AccountMode, AccountState, Network
from channels_social.models import SocialAccount
from faq.rules.rights import may_write
from helpdesk.tenancy.models import Membership, Presence
from helpdesk.tenancy.permissions import Permission
from helpdesk.tenancy.select import Select
from helpdesk.ui.addresses import address
from helpdesk.ui.dates import date_words, local_dt
from helpdesk.ui.people import CHANNELS
from protocols.models import TermUnit
from tickets.cases.models import Ticket
from tickets.clocks.models import Clock
from tickets.console.access import access_context
from tickets.console.case_file import file_of
from tickets.console.composer import composer_for
from tickets.console.guidance import Asked, panel_of
from tickets.console.message import story_html
from tickets.console.open_cases import banner_of
from tickets.console.promises import lines_of
from tickets.console.queries.head import head_of, promises_of
from tickets.console.queries.messages import Item
from tickets.console.queries.story import state_label, story_of
from tickets.console.rows import case_url
from tickets.console.typification import typification_of
from tickets.console.who import Told, person_context
from tickets.customers.models import Identity
from tickets.enums import ClockKind, PqrKind, Priority, TicketState
from tickets.privacy.rules.masking import mask
from tickets.replies.domain.targets import first_public, targets_of
from tickets.replies.notification import channel_for
from tickets.replies.sentences import sentence

_TICKET = Select(Ticket, "customer", "assignee", tail="WHERE t.number = %s")


def case_context(request: Any, ticket: Ticket, *, now: datetime, **composer: Any) -> dict[str, Any]:
    """The middle pane."""
    slug = request.org.slug
    said = story_of(ticket, request.org, is_masked=not request.member.sees_data)
    targets = targets_of(ticket, now=now)
    head = head_of(ticket)
    term = next((one for one in head.clocks if one.kind == ClockKind.LEGAL and one.met_at is None), None)
    channel = channel_for(targets, term.due_at) if term else None
    team = _team(request.member, head.team)
    return {
        "org": request.org,
        "me": request.member,
        "section": "console",
        "case": _case(ticket, targets, slug),
        "on_file": file_of(head.on_file, ticket, request.member, slug, term, channel),
        "clocks": clocks_of(head.clocks, ticket, slug),
        "promises": lines_of(head.promises, request.member, slug),
        # Written where a template asks for it: the head alone, or a composer, does without.
        "story": partial(story_html, said),
        "marks": _marks(said),
        "composer": composer_for(ticket, targets, request.member, slug, **composer),
        "actions": _actions(ticket, request.member, slug)
        | _article_action(ticket, said, request.member, slug),
        "typification": typification_of(head, ticket, request.member, slug),
        "access": access_context(request, ticket, head),
        "kinds": [(kind.value, kind.label) for kind in PqrKind],
        "is_filed": ticket.radicado is not None,
        "team": team,
        # All that the menu of colleagues shows of them, for what is kept of it.
        "team_key": tuple(tuple(vars(mate).values()) for mate in team),
        "banner": _banner(targets.values()),
        "open_cases": banner_of(head.open_cases, ticket, request.member, slug),
        "likely_url": address("likely_cases", slug, ticket.number),
        "who_url": address("customer", slug, ticket.number),
        "selected": ticket.pk,
    }


def _article_action(ticket: Ticket, said: list[Item], member: Membership, slug: str) -> dict[str, str]:
    """A public answer of ours that was sent may become an article."""
    is_answered = any(
        one.kind == "out" and one.public and one.author_initials and one.state in ("", "sent", "seen")
        for one in said
    )
    if not is_answered or not may_write(member):
        return {}
    return {"article_url": address("article_from_answer", slug, ticket.number)}


def _marks(said: list[Item]) -> dict[str, list[str]]:
    """Labels across kinds (care.md 5), each with the words that made it, for a tooltip."""
    marks = {
        "threat": [one.verdict.reasons for one in said if one.verdict.is_threat],
        "abuse": [one.verdict.reasons for one in said if one.verdict.is_abusive],
    }
    return {name: [" · ".join(reasons) for reasons in found] for name, found in marks.items() if found}


def ticket_for(number: int) -> Ticket | None:
    """The case of that number, with what its head shows. Inside ``tenant``."""
    return _TICKET.one(number)


def _case(ticket: Ticket, targets: dict[str, Any], slug: str) -> SimpleNamespace:
    target = next(iter(targets.values()), None)
    identity = target.conversation.identity if target else None
    suggested = ticket.suggested_kind and ticket.suggested_kind != ticket.kind
    return SimpleNamespace(
        id=ticket.pk,
        number=str(ticket.number),
        radicado=ticket.radicado,
        name=ticket.customer.name,
        handle=handle_words(identity) if identity else "",
        state=ticket.state,
        state_label=state_label(ticket.state),
        kind=ticket.kind,
        kind_label=PqrKind(ticket.kind).label if ticket.kind else _("Sin tipo"),
        suggested_kind_label=PqrKind(ticket.suggested_kind).label if suggested else "",
        priority=ticket.priority,
        priority_label=Priority(ticket.priority).label,
        priority_why=", ".join(ticket.priority_reasons),
        # What is more than ordinary says why where everybody reads it, not in a tooltip only.
        urgent_for=" · ".join(ticket.priority_reasons)
        if ticket.priority in (Priority.HIGH, Priority.CRITICAL)
        else "",
        assignee=SimpleNamespace(
            id=ticket.assignee_id, initials=ticket.assignee.initials, name=ticket.assignee.display_name
        )
        if ticket.assignee
        else None,
        transfers=ticket.transfers,
        version=ticket.version,
        url=case_url(slug, ticket.number),
    )


def _worth_showing(clocks: list[Clock]) -> Iterable[Clock]:
    """One per kind: the running one, else the last that was met."""
    best: dict[str, Clock] = {}
    for clock in clocks:
        if clock.cancelled_at is not None:
            continue
        current = best.get(clock.kind)
        if current is None or current.met_at is not None:
            best[clock.kind] = clock
    return best.values()


def clocks_of(clocks: list[Clock], ticket: Ticket, slug: str) -> list[dict[str, Any]]:
    """The clocks worth showing, each with what explains it: what is still owed first, for there is not always room."""
    shown = sorted(_worth_showing(clocks), key=lambda clock: clock.met_at is not None)
    return [_clock(clock, ticket, slug) for clock in shown]


def _clock(clock: Clock, ticket: Ticket, slug: str) -> dict[str, Any]:
    state = ""
    if clock.met_at is not None:
        state = "met" if clock.breached_at is None else "broken"
    elif clock.paused_at is not None:
        state = "paused"
    return {
        "pk": clock.pk,
        "label": ClockKind(clock.kind).label,
        "kind": clock.kind,
        "state": state,
        "due_at": clock.due_at,
        "text": "",
        "why": why_words(clock),
        "url": address("clock_why", slug, ticket.number, clock.pk),
    }


def why_words(clock: Clock) -> str:
    """Why it falls due then: the rule, the time it counts in, from when; or that it was promised."""
    if clock.kind == ClockKind.COMMITMENT:
        return _("Lo prometido al cliente")
    if clock.kind == ClockKind.LEGAL:
        return _why_legal(clock)
    minutes = clock.why.get("minutes", 0)
    hours = f"{minutes // 60} h" if minutes % 60 == 0 else f"{minutes} min"
    counted = _("corridas") if clock.why.get("wall") else _("hábiles")
    priority = Priority(clock.why.get("priority", "medium")).label
    return _("%(hours)s %(counted)s por prioridad %(priority)s") % {
        "hours": hours,
        "counted": counted,
        "priority": str(priority).lower(),
    }


def _why_legal(clock: Clock) -> str:
    """The days of the law, from receipt, and what an extension gave."""
    days = clock.why.get("days", 0) + clock.why.get("extended", 0)
    unit = str(TermUnit(clock.why.get("unit", TermUnit.BUSINESS)).label)
    words = _("%(days)s %(unit)s desde que se recibió") % {"days": days, "unit": unit}
    return f"{words}; {_('con prórroga')}" if clock.why.get("extended") else words


def _actions(ticket: Ticket, member: Membership, slug: str) -> dict[str, Any]:
    def url(name: str) -> str:
        return address(name, slug, ticket.number)

    actions: dict[str, Any] = {"note_url": url("note"), "spoken_url": url("spoken")}
    gives = member.can(Permission.TAKE_CASES) or member.can(Permission.ASSIGN_CASES)
    if gives or ticket.assignee_id == member.pk:
        actions["assign_url"] = url("assign")
        actions["leaves"] = ticket.assignee_id == member.pk or member.can(Permission.ASSIGN_CASES)
    if member.can(Permission.CHANGE_KIND) and (
        ticket.radicado is None or member.can(Permission.CHANGE_FILED_KIND)
    ):
        actions["kind_url"] = url("kind")
    if ticket.is_open and member.can(Permission.TRANSFER_CASES):
        actions["consult_url"] = url("consult")
    if ticket.is_open and member.can(Permission.REPLY_PRIVATE):
        actions["secure_url"] = url("secure_links")
    if member.can(Permission.RESOLVE_CASES) or member.asks(Permission.RESOLVE_CASES):
        if ticket.is_open and member.can(Permission.MAKE_COMMITMENTS):
            actions["commitments_url"] = url("commitments")
        if ticket.is_open:
            actions["resolve_url"] = url("resolve")
            if member.can(Permission.CLOSE_WITHOUT_MOTIVE):
                actions["put_aside_url"] = url("put_aside")
                actions["aside_reasons"] = _aside_reasons()
            waiting = ticket.state == TicketState.WAITING_CUSTOMER
            actions["unwait_url" if waiting else "wait_url"] = url("unwait" if waiting else "wait")
        else:
            actions["reopen_url"] = url("reopen")
    return actions


def _aside_reasons() -> list[str]:
    """Why a case needs no attention, one key each; the judgement is on the message, never on the person."""
    return [
        _("Publicidad o sorteo"),
        _("No es para la empresa"),
        _("Comenta y no pide nada"),
        _("Texto repetido sin contenido"),
    ]


def _team(member: Membership, mates: Iterable[Membership]) -> list[SimpleNamespace]:
    """Whom this member may give the case to: everybody who sees cases, or only themselves."""
    if not member.can(Permission.ASSIGN_CASES):
        return [SimpleNamespace(id=member.pk, initials=member.initials, name=member.display_name)]
    able = sorted(
        (mate for mate in mates if mate.can(Permission.SEE_CASES)), key=lambda mate: mate.display_name
    )
    # Where nobody says what they are doing, nothing is said of anybody.
    says = any(mate.presence != Presence.OFFLINE for mate in able)
    return [
        SimpleNamespace(
            id=mate.pk,
            initials=mate.initials,
            name=mate.display_name,
            presence=mate.presence if says else "",
            presence_label=str(mate.get_presence_display()),
        )
        for mate in able
    ]


def _banner(targets: Iterable[Any]) -> dict[str, str] | None:
    """A dead account says so where people write."""
    for target in targets:
        if not target.account.is_live:
            return {"title": str(target.account), "sentence": account_sentence(target.account)}
    return None


def account_sentence(account: SocialAccount) -> str:
    """What is wrong with an account and what happens to the answers."""
    if account.state == AccountState.LIVE:
        return ""
    return _("%(state)s. Lo que escriba queda retenido y sale cuando la cuenta vuelva.") % {
        "state": AccountState(account.state).label
    }


def who_context(
    request: Any, ticket: Ticket, told: Told | None = None, guided: Asked | None = None
) -> dict[str, Any]:
    """The right pane, loaded after the first paint; ``told`` and ``guided`` are what its last change has to say."""
    past = Ticket.objects.filter(
        organization_id=ticket.organization_id, customer_id=ticket.customer_id
    ).exclude(pk=ticket.pk)
    target = next(iter(targets_of(ticket, now=ticket.last_at).values()), None)
    account = target.account if target else None
    person = person_context(request, ticket, told)
    return (
        _follow(request, ticket)
        | person
        | {
            "org": request.org,
            "case": {"number": str(ticket.number)},
            "guidance": panel_of(ticket, request.member, request.org.slug, guided),
            "customer": {
                "name": ticket.customer.name,
                "since": _("Cliente aquí desde %s")
                % date_words(ticket.customer.created_at, ticket.organization.timezone),
            },
            "promises": lines_of(promises_of(ticket), request.member, request.org.slug),
            "history": [_past(one, request.org.slug, request.member) for one in past.order_by("-id")[:8]],
            "account": {
                "name": str(account),
                "state": account.state,
                "state_label": AccountState(account.state).label,
                "is_read_only": account.mode == AccountMode.READ_ONLY,
                "sentence": account_sentence(account),
            }
            if account
            else None,
        }
    )


def _follow(request: Any, ticket: Ticket) -> dict[str, str]:
    """The way to follow a person of X, or why there is none."""
    thread = first_public(ticket)
    if thread is None or thread.network != Network.X:
        return {}
    if thread.identity.is_followed:
        return {"follow_sentence": _("La cuenta ya la sigue en X.")}
    if not thread.account.capabilities.get("follow"):
        return {"follow_sentence": sentence("follow_not_allowed")}
    return {"follow_url": address("follow", request.org.slug, ticket.number)}


def handle_words(identity: Identity) -> str:
    """A handle as its network writes it; an address masked, as everywhere."""
    if identity.network == Network.EMAIL:
        return identity.masked
    return f"@{identity.handle}" if identity.handle else ""


def _past(ticket: Ticket, slug: str, reader: Membership) -> dict[str, Any]:
    return {
        "icon": CHANNELS[ticket.channel].icon,
        "title": (ticket.last_text if reader.sees_data else mask(ticket.last_text))[:60] or _("Caso"),
        "url": case_url(slug, ticket.number),
        "number": ticket.radicado or str(ticket.number),
        "date": local_dt(ticket.last_at),
        "state_label": state_label(ticket.state),
    }
