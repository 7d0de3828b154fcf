"""What the pages of protocols and of templates do alike: steps of a life, and what their forms carry."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from helpdesk.tenancy.models import Membership
from protocols.typification.domain.queries.published import published
from protocols.versions.domain import lifecycle
from protocols.versions.models import VersionedPage


def take(page: VersionedPage, op: str, *, step: int, by: Membership) -> str:
    """Discard, retire, restore or drop; what is said afterwards. Raises what :mod:`lifecycle` raises."""
    if op == "discard":
        lifecycle.discard(page, step=step, by=by)
        return _("El borrador se descartó: queda la versión en uso.")
    if op == "retire":
        lifecycle.retire(page, by=by)
        return _("Retirado: ya no se ofrece. Los casos que lo siguen terminan con él.")
    if op == "restore":
        lifecycle.restore(page, by=by)
        return _("Se vuelve a ofrecer.")
    if op == "drop":
        lifecycle.drop(page, by=by)
        return _("Borrado: nunca se había publicado.")
    raise lifecycle.NotAllowed("nothing")


def step_in(posted: Any) -> int:
    """The step of the draft the page was made of."""
    said = posted.get("step", "")
    return int(said) if said.isdecimal() and len(said) < 10 else -1


def seen_step(request: Any, found: VersionedPage | None, status: int) -> int:
    """What a form goes on with: the step it was made of, or after a 409 the one that stands now."""
    if request.method == "POST" and status != 409 and step_in(request.POST) >= 0:
        return step_in(request.POST)
    return found.step if found else 0


def motive_groups(
    organization_id: int, wanted: tuple[str, ...]
) -> list[tuple[str, list[tuple[str, str, bool]]]]:
    """Every motive under its category, with whether it is chosen; chosen ones that are gone stand last."""
    tree = published(organization_id)
    if tree is None:
        return []
    groups = [
        (one.name, [(node.key, node.name, node.key in wanted) for node in tree.tree.children(one.key)])
        for one in tree.tree.categories()
    ]
    known = {key for _name, rows in groups for key, _label, _chosen in rows}
    gone = [(key, key, True) for key in wanted if key not in known]
    return [one for one in [*groups, (_("Ya no están en el árbol"), gone)] if one[1]]


def past_version(request: Any, page: Any) -> Any:
    """The version that was asked to be looked at, if it is one of this page."""
    number = request.GET.get("v", "")
    if not number.isdecimal() or len(number) > 6:
        return None
    versions: Any = page._meta.get_field("version").related_model
    return versions.objects.filter(
        organization_id=page.organization_id, page=page, number=int(number)
    ).first()


def owner_in(request: Any) -> Membership | None:
    """Who was chosen to answer for it."""
    said = request.POST.get("owner", "")
    if not said.isdecimal() or len(said) > 18:
        return None
    return Membership.objects.filter(organization_id=request.org.pk, pk=int(said), is_active=True).first()


def review_in(posted: Any) -> tuple[date | None, bool]:
    """The day it is looked at again, and whether what was written is one."""
    said = posted.get("review_on", "").strip()
    if not said:
        return None, True
    try:
        return date.fromisoformat(said), True
    except ValueError:
        return None, False
