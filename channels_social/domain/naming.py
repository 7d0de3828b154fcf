"""Names the network keeps apart from messages: asked once per person, outside any transaction."""

from __future__ import annotations

from collections.abc import Iterable

from channels_social.domain.refreshing import client_for, record_trace
from channels_social.models import SocialAccount
from channels_social.networks.base import NetworkError
from helpdesk.tenancy.context import tenant


def names_of(organization_id: int, account_id: int, external_ids: Iterable[str]) -> dict[str, str]:
    """External id → name, for those the network tells; fewer when it refuses or is away."""
    with tenant(organization_id):
        account = SocialAccount.objects.get(pk=account_id)
    names: dict[str, str] = {}
    try:
        client = client_for(account)
        for external_id in external_ids:
            if name := client.who(external_id):
                names[external_id] = name
    except NetworkError:
        return names
    with tenant(organization_id):
        record_trace(account, client.trace)
    return names
