"""What the head of a case says of who sees it, what waits for another person, and handing it over."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from channels_social.enums import Purpose
from helpdesk.tenancy.models import Membership
from helpdesk.tenancy.permissions import Permission
from tickets.cases.access import AccessKind, CaseAccess, Petition, PetitionState
from tickets.cases.models import Ticket
from tickets.replies.domain.handing import hand_over_policy, sentence_for
from tickets.replies.domain.petitions import may_decide
from tickets.replies.domain.targets import Target


def access_context(request: Any, ticket: Ticket, targets: Iterable[Target]) -> dict[str, Any]:
    """For ``_access.html``; one query for an ordinary case."""
    member, slug = request.member, request.org.slug

    def url(name: str, **more: int) -> str:
        return reverse(name, kwargs={"org": slug, "number": ticket.number, **more})

    context: dict[str, Any] = {
        "is_reserved": ticket.is_reserved,
        "petitions": _petitions(ticket, member, url),
    }
    if member.can(Permission.RESERVE_CASES):
        context["reserve_url"] = url("case_reserve")
        context["named"] = _named(ticket) if ticket.is_reserved else []
    if member.can(Permission.HAND_OVER):
        is_brand = any(
            target.account.pk == ticket.account_id and target.account.purpose == Purpose.BRAND
            for target in targets
        )
        policy = hand_over_policy(ticket) if is_brand else None
        if policy is not None:
            context["hand_over_url"] = url("case_hand_over")
            context["hand_over_to"] = str(policy.hands_to)
            context["hand_over_text"] = sentence_for(policy, ticket.customer.name)
    return context


def _named(ticket: Ticket) -> list[int]:
    rows = CaseAccess.objects.filter(
        organization_id=ticket.organization_id, ticket=ticket, kind=AccessKind.NAMED
    )
    return list(rows.values_list("member_id", flat=True))


def _petitions(ticket: Ticket, member: Membership, url: Any) -> list[dict[str, Any]]:
    waiting = Petition.objects.filter(
        organization_id=ticket.organization_id, ticket=ticket, state=PetitionState.PENDING
    ).select_related("asked_by")
    return [
        {
            "words": _words(one.action) % {"who": one.asked_by.display_name},
            "reason": one.reason,
            "url": url("petition", pk=one.pk) if may_decide(one, member) else "",
        }
        for one in waiting.order_by("pk")
    ]


def _words(action: str) -> str:
    return {
        "resolve": _("%(who)s pide resolver el caso."),
        "reopen": _("%(who)s pide reabrir el caso."),
        "wait": _("%(who)s pide dejarlo pendiente del cliente."),
        "unwait": _("%(who)s pide que ya no espere al cliente."),
        "hide": _("%(who)s pide ocultar un comentario."),
    }[action]
