"""A habit as a soft curve over a strip of hours, the last weeks' looks beside it, as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from shouwang.apps.habits.curves import STEP, Curve

# As wide as a phone, so that its words stay as large there as everywhere.
LEFT, WIDTH = 52, 360
CURVE_TOP, CURVE_HEIGHT = 10, 64
ROW_TOP, ROW_HEIGHT = CURVE_TOP + CURVE_HEIGHT + 30, 11
MARGIN = 45


@dataclass(frozen=True, kw_only=True)
class DayRow:
    """One day: between ``after`` and ``by`` (minutes of the picture) it was given.

    ``None`` where the day leaves that side open.
    """

    label: str
    after: float | None
    by: float | None


@dataclass(frozen=True, kw_only=True)
class Picture:
    """What is drawn: minutes after midnight throughout; no curve where it is a guess."""

    curve: Curve | None
    shift: float
    days: Sequence[DayRow]
    opens: float
    due: float
    now: float | None
    words: str

    @property
    def begin(self) -> float:
        """Return the first minute drawn, a whole hour."""
        low = min([self.opens, *self._seen, *self._curved(0.99)])
        return max(low - MARGIN, 0) // 60 * 60

    @property
    def end(self) -> float:
        """Return the last minute drawn, a whole hour."""
        high = max([self.due, *self._seen, *self._curved(0.01)])
        return -(-(high + MARGIN) // 60) * 60

    def _curved(self, chance: float) -> list[float]:
        """Return the minute at which the curve falls to a chance, if there is one."""
        if self.curve is None:
            return []
        return [(self.curve.first_at_most(chance) or self.curve.begin) + self.shift]

    @property
    def _seen(self) -> list[float]:
        """Return the minutes of the days' looks, where no curve says how wide it is."""
        if self.curve is not None:
            return []
        sides = [side for row in self.days for side in (row.after, row.by)]
        return [side for side in sides if side is not None]

    def x(self, minute: float) -> float:
        """Return where a minute lies, inside the picture."""
        share = (minute - self.begin) / (self.end - self.begin)
        return LEFT + min(max(share, 0.0), 1.0) * (WIDTH - LEFT - 8)


def habit_svg(picture: Picture) -> SafeString:
    """Return the picture; its words say the same to those who do not see it."""
    height = ROW_TOP + ROW_HEIGHT * len(picture.days) + 8
    return format_html(
        '<svg class="habit" viewBox="0 0 {} {}" role="img" aria-label="{}">'
        "{}{}{}{}{}</svg>",
        WIDTH,
        height,
        picture.words,
        _agreed(picture, height),
        _soft(picture),
        _hours(picture),
        format_html_join(
            "", "{}", ((_row(picture, n, row),) for n, row in enumerate(picture.days))
        ),
        _now(picture, height),
    )


def _agreed(picture: Picture, height: int) -> SafeString:
    left, right = picture.x(picture.opens), picture.x(picture.due)
    return format_html(
        '<rect class="habit-agreed" x="{}" y="{}" width="{}" height="{}"/>',
        f"{left:.1f}",
        CURVE_TOP - 6,
        f"{right - left:.1f}",
        height - CURVE_TOP,
    )


def _soft(picture: Picture) -> SafeString:
    """Return how often the signal is given around each minute, as a soft hill."""
    curve = picture.curve
    if curve is None:
        return SafeString()
    minutes = [
        picture.begin + STEP * n
        for n in range(int((picture.end - picture.begin) // STEP) + 1)
    ]
    chances = [
        curve.at(at - picture.shift - 15) - curve.at(at - picture.shift + 15)
        for at in minutes
    ]
    most = max([*chances, 1e-6])
    foot = CURVE_TOP + CURVE_HEIGHT
    points = " ".join(
        f"{picture.x(at):.1f},{foot - CURVE_HEIGHT * chance / most:.1f}"
        for at, chance in zip(minutes, chances, strict=True)
    )
    first, last = picture.x(minutes[0]), picture.x(minutes[-1])
    return format_html(
        '<polygon class="habit-curve" points="{},{} {} {},{}"/>',
        f"{first:.1f}",
        foot,
        points,
        f"{last:.1f}",
        foot,
    )


def _hours(picture: Picture) -> SafeString:
    foot = CURVE_TOP + CURVE_HEIGHT
    step = 60 if picture.end - picture.begin <= 420 else 180
    hours = range(int(picture.begin), int(picture.end) + 1, step)
    return format_html(
        '<path class="strip-line" d="M{} {}H{}"/>{}',
        LEFT,
        foot,
        WIDTH - 8,
        format_html_join(
            "",
            '<path class="strip-line" d="M{0} {1}v5"/>'
            '<text class="strip-hour" x="{0}" y="{2}">{3}</text>',
            ((f"{picture.x(at):.1f}", foot, foot + 21, at // 60 % 24) for at in hours),
        ),
    )


def _row(picture: Picture, place: int, row: DayRow) -> SafeString:
    """Return one day: a dot where it was seen "not yet", one where it was seen given."""
    middle = ROW_TOP + ROW_HEIGHT * place + ROW_HEIGHT / 2
    parts = []
    if row.after is not None and row.by is not None:
        parts.append(
            format_html(
                '<path class="habit-between" d="M{} {}H{}"/>',
                f"{picture.x(row.after):.1f}",
                middle,
                f"{picture.x(row.by):.1f}",
            )
        )
    if row.after is not None:
        parts.append(_mark("habit-waiting", picture.x(row.after), middle))
    if row.by is not None:
        parts.append(_mark("habit-given", picture.x(row.by), middle))
    label = (
        format_html(
            '<text class="habit-day" x="{}" y="{}">{}</text>',
            LEFT - 6,
            middle + 4,
            row.label,
        )
        if place % 2 == 0
        else SafeString("")
    )
    return format_html("{}{}", label, format_html_join("", "{}", ((p,) for p in parts)))


def _mark(name: str, x: float, y: float) -> SafeString:
    return format_html(
        '<circle class="{}" cx="{}" cy="{}" r="3.2"/>', name, f"{x:.1f}", y
    )


def _now(picture: Picture, height: int) -> SafeString:
    if picture.now is None or not picture.begin <= picture.now <= picture.end:
        return SafeString("")
    return format_html(
        '<path class="strip-now" d="M{0} {1}V{2}"/>',
        f"{picture.x(picture.now):.1f}",
        CURVE_TOP - 6,
        height - 4,
    )
