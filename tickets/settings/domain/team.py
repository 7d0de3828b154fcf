"""Changes to the team. Inside ``tenant``; each writes its audit line. Nobody changes their own role."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from helpdesk import audit
from helpdesk.tenancy.models import Membership, Organization

SMALL_WORDS = {"de", "del", "la", "las", "los", "y", "da", "do", "san", "van", "von"}


@transaction.atomic
def set_access(member: Membership, *, is_active: bool, by: Membership) -> bool:
    """Let somebody in, or no longer; False for oneself. Their initials stay theirs: they signed answers."""
    member = Membership.objects.select_for_update().get(pk=member.pk)
    if member.pk == by.pk or member.is_active == is_active:
        return False
    member.is_active = is_active
    member.save(update_fields=["is_active"])
    action = "member.reactivated" if is_active else "member.deactivated"
    audit.record(member.organization_id, action, actor_id=by.pk, member=member.pk)
    return True


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


def invitation_url(member: Membership) -> str:
    """Where a person who was invited chooses a password; the log-in page for who has one."""
    user = member.user
    if user.has_usable_password():
        return settings.BASE_URL + reverse("account_login")
    key = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    return settings.BASE_URL + reverse("account_reset_password_from_key", kwargs=key)


def send_invitation(member: Membership, organization: Organization, *, by: Membership) -> None:
    """Write to a person who was invited, in their language. Raises ``OSError`` when the mail does not leave."""
    with translation.override(member.user.language):
        text = render_to_string(
            "tickets/settings/mail/invitation.txt",
            {
                "member": member,
                "by": by,
                "org": organization,
                "url": invitation_url(member),
                "is_new": not member.user.has_usable_password(),
                "days": settings.PASSWORD_RESET_TIMEOUT // 86_400,
            },
        )
        subject = _("%(by)s le da acceso a %(org)s") % {"by": by.display_name, "org": organization.name}
    send_mail(subject, text, None, [member.user.email])
