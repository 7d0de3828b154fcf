"""How a person wants to be called. Inside ``tenant``."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helpdesk import audit
from helpdesk.tenancy.models import Membership
from tickets.escalation.models import AlarmPreference


class PreferenceForm(forms.Form):
    """By e-mail or not, and hours in which only what is urgent comes."""

    by_email = forms.BooleanField(label=gettext_lazy("También por correo"), required=False)
    quiet_from = forms.TimeField(
        label=gettext_lazy("Silencio desde"), required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )  # fmt: skip
    quiet_until = forms.TimeField(
        label=gettext_lazy("hasta"), required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )  # fmt: skip

    def __init__(self, preference: AlarmPreference, *args: Any, **kwargs: Any) -> None:
        names = ("by_email", "quiet_from", "quiet_until")
        super().__init__(*args, initial={name: getattr(preference, name) for name in names}, **kwargs)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        first, last = given.get("quiet_from"), given.get("quiet_until")
        if (first is None) != (last is None) and not self.errors:
            self.add_error("quiet_until", _("Diga las dos horas, o ninguna."))
        if first is not None and first == last:
            self.add_error("quiet_until", _("Empieza y termina a la misma hora."))
        return given


def preference_of(member: Membership) -> AlarmPreference:
    """What the member wished, or what is so until they wish."""
    found = AlarmPreference.objects.filter(member=member).first()
    return found or AlarmPreference(organization_id=member.organization_id, member=member)


@transaction.atomic
def save_preference(member: Membership, form: PreferenceForm) -> None:
    """Keep it; the log says that it changed, not the hours somebody sleeps."""
    AlarmPreference.objects.update_or_create(
        organization_id=member.organization_id, member=member, defaults=form.cleaned_data
    )
    audit.record(member.organization_id, "alarm.preference", actor_id=member.pk, member=member.pk)
