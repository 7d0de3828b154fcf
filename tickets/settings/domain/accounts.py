"""What an admin does to an account that is connected. Inside ``tenant``; each writes its audit line."""

from __future__ import annotations

from django.db import connection, transaction

from channels_social.domain.accounts import pause_account, release_held
from channels_social.enums import AccountMode, AccountState, ActionState, Purpose
from channels_social.models import OutboundAction, SocialAccount
from helpdesk import audit
from helpdesk.tenancy.models import Membership
from helpdesk.text import clean
from tickets.console.push import announce_account
from tickets.settings.models import AccountPolicy

# The story shows a copy of the action's state: after holding or releasing many at once, the copy follows.
MIRROR = """
UPDATE tickets_message m SET send_state = o.state
FROM channels_social_outboundaction o
WHERE m.organization_id = %s AND o.organization_id = m.organization_id AND o.account_id = %s
  AND m.id = o.subject_id AND o.state IN ('queued', 'held') AND m.send_state IN ('queued', 'held', 'retrying')
  AND m.send_state <> o.state
"""


@transaction.atomic
def change_mode(account: SocialAccount, *, mode: AccountMode, by: Membership) -> bool:
    """Let it answer, or only listen: waiting answers are held, or go. False when it was so already."""
    account = SocialAccount.objects.select_for_update().get(pk=account.pk)
    if account.mode == mode:
        return False
    account.mode = mode
    account.save(update_fields=["mode"])
    if mode == AccountMode.READ_ONLY:
        hold(account)
    elif account.is_live:
        release_held(account)
    audit.record(
        account.organization_id, "account.mode_changed", actor_id=by.pk, account=account.pk, mode=mode.value
    )
    show_everywhere(account)
    return True


@transaction.atomic
def change_purpose(
    account: SocialAccount, *, purpose: Purpose, hands_to: SocialAccount | None, text: str, by: Membership
) -> None:
    """Say whether an account attends or is the brand's, and whom a brand account sends people to, in which words."""
    SocialAccount.objects.filter(pk=account.pk).update(purpose=purpose)
    AccountPolicy.objects.filter(organization_id=account.organization_id, account=account).update(
        hands_to=hands_to if purpose == Purpose.BRAND else None, hand_over_text=clean(text).strip()
    )
    audit.record(
        account.organization_id, "account.purpose_changed", actor_id=by.pk, account=account.pk,
        purpose=purpose.value, hands_to=hands_to.pk if hands_to else None,
    )  # fmt: skip
    show_everywhere(account)


@transaction.atomic
def disconnect(account: SocialAccount, *, by: Membership) -> None:
    """Forget its credentials and stop it. What was said stays; what had not left is held, not lost."""
    account = SocialAccount.objects.select_for_update().get(pk=account.pk)
    pause_account(account, state=AccountState.DISCONNECTED, reason="")
    SocialAccount.objects.filter(pk=account.pk).update(credentials=None, token_expires_at=None)
    audit.record(account.organization_id, "account.disconnected", actor_id=by.pk, account=account.pk)
    show_everywhere(account)


def hold(account: SocialAccount) -> int:
    """Keep what has not left; how many answers that were."""
    return OutboundAction.objects.filter(
        organization_id=account.organization_id,
        account=account,
        state__in=[ActionState.QUEUED, ActionState.RETRYING],
    ).update(state=ActionState.HELD)


def show_everywhere(account: SocialAccount) -> None:
    """Let the stories and the open consoles tell the account's answers as they are now."""
    with connection.cursor() as cursor:
        cursor.execute(MIRROR, [account.organization_id, account.pk])
    transaction.on_commit(lambda: announce_account(account.organization_id))
