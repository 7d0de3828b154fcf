"""Who writes and who publishes protocols and templates (care.md 6): everybody who answers proposes, an admin writes,
and a supervisor who did not write it publishes."""

from __future__ import annotations

from helpdesk.tenancy.models import Membership
from helpdesk.tenancy.permissions import Mode, Permission
from protocols.versions.models import VersionedPage

# «P» is the marketing team's, for articles only; an auditor reads.
PUBLISHES = (Mode.YES, Mode.TWO)


def may_read(member: Membership) -> bool:
    """Whoever works with cases or with the settings reads them."""
    return may_write(member) or any(
        member.mode(one) != Mode.NO for one in (Permission.PUBLISH_GUIDES, Permission.MANAGE_TIME)
    )


def may_write(member: Membership) -> bool:
    """A draft is a proposal: whoever answers or hands cases over may make one, and an admin."""
    answers = member.can(Permission.TAKE_CASES) or member.can(Permission.HAND_OVER)
    return member.can(Permission.MANAGE_TIME) or (member.can(Permission.WRITE_NOTES) and answers)


def may_publish(member: Membership) -> bool:
    """Publishing, retiring and bringing back."""
    return member.can(Permission.PUBLISH_GUIDES) and member.mode(Permission.PUBLISH_GUIDES) in PUBLISHES


def is_author(page: VersionedPage, member: Membership) -> bool:
    """Whether this member wrote in the draft: then somebody else publishes it."""
    return member.pk in page.authors
