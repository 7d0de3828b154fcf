"""A template as it would leave: filled from a real case, in each treatment, counted as each network counts."""

from __future__ import annotations

from typing import Any

from channels_social.enums import ConversationKind, Network
from channels_social.models import SocialAccount
from channels_social.networks import registry
from helpdesk import clock
from helpdesk.tenancy.permissions import Permission
from protocols.answers.rules.variables import VARIABLES, fill
from protocols.answers.rules.wording import Wording
from tickets.cases.models import Ticket
from tickets.cases.signature import sign
from tickets.console.queries.wordings import values_of

# Where an answer may stand, and what it is called.
PLACES = (
    (Network.X, ConversationKind.X_PUBLIC, "X"),
    (Network.FACEBOOK, ConversationKind.FB_COMMENTS, "Facebook"),
    (Network.FACEBOOK, ConversationKind.MESSENGER, "Messenger"),
)


def preview_of(request: Any, wording: Wording) -> dict[str, Any]:
    """The words in a treatment with what is known of a case: the newest one the reader sees, or the one they name."""
    voice = request.POST.get("voice", "usted")
    words, said_in = wording.text(voice if voice in ("usted", "tu", "vos") else "usted")
    ticket = _case(request)
    values = dict(VARIABLES, empresa=request.org.name)
    if ticket is not None:
        account = SocialAccount.objects.filter(organization=request.org, pk=ticket.account_id).first()
        values = values_of(ticket, account, by=request.member, now=clock.now())
    text = fill(words, values)
    return {
        "text": text,
        "voice": said_in,
        "case": str(ticket.radicado or ticket.number) if ticket else "",
        "asked": request.POST.get("case", ""),
        "lengths": _lengths(text, request.member.initials) if text else [],
    }


def _case(request: Any) -> Ticket | None:
    """Only for who sees cases; an admin sees the made-up one."""
    if not request.member.can(Permission.SEE_CASES) or not request.member.sees_data:
        return None
    rows = Ticket.objects.filter(organization=request.org).select_related("customer", "organization")
    asked = request.POST.get("case", "").strip()
    if asked:
        number = int(asked) if asked.isdecimal() and len(asked) < 12 else -1
        return (rows.filter(number=number) | rows.filter(radicado=asked)).first()
    return rows.order_by("-pk").first()


def _lengths(text: str, initials: str) -> list[dict[str, Any]]:
    signed, found = sign(text, initials), []
    for name, kind, label in PLACES:
        network = registry.get(name)
        limit, counted = network.limit_for(kind, {})
        n = network.length(signed) if counted == "weighted" else len(signed.encode("utf-16-le")) // 2
        found.append({"label": label, "n": n, "limit": limit, "over": n > limit})
    return found
