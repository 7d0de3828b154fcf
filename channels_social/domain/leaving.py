"""Who connected pages takes it back at Facebook: their pages stop, and what we hold of them goes if they ask."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.db import connection, transaction
from django.utils.crypto import salted_hmac

from channels_social.domain.accounts import pause_account
from channels_social.enums import AccountState, Network
from channels_social.models import DataDeletion, SocialAccount
from channels_social.networks.facebook.signed import Said
from helpdesk import audit, clock
from helpdesk.tenancy.context import tenant

# Reasons of a stop, with sentences of their own on the account's panel.
DEAUTHORIZED, DELETED = "deauthorized", "data_deleted"
# Facebook tells whole seconds.
SECOND = timedelta(seconds=1)


def digest_of_person(network: str, person: str) -> str:
    """How we remember who gave a permission without knowing who it is; empty for nobody."""
    key = f"{network}:{person}"
    return salted_hmac("channels_social.authorized_by", key, algorithm="sha256").hexdigest() if person else ""


@transaction.atomic
def take_permission_back(said: Said) -> int:
    """Stop every page this person connected, of any organization; what waits to leave is held. How many.

    What was connected after it was said stands: told again later, it stops nothing new.
    """
    found = _connected_by(said)
    for organization_id, account_id in found:
        with tenant(organization_id):
            _stop(SocialAccount.objects.get(pk=account_id), DEAUTHORIZED)
    return len(found)


@transaction.atomic
def delete_person(said: Said, request: str) -> str:
    """Forget this person and the permissions they gave; the code they ask with. The same request is one petition."""
    mark = hashlib.sha256(request.encode()).hexdigest()
    petition, is_new = DataDeletion.objects.get_or_create(
        request=mark, defaults={"code": secrets.token_hex(12), "asked_at": said.at}
    )
    if not is_new:
        return petition.code
    found = _connected_by(said)
    for organization_id, account_id in found:
        with tenant(organization_id):
            account = SocialAccount.objects.get(pk=account_id)
            _stop(account, DELETED)
            SocialAccount.objects.filter(pk=account.pk).update(
                credentials=None, authorized_by="", authorized_at=None
            )
            audit.record(organization_id, "account.person_forgotten", account=account.pk)
    petition.accounts, petition.done_at = len(found), clock.now()
    petition.save(update_fields=["accounts", "done_at"])
    return petition.code


def _connected_by(said: Said) -> list[tuple[int, int]]:
    person = digest_of_person(Network.FACEBOOK, said.person)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT organization_id, account_id FROM channels_connected_by(%s, %s, %s)",
            [Network.FACEBOOK.value, person, said.at + SECOND],
        )
        return cursor.fetchall()


def _stop(account: SocialAccount, reason: str) -> None:
    """Needs somebody's permission anew; one that was disconnected here stays what it is."""
    if account.state == AccountState.DISCONNECTED:
        return
    pause_account(account, state=AccountState.NEEDS_REAUTH, reason=reason)
    # A poll may have found the permission gone before we were told why.
    SocialAccount.objects.filter(pk=account.pk).update(state_reason=reason)
