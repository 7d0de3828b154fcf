"""«Responder en X»: an answer written in X itself, proven by its link, counts as the answer.

Where the API refuses (the author did not mention us) the agent answers in X and pastes the link back. The post is
read through the API: by our account, under the customer's post. Reading happens outside any transaction.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from channels_social.domain.refreshing import client_for, record_trace
from channels_social.enums import ActionState, ConversationKind
from channels_social.models import Finding, OutboundAction, SocialAccount
from channels_social.networks import registry
from channels_social.networks.base import IncomingMessage, NetworkError
from helpdesk import audit
from helpdesk.tenancy.context import tenant, whole
from helpdesk.tenancy.models import Membership
from tickets.cases.models import Message, MessageVersion
from tickets.intake.domain import take_chosen
from tickets.intake.plan import Arrival
from tickets.listening.domain.deciding import Opened, Refused, mark_answered, open_case
from tickets.replies.domain.outbox import change_action

_POST = re.compile(r"/(?:i/web/|i/|[A-Za-z0-9_]{1,15}/)?status(?:es)?/([0-9]{1,19})(?:/|$)")
HOSTS = ("x.com", "twitter.com")


@dataclass(frozen=True, slots=True)
class Asked:
    """What must be answered: the customer's post, and the account that must have answered it."""

    account: SocialAccount
    post_ids: frozenset[str]
    finding_id: int | None = None
    # The answer that could not leave from here.
    failed_id: int | None = None


def asked_of_finding(finding_id: int) -> Asked:
    """What a finding needs answered. Inside ``tenant``; raises ``Refused``."""
    finding = Finding.objects.select_related("account").filter(pk=finding_id).first()
    if finding is None:
        raise Refused("gone")
    return Asked(finding.account, frozenset({finding.external_id}), finding_id=finding.pk)


def asked_of_failed(message: Message) -> Asked:
    """What an answer that X refused was to answer. Inside ``tenant``; raises ``Refused`` for any other message."""
    action = (
        OutboundAction.objects.select_related("account")
        .filter(pk=message.action_id, failure_code="not_mentioned", state=ActionState.FAILED)
        .first()
    )
    if action is None or message.conversation.kind != ConversationKind.X_PUBLIC:
        raise Refused("not_refused")
    ids = {action.target_id}
    target = Message.objects.filter(network=action.account.network, external_id=action.target_id).first()
    if target is not None:
        versions = MessageVersion.objects.filter(message=target)
        ids.update(versions.values_list("external_id", flat=True))
    return Asked(action.account, frozenset(ids), failed_id=message.pk)


def post_id_of(link: str) -> str:
    """The id of the post a pasted link shows. Raises ``Refused`` (``not_a_link``)."""
    text = link.strip()
    parts = urlsplit(text if "://" in text else f"https://{text}")
    host = (parts.hostname or "").removeprefix("www.").removeprefix("mobile.")
    allowed = {*HOSTS, urlsplit(settings.SANDBOX_URL).hostname} if settings.SANDBOX_URL else set(HOSTS)
    found = _POST.search(parts.path)
    if host not in allowed or found is None:
        raise Refused("not_a_link")
    return found.group(1)


def read_answer(asked: Asked, link: str) -> IncomingMessage:
    """Our answer as X shows it. Outside any transaction; raises ``Refused`` with what is wrong with the link."""
    number = post_id_of(link)
    if number in asked.post_ids:
        raise Refused("same_post")
    account = asked.account
    client = None
    try:
        client = client_for(account)
        entries = client.look_up([number])
    except NetworkError as error:
        raise Refused("x_away" if error.verdict != "auth" else "account_off") from None
    finally:
        if client is not None:
            with tenant(account.organization_id):
                record_trace(account, client.trace)
    if not entries:
        raise Refused("no_such_post")
    (item,) = registry.get(account.network).parse("x.post", entries[0].payload, account.external_id)
    assert isinstance(item, IncomingMessage)
    _check(asked, item)
    return item


def _check(asked: Asked, item: IncomingMessage) -> None:
    if not item.is_ours:
        raise Refused("not_ours", handle=item.author.handle, ours=str(asked.account))
    if item.parent_external_id not in asked.post_ids:
        raise Refused("not_its_reply")
    if not item.text.strip():
        raise Refused("no_words")


@transaction.atomic
def count_answer(asked: Asked, item: IncomingMessage, *, by: Membership) -> Opened:
    """Count it: a message out, given in X, at the time X says, by ``by``; first response is met. Inside ``tenant``.

    Twice is once. Raises ``Refused``.
    """
    arrival = Arrival(0, asked.account.pk, asked.account.network, item)
    if asked.finding_id is not None:
        opened = open_case(asked.finding_id, by=by, native=arrival)
        mark_answered(asked.finding_id, by=by, message_id=opened.message_id)
    else:
        opened = _count_on_case(asked, arrival, by)
    _name_author(asked, opened, by)
    return opened


def _count_on_case(asked: Asked, arrival: Arrival, by: Membership) -> Opened:
    take_chosen(by.organization, [arrival])
    failed = Message.objects.select_related("ticket").get(pk=asked.failed_id)
    with whole():
        native = Message.objects.filter(
            network=arrival.network,
            external_id=arrival.item.external_id,  # type: ignore[union-attr]
        ).first()
    if native is None or failed.ticket is None:
        raise Refused("no_case")
    change_action(failed, to="cancel", by=by)
    return Opened(failed.ticket.pk, failed.ticket.number, failed.pk, native.pk)


def _name_author(asked: Asked, opened: Opened, by: Membership) -> None:
    """Who pasted it wrote it, unless somebody is known to have."""
    with whole():
        Message.objects.filter(
            organization_id=by.organization_id, pk=opened.native_id, author__isnull=True
        ).update(author=by)
    audit.record(
        by.organization_id, "reply.native", actor_id=by.pk, ticket_id=opened.ticket_id,
        message=opened.native_id, finding=asked.finding_id,
    )  # fmt: skip
