"""What the page of an alert shows beside it: its ladder, and what its days were like."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median
from uuid import UUID

from shouwang.apps.alerts.climbing import part_of
from shouwang.apps.alerts.directory import directory
from shouwang.apps.alerts.models import Alert, AlertEvent
from shouwang.apps.alerts.people import Actor, Person
from shouwang.apps.alerts.sentences import check_of
from shouwang.apps.communities.models import Member
from shouwang.apps.outbox.models import OutboxMessage
from shouwang.apps.residents.models import ContactPerson, Home
from shouwang.apps.watch.models import Check, Sighting
from shouwang.common.clock import local
from shouwang.domain.alerts import NOTHING_WRONG
from shouwang.domain.ladder import Did
from shouwang.domain.status import Status

DAYS_BACK = 14
# Fewer mornings say nothing about a habit.
DAYS_FOR_A_HABIT = 5
PAST_SHOWN = 6
PAST_REACH = timedelta(days=365)


@dataclass(frozen=True, kw_only=True)
class Rung:
    """One step of an alert's own ladder: done, where it stands, or to come.

    ``people`` are who would be told now; ``messages`` what was sent to whom.
    """

    number: int
    ask: str
    wait: float
    place: str
    at: datetime | None
    people: tuple[Actor, ...]
    messages: tuple[OutboxMessage, ...]


def ladder_of(alert: Alert, *, now: datetime) -> list[Rung]:
    """Return the ladder from its first step; who is told next is looked up at ``now``."""
    homes = [alert.home_id] if alert.home_id else []
    reach = directory(alert.community, homes, now=now).reach(alert)
    known = _actors(alert, [person for step in reach for person in step])
    events = [
        row
        for row in sorted(alert.events.all(), key=lambda row: row.pk)
        # A more urgent kind began a ladder of its own: older steps are of another.
        if row.kind == alert.kind and row.step
    ]
    return [
        _rung(
            alert,
            number,
            step,
            events,
            [known[one.key] for one in people if one.key in known],
        )
        for number, (step, people) in enumerate(
            zip(alert.steps, reach, strict=True), start=1
        )
    ]


def _rung(
    alert: Alert,
    number: int,
    step: Mapping[str, object],
    events: Sequence[AlertEvent],
    people: Sequence[Actor],
) -> Rung:
    mine = [row for row in events if row.step == number]
    told = [row for row in mine if row.did in {Did.STEP.value, Did.REPEATED.value}]
    parts = {part_of(row.did, row.step, row.at) for row in told}
    return Rung(
        number=number,
        ask=str(step["ask"]),
        wait=float(str(step["wait"])),
        place=_place(alert, number, mine),
        at=told[-1].at if told else mine[-1].at if mine else None,
        people=tuple(people),
        messages=tuple(row for row in alert.messages.all() if row.part in parts),
    )


def _place(alert: Alert, number: int, mine: Sequence[AlertEvent]) -> str:
    if mine and all(row.did == Did.NOBODY_TOLD.value for row in mine):
        return "nobody"
    if alert.state == "closed":
        return "done" if mine else "unused"
    if number == alert.step:
        return "now"
    return "done" if number < alert.step else "ahead"


def _actors(alert: Alert, people: Sequence[Person]) -> dict[str, Actor]:
    members = Member.objects.of(alert.community_id).filter(
        pk__in=[row.member_id for row in people if row.member_id]
    )
    contacts = ContactPerson.objects.of(alert.community_id).filter(
        pk__in=[row.contact_id for row in people if row.contact_id]
    )
    return {
        **{f"m{row.pk}": row for row in members},
        **{f"c{row.pk}": row for row in contacts},
    }


@dataclass(frozen=True, kw_only=True)
class Habit:
    """The last two weeks of the check an alert is about, oldest first.

    ``proved_at`` is when each day was proved, in local time; ``usual`` their median.
    """

    check: Check
    days: tuple[tuple[date, Check | None, datetime | None], ...]
    usual: time | None


def habit_of(alert: Alert) -> Habit | None:
    """Return what the days of an alert's check were like, where it has a check."""
    check = check_of(alert)
    if check is None:
        return None
    rows = Check.objects.of(alert.community_id).filter(
        home_id=check.home_id,
        series=check.series,
        label=check.label,
        on__gt=check.on - timedelta(days=DAYS_BACK),
        on__lte=check.on,
    )
    by_day = {row.on: row for row in rows.order_by("opens_at")}
    proved = _proved(alert, list(by_day.values()))
    first = check.on - timedelta(days=DAYS_BACK - 1)
    days = [first + timedelta(days=place) for place in range(DAYS_BACK)]
    return Habit(
        check=check,
        days=tuple((on, by_day.get(on), proved.get(on)) for on in days),
        usual=_usual([at.time() for at in proved.values()]),
    )


def _proved(alert: Alert, checks: Sequence[Check]) -> dict[date, datetime]:
    """Return when each day that was well was seen so, in local time."""
    named = {
        row.on: [UUID(key) for reason in row.reasons for key in reason["sightings"]]
        for row in checks
        if row.status == Status.WELL.value
    }
    keys = [key for rows in named.values() for key in rows]
    seen = dict(
        Sighting.objects.of(alert.community_id)
        .filter(pk__in=keys)
        .values_list("pk", "seen_at")
    )
    return {
        on: local(max(seen[key] for key in rows if key in seen), alert.community.zone)
        for on, rows in named.items()
        if any(key in seen for key in rows)
    }


def _usual(times: Sequence[time]) -> time | None:
    if len(times) < DAYS_FOR_A_HABIT:
        return None
    minutes = int(median(at.hour * 60 + at.minute for at in times))
    return time(minutes // 60, minutes % 60)


@dataclass(frozen=True, kw_only=True)
class Past:
    """The alerts of a home before this one, within a year."""

    rows: tuple[Alert, ...]
    count: int
    nothing_wrong_count: int


def past_of(alert: Alert, home: Home) -> Past:
    """Return the earlier alerts of a home, the newest first, and what became of them."""
    rows = list(
        Alert.objects.of(alert.community_id)
        .filter(
            home=home,
            state="closed",
            opened_at__lt=alert.opened_at,
            opened_at__gte=alert.opened_at - PAST_REACH,
        )
        .select_related("community", "closed_by")
        .order_by("-opened_at")
    )
    nothing = {row.value for row in NOTHING_WRONG}
    return Past(
        rows=tuple(rows[:PAST_SHOWN]),
        count=len(rows),
        nothing_wrong_count=sum(row.outcome in nothing for row in rows),
    )
