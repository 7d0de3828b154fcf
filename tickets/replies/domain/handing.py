"""From a brand account to the support account: one verb, one sentence of the organization's (care.md, finding 32)."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F

from channels_social.enums import AccountState, Purpose
from channels_social.models import SocialAccount
from helpdesk import audit, clock
from helpdesk.tenancy.context import whole
from helpdesk.tenancy.models import Membership
from tickets.cases.models import Message, Ticket
from tickets.replies.domain.reply import Refused, reply
from tickets.replies.domain.targets import targets_of
from tickets.settings.models import AccountPolicy

# Shipped with the product; each organization writes its own.
SENTENCES = {
    "usted": "Hola, {nombre}. Lo atiende nuestro equipo de servicio en {cuenta}: ya tiene su caso.",
    "tu": "Hola, {nombre}. Te atiende nuestro equipo de servicio en {cuenta}: ya tiene tu caso.",
    "vos": "Hola, {nombre}. Te atiende nuestro equipo de servicio en {cuenta}: ya tiene tu caso.",
}


def hand_over_policy(ticket: Ticket) -> AccountPolicy | None:
    """The policy of the brand account a case stands on, when it names a support account; None elsewhere."""
    return (
        AccountPolicy.objects.select_related("account", "hands_to")
        .filter(
            organization_id=ticket.organization_id,
            account=ticket.account_id,
            account__purpose=Purpose.BRAND,
            hands_to__isnull=False,
        )
        .first()
    )


def sentence_for(policy: AccountPolicy, name: str) -> str:
    """What the customer is told. Only the two known marks are filled in: a name is text, never a template."""
    template = policy.hand_over_text or SENTENCES[policy.voice]
    first = name.split()[0] if name.split() else ""
    where = {"{cuenta}": str(policy.hands_to), "{nombre}": first}
    parts = [template]
    for mark, value in where.items():
        parts = [piece for part in parts for piece in _with(part, mark, value, list(where.values()))]
    return "".join(parts).replace("Hola, .", "Hola.")


def _with(part: str, mark: str, value: str, filled: list[str]) -> list[str]:
    """A part of the template split at a mark; what was filled in before is not looked at again."""
    if part in filled:
        return [part]
    pieces: list[str] = []
    for at, piece in enumerate(part.split(mark)):
        pieces += [value, piece] if at else [piece]
    return pieces


@transaction.atomic
def hand_over(ticket: Ticket, *, by: Membership, client_token: str) -> list[Message]:
    """Tell the customer, from the brand account, who attends them, and give the case to the support account.

    The sentence is the organization's own, so it needs no approval. Raises :class:`Refused`: ``no_support_account``
    when the case is not on a brand account that hands over, or what :func:`reply` raises; nothing was changed then.
    """
    policy = hand_over_policy(ticket)
    if policy is None or policy.hands_to is None or policy.hands_to.state == AccountState.DISCONNECTED:
        raise Refused("no_support_account")
    targets = {
        mode: target
        for mode, target in targets_of(ticket, now=clock.now()).items()
        if target.account.pk == ticket.account_id
    }
    mode = "public" if "public" in targets else "private"
    with whole():
        messages = reply(
            ticket, by=by, text=sentence_for(policy, ticket.customer.name), mode=mode, client_token=client_token,
            is_template=True,
        )  # fmt: skip
        _give(ticket, policy.hands_to)
        audit.record(
            ticket.organization_id, "ticket.handed_over", actor_id=by.pk, ticket_id=ticket.pk,
            former=policy.account_id, account=policy.hands_to_id,
        )  # fmt: skip
    return messages


def _give(ticket: Ticket, account: SocialAccount) -> None:
    """The case is the support account's, and nobody's yet there."""
    Ticket.objects.filter(organization_id=ticket.organization_id, pk=ticket.pk).update(
        account=account, assignee=None, version=F("version") + 1
    )
    ticket.account, ticket.assignee, ticket.version = account, None, ticket.version + 1
