"""What the head of a case says of who sees it, what waits for another person, and handing it over."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from helpdesk.tenancy.models import Membership
from helpdesk.tenancy.permissions import Permission
from tickets.cases.access import Petition
from tickets.cases.models import Ticket
from tickets.console.queries.head import Head
from tickets.guidance.domain.granting import amount_words
from tickets.replies.domain.handing import sentence_for
from tickets.replies.domain.petitions import may_decide


def access_context(request: Any, ticket: Ticket, head: Head) -> dict[str, Any]:
    """For ``_access.html``."""
    member, slug = request.member, request.org.slug

    def url(name: str, **more: int) -> str:
        return reverse(name, kwargs={"org": slug, "number": ticket.number, **more})

    context: dict[str, Any] = {
        "is_reserved": ticket.is_reserved,
        "petitions": _petitions(head, member, url),
    }
    if member.can(Permission.RESERVE_CASES):
        context["reserve_url"] = url("case_reserve")
        context["named"] = head.named if ticket.is_reserved else []
    if member.can(Permission.HAND_OVER):
        policy = head.hands_over
        if policy is not None:
            context["hand_over_url"] = url("case_hand_over")
            context["hand_over_to"] = str(policy.hands_to)
            context["hand_over_text"] = sentence_for(policy, ticket.customer.name)
    return context


def _petitions(head: Head, member: Membership, url: Any) -> list[dict[str, Any]]:
    return [
        {
            "words": petition_words(one, who),
            "reason": one.reason,
            "url": url("petition", pk=one.pk) if may_decide(one, member) else "",
        }
        for one, who in head.petitions
    ]


def petition_words(petition: Petition, who: str) -> str:
    """«Juan pide otorgar 80.000 COP (Abono temporal).»"""
    return _words(petition.action) % {"who": who, "what": _what(petition)}


def _words(action: str) -> str:
    return {
        "resolve": _("%(who)s pide resolver el caso."),
        "reopen": _("%(who)s pide reabrir el caso."),
        "wait": _("%(who)s pide dejarlo pendiente del cliente."),
        "unwait": _("%(who)s pide que ya no espere al cliente."),
        "extend": _("%(who)s pide prorrogar el término legal."),
        "hide": _("%(who)s pide ocultar un comentario."),
        "grant": _("%(who)s pide otorgar %(what)s."),
    }[action]


def _what(petition: Petition) -> str:
    """«80.000 COP (devolución)»: what is asked for, where it is an amount."""
    asked = petition.data
    if petition.action != "grant":
        return ""
    return f"{amount_words(Decimal(asked['amount']))} {asked['unit']} ({asked['name']})"
