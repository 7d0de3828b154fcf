"""Changes to the team. Inside ``tenant``; each writes its audit line. Nobody changes their own role."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from helpdesk import audit, clock
from helpdesk.tenancy.context import whole
from helpdesk.tenancy.models import Membership, Organization, Presence
from tickets.cases.models import Ticket
from tickets.commitments.enums import CommitmentState
from tickets.commitments.models import Commitment
from tickets.enums import OPEN_STATES
from tickets.replies.domain.casework import assign, lock

SMALL_WORDS = {"de", "del", "la", "las", "los", "y", "da", "do", "san", "van", "von"}


@transaction.atomic
def set_access(
    member: Membership, *, is_active: bool, by: Membership, cases_to: Membership | None = None
) -> list[int] | None:
    """Let somebody in, or no longer; the cases that moved, None when nothing changes.

    Their initials stay theirs: they signed answers. Who leaves is out at once, open consoles included; their
    open cases go to ``cases_to`` or back to everybody,
    each with a note, and nobody has them as supervisor any more. Nobody does it to themselves.
    """
    member = Membership.objects.select_for_update().get(pk=member.pk)
    if member.pk == by.pk or member.is_active == is_active:
        return None
    member.is_active, member.left_at = is_active, None if is_active else clock.now()
    member.presence, member.presence_at = Presence.OFFLINE, clock.now()
    member.save(update_fields=["is_active", "left_at", "presence", "presence_at"])
    moved = [] if is_active else _hand_on(member, cases_to, by)
    action = "member.reactivated" if is_active else "member.deactivated"
    audit.record(
        member.organization_id, action, actor_id=by.pk, member=member.pk,
        **({} if is_active else {"cases": len(moved), "to": cases_to.pk if cases_to else None}),
    )  # fmt: skip
    return moved


def _hand_on(member: Membership, to: Membership | None, by: Membership) -> list[int]:
    """The open cases and the dates of who leaves, to somebody who stays or to everybody."""
    Membership.objects.filter(organization_id=member.organization_id, supervisor=member).update(
        supervisor=None
    )
    note = _("%(name)s ^%(initials)s ya no está en el equipo: el caso sigue desde aquí.") % {
        "name": member.display_name, "initials": member.initials,
    }  # fmt: skip
    with whole():
        cases = Ticket.objects.filter(
            organization_id=member.organization_id,
            assignee=member,
            state__in=[one.value for one in OPEN_STATES],
        )
        ids = list(cases.order_by("pk").values_list("pk", flat=True))
        for pk in ids:
            assign(lock(pk), to=to, by=by, note=note)
        if to is not None:
            Commitment.objects.filter(
                organization_id=member.organization_id, owner=member, state=CommitmentState.OPEN
            ).update(owner=to)
    return ids


def suggest_initials(name: str, taken: Iterable[str]) -> str:
    """Initials for a name that nobody signs with yet: «Juan Carlos Rincón» JC, JR, JCR …; "" without letters."""
    words = [word for word in _letters(name).split() if word.lower() not in SMALL_WORDS] or [""]
    first, rest = words[0], words[1:]
    tries = [first[:1] + word[:1] for word in rest]
    tries += ["".join(word[:1] for word in words)[:4]] if len(words) > 2 else []
    tries += [first[:1] + word[:2] for word in rest] + [first[:length] for length in (2, 3, 4)]
    tries += [first[:2] + word[:length] for word in rest for length in (1, 2)]
    used = set(taken)
    return next((one.upper() for one in tries if 2 <= len(one) <= 4 and one.upper() not in used), "")


def _letters(name: str) -> str:
    """Only letters our initials may have: accents fold away but for the Ñ."""
    kept = []
    for letter in unicodedata.normalize("NFC", name):
        plain = letter if letter in "ñÑ" else unicodedata.normalize("NFD", letter)[0]
        kept.append(plain if (plain.isascii() and plain.isalpha()) or plain in "ñÑ" else " ")
    return "".join(kept)


def send_invitation(member: Membership, organization: Organization, *, url: str, by: Membership) -> None:
    """Write to a person who was invited, in their language; after the transaction, with the link of the newest
    invitation. Raises ``OSError`` when the mail does not leave."""
    with translation.override(member.user.language):
        text = render_to_string(
            "tickets/settings/mail/invitation.txt",
            {
                "member": member,
                "by": by,
                "org": organization,
                "url": url,
                "is_new": not member.user.has_usable_password(),
                "days": settings.PASSWORD_RESET_TIMEOUT // 86_400,
            },
        )
        subject = _("%(by)s le da acceso a %(org)s") % {"by": by.display_name, "org": organization.name}
    send_mail(subject, text, None, [member.user.email])
