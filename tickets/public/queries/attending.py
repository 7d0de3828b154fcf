"""When an organization attends, by which accounts, and who: what its public pages say of it. Inside ``tenant``."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from django.utils.translation import gettext as _

from channels_social.enums import AccountState, Network, Purpose
from channels_social.models import SocialAccount
from helpdesk import clock
from helpdesk.tenancy.models import Membership, Organization
from helpdesk.tenancy.permissions import Permission, Role
from helpdesk.ui.dates import day_words, hour_words
from protocols.calendars.rows import hours_of
from protocols.models import Calendar, Holiday
from protocols.rules.calendar import WeekHours
from protocols.rules.published import public_hours
from tickets.settings.models import AccountPolicy

DAYS = 7
# How far ahead the next opening is looked for: beyond that it is not said.
HORIZON = 30
ADDRESSES = {Network.X: "https://x.com/{handle}", Network.FACEBOOK: "https://www.facebook.com/{external_id}"}
ANSWERS = (Role.AGENT, Role.TRAINEE, Role.SUPERVISOR)


@dataclass(frozen=True, slots=True)
class Day:
    """One of the next seven days."""

    name: str
    words: str
    is_today: bool


@dataclass(slots=True)
class Attending:
    """The hours: whether it is open, what is said of it, the days to come, and until when all that holds."""

    is_open: bool
    now_words: str
    days: list[Day]
    holds_until: datetime
    structured: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Account:
    """An official account and where it is."""

    network: str
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Colleague:
    """Who signs answers; ``photo`` is the member whose picture may be shown, 0 without their consent."""

    name: str
    initials: str
    photo: int
    photo_version: int


def attending(organization: Organization) -> Attending | None:
    """The hours of the account customers write to, else of the first calendar; None while there is none."""
    calendar = _calendar(organization)
    if calendar is None:
        return None
    hours, now = hours_of([calendar])[calendar.pk], clock.now()
    today = now.astimezone(hours.zone).date()
    spans = [span for offset in range(-1, HORIZON) for span in hours.spans_of(today + timedelta(days=offset))]
    current = next((span for span in spans if span[0] <= now < span[1]), None)
    following = next((span for span in spans if span[0] > now), None)
    midnight = datetime.combine(today + timedelta(days=1), time(), hours.zone)
    turns = [span[1] for span in (current,) if span] + [span[0] for span in (following,) if span]
    return Attending(
        is_open=current is not None,
        now_words=_now_words(hours, current, following),
        days=_days(hours, calendar, now),
        holds_until=min([midnight, *turns]),
        structured=public_hours(hours, now=now),
    )


def official_accounts(organization: Organization) -> list[Account]:
    """The accounts customers may trust, oldest first."""
    rows = SocialAccount.objects.filter(organization=organization, purpose=Purpose.SUPPORT)
    found = []
    for row in rows.exclude(state=AccountState.DISCONNECTED).order_by("pk"):
        network = Network(row.network)
        if network == Network.EMAIL:
            found.append(Account(network.value, row.external_id, f"mailto:{row.external_id}"))
        elif network in ADDRESSES:
            url = ADDRESSES[network].format(handle=row.handle, external_id=row.external_id)
            found.append(Account(network.value, str(row), url))
    return found


def colleagues(organization: Organization) -> list[Colleague]:
    """Who may answer customers, by name: the first name and the initials they sign with."""
    rows = Membership.objects.filter(organization=organization, is_active=True, role__in=ANSWERS)
    return [
        Colleague(
            name=row.display_name.split()[0] if row.display_name.split() else row.initials,
            initials=row.initials,
            photo=row.pk if row.photo_version and row.photo_public_at else 0,
            photo_version=row.photo_version,
        )
        for row in rows.order_by("display_name", "pk")
        if row.can(Permission.REPLY_PRIVATE) or row.asks(Permission.REPLY_PRIVATE)
    ]


def _calendar(organization: Organization) -> Calendar | None:
    joined = (
        AccountPolicy.objects.filter(organization=organization, account__purpose=Purpose.SUPPORT)
        .exclude(account__state=AccountState.DISCONNECTED)
        .select_related("calendar")
        .order_by("account_id")
        .first()
    )
    return (
        joined.calendar
        if joined
        else Calendar.objects.filter(organization=organization).order_by("pk").first()
    )


def _now_words(hours: WeekHours, current: Any, following: Any) -> str:
    if hours.always_open:
        return _("Abierto a toda hora, todos los días")
    if current is not None:
        return _("Abierto ahora, hasta las %(hour)s") % {"hour": hour_words(current[1], hours.zone)}
    if following is None:
        return _("Cerrado por ahora")
    return _("Cerrado ahora. Abre %(day)s a las %(hour)s") % {
        "day": day_words(following[0], hours.zone),
        "hour": hour_words(following[0], hours.zone),
    }


def _days(hours: WeekHours, calendar: Calendar, now: datetime) -> list[Day]:
    today = now.astimezone(hours.zone).date()
    last = today + timedelta(days=DAYS)
    names = dict(
        Holiday.objects.filter(calendar=calendar, day__gte=today, day__lt=last).values_list("day", "name")
    )
    found = []
    for offset in range(DAYS):
        day = today + timedelta(days=offset)
        noon = datetime.combine(day, time(12), hours.zone)
        spans = hours.minutes_of(day)
        words = _(" y ").join(f"{_minute(hours, day, a)}–{_minute(hours, day, b)}" for a, b in spans) or _(
            "Cerrado"
        )
        if not spans and day in names:
            words = _("Cerrado: %(name)s") % {"name": names[day]}
        found.append(Day(str(day_words(noon, hours.zone, now)), words, offset == 0))
    return found


def _minute(hours: WeekHours, day: Any, minute: int) -> str:
    """The wall's hour; midnight at the end of a day is 24:00 nowhere that people read."""
    at = datetime.combine(day, time(minute // 60 % 24, minute % 60), hours.zone)
    return hour_words(at, hours.zone)
