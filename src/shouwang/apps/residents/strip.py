"""A day as a strip of time: agreed windows as bands, what was seen as marks, as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from shouwang.domain.schedule import Expectation

HOURS = 24
LEFT, WIDTH, HEIGHT = 12, 480, 96
BAND_TOP, BAND_HEIGHT = 30, 30
HOUR_WIDTH = (WIDTH - 2 * LEFT) / HOURS


@dataclass(frozen=True, kw_only=True)
class Band:
    """An agreed window in hours of the local day; it may begin before or end after.

    ``shown`` is the status of its check, or ``agreed`` where there is none.
    """

    begin: float
    end: float
    grace_end: float
    label: str
    shown: str = "agreed"


@dataclass(frozen=True, kw_only=True)
class Dot:
    """Something seen, in hours of the day; ``kind`` is well, other, unclear or cry."""

    at: float
    kind: str
    words: str


def hour_of(moment: datetime, *, on: date, zone: tzinfo) -> float:
    """Return ``moment`` in hours since local midnight of ``on``; may lie outside 0..24."""
    local = moment.astimezone(zone).replace(tzinfo=None)
    return (local - datetime.combine(on, time(0))) / timedelta(hours=1)


def bands_of(expectations: Sequence[Expectation]) -> list[Band]:
    """Return agreed windows as bands; one that crosses midnight shows both its ends."""
    found = []
    for row in expectations:
        begin = row.opens.hour + row.opens.minute / 60
        end = row.due.hour + row.due.minute / 60
        end += HOURS if row.crosses_midnight else 0
        grace_end = end + row.grace / timedelta(hours=1)
        shifts = (0, -HOURS) if grace_end > HOURS else (0,)
        found += [
            Band(
                begin=begin + shift,
                end=end + shift,
                grace_end=grace_end + shift,
                label=row.label,
            )
            for shift in shifts
        ]
    return found


def strip_svg(
    bands: Sequence[Band],
    *,
    words: str,
    dots: Sequence[Dot] = (),
    now: float | None = None,
) -> SafeString:
    """Return the strip; ``words`` say the same to those who do not see it."""
    return format_html(
        '<svg class="strip" viewBox="0 0 {} {}" role="img" aria-label="{}">'
        "{}{}{}{}</svg>",
        WIDTH,
        HEIGHT,
        words,
        _axis(),
        format_html_join("", "{}", ((_band(row),) for row in bands)),
        format_html_join("", "{}", ((_dot(row),) for row in dots)),
        _now(now),
    )


def _x(hours: float) -> str:
    return f"{LEFT + min(max(hours, 0), HOURS) * HOUR_WIDTH:.1f}"


def _axis() -> SafeString:
    foot = BAND_TOP + BAND_HEIGHT
    return format_html(
        '<path class="strip-line" d="M{} {}H{}"/>{}',
        LEFT,
        foot,
        WIDTH - LEFT,
        format_html_join(
            "",
            '<path class="strip-line" d="M{0} {1}v6"/>'
            '<text class="strip-hour" x="{0}" y="{2}">{3}</text>',
            ((_x(hour), foot, foot + 24, hour) for hour in range(0, HOURS + 1, 3)),
        ),
    )


def _band(row: Band) -> SafeString:
    if row.grace_end <= 0 or row.begin >= HOURS:
        return SafeString("")
    begin, end, grace_end = (
        min(max(hours, 0), HOURS) for hours in (row.begin, row.end, row.grace_end)
    )
    return format_html(
        '<rect class="band-grace" x="{x1}" y="{y}" width="{w1}" height="{h}"/>'
        '<rect class="band band-{shown}" x="{x0}" y="{y}" width="{w0}" height="{h}" '
        'rx="3"/><text class="strip-label" x="{middle}" y="{ty}">{label}</text>',
        x0=_x(begin),
        x1=_x(end),
        w0=f"{(end - begin) * HOUR_WIDTH:.1f}",
        w1=f"{(grace_end - end) * HOUR_WIDTH:.1f}",
        y=BAND_TOP,
        h=BAND_HEIGHT,
        ty=BAND_TOP - 8,
        middle=_x((begin + end) / 2),
        shown=row.shown,
        label=row.label,
    )


def _dot(row: Dot) -> SafeString:
    if not 0 <= row.at <= HOURS:
        return SafeString("")
    inside = {"well": "M-4 0l3 3 5-6", "unclear": "M-4 0h8", "cry": "M-4 3q4-5 8 0"}
    return format_html(
        '<g class="dot dot-{}" transform="translate({} {})"><title>{}</title>'
        '<circle r="8"/><path d="{}"/></g>',
        row.kind,
        _x(row.at),
        BAND_TOP + BAND_HEIGHT // 2,
        row.words,
        inside.get(row.kind, "M-4 -4l8 8M4 -4l-8 8"),
    )


def _now(now: float | None) -> SafeString:
    if now is None:
        return SafeString("")
    return format_html(
        '<path class="strip-now" d="M{} {}V{}"/>',
        _x(now),
        BAND_TOP - 6,
        BAND_TOP + BAND_HEIGHT + 6,
    )
