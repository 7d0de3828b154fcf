"""What made a clock, in words: its policy; or the term of the law, with its days as a small calendar."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from helpdesk.ui.dates import date_words, hour_words, month, zone
from protocols.models import Calendar, Holiday, LegalTerm, SlaPolicy
from protocols.rules.legal import TermDay
from tickets.cases.models import Ticket
from tickets.clocks.domain.legal import legal_rules
from tickets.clocks.models import Clock
from tickets.clocks.scopes import scopes_of
from tickets.enums import ClockKind, Priority


def exact(at: datetime, where: str) -> str:
    """«mié 9 dic, 11:30 a. m.», on the wall of that zone."""
    return f"{date_words(at, where)}, {hour_words(at, where)}"


def policy_words(clock: Clock) -> dict[str, Any] | None:
    """The policy that made a clock; None where none did, or it is gone. ``is_former``: it was changed since."""
    rows = SlaPolicy.objects.filter(organization_id=clock.organization_id, pk=clock.why.get("policy") or 0)
    policy = rows.select_related("tier").first()
    if policy is None:
        return None
    return {
        "pk": policy.pk,
        "name": " · ".join(
            filter(None, [str(Priority(policy.priority).label), scopes_of([policy])[policy.pk]])
        ),
        "version": clock.why.get("version"),
        "is_former": clock.why.get("version") != policy.version,
    }


def why_of_term(clock: Clock, ticket: Ticket) -> dict[str, Any]:
    """The term of the law that made a clock: which, from where it is known, and its days."""
    rules, where = legal_rules(ticket.organization), ticket.organization.timezone
    calendar = Calendar.objects.filter(organization_id=clock.organization_id, pk=rules.calendar_id).first()
    names = dict(Holiday.objects.filter(calendar=calendar).values_list("day", "name")) if calendar else {}
    laid = rules.days.laid_out(clock.started_at, clock.due_at, clock.why["unit"])
    return {
        "running": clock,
        "due": exact(clock.due_at, where),
        "label": ClockKind(clock.kind).label,
        "calendar": calendar,
        "is_wall": False,
        "term": LegalTerm.objects.filter(pk=clock.why.get("term") or 0).select_related("accepted_by").first(),
        "extended": clock.why.get("extended"),
        "weeks": _weeks(laid, names),
        "holidays": [_named(one, names, where) for one in laid if one.is_holiday],
    }


def _weeks(laid: tuple[TermDay, ...], names: dict[date, str]) -> dict[str, Any]:
    """A calendar of whole weeks: blank cells before the first day."""
    last = laid[-1].day
    return {
        "blank": range(laid[0].day.weekday()),
        "cells": [
            {
                "day": one.day.day,
                "month": month(one.day) if one.day.day == 1 or one is laid[0] else "",
                "number": one.number,
                "look": _look(one, is_first=one is laid[0], is_last=one.day == last),
                "title": _title(one, names),
            }
            for one in laid
        ],
    }


def _look(one: TermDay, *, is_first: bool, is_last: bool) -> str:
    if is_first:
        return "received"
    if is_last:
        return "due"
    if one.number is not None:
        return "counts"
    return "holiday" if one.is_holiday else "closed"


def _title(one: TermDay, names: dict[date, str]) -> str:
    if one.number is not None:
        return _("día %(n)s") % {"n": one.number}
    return names.get(one.day) or (_("festivo") if one.is_holiday else _("no cuenta"))


def _named(one: TermDay, names: dict[date, str], where: str) -> str:
    noon = datetime(one.day.year, one.day.month, one.day.day, 12, tzinfo=zone(where))
    return f"{date_words(noon, where)}: {names.get(one.day) or _('festivo')}"
