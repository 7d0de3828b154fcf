"""What the composer shows: the ways this case can be answered now, their limits, windows and cost."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from channels_social.enums import AccountMode, ActionKind, ConversationKind, Network
from channels_social.networks import registry
from channels_social.networks.x.prices import PRICES
from helpdesk.tenancy.models import Membership
from helpdesk.tenancy.permissions import Permission
from helpdesk.ui.addresses import address
from tickets.areas.domain.seeing import owed_by
from tickets.cases.models import Message, Ticket
from tickets.console.attached import Attached, still_attached, taken
from tickets.console.promises import found_in
from tickets.replies.domain.files import Chosen
from tickets.replies.domain.outbox import written
from tickets.replies.domain.promises import may_promise
from tickets.replies.domain.reply import new_token
from tickets.replies.domain.spoken import SPOKEN_KINDS, has_page, may_answer_on_page
from tickets.replies.domain.targets import Target
from tickets.replies.sentences import sentence


@dataclass(slots=True)
class Composer:
    """See ``_composer.html``."""

    mode: str
    modes: list[dict[str, Any]]
    initials: str
    action_url: str
    client_token: str
    reply_mode: str = "public"
    to_label: str = ""
    network: str = ""
    # Of the mode it begins with; each mode has its own.
    limit: int = 0
    text: str = ""
    errors: list[str] = field(default_factory=list)
    can_split: bool = False
    dm_possible: str = "unknown"
    dm_sentence: str = ""
    read_only: bool = False
    # Why nobody can be answered here now, where there is only a note left to write.
    closed: str = ""
    # Where the dates of the text are looked up, and what was found in one that comes back.
    dates_url: str = ""
    found: dict[str, Any] | None = None
    # Where templates are asked for, and the sealed word of the one this answer began with.
    templates_url: str = ""
    began_with: str = ""
    # Where articles to link are looked for.
    articles_url: str = ""
    # Refused because it asks for personal data; in public the way to private is beside the refusal.
    asks: bool = False
    offers_private: bool = False
    # The customer reads it on the page of their case as soon as it is saved.
    on_page: bool = False
    # Other open cases for which the text was not taken: see ``open_cases/_stop.html``.
    stop: dict[str, Any] | None = None
    # Where files are sent to, and those that are there: see ``_attach.html``.
    uploads_url: str = ""
    files: list[Attached] = field(default_factory=list)
    # This person writes to colleagues and answers nobody.
    only_notes: bool = False

    @property
    def file_modes(self) -> str:
        """The ways that take files, as the page names them."""
        return " ".join(one["key"] for one in self.modes if one.get("files"))

    @property
    def file_ways(self) -> tuple[Any, ...]:
        """All that is said of files."""
        return tuple((one["key"], one.get("files"), one.get("file_hint")) for one in self.modes)

    @property
    def ways(self) -> tuple[Any, ...]:
        """All that the buttons of the modes show."""
        return tuple(
            (
                one["key"],
                one["label"],
                one["enabled"],
                one.get("why_not"),
                one.get("limit"),
                one.get("counted"),
            )
            for one in self.modes
        )


def composer_for(
    ticket: Ticket,
    targets: dict[str, Target],
    member: Membership,
    slug: str,
    *,
    mode: str = "",
    text: str = "",
    errors: list[str] | None = None,
    token: str = "",
    stop: dict[str, Any] | None = None,
    promised: list[str] | None = None,
    began_with: str = "",
    asks: bool = False,
    files: Sequence[Chosen] = (),
) -> Composer | None:
    """The composer of a case for a member; None for who may only read."""
    if not any(map(member.can, _NEEDED.values())):
        return None
    modes = [_mode(key, targets.get(key)) for key in ("public", "private") if member.can(_NEEDED[key])]
    if ticket.channel in SPOKEN_KINDS or has_page(ticket):
        modes = [one for one in modes if one["key"] in targets]
        modes += [_spoken(ticket, member)] if member.can(Permission.REPLY_PRIVATE) else []
    if member.can(Permission.WRITE_NOTES):
        modes.append(_note(ticket, member))
    replies = member.can(Permission.REPLY_PUBLIC) or member.can(Permission.REPLY_PRIVATE)
    usable = [one["key"] for one in modes if one["enabled"]]
    chosen = mode if mode in usable else _natural(ticket, usable)
    composer = Composer(
        mode=chosen,
        modes=modes,
        initials=member.initials,
        action_url=address("reply" if replies else "note", slug, ticket.number),
        only_notes=not replies,
        client_token=token or new_token(),
        reply_mode=_natural(ticket, [key for key in usable if key != "note"] or ["note"]),
        text=text,
        errors=errors or [],
        stop=stop,
        templates_url=address("case_templates", slug, ticket.number)
        if member.can(Permission.REPLY_PRIVATE)
        else "",
        began_with=began_with,
        articles_url=address("case_articles", slug, ticket.number),
        asks=asks,
        on_page=any(one["key"] == "spoken" for one in modes) and ticket.channel == ConversationKind.WEB,
        offers_private=asks and "private" in usable and chosen == "public",
        dates_url=address("dates_found", slug, ticket.number) if may_promise(member) else "",
    )
    if text and may_promise(member):
        composer.found = found_in(
            ticket, text, mode=chosen, targets=targets, member=member, chosen=promised or []
        )
    if any(one.get("files") or one.get("file_why") for one in modes):
        composer.uploads_url = address("uploads", slug, ticket.number)
        composer.files = still_attached(ticket, member, files, slug)
    _limits(composer, targets)
    _private(composer, targets.get("private"))
    if replies and usable == ["note"] and not composer.read_only:
        composer.closed = next((one["why_not"] for one in modes if one["key"] in targets), "")
    return composer


def given_back(message: Message, by: Membership) -> str:
    """What the author of an undone answer had written, as JSON for ``undone.js``; empty for anybody else, who would
    sign the words of another."""
    if message.author_id != by.pk:
        return ""
    was = written(message)
    return json.dumps(
        {"ticket": message.ticket_id, "text": was.text, "mode": was.mode, "split": was.in_thread}
    )


# What each way asks for; whoever holds none of these has nothing to write in a case.
_NEEDED = {
    "public": Permission.REPLY_PUBLIC,
    "private": Permission.REPLY_PRIVATE,
    "note": Permission.WRITE_NOTES,
}


def _natural(ticket: Ticket, usable: list[str]) -> str:
    """Answer where they last spoke, when that is possible."""
    wanted = "public" if ConversationKind(ticket.channel).is_public else "private"
    return wanted if wanted in usable else (usable or ["note"])[0]


def _mode(key: str, target: Target | None) -> dict[str, Any]:
    label = _("Pública") if key == "public" else _("Privada")
    why_not = _why_not(key, target)
    hint = ""
    if target is not None:
        account = str(target.account)
        network = str(Network(target.account.network).label)
        hint = (
            _("La verá cualquiera en %(network)s, desde %(account)s")
            if key == "public"
            else _("Solo la persona, por %(network)s, desde %(account)s")
        ) % {"network": network, "account": account}
    closes_at: datetime | None = target.window.closes_at if target and not why_not else None
    return {
        "key": key,
        "label": label,
        "enabled": not why_not,
        "why_not": why_not,
        "hint": hint,
        "closes_at": closes_at,
        **(_counted(target) if target else {}),
        **(taken(target) if target and not why_not else {}),
    }


def _counted(target: Target) -> dict[str, Any]:
    """How long an answer may be there, how that is counted, and what X charges for it."""
    network = registry.get(target.account.network)
    limit, counted = network.limit_for(target.length_kind, target.account.capabilities)
    costs = _costs(target.kind) if target.account.network == Network.X else {}
    return {"limit": limit, "counted": counted, **costs}


def _costs(kind: ActionKind) -> dict[str, str]:
    """What X charges for it, in US$ (``networks.x.prices``): what the composer shows before anything is written, and
    for ``meter.js`` the first post, each that follows it in a thread, and one with a link."""
    is_reply = kind == ActionKind.REPLY
    names = ("reply_summoned", "post_create", "post_create_url") if is_reply else ("dm_create",) * 3
    each, more, link = (f"{PRICES[name] / 1_000_000:g}" for name in names)
    return {"cost": f"US$ {each}".replace(".", ","), "each": each, "more": more, "link": link}


def _spoken(ticket: Ticket, member: Membership) -> dict[str, Any]:
    """What was answered on the phone or at the counter is written down; nothing leaves."""
    if ticket.channel == ConversationKind.WEB:
        may = may_answer_on_page(member)
        return {
            "key": "spoken",
            "label": _("En su página"),
            "enabled": may,
            "why_not": "" if may else _("Su rol no permite responder así."),
            "hint": _("La lee quien abrió el caso, con su número y su clave, en cuanto se guarda."),
        }
    return {
        "key": "spoken",
        "label": _("De viva voz") if ticket.channel != ConversationKind.EMAIL_NOTED else _("Por carta"),
        "enabled": True,
        "hint": _("Queda escrito lo que usted le contestó. No sale nada."),
    }


def _note(ticket: Ticket, member: Membership) -> dict[str, Any]:
    asked = owed_by(ticket, member)
    hint = _("Solo la ve su equipo")
    if asked is not None:
        hint = _("Contesta la consulta a %s. El cliente no la ve.") % asked.area.name
    return {"key": "note", "label": _("Nota"), "enabled": True, "hint": hint}


def _why_not(key: str, target: Target | None) -> str:
    if target is None:
        return (
            _("No hay un mensaje público al que responder.")
            if key == "public"
            else _("No hay cómo escribirle en privado desde aquí.")
        )
    if target.account.mode == AccountMode.READ_ONLY:
        return sentence("read_only")
    return "" if target.window.is_open else sentence(target.window.code)


def _limits(composer: Composer, targets: dict[str, Target]) -> None:
    target = targets.get(composer.mode) or next(iter(targets.values()), None)
    if target is None:
        return
    composer.network = target.account.network
    composer.read_only = target.account.mode == AccountMode.READ_ONLY
    composer.to_label = target.conversation.identity.name or target.conversation.identity.handle
    composer.limit = next(filter(None, (_counted(one)["limit"] for one in (target, *targets.values()))), 0)
    composer.can_split = "public" in targets and targets["public"].account.network == Network.X


def _private(composer: Composer, target: Target | None) -> None:
    """Whether this person can be written to in private: yes, no, or not known."""
    if target is None or not target.window.is_open:
        composer.dm_possible = "no"
        composer.dm_sentence = sentence(target.window.code) if target else ""
        return
    known = target.conversation.kind in (
        ConversationKind.X_DM,
        ConversationKind.MESSENGER,
        ConversationKind.EMAIL,
    )
    accepts = target.conversation.identity.accepts_dm
    if known or accepts or target.kind == ActionKind.PRIVATE_REPLY:
        composer.dm_possible = "yes"
        if target.kind == ActionKind.PRIVATE_REPLY:
            composer.dm_possible = "unknown"
            composer.dm_sentence = _(
                "Facebook permite un solo mensaje privado por comentario: diga en él todo."
            )
    else:
        composer.dm_sentence = _("No se sabe si recibe mensajes privados: si no, se lo diremos aquí.")
