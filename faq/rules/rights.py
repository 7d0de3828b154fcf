"""Who writes and who publishes articles (care.md 6): everybody who answers or hands over proposes; a supervisor or
marketing publishes what they did not write; an auditor and an admin read."""

from __future__ import annotations

from helpdesk.tenancy.models import Membership
from helpdesk.tenancy.permissions import Mode, Permission

# «P» is marketing's: articles only. Who is between two people is never the author, see ``domain.writing``.
PUBLISHES = (Mode.YES, Mode.TWO, Mode.OWN)


def may_read(member: Membership) -> bool:
    """Whoever writes, publishes or audits them."""
    return may_write(member) or any(
        member.mode(one) != Mode.NO for one in (Permission.PUBLISH_GUIDES, Permission.MANAGE_TIME)
    )


def may_write(member: Membership) -> bool:
    """A draft is a proposal."""
    answers = member.can(Permission.TAKE_CASES) or member.can(Permission.HAND_OVER)
    return member.can(Permission.WRITE_NOTES) and answers


def may_publish(member: Membership) -> bool:
    """Publishing, giving back, retiring, bringing back; and the themes."""
    return member.can(Permission.PUBLISH_GUIDES) and member.mode(Permission.PUBLISH_GUIDES) in PUBLISHES
