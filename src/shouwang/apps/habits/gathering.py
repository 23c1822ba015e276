"""From sightings to intervals: after when, and by when, a signal was given each day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta

from astral import Observer
from astral.sun import sunset

from shouwang.apps.communities.models import Community
from shouwang.apps.habits.models import Habit, HabitSettings
from shouwang.apps.residents.selectors import signal_kinds
from shouwang.apps.watch.models import Check, Sighting
from shouwang.domain.facts import HomeFacts, Source
from shouwang.domain.signals import Meaning
from shouwang.domain.status import Status
from shouwang.routines.grid import CLOCK, EVENING, MORNING, Axis
from shouwang.routines.intervals import Interval, Known, Look, interval_of, known_how

# 0.96 to the power of this is under one in a hundred: older days no longer count.
DAYS_BACK = 120
# Windows that open from here on are told from sunset, where it is known.
EVENING_FROM = time(15)
NOON = time(12)
# Days that are none of the ordinary ones.
LEFT_OUT = frozenset({Status.EXCUSED.value, Status.HELP.value})

Seen = tuple[datetime, str, bool]


def known_of(habit: Habit) -> Known:
    """Return how well the time of a habit is known."""
    days = [Interval(after=after, by=by) for _day, after, by in habit.days]
    return known_how(days, axis=axis_of(habit.anchor))


def axis_of(anchor: str) -> Axis:
    """Return the minutes in which days of an anchor are counted."""
    return _AXES[Habit.Anchor(anchor)]


_AXES = {
    Habit.Anchor.MORNING: MORNING,
    Habit.Anchor.CLOCK: CLOCK,
    Habit.Anchor.SUNSET: EVENING,
}


def anchor_of(opens: time, due: time, kept: HabitSettings) -> str:
    """Return from what the days of a window are counted."""
    if opens < NOON and due > opens:
        return Habit.Anchor.MORNING.value
    is_evening = opens >= EVENING_FROM and kept.latitude is not None
    return (Habit.Anchor.SUNSET if is_evening else Habit.Anchor.CLOCK).value


def minute_at(moment: datetime, *, on: date, anchor: str, kept: HabitSettings) -> float:
    """Return ``moment`` in minutes of the day ``on``, by the clock on the wall.

    On days of 23 or 25 hours the clock, not the hours gone by, is what habits follow.
    """
    local = moment.astimezone(kept.community.zone).replace(tzinfo=None)
    since = local - datetime.combine(on, time(0))
    return since / timedelta(minutes=1) - start_minute(on, anchor=anchor, kept=kept)


def start_minute(on: date, *, anchor: str, kept: HabitSettings) -> float:
    """Return the minute of the local day ``on`` from which ``anchor`` counts."""
    if anchor != Habit.Anchor.SUNSET.value:
        return 0.0
    place = Observer(latitude=kept.latitude or 0.0, longitude=kept.longitude or 0.0)
    down = sunset(place, date=on, tzinfo=kept.community.zone).replace(tzinfo=None)
    return (down - datetime.combine(on, time(0))) / timedelta(minutes=1)


def checks_gathered(
    community: Community, home_ids: Collection[int], *, first: date, last: date
) -> dict[tuple[str, str], list[Check]]:
    """Return the checks of some homes on local days, by agreement and window."""
    rows = (
        Check.objects.of(community)
        .filter(home_id__in=home_ids, on__gte=first, on__lte=last)
        .exclude(status__in=LEFT_OUT)
        .defer("reasons")
        .order_by("on")
    )
    found: defaultdict[tuple[str, str], list[Check]] = defaultdict(list)
    for row in rows:
        found[str(row.series), row.label].append(row)
    return found


def sightings_gathered(
    community: Community, home_ids: Collection[int], *, since: datetime
) -> dict[tuple[int, str], list[Seen]]:
    """Return what was seen of each home's signals: when, which state, and usable only.

    What could not be seen, photos read with too little confidence, corrected looks and
    cries for help tell nothing of when a signal was given.
    """
    facts = HomeFacts(kinds=signal_kinds(community))
    rows = list(
        Sighting.objects.of(community)
        .filter(home_id__in=home_ids, seen_at__gte=since)
        .order_by("seen_at")
        .values_list(
            "home_id",
            "signal",
            "state",
            "seen_at",
            "source",
            "confidence",
            "pk",
            "replaces",
        )
    )
    replaced = {row[7] for row in rows if row[7]}
    found: defaultdict[tuple[int, str], list[Seen]] = defaultdict(list)
    for home_id, signal, state, seen_at, source, confidence, pk, _ in rows:
        kind = facts.kind(signal)
        is_sure = source != Source.PHOTO.value or (
            confidence is not None and confidence >= kind.photo_confidence
        )
        if state and is_sure and pk not in replaced:
            is_cry = kind.meaning(state) is Meaning.HELP
            found[home_id, signal].append((seen_at, state, is_cry))
    return found


def intervals_of(
    checks: Sequence[Check],
    seen: Sequence[Seen],
    *,
    anchor: str,
    kept: HabitSettings,
) -> list[list[int]]:
    """Return ``[date as a number, after, by]`` of each day that tells something."""
    found = []
    for check in checks:
        interval = _interval(check, seen, anchor=anchor, kept=kept)
        if interval is not None:
            found.append([check.on.toordinal(), interval.after, interval.by])
    return found


def _interval(
    check: Check, seen: Sequence[Seen], *, anchor: str, kept: HabitSettings
) -> Interval | None:
    """Return when a signal was given on one day; ``None`` where nothing is known.

    What counts begins with the first look that saw it not given. Without any, a signal
    seen given when the opposite was due never changed, and says nothing of when it did.
    """
    own = [row for row in seen if check.change_from_at <= row[0] < check.state_until_at]
    first = next((n for n, row in enumerate(own) if row[1] not in check.well), None)
    if first is None and any(at < check.unchanged_until_at for at, _, _ in own):
        return None
    own = own[first or 0 :]
    looks = [
        Look(
            minute=minute_at(at, on=check.on, anchor=anchor, kept=kept),
            is_given=state in check.well,
        )
        for at, state, is_cry in own
        if not is_cry and at >= check.day_starts_at
    ]
    return interval_of(looks, axis=axis_of(anchor))
