"""Charts as SVG that the server writes: attributes only, a sentence for who does not see it, a title on every point.

Numbers and words of ours; names of the organization are escaped. Points are links in one tab stop; arrows walk them
(``static/js/behaviors/chart.js``), and without a script each is a link with a tooltip.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from django.utils.safestring import SafeString, mark_safe


@dataclass(frozen=True, slots=True)
class Point:
    """A value, the words of its tooltip, and where it leads."""

    value: float | None
    tip: str
    url: str = ""
    upper: float | None = None


def frame(width: int, height: int, label: str, body: str) -> SafeString:
    """The picture; ``label`` says what it shows."""
    return mark_safe(
        f'<svg class="chart" viewBox="0 0 {width} {height}" role="group" data-behavior="chart" '
        f'aria-label="{escape(label)}">{body}</svg>'
    )


def mark(shape: str, point: Point, *, is_first: bool) -> str:
    """A shape that can be reached, with its tooltip."""
    tip = escape(point.tip)
    stop = "0" if is_first else "-1"
    if not point.url:
        return (
            f'<g class="pt" tabindex="{stop}" role="img" aria-label="{tip}"><title>{tip}</title>{shape}</g>'
        )
    return (
        f'<a class="pt" href="{escape(point.url)}" tabindex="{stop}" aria-label="{tip}">'
        f"<title>{tip}</title>{shape}</a>"
    )


def heat_map(
    grid: Sequence[Sequence[int]], names: Sequence[str], label: str, *, tip: Callable[[int], str], url: str
) -> SafeString:
    """Hours across, days down; the six tones are shares of the largest. The largest one is ringed.

    ``tip`` puts a number in words; ``url``, where there is one, leads on with the day (``dia``, 1 is the first row)
    and the hour (``hora``).
    """
    most = max(map(max, grid), default=0)
    cell, left, top = 21.5, 34, 16
    parts = [
        f'<text x="{left + hour * cell + cell / 2:.1f}" y="11" text-anchor="middle">{hour}</text>'
        for hour in range(0, 24, 2)
    ]
    # What many cells share is said and escaped once: there are 168.
    says = {n: escape(tip(n)) for row in grid for n in row}
    tones = {n: f"h{1 + min(5, int(5.999 * n / most))}" if n else "h0" for n in says}
    tones[most] += " ringed" if most else ""
    base, stop = escape(url), "0"
    for line, (row, name) in enumerate(zip(grid, map(escape, names), strict=True)):
        y = top + line * 24
        parts.append(f'<text x="0" y="{y + 15}">{name}</text>')
        for hour, n in enumerate(row):
            said = f"{name} {hour}:00 · {says[n]}"
            element, leads = "g", 'role="img"'
            if n and base:
                element, leads = "a", f'href="{base}&amp;dia={line + 1}&amp;hora={hour}"'
            parts.append(
                f'<{element} class="pt" {leads} tabindex="{stop}" aria-label="{said}"><title>{said}</title><rect '
                f'class="{tones[n]}" x="{left + hour * cell:.1f}" y="{y}" width="19.5" height="22" rx="3"/></{element}>'
            )
            stop = "-1"
    return frame(int(left + 24 * cell), top + 24 * len(grid) + 4, label, "".join(parts))


# Of axes: of minutes and of counts.
STEPS = (
    1, 2, 3, 5, 10, 15, 20, 30, 50, 60, 100, 120, 200, 240, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000,
    1_000_000,
)  # fmt: skip


def _scale(most: float) -> tuple[float, int]:
    """A round step and how many of them reach above the largest value."""
    if most <= 0:
        return 1, 4
    step = 1.0
    for factor in STEPS:
        step = float(factor)
        if factor * 5 >= most:
            break
    return step, max(1, -(-int(most + 0.999) // int(step)))


def series(
    points: Sequence[Point], ticks: Sequence[str], label: str, written: Sequence[str] = ()
) -> SafeString:
    """A line with a band up to ``upper``; ``ticks`` below (empty: none), axis in the unit of the values."""
    width, height, left, top, bottom = 560, 190, 40, 10, 160
    step, many = _scale(max((max(one.value or 0, one.upper or 0) for one in points), default=0))
    parts = []
    for place in range(many + 1):
        y = bottom - (bottom - top) * place / many
        kind = "axis" if place == 0 else "grid"
        words = written[place] if place < len(written) else f"{step * place:g}"
        parts.append(f'<line class="{kind}" x1="{left}" x2="{width - 8}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(f'<text x="{left - 6}" y="{y + 4:.1f}" text-anchor="end">{words}</text>')
    gap = (width - 16 - left) / max(1, len(points) - 1)

    def at(place: int, value: float) -> str:
        return f"{left + 4 + place * gap:.1f} {bottom - (bottom - top) * value / (step * many):.1f}"

    for run in _runs(points):
        low = [at(place, points[place].value or 0) for place in run]
        high = [at(place, points[place].upper or points[place].value or 0) for place in run]
        if any(points[place].upper is not None for place in run):
            parts.append(f'<path class="band" d="M{" L".join(high)} L{" L".join(reversed(low))} Z"/>')
            parts.append(f'<path class="line-2" d="M{" L".join(high)}"/>')
        parts.append(f'<path class="line" d="M{" L".join(low)}"/>')
    first = True
    for place, point in enumerate(points):
        x = left + 4 + place * gap
        if ticks[place]:
            anchor = "end" if place == len(points) - 1 and len(points) > 1 else "middle"
            parts.append(f'<text x="{x:.1f}" y="180" text-anchor="{anchor}">{escape(ticks[place])}</text>')
        if point.value is None:
            continue
        x_y = at(place, point.value).split()
        shape = (
            f'<rect class="hit" x="{x - gap / 2:.1f}" y="{top}" width="{gap:.1f}" height="{bottom - top}"/>'
            f'<circle class="dot" cx="{x_y[0]}" cy="{x_y[1]}" r="3.5"/>'
        )
        parts.append(mark(shape, point, is_first=first))
        first = False
    return frame(width, height, label, "".join(parts))


def _runs(points: Sequence[Point]) -> list[list[int]]:
    """Places with values next to each other: a line does not cross a day without any."""
    runs: list[list[int]] = [[]]
    for place, point in enumerate(points):
        if point.value is None:
            runs.append([])
        else:
            runs[-1].append(place)
    return [run for run in runs if run]


def bars(points: Sequence[Point], others: Sequence[float], ticks: Sequence[str], label: str) -> SafeString:
    """Columns, each with a line across where it used to be."""
    width, height, left, top, bottom = 560, 190, 34, 10, 160
    step, many = _scale(max([*(one.value or 0 for one in points), *others], default=0))
    parts = []
    for place in range(many + 1):
        y = bottom - (bottom - top) * place / many
        kind = "axis" if place == 0 else "grid"
        parts.append(f'<line class="{kind}" x1="{left}" x2="{width}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(f'<text x="{left - 6}" y="{y + 4:.1f}" text-anchor="end">{step * place:g}</text>')
    gap = (width - left) / max(1, len(points))
    for place, point in enumerate(points):
        x, tall = left + place * gap, (bottom - top) * (point.value or 0) / (step * many)
        former = bottom - (bottom - top) * others[place] / (step * many)
        shape = (
            f'<rect class="hit" x="{x:.1f}" y="{top}" width="{gap:.1f}" height="{bottom - top}"/>'
            f'<rect class="c-bar" x="{x + 2:.1f}" y="{bottom - tall:.1f}" width="{gap - 4:.1f}" '
            f'height="{tall:.1f}" rx="2"/>'
            f'<line class="was" x1="{x + 1:.1f}" x2="{x + gap - 1:.1f}" y1="{former:.1f}" y2="{former:.1f}"/>'
        )
        parts.append(mark(shape, point, is_first=place == 0))
        if ticks[place]:
            parts.append(
                f'<text x="{x + gap / 2:.1f}" y="180" text-anchor="middle">{escape(ticks[place])}</text>'
            )
    return frame(width, height, label, "".join(parts))


@dataclass(frozen=True, slots=True)
class Stack:
    """A named bar of kept, moved and broken, and what is written at its end."""

    name: str
    parts: tuple[int, int, int]
    strong: str
    rest: str
    tip: str
    url: str = ""


def stacks(rows: Sequence[Stack], label: str) -> SafeString:
    """Bars in three parts beside their names, all by one scale."""
    most = max((sum(row.parts) for row in rows), default=0) or 1
    out = []
    for place, row in enumerate(rows):
        y, x, shapes = 8 + place * 34, 150.0, []
        for kind, many in zip(("kept", "late", "broken"), row.parts, strict=True):
            if many:
                wide = max(2.0, 300 * many / most)
                shapes.append(
                    f'<rect class="{kind}" x="{x:.1f}" y="{y}" width="{wide:.1f}" height="20" rx="2"/>'
                )
                x += wide + 2
        name = row.name if len(row.name) <= 22 else f"{row.name[:21]}…"
        shape = (
            f'<rect class="hit" x="0" y="{y - 4}" width="560" height="28"/>'
            f'<text class="t-strong" x="0" y="{y + 14}">{escape(name)}</text>{"".join(shapes)}'
            f'<text x="560" y="{y + 14}" text-anchor="end"><tspan class="t-strong">{row.strong}</tspan> '
            f"{row.rest}</text>"
        )
        out.append(mark(shape, Point(None, row.tip, row.url), is_first=place == 0))
    return frame(560, 12 + 34 * len(rows), label, "".join(out))


@dataclass(frozen=True, slots=True)
class Interval:
    """A named share with its margin; without them a sentence stands in its place."""

    name: str
    share: float | None
    low: float
    high: float
    rest: str
    tip: str


def intervals(rows: Sequence[Interval], label: str) -> SafeString:
    """Shares from 0 to 100 %, each a point on the line of its margin."""
    left, wide, bottom = 150, 320, 14 + 33 * len(rows)
    out = []
    for tenth in range(0, 101, 20):
        x = left + wide * tenth / 100
        out.append(f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="4" y2="{bottom - 8}"/>')
        out.append(f'<text x="{x:.1f}" y="{bottom + 8}" text-anchor="middle">{tenth} %</text>')
    for place, row in enumerate(rows):
        y = 18 + place * 33
        name = row.name if len(row.name) <= 22 else f"{row.name[:21]}…"
        shape = f'<rect class="hit" x="0" y="{y - 14}" width="560" height="28"/>'
        shape += f'<text class="t-strong" x="0" y="{y + 4}">{escape(name)}</text>'
        if row.share is not None:
            ends = [left + wide * share for share in (row.low, row.high, row.share)]
            shape += f'<line x1="{ends[0]:.1f}" x2="{ends[1]:.1f}" y1="{y}" y2="{y}" class="err"/>'
            shape += f'<circle class="dot" cx="{ends[2]:.1f}" cy="{y}" r="5.5"/>'
        shape += f'<text x="560" y="{y + 4}" text-anchor="end">{escape(row.rest)}</text>'
        out.append(mark(shape, Point(None, row.tip), is_first=place == 0))
    return frame(560, bottom + 14, label, "".join(out))


def spark(values: Sequence[float | None]) -> SafeString:
    """A small line without an axis; decoration beside a figure."""
    known = [(place, value) for place, value in enumerate(values) if value is not None]
    if len(known) < 2:
        return mark_safe("")
    low, high = min(v for _p, v in known), max(v for _p, v in known)
    spread = (high - low) or 1
    dots = [
        f"{4 + 72 * place / max(1, len(values) - 1):.1f} {18 - 14 * (value - low) / spread:.1f}"
        for place, value in known
    ]
    x, y = dots[-1].split()
    return mark_safe(
        f'<svg class="spark" viewBox="0 0 80 22" aria-hidden="true"><path d="M{" L".join(dots)}"/>'
        f'<circle cx="{x}" cy="{y}" r="2.2"/></svg>'
    )
