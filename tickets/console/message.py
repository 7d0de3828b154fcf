"""A message of a case as the page shows it: written once per change and pushed to every console that shows it.

Plain functions and not a template, as the rows of the queue: ten messages cost a template engine 4 ms of a case's page
and these a tenth of it. What few messages have (a mail's head, an answer that did not simply go out) is a template.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from helpdesk.ui.dates import day_words, hour_of, zone
from helpdesk.ui.icons import icon
from helpdesk.ui.people import agent, channel_tag, signature
from helpdesk.ui.tags import receipt, tag
from helpdesk.ui.text import escaped, name
from tickets.console.queries.messages import Item

DIRECT = ("x_dm", "x_chat")


def story_html(items: Iterable[Item]) -> SafeString:
    """The story under its days, in the zone and the language that are active."""
    parts, day, here = [], None, zone()
    for item in items:
        at = item.at.astimezone(here)
        if at.date() != day:
            day = at.date()
            said = f'<span class="day">{escaped(day_words(at))}</span>'
            parts.append(f'<p class="msg-event" id="day-{day}">{said}</p>\n')
        parts.append(message_html(item))
    if not parts:
        words = escaped(_("Todavía no hay mensajes."))
        parts.append(f'<p class="msg-event" id="no-messages"><span>{words}</span></p>\n')
    return SafeString("".join(parts))


def message_html(m: Item) -> SafeString:
    """One message, note or event, in the zone and the language that are active."""
    if m.kind == "event":
        return SafeString(
            f'<p class="msg-event" id="msg-{m.id}"><span>{conditional_escape(m.html)} · {hour_of(m.at)}</span></p>\n'
        )
    if m.deleted:
        return _deleted(m)
    return _note(m) if m.kind == "note" else _said(m)


def _deleted(m: Item) -> SafeString:
    words = _("%(name)s borró este mensaje. No guardamos lo que decía.") % {"name": m.author_name}
    words = words if m.kind == "in" else _("Esta respuesta se borró en la red.")
    return SafeString(
        f'<div class="msg msg-deleted" id="msg-{m.id}" data-v="{m.version}">{icon("trash", 14)}'
        f"<span>{escaped(words)} {hour_of(m.at)}</span></div>\n"
    )


def _note(m: Item) -> SafeString:
    by = agent(m.author_initials, m.author_name) if m.author_initials else icon("area")
    kind = _("Nota interna") if m.author_initials else _("Respuesta de área, solo para el equipo")
    return SafeString(
        f'<article class="msg msg-note" id="msg-{m.id}" data-v="{m.version}"><header class="msg-head">{by}'
        f"<b>{escaped(m.author_name)}</b><span>{escaped(kind)}</span>{hour_of(m.at)}</header>"
        f"<p>{conditional_escape(m.html)}</p></article>\n"
    )


def _said(m: Item) -> SafeString:
    look = "msg-native" if m.native else "msg-public" if m.public else "msg-private"
    ours, hidden = " msg-ours" if m.kind == "out" else "", " msg-hidden" if m.hidden else ""
    state = f' data-state="{escaped(m.state)}"' if m.state else ""
    state += f' data-undone="{escaped(m.undone)}"' if m.undone else ""
    signed = f" {signature(m.signature)}" if m.signature else ""
    # A file that we sent stands by itself.
    words = f"<p>{conditional_escape(m.html)}{signed}</p>" if m.html or signed or not m.media else ""
    return SafeString(
        f'<article class="msg {look}{ours}{hidden}" id="msg-{m.id}" data-v="{m.version}"{state}>'
        f"{_head(m)}{_letter_head(m)}{words}{_below(m)}{_foot(m)}</article>\n"
    )


def _head(m: Item) -> str:
    w = _words(get_language())
    by = agent(m.author_initials, m.author_name) if m.kind == "out" and m.author_initials else ""
    channel = ""
    if m.channel_icon:
        how = w["public"] if m.public else w["direct"] if m.channel_icon in DIRECT else m.channel_label
        channel = channel_tag(m.channel_icon, how, m.private)
    outside = m.spoken or (w["native"] if m.native else "")
    marks = (
        (tag(outside, "line") if outside else "")
        + (tag(w["unedited"], "line") if m.unedited else "")
        + (tag(w["edited"], "line") if m.edited_at else "")
        + (tag(w["hidden"], "warn", "", "eyeoff") if m.hidden else "")
    )
    return (
        f'<header class="msg-head">{by}<b>{name(m.author_name)}</b>{channel}{hour_of(m.at)}{marks}</header>'
    )


def _letter_head(m: Item) -> str:
    return render_to_string("tickets/console/_letter_head.html", {"m": m}) if m.letter else ""


def _below(m: Item) -> str:
    """What stands under the words: the rest of a mail, why it was judged so, what is masked, files."""
    w = _words(get_language())
    parts = []
    if m.letter and m.letter.rest:
        parts.append(
            _folded(escaped(w["rest"]), f'<p dir="auto">{escaped(m.letter.rest)}</p>', "letter-rest")
        )
    if m.verdict.reasons:
        reasons = "".join(f'<span class="why-one">{escaped(one)}</span>' for one in m.verdict.reasons)
        parts.append(
            _folded(f"{icon('filter', 12)}{escaped(w['why'])}", f'<p class="why">{reasons}</p>', "why-line")
        )
    if m.is_masked:
        parts.append(render_to_string("tickets/console/_unmask.html", {"m": m}))
    if m.media:
        parts.append(render_to_string("tickets/console/_media.html", {"m": m}))
    return "".join(parts)


def _folded(summary: str, inside: str, look: str) -> str:
    return f'<details class="{look}"><summary class="link t-xs">{summary}</summary>{inside}</details>'


def _foot(m: Item) -> str:
    """Hiding what a customer said in public; what became of what we said."""
    hiding = _hiding(m) if "hide_url" in m.actions else ""
    if not m.state:
        return hiding
    more = _actions(m) if m.actions else ""
    asking = m.state == "unknown" and "settle_again_url" not in m.actions
    asked = f"<span>{escaped(_('Lo comprobamos con la red; no la repita.'))}</span>" if asking else ""
    sent = receipt(m.state, m.state_label, m.failure)
    return f'{hiding}<footer class="msg-foot">{sent}{more}{asked}</footer>'


def _actions(m: Item) -> str:
    """What a person may do with an answer that has not simply gone out; each is a plain form."""
    w = _words(get_language())
    cancel = w["discard" if m.state == "failed" else "undo"]
    offered = (
        ("retry_url", w["retry"], "reply_private"),
        ("settle_sent_url", w["settle_sent"], "reply_private"),
        ("settle_again_url", w["settle_again"], "reply_private"),
        ("cancel_url", cancel, "reply_private"),
    )
    forms = [
        _form(m.actions[key], label, needs, _left(m) if key == "cancel_url" else "")
        for key, label, needs in offered
        if key in m.actions
    ]
    if "approve_url" in m.actions:
        forms.insert(0, _turn(m, _form(m.actions["approve_url"], w["approve"], "approve_replies")))
    if "native_url" in m.actions:
        facts = {"post_url": m.actions["post_url"], "url": m.actions["native_url"], "pk": m.id}
        forms.append(render_to_string("tickets/listening/_native.html", facts))
    return "".join(forms)


def _turn(m: Item, form: str) -> str:
    """The button for whose turn it is; for the others whose turn it is. Each page knows its reader (``turn.js``)."""
    turn = m.turn
    if turn is None:
        return form
    facts = f'data-author="{turn.author_id or ""}" data-first="{turn.first_id or ""}"'
    first = _("Primero decide %(name)s; cualquiera que apruebe, desde") % {"name": turn.first_name}
    said = (
        f'<span class="turn-first">{escaped(first)} {hour_of(turn.opens_at)}</span>' if turn.first_id else ""
    )
    return (
        f'<span class="turn" {facts} data-free="{turn.opens_at.timestamp():.0f}">{form}'
        f'<span class="turn-own">{escaped(_("La aprueba otra persona"))}</span>{said}</span>'
    )


def _form(url: str, label: str, needs: str, more: str = "") -> str:
    return (
        f'<form class="needs-{needs}" method="post" action="{escaped(url)}" hx-post="{escaped(url)}" '
        f'hx-target="closest .msg" hx-swap="outerHTML"><button class="link" type="submit">{escaped(label)}</button>'
        f"{more}</form>"
    )


def _left(m: Item) -> str:
    """The seconds an answer can still be undone for certain: counted down by the page, decided by the server."""
    if not m.leaves_in:
        return ""
    return f'<span class="undo-left" data-left="{m.leaves_in}" aria-hidden="true">{m.leaves_in} s</span>'


def _hiding(m: Item) -> str:
    w = _words(get_language())
    why = (
        ""
        if m.hidden
        else f'<label class="t-sm">{escaped(w["hide_why"])}'
        '<input class="input input-sm" name="reason" required maxlength="200"></label>'
    )
    return (
        '<footer class="msg-foot needs-hide_comments"><details class="drop" data-behavior="menu">'
        f'<summary class="link">{escaped(w["unhide" if m.hidden else "hide"])}</summary>'
        f'<form class="menu hide-form" method="post" action="{escaped(m.actions["hide_url"])}">'
        f'<input type="hidden" name="hidden" value="{0 if m.hidden else 1}">{why}'
        f'<button class="btn btn-sm" type="submit">{escaped(w["show_it" if m.hidden else "hide_it"])}</button>'
        "</form></details></footer>"
    )


@lru_cache(maxsize=8)
def _words(_language: str | None) -> dict[str, str]:
    """What many messages of a page say, looked up once a language, as plain text."""
    return {
        "public": _("Pública"),
        "direct": _("Mensaje directo"),
        "native": _("Respondida fuera de aquí"),
        "unedited": _("plantilla sin cambios"),
        "edited": _("editado"),
        "hidden": _("oculto en la red"),
        "rest": _("Ver lo citado y la firma"),
        "why": _("Por qué se juzgó así"),
        "hide": _("Ocultarlo en la red"),
        "unhide": _("Volver a mostrarlo"),
        "hide_why": _("Por qué (queda en la bitácora)"),
        "hide_it": _("Ocultar"),
        "show_it": _("Mostrar"),
        "approve": _("Aprobar y enviar"),
        "retry": _("Volver a intentarlo"),
        "settle_sent": _("Sí salió"),
        "settle_again": _("Enviar otra vez"),
        "discard": _("Descartarla"),
        "undo": _("Deshacer el envío"),
    }
