"""Who may do what: changing somebody's role, permissions and scope. Inside ``tenant``; each writes its audit line.

Whatever gives somebody more is asked by one person and approved by another, who is neither of the two it is about
(care.md 6, mode 2); whatever takes something away is done at once. Nobody changes their own.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db import transaction

from channels_social.models import SocialAccount
from helpdesk import audit, clock
from helpdesk.tenancy.models import Membership, Organization
from helpdesk.tenancy.permissions import MATRIX, Mode, Permission, Role, is_done_alone
from tickets.cases.access import MemberAccount
from tickets.settings.domain.organization import invite
from tickets.settings.models import TeamChange

# The more a mode lets somebody do without anybody else, the higher.
RANK = {
    Mode.NO: 0, Mode.ASKS: 1, Mode.APPROVAL: 1, Mode.READ: 2, Mode.MASKED: 3, Mode.OWN: 3, Mode.REASON_TWO: 4,
    Mode.TWO: 4, Mode.REASON: 5, Mode.YES: 6,
}  # fmt: skip


class RightsRefused(Exception):
    """``code``: ``own``, ``may_not``, ``same``, ``gone``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Rights:
    """What a member has: each permission's mode, and the accounts they are limited to (None: all)."""

    role: str
    modes: dict[str, Mode] = field(default_factory=dict)
    accounts: frozenset[int] | None = None

    @property
    def permissions(self) -> list[str]:
        return sorted(p for p, mode in self.modes.items() if is_done_alone(Permission(p), mode))

    @property
    def kept_modes(self) -> dict[str, str]:
        """What is stored beside the list: modes that are not simply yes or no."""
        return {p: m.value for p, m in sorted(self.modes.items()) if m not in (Mode.YES, Mode.NO)}


def options_for(permission: Permission) -> list[Mode]:
    """How a permission can be held: yes, no, and the ways some preset holds it."""
    used = {*MATRIX[permission].values(), Mode.YES, Mode.NO}
    return [mode for mode in Mode if mode in used]


def preset_rights(role: str, accounts: frozenset[int] | None = None) -> Rights:
    """The rights a role starts with."""
    modes = {p.value: by_role[Role(role)] for p, by_role in MATRIX.items()}
    return Rights(role, modes, accounts)


def rights_of(member: Membership) -> Rights:
    """What a member has now, whether or not they may come in."""
    modes = {
        p.value: Mode(member.modes.get(p.value, Mode.YES if p.value in member.permissions else Mode.NO))
        for p in Permission
    }
    accounts = None
    if member.is_limited:
        rows = MemberAccount.objects.filter(member=member)
        accounts = frozenset(rows.values_list("account_id", flat=True))
    return Rights(member.role, modes, accounts)


def raises(before: Rights, after: Rights) -> bool:
    """Whether somebody would be able to do or see anything more than before."""
    if any(RANK[after.modes[p]] > RANK[before.modes.get(p, Mode.NO)] for p in after.modes):
        return True
    if before.accounts is None:
        return False
    return after.accounts is None or bool(after.accounts - before.accounts)


@transaction.atomic
def change_rights(member: Membership, rights: Rights, *, by: Membership) -> TeamChange | None:
    """Change what a member may do; None when it is done, the waiting change when another person must approve it.

    Raises :class:`RightsRefused`: ``own``, ``may_not``, ``same``.
    """
    if member.pk == by.pk:
        raise RightsRefused("own")
    if not by.can(Permission.MANAGE_ROLES):
        raise RightsRefused("may_not")
    member = Membership.objects.select_for_update().get(pk=member.pk)
    before = rights_of(member)
    if before == rights:
        raise RightsRefused("same")
    # A newer wish replaces the one that waits, also when it takes away.
    TeamChange.objects.filter(member=member, state="pending").update(state="replaced")
    if not raises(before, rights):
        _apply(member, rights, by=by, alone=True)
        return None
    change = TeamChange.objects.create(
        organization_id=member.organization_id, member=member, role=rights.role, asked_by=by,
        permissions=rights.permissions, modes=rights.kept_modes, is_limited=rights.accounts is not None,
        accounts=sorted(rights.accounts or ()),
    )  # fmt: skip
    audit.record(
        member.organization_id, "member.rights_asked", actor_id=by.pk, member=member.pk, role=rights.role,
        change=change.pk,
    )  # fmt: skip
    return change


