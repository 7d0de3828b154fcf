"""What searches found, as rows: sealed, cut, once each, and never what is a message already."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from channels_social.enums import Network
from channels_social.models import Finding, InboundEvent, SavedSearch, SocialAccount
from channels_social.networks import registry
from channels_social.networks.base import Entry, IncomingMessage
from helpdesk.secrets.crypto import vault
from helpdesk.tenancy.planned import Script
from helpdesk.text import clean

SETTLE = """
UPDATE channels_social_finding f SET state = 'message', message_id = v.message_id, decided_at = now()
FROM unnest(%s::text[], %s::bigint[]) AS v(external_id, message_id)
WHERE f.organization_id = %s AND f.network = 'x' AND f.external_id = v.external_id
  AND f.state IN ('new', 'dismissed')
"""


def store_found(search: SavedSearch, account: SocialAccount, entries: Sequence[Entry]) -> int:
    """Store what speaks to nobody of ours and came in by no other road; how many rows are new. Inside ``tenant``."""
    wanted = {entry.external_id: entry for entry in entries if entry.kind == "x.found"}
    for known in _known(account.organization_id, list(wanted)):
        wanted.pop(known, None)
    rows = [row for entry in wanted.values() if (row := _row(search, account, entry)) is not None]
    before = Finding.objects.filter(
        organization_id=account.organization_id, network=account.network, external_id__in=list(wanted)
    ).count()
    Finding.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows) - before


def _known(organization_id: int, ids: list[str]) -> set[str]:
    """Those of these ids that a mention, a reply or a timeline brought already, of any account of ours."""
    accounts = SocialAccount.objects.filter(organization_id=organization_id, network=Network.X)
    events = InboundEvent.objects.filter(
        organization_id=organization_id,
        account_id__in=list(accounts.values_list("pk", flat=True)),
        kind="x.post",
        external_id__in=ids,
    )
    return set(events.values_list("external_id", flat=True))


def _row(search: SavedSearch, account: SocialAccount, entry: Entry) -> Finding | None:
    """None for what cannot be read and for our own words."""
    try:
        (item,) = registry.get(account.network).parse(entry.kind, entry.payload, account.external_id)
    except ValueError:
        return None
    if not isinstance(item, IncomingMessage) or item.is_ours:
        return None
    return Finding(
        organization_id=account.organization_id,
        account=account,
        search=search,
        network=account.network,
        external_id=entry.external_id,
        author_id=item.author.external_id,
        author_name=clean(item.author.name)[:160],
        author_handle=clean(item.author.handle)[:80],
        text=clean(item.text),
        said_at=item.occurred_at,
        payload=vault().seal(json.dumps(entry.payload, separators=(",", ":"))),
    )


def said_in(finding: Finding) -> IncomingMessage:
    """A finding as the words of the desk, to be taken in."""
    payload = json.loads(vault().open(bytes(finding.payload)))
    (item,) = registry.get(finding.network).parse("x.found", payload, finding.account.external_id)
    assert isinstance(item, IncomingMessage)
    return item


def settle(script: Script, organization_id: int, messages: Mapping[str, int]) -> None:
    """What turned out to be a message of the desk is no finding any more: external id → message. Inside ``tenant``."""
    if messages:
        script.add(SETTLE, [list(messages), list(messages.values()), organization_id])
