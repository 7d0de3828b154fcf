"""What an account says of when it attends, and whether it gives a notice out of hours. Inside ``tenant``."""

from __future__ import annotations

from django.db import transaction

from helpdesk import audit, clock
from helpdesk.tenancy.models import Membership
from protocols.models import Calendar
from tickets.settings.domain.calendars import give_calendar
from tickets.settings.models import AccountPolicy, Notices


@transaction.atomic
def save_account_hours(
    policy: AccountPolicy, *, calendar: Calendar, phone: str, email: str, notices: Notices, by: Membership
) -> bool:
    """Which calendar an account attends by, how else to reach it, and where it gives notice. Whether anything changed.

    Saying where notice is given starts it again when it had stopped by itself.
    """
    is_moved = give_calendar(policy, calendar, by=by)
    facts = {"contact_phone": phone, "contact_email": email, "notices": notices.value}
    changed = [name for name, value in facts.items() if getattr(policy, name) != value]
    was_stopped = policy.notices_stopped_at is not None
    if changed or was_stopped:
        for name in changed:
            setattr(policy, name, facts[name])
        policy.notices_stopped_at = None
        policy.save(update_fields=[*facts, "notices_stopped_at"])
        audit.record(
            policy.organization_id,
            "account.hours_changed",
            actor_id=by.pk,
            account=policy.account_id,
            what=changed,
            notices=notices.value,
        )
    return is_moved or bool(changed) or was_stopped


@transaction.atomic
def mark_published(policy: AccountPolicy, text: str, *, by: Membership) -> None:
    """Somebody put this text on the account's profile: what is said there is known from now on."""
    policy.published_text, policy.published_at = text[:400], clock.now()
    policy.save(update_fields=["published_text", "published_at"])
    audit.record(policy.organization_id, "account.hours_published", actor_id=by.pk, account=policy.account_id)