@transaction.atomic
def invite_by(
    organization: Organization, *, email: str, name: str, initials: str, role: str, by: Membership
) -> Membership:
    """Invite a person. A role that may do more than an agent starts with nothing until another person approves it:
    else one person alone could make themselves a second self."""
    # Whoever answers in public needs a training for it; a supervisor does not (care.md 6).
    needs_training = role in (Role.AGENT, Role.TRAINEE)
    member = invite(
        organization, email=email, name=name, initials=initials, role=role, actor_id=by.pk,
        needs_training=needs_training,
    )  # fmt: skip
    wanted = preset_rights(role)
    if role != Role.AGENT and raises(preset_rights(Role.AGENT), wanted) and by.can(Permission.MANAGE_ROLES):
        member.permissions, member.modes = [], {}
        member.save(update_fields=["permissions", "modes"])
        change_rights(member, wanted, by=by)
    return member


def may_decide(change: TeamChange, by: Membership) -> bool:
    """Whether this person may approve or refuse: neither who asked nor whom it is about.

    Who changes roles does; where nobody else does, a supervisor is the second person.
    """
    if by.pk in (change.asked_by_id, change.member_id) or not by.is_active:
        return False
    if by.can(Permission.MANAGE_ROLES):
        return True
    others = Membership.objects.filter(
        organization_id=change.organization_id, is_active=True, permissions__contains=["manage_roles"]
    ).exclude(pk__in=[change.asked_by_id, change.member_id])
    return by.can(Permission.APPROVE_REPLIES) and not others.exists()


@transaction.atomic
def decide(change: TeamChange, *, approve: bool, by: Membership) -> None:
    """Do what was asked, or not. Raises :class:`RightsRefused` ``may_not`` or ``gone``."""
    change = TeamChange.objects.select_for_update().get(pk=change.pk)
    if not may_decide(change, by):
        raise RightsRefused("may_not")
    # Who asked must still be somebody who may ask.
    if change.state != "pending" or not change.asked_by.can(Permission.MANAGE_ROLES):
        raise RightsRefused("gone")
    member = Membership.objects.select_for_update().get(pk=change.member_id)
    change.state, change.decided_by, change.decided_at = "done" if approve else "refused", by, clock.now()
    change.save(update_fields=["state", "decided_by", "decided_at"])
    if not approve:
        audit.record(
            change.organization_id,
            "member.rights_refused",
            actor_id=by.pk,
            member=member.pk,
            change=change.pk,
        )
        return
    accounts = frozenset(change.accounts) if change.is_limited else None
    modes = {
        p.value: Mode(change.modes.get(p.value, "yes" if p.value in change.permissions else "no"))
        for p in Permission
    }
    _apply(member, Rights(change.role, modes, accounts), by=by, asked_by=change.asked_by_id)


def _apply(member: Membership, rights: Rights, *, by: Membership, **more: object) -> None:
    before = rights_of(member)
    former = member.role
    member.role, member.permissions, member.modes = rights.role, rights.permissions, rights.kept_modes
    member.is_limited = rights.accounts is not None
    member.save(update_fields=["role", "permissions", "modes", "is_limited"])
    MemberAccount.objects.filter(member=member).delete()
    known = SocialAccount.objects.filter(
        organization_id=member.organization_id, pk__in=rights.accounts or ()
    ).values_list("pk", flat=True)
    MemberAccount.objects.bulk_create(
        MemberAccount(organization_id=member.organization_id, member=member, account_id=pk) for pk in known
    )
    action = "member.role_changed" if former != rights.role else "member.rights_changed"
    audit.record(
        member.organization_id, action, actor_id=by.pk, member=member.pk, former=former, role=rights.role,
        changed=sorted(p for p in rights.modes if rights.modes[p] != before.modes.get(p, Mode.NO)),
        accounts=None if rights.accounts is None else sorted(rights.accounts), **more,
    )  # fmt: skip
