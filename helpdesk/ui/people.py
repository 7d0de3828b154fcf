"""People. Colleagues are square and wear the circumflex; customers are round and carry their channel."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from helpdesk.ui.icons import icon
from helpdesk.ui.text import escaped

SIZES = ("xs", "sm", "md", "lg")


@dataclass(frozen=True, slots=True)
class Channel:
    """How a network is drawn: its icon, its hue, and whether what comes by it is private by nature."""

    icon: str
    hue: str
    label: str
    private: bool = False


# By network and, where it matters who can read it, by kind of conversation.
CHANNELS = {
    "x": Channel("x", "x", "X"),
    "x_public": Channel("x", "x", "X"),
    "x_dm": Channel("x", "x", "X", private=True),
    "x_chat": Channel("x", "x", "X", private=True),
    "facebook": Channel("facebook", "facebook", "Facebook"),
    "fb_comments": Channel("facebook", "facebook", "Facebook"),
    "messenger": Channel("messenger", "messenger", "Messenger", private=True),
    "email": Channel("mail", "email", "correo", private=True),
    "phone": Channel("phone", "phone", "teléfono", private=True),
    "web": Channel("web", "web", "formulario web", private=True),
    "office": Channel("pin", "web", "oficina", private=True),
    "email_noted": Channel("mail", "email", "correo registrado", private=True),
}


def initials(display_name: str) -> str:
    """First letter of the first and the last word of a name a stranger chose; «?» when it has no letter."""
    words = unicodedata.normalize("NFC", display_name[:200]).split()
    letters = [next((c for c in word if unicodedata.category(c)[0] == "L"), "") for word in words]
    found = [letter.upper()[:1] for letter in letters if letter]
    return "".join(found[:1] + found[1:][-1:]) or "?"


def person(name: str, channel: str = "", private: bool = False, size: str = "md") -> SafeString:
    """A customer's avatar with the channel's badge. Decorative: the name is written beside it.

    Raises ``ValueError`` for a channel or a size that is not ours.
    """
    _check_size(size)
    badge = channel_badge(channel, private) if channel else ""
    return SafeString(
        f'<span class="person person-{size}" aria-hidden="true">{escaped(initials(name))}{badge}</span>'
    )


def channel_badge(channel: str, private: bool = False) -> SafeString:
    """The little sign of the network; round when private, square when public."""
    drawn = _channel(channel)
    secret = " data-private" if private or drawn.private else ""
    return SafeString(f'<span class="badge-ch ch-{drawn.hue}"{secret}>{icon(drawn.icon)}</span>')


def channel_tag(channel: str, label: str = "", private: bool = False) -> SafeString:
    """The channel in words, with its icon: over a message, it says who could read it."""
    drawn = _channel(channel)
    drawing = "lock" if private and drawn.icon == "x" else drawn.icon
    return SafeString(
        f'<span class="ch ch-{drawn.hue}">{icon(drawing, 12)}{escaped(label or channel_label(channel))}</span>'
    )


def channel_label(channel: str) -> str:
    """The network's name as people say it."""
    if channel == "email":
        return _("correo")
    if channel == "phone":
        return _("teléfono")
    if channel == "web":
        return _("formulario web")
    if channel == "office":
        return _("oficina")
    if channel == "email_noted":
        return _("correo registrado")
    return _channel(channel).label


def agent(initials: str = "", name: str = "", size: str = "xs", me: bool = False) -> SafeString:
    """A colleague's square with the caret; without initials, the empty place: «Sin asignar».

    The same row goes to everybody, so «me» is marked in the page by comparing ``data-agent`` with
    the ``data-me`` of the body; pass ``me`` where only one person will see it.
    """
    _check_size(size)
    if not initials:
        return SafeString(
            f'<span class="agent agent-{size}" data-none><span class="sr">{_("Sin asignar")}</span></span>'
        )
    return _square(str(initials), str(name or initials), size, me)


@lru_cache(maxsize=2048)
def _square(initials: str, name: str, size: str, me: bool) -> SafeString:
    mine, who = (" data-me" if me else ""), escaped(name)
    return SafeString(
        f'<span class="agent agent-{size}" data-agent="{escaped(initials)}"{mine} title="{who}">'
        f'<span class="sr">{who} </span>{escaped(initials)}</span>'
    )


def signature(initials: str) -> SafeString:
    """``^JC``: always mono, always añil."""
    return SafeString(f'<span class="sig">^{escaped(initials.lstrip("^"))}</span>')


def _channel(channel: str) -> Channel:
    try:
        return CHANNELS[channel]
    except KeyError:
        raise ValueError(f"no channel is called {channel!r}") from None


def _check_size(size: str) -> None:
    if size not in SIZES:
        raise ValueError(f"people come in sizes {SIZES}, not {size!r}")
