"""What the address of a page asks for, held to what who asks may see. Nothing is refused: it is mended, with a note."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import Http404, QueryDict
from django.utils.translation import gettext as _

from channels_social.models import SocialAccount
from helpdesk import clock
from helpdesk.tenancy.models import Membership, Organization
from helpdesk.tenancy.permissions import Mode, Permission
from helpdesk.tenancy.select import Select
from protocols.typification.models import TreeNode
from tickets.areas.models import Area
from tickets.cases.domain.queries.seen import accounts_of
from tickets.enums import PqrKind, Priority
from tickets.insights.enums import Cut
from tickets.insights.queries.figures import Asked
from tickets.insights.rules.periods import Period, read_period

BYS = (Cut.MOTIVE, Cut.KIND, Cut.AREA, Cut.AGENT, Cut.PRIORITY)
DEFAULT = "28"
_ACCOUNTS = Select(SocialAccount, tail="WHERE t.organization_id = %s ORDER BY t.network, t.handle, t.name")


@dataclass(frozen=True, slots=True)
class Reach:
    """What of the figures a member sees (care.md 6): their own, all of their accounts, with or without the cases."""

    is_own: bool
    sees_people: bool
    sees_cases: bool

    @property
    def bys(self) -> tuple[str, ...]:
        """What they may take figures apart by."""
        return tuple(by for by in BYS if by != Cut.AGENT or self.sees_people)


def reach_of(member: Membership) -> Reach:
    """By how they hold «see dashboards». Who sees no cases (an admin) sees how care is, and nobody's name."""
    mode = member.mode(Permission.SEE_DASHBOARDS)
    sees_cases = member.can(Permission.SEE_CASES) or member.mode(Permission.SEE_CASES) == Mode.READ
    return Reach(mode == Mode.OWN, sees_cases and mode not in (Mode.OWN, Mode.MASKED), sees_cases)


@dataclass(frozen=True, slots=True)
class Question:
    """A page's question: what is asked, as the address says it, and sentences about what had to be mended."""

    asked: Asked
    reach: Reach
    today: date
    accounts: list[SocialAccount]
    preset: str
    notes: list[str]

    def url(self, path: str, **changes: Any) -> str:
        """An address that asks the same, but for the changes; None takes something away."""
        asked = self.asked
        params: dict[str, Any] = {
            "periodo": self.preset, "desde": "", "hasta": "", "cuenta": asked.account or "", "por": asked.by,
            "cut": asked.cut if asked.cut != Cut.ALL and not self.reach.is_own else "", "key": asked.key,
        }  # fmt: skip
        if not self.preset:
            params |= {"desde": asked.period.first.isoformat(), "hasta": asked.period.last.isoformat()}
        params |= changes
        if not params["cut"]:
            params["key"] = params["cut"] = ""
        is_blank = params["cut"] and params["key"] == ""
        kept = {name: value for name, value in params.items() if value not in ("", None)}
        return f"{path}?{urlencode(kept | ({'key': ''} if is_blank else {}))}"

    def for_days(self, path: str, first: date, last: date, **changes: Any) -> str:
        """The same of other days."""
        days = {"periodo": "", "desde": first.isoformat(), "hasta": last.isoformat()}
        return self.url(path, **days, **changes)

    def with_period(self, period: Period) -> Question:
        return replace(self, asked=replace(self.asked, period=period), preset="")


def read_question(organization: Organization, member: Membership, given: QueryDict) -> Question:
    """The question of an address. Raises ``Http404`` for what is not this organization's."""
    today = clock.now().astimezone(ZoneInfo(organization.timezone)).date()
    reach = reach_of(member)
    preset = given.get("periodo", "")
    period, codes = read_period(given.get("desde", "").strip(), given.get("hasta", "").strip(), preset, today)
    has_dates = bool(given.get("desde") or given.get("hasta")) and "unreadable" not in codes
    accounts = _accounts(organization, member)
    account = _account(given.get("cuenta", ""), accounts)
    by = given.get("por", "")
    by = by if by in (*reach.bys, "account") else Cut.MOTIVE
    cut, key = given.get("cut", ""), given.get("key", "")
    if reach.is_own:
        cut, key = Cut.AGENT, str(member.pk)
    elif cut not in reach.bys:
        cut, key = Cut.ALL, ""
    else:
        _must_be_ours(organization, cut, key)
    asked = Asked(organization.pk, period, account, str(cut), key, str(by))
    return Question(
        asked,
        reach,
        today,
        accounts,
        "" if has_dates else _preset(preset),
        [sentence(code) for code in codes],
    )


def sentence(code: str) -> str:
    """What had to be mended in what was asked for."""
    return {
        "reversed": _("Las fechas estaban al revés: se muestran en orden."),
        "future": _("Lo que aún no ha pasado no tiene cifras: se muestra hasta hoy."),
        "long": _("Se muestran los últimos diez años: antes no hay nada que comparar."),
        "unreadable": _("Una de las fechas no existe: se escribe como 2026-11-19."),
    }[code]


def _preset(text: str) -> str:
    return text if text in ("month", "last_month") or (text.isdigit() and len(text) < 5) else DEFAULT


def _accounts(organization: Organization, member: Membership) -> list[SocialAccount]:
    seen = accounts_of(member)
    return [one for one in _ACCOUNTS.all(organization.pk) if seen is None or one.pk in seen]


def _account(text: str, accounts: list[SocialAccount]) -> int | None:
    """The account; one of another organization, or one they do not see, is not there."""
    if not text:
        return None
    for one in accounts:
        if str(one.pk) == text:
            return one.pk
    raise Http404


def _must_be_ours(organization: Organization, cut: str, key: str) -> None:
    if key == "":
        return
    if cut in (Cut.KIND, Cut.PRIORITY):
        known = key in (PqrKind.values if cut == Cut.KIND else Priority.values)
    else:
        model = {Cut.MOTIVE: TreeNode, Cut.AREA: Area, Cut.AGENT: Membership}[Cut(cut)]
        is_number = key.isascii() and key.isdigit() and len(key) < 19
        known = is_number and model.objects.filter(organization=organization, pk=int(key)).exists()
    if not known:
        raise Http404
