"""Free times and seasons as people write them, and the parts of a day they tick."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from datetime import time

from shouwang.apps.volunteers.stored import Season
from shouwang.common.text import one_dash
from shouwang.domain.volunteers import FreeTime, MonthDay, times_tidied

Span = tuple[time, time]
# What somebody means who says "Tuesday afternoon".
PARTS: dict[str, Span] = {
    "morning": (time(8), time(12)),
    "afternoon": (time(12), time(18)),
    "evening": (time(18), time(21)),
}
WHOLE_DAY: Span = (time(8), time(21))
EVERY_DAY = range(7)
_CHINESE_DAYS = "一二三四五六日"
_ENGLISH_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_GROUPS = {
    "周末": (5, 6), "双休日": (5, 6), "weekends": (5, 6), "weekend": (5, 6),
    "工作日": range(5), "weekdays": range(5), "workdays": range(5),
    "每天": EVERY_DAY, "天天": EVERY_DAY, "daily": EVERY_DAY, "every day": EVERY_DAY,
}  # fmt: skip
_SPANS = {
    "上午": PARTS["morning"], "早上": PARTS["morning"], "morning": PARTS["morning"],
    "下午": PARTS["afternoon"], "afternoon": PARTS["afternoon"],
    "晚上": PARTS["evening"], "傍晚": PARTS["evening"], "evening": PARTS["evening"],
    "全天": WHOLE_DAY, "整天": WHOLE_DAY, "all day": WHOLE_DAY,
}  # fmt: skip
_CLOCK = r"(\d{1,2})(?:[:点](\d{1,2}|半)?分?)?"
_TOKEN = re.compile(
    rf"(?P<span>{_CLOCK}\s*[-到至]\s*{_CLOCK})"
    rf"|(?P<part>{'|'.join(_SPANS)})s?"
    rf"|(?P<group>{'|'.join(_GROUPS)})"
    r"|(?:周|星期|礼拜)?(?P<chinese>[一二三四五六日天]+)"
    rf"|(?P<english>{'|'.join(_ENGLISH_DAYS)})[a-z]*"
    r"|(?P<until>[-到至]|\bto\b)"
    r"|(?P<between>[\s,、;和及.]|周|星期|礼拜|\band\b)"
)
_SEASON = re.compile(
    r"^(\d{1,2})[-./月](\d{1,2})日?\s*(?:-|到|至|to)\s*(\d{1,2})[-./月](\d{1,2})日?$"
)


class TimesError(Exception):
    """Something in a text of times that says no time; ``piece`` is what it was."""

    def __init__(self, piece: str) -> None:
        super().__init__(piece)
        self.piece = piece


def times_read(text: str) -> tuple[FreeTime, ...]:
    """Return free times from words such as ``周二下午; 周末 9:00-11:30`` or ``Tue morning``.

    Days without a time mean the whole day, a time without days every day.

    Raises
    ------
    TimesError
        Some piece of it says no time.
    VolunteerError
        A time ends before it begins.
    """
    return times_tidied(_read(one_dash(text).lower()))


def _read(text: str) -> Iterator[FreeTime]:
    days: list[int] = []
    spans: list[Span] = []
    reaches = False
    for found in _tokens(text):
        named = _days(found)
        if named and spans:
            yield from _each(days, spans)
            days, spans = [], []
        if named and reaches and days:
            named = list(range(days[-1], named[-1] + 1))
        reaches = bool(found["until"])
        days += named
        spans += _spans(found)
    if days or spans:
        yield from _each(days, spans)


def _tokens(text: str) -> Iterator[re.Match[str]]:
    place = 0
    while place < len(text):
        found = _TOKEN.match(text, place)
        if found is None:
            raise TimesError(re.split(r"[\s,、;]", text[place:])[0])
        if not found["between"]:
            yield found
        place = found.end()


def _days(found: re.Match[str]) -> list[int]:
    if found["group"]:
        return list(_GROUPS[found["group"]])
    if found["chinese"]:
        return [
            _CHINESE_DAYS.index(sign.replace("天", "日")) for sign in found["chinese"]
        ]
    return [_ENGLISH_DAYS.index(found["english"])] if found["english"] else []


def _spans(found: re.Match[str]) -> list[Span]:
    if found["part"]:
        return [_SPANS[found["part"]]]
    if not found["span"]:
        return []
    clocks = re.findall(_CLOCK, found["span"])
    try:
        first, last = (
            time(int(hour), 30 if minute == "半" else int(minute or 0))
            for hour, minute in clocks
        )
    except ValueError as error:
        raise TimesError(found["span"]) from error
    return [(first, last)]


def _each(days: Collection[int], spans: Collection[Span]) -> Iterator[FreeTime]:
    for day in days or EVERY_DAY:
        for first, last in spans or [WHOLE_DAY]:
            yield FreeTime(weekday=day, from_time=first, to_time=last)


def ticked(times: Iterable[FreeTime]) -> tuple[list[str], list[FreeTime]]:
    """Return which parts of which days to tick (``1-morning``), and what is left."""
    ticks: list[str] = []
    left: list[FreeTime] = []
    for row in times:
        whole = [
            name
            for name, (first, last) in PARTS.items()
            if row.from_time <= first and last <= row.to_time
        ]
        fits = whole and (row.from_time, row.to_time) == (
            PARTS[whole[0]][0],
            PARTS[whole[-1]][1],
        )
        if fits:
            ticks += [f"{row.weekday}-{name}" for name in whole]
        else:
            left.append(row)
    return ticks, left


def of_ticks(ticks: Iterable[str]) -> list[FreeTime]:
    """Return the free times of ticked parts."""
    parted = [row.split("-") for row in ticks]
    return [
        FreeTime(weekday=int(day), from_time=PARTS[part][0], to_time=PARTS[part][1])
        for day, part in parted
    ]


def times_written(times: Iterable[FreeTime], days: Collection[str]) -> str:
    """Return free times in words that ``times_read`` reads; ``days`` names weekdays."""
    names, spans = list(days), dict[str, list[int]]()
    for row in sorted(times, key=lambda row: (row.weekday, row.from_time)):
        span = f"{row.from_time:%H:%M}-{row.to_time:%H:%M}"
        spans.setdefault(span, []).append(row.weekday)
    return "; ".join(
        f"{' '.join(names[day] for day in named)} {span}"
        for span, named in spans.items()
    )


def season_read(text: str) -> Season | None:
    """Return a season from ``7.1-8.31``, ``7月1日至8月31日`` and the like.

    Raises
    ------
    TimesError
        It is no season.
    """
    plain = one_dash(text)
    if not plain:
        return None
    found = _SEASON.match(plain)
    if found is None:
        raise TimesError(plain)
    first, second, third, fourth = map(int, found.groups())
    try:
        return MonthDay(month=first, day=second), MonthDay(month=third, day=fourth)
    except ValueError as error:
        raise TimesError(plain) from error


def season_written(season: Season | None) -> str:
    """Return a season as ``season_read`` reads it; empty for all year."""
    if season is None:
        return ""
    first, last = season
    return f"{first.month}.{first.day}-{last.month}.{last.day}"
