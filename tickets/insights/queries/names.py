"""What the keys of figures are called: of what is gone too."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from channels_social.models import SocialAccount
from helpdesk.tenancy.models import Membership
from protocols.typification.models import TreeNode
from tickets.areas.models import Area
from tickets.enums import PqrKind, Priority
from tickets.insights.enums import Cut

NOTHING = {
    Cut.KIND: lambda: _("Sin tipo"),
    Cut.MOTIVE: lambda: _("Sin motivo"),
    Cut.AREA: lambda: _("Sin área"),
    Cut.AGENT: lambda: _("Sin asesor"),
    Cut.PRIORITY: lambda: _("Sin caso"),
}


def names_of(cut: str, keys: Iterable[str]) -> dict[str, str]:
    """The name of each key; a number for what cannot be named any more."""
    wanted = [key for key in keys if key]
    found = {"": str(NOTHING[Cut(cut)]()) if cut in NOTHING else ""}
    if cut == Cut.KIND:
        return found | {key: str(PqrKind(key).label) for key in wanted}
    if cut == Cut.PRIORITY:
        return found | {key: str(Priority(key).label) for key in wanted}
    return found | {key: f"#{key}" for key in wanted} | _read(cut, [int(key) for key in wanted])


def _read(cut: str, ids: list[int]) -> dict[str, str]:
    if not ids:
        return {}
    if cut == Cut.AGENT:
        return {str(one.pk): _person(one) for one in Membership.objects.filter(pk__in=ids)}
    if cut == "account":
        return {"0": str(_("Sin cuenta"))} | {
            str(one.pk): str(one) for one in SocialAccount.objects.filter(pk__in=ids)
        }
    model = TreeNode if cut == Cut.MOTIVE else Area
    return {str(pk): name for pk, name in model.objects.filter(pk__in=ids).values_list("pk", "name")}


def _person(member: Membership) -> str:
    if member.is_active:
        return str(member)
    return str(_("%s (ya no está)") % member)
