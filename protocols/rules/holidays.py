"""Public holidays by country and region, with their Spanish names: a proposal an admin may edit.

From the `holidays` package. It and other sources differ (Our Lady of Chiquinquirá in Colombia is in it
and not in `workalendar`), so what it says is copied into editable rows, never asked at run time.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date


class UnknownPlace(ValueError):
    """There are no holidays on file for that country or region."""


def holidays_for(
    country: str, years: Iterable[int], subdivision: str | None = None
) -> list[tuple[date, str]]:
    """Return (day, Spanish name) in order, for an ISO country and, where they matter, one of its regions.

    Days moved to another date (Colombia's Monday rule) come as moved. UnknownPlace when there is no data.
    """
    import holidays  # four megabytes that no process needs but the one that proposes them

    try:
        found = holidays.country_holidays(
            country.upper(), subdiv=subdivision, years=list(years), language="es"
        )
    except NotImplementedError:
        raise UnknownPlace(f"{country} {subdivision or ''}".strip()) from None
    return [(day, _spoken(name)) for day, name in sorted(found.items())]


def _spoken(name: str) -> str:
    """Return a holiday's name as a notice says it: two on one day joined, a moved one said to be moved."""
    return name.replace("; ", " / ").replace("(observado)", "(trasladado)")


def regions_for(country: str) -> list[tuple[str, str]]:
    """Return (code, name) of the regions of a country that have holidays of their own; UnknownPlace without data."""
    import holidays

    try:
        whole = holidays.country_holidays(country.upper())
    except NotImplementedError:
        raise UnknownPlace(country) from None
    aliases = getattr(whole, "subdivisions_aliases", {})
    names: dict[str, str] = {}
    for name, code in aliases.items():
        names.setdefault(code, name)
    return sorted(((code, names.get(code, code)) for code in whole.subdivisions), key=lambda one: one[1])
