"""What a family is told of how she is, and when.

Everything rests on ``shown_of``: how she is now, read from the very checks and alerts
the board shows. A page says it, and a message says "well" only while it does. What was
found out about her health is never said: then the family is asked to phone the desk.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from shouwang.domain.alerts import BY_THE_RULES, NOTHING_WRONG, AlertKind, Outcome
from shouwang.domain.schedule import instant
from shouwang.domain.status import Status, Strength


class Tells(StrEnum):
    """When a contact person is told."""

    DAILY = "daily"
    WEEKLY = "weekly"
    WHEN_NOT = "when_not"
    NEVER = "never"


class Now(StrEnum):
    """How she is now, as her family may know it."""

    WELL = "well"
    PRESUMED = "presumed"
    WAITING = "waiting"
    UNSURE = "unsure"
    ON_THE_WAY = "on_the_way"
    ASK = "ask"
    AWAY = "away"
    NOT_AGREED = "not_agreed"


class Says(StrEnum):
    """What one message says."""

    WELL = "well"
    PRESUMED = "presumed"
    AWAY = "away"
    NOT_DUE = "not_due"
    ENDED_WELL = "ended_well"
    ENDED = "ended"
    NOT_YET = "not_yet"
    STANDING = "standing"
    WEEK = "week"


class Why(StrEnum):
    """Why something is said, waited with, or left unsaid."""

    HER_TURN = "her_turn"
    TOO_EARLY = "too_early"
    NOT_SETTLED = "not_settled"
    DAY_ENDS = "day_ends"
    ALREADY_SAID = "already_said"
    NOT_WATCHED = "not_watched"
    TOLD_BY_THE_LADDER = "told_by_the_ladder"
    NO_MATTER = "no_matter"
    THE_DAY_SAYS_IT = "the_day_says_it"
    TOO_LONG_AGO = "too_long_ago"


# An alert that stands so long is told although it has not ended.
STANDS_LONG = timedelta(hours=1)
# A word about an alert that ended longer ago than this would only frighten.
ENDED_TOLD_WITHIN = timedelta(hours=24)
# The last moment of a day: a word that leaves now still arrives before midnight.
LAST_WORD_AT = time(23)
WEEK_DAYS = 7

# Kinds of alert that say that nobody knows her to be well.
TOLD_KINDS = frozenset(
    {
        AlertKind.HELP,
        AlertKind.MISSED,
        AlertKind.UNPROVEN,
        AlertKind.UNCLEAR,
        AlertKind.NOT_LOOKED,
    }
)
# Of those, the ones whose end is told even if nothing was said before.
END_TOLD = frozenset({AlertKind.HELP, AlertKind.MISSED})


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What was seen last of a signal, and when."""

    at: datetime
    signal: str
    state: str


@dataclass(frozen=True, kw_only=True)
class CheckNow:
    """A check that counts now: of each agreement the last to open, else the next.

    ``waits_until`` is when it is due or, in its grace, when that ends; ``since`` is when
    its status came about; ``seen`` is the proof where it is well.
    """

    on: date
    status: Status
    strength: Strength | None = None
    opens_at: datetime
    waits_until: datetime
    since: datetime
    seen: Seen | None = None

    @property
    def is_presumed(self) -> bool:
        """Return whether it is well only if nobody forgot something."""
        return self.status is Status.WELL and self.strength is Strength.PRESUMED


@dataclass(frozen=True, kw_only=True)
class AlertNow:
    """An alert about her home; ``going_since`` while somebody is on the way.

    ``tells_already``: the ladder has asked this very contact person for help.
    """

    key: int
    kind: AlertKind
    opened_at: datetime
    going_since: datetime | None = None
    closed_at: datetime | None = None
    outcome: Outcome | None = None
    tells_already: bool = False

    @property
    def is_open(self) -> bool:
        """Return whether nobody has closed it."""
        return self.closed_at is None

    @property
    def ended_by_people(self) -> bool:
        """Return whether a person closed it, saying how it turned out."""
        return self.outcome is not None and self.outcome not in BY_THE_RULES


@dataclass(frozen=True, kw_only=True)
class Away:
    """She is away since, and until when where that is known."""

    since: datetime
    until: datetime | None


@dataclass(frozen=True, kw_only=True)
class HomeNow:
    """All that is read of a home at one moment.

    ``alerts`` are the open ones and those closed of late; ``is_watched`` while any
    agreement runs; ``is_due_today`` when a check lies on the local day.
    """

    checks: tuple[CheckNow, ...] = ()
    alerts: tuple[AlertNow, ...] = ()
    away: Away | None = None
    is_watched: bool = True
    is_due_today: bool = True


@dataclass(frozen=True, kw_only=True)
class Shown:
    """How she is now, since when, until when one waits, and what was seen."""

    state: Now
    since: datetime | None = None
    until: datetime | None = None
    seen: Seen | None = None


# Worst first, as on the board: presumed stands before well.
_WAITING = frozenset({Status.OPEN, Status.GRACE})
_UNSURE = frozenset(
    {
        Status.HELP,
        Status.MISSED,
        Status.UNPROVEN,
        Status.UNCLEAR,
        Status.NOT_LOOKED,
    }
)


def shown_of(home: HomeNow) -> Shown:
    """Return how she is now. Whatever is uncertain is said to be so."""
    standing = [row for row in home.alerts if row.is_open]
    if standing:
        return _while_it_stands(standing)
    asks = _asks(home)
    if asks is not None:
        return Shown(state=Now.ASK, since=asks.closed_at)
    unsure = [row for row in home.checks if row.status in _UNSURE]
    if unsure:
        return _unsure(home, unsure)
    if home.away is not None:
        return Shown(state=Now.AWAY, since=home.away.since, until=home.away.until)
    return _by_checks(home.checks)


def _while_it_stands(standing: Sequence[AlertNow]) -> Shown:
    going = [row.going_since for row in standing if row.going_since is not None]
    if going:
        return Shown(state=Now.ON_THE_WAY, since=min(going))
    return Shown(state=Now.UNSURE, since=min(row.opened_at for row in standing))


def _unsure(home: HomeNow, unsure: Sequence[CheckNow]) -> Shown:
    """Return that nobody knows; of what the desk has seen to, that the desk knows."""
    last = _last_ended(home)
    if last and last.closed_at and last.closed_at >= max(row.since for row in unsure):
        return Shown(state=Now.ASK, since=last.closed_at)
    return Shown(state=Now.UNSURE, since=min(row.since for row in unsure))


def _last_ended(home: HomeNow) -> AlertNow | None:
    ended = [row for row in home.alerts if row.closed_at and row.ended_by_people]
    return max(ended, key=lambda row: (row.closed_at, row.key), default=None)


def _asks(home: HomeNow) -> AlertNow | None:
    """Return an alert that ended otherwise than well, and nothing was seen since.

    Somebody who was found unwell was reached, and her check is proven by that; it
    would be a lie to say no more than "well".
    """
    last = _last_ended(home)
    if last is None or last.closed_at is None or last.outcome in NOTHING_WRONG:
        return None
    if last.outcome is Outcome.DIED:
        return last
    seen = [row.seen.at for row in home.checks if _is_well(row) and row.seen]
    return None if any(at > last.closed_at for at in seen) else last


def _is_well(check: CheckNow) -> bool:
    return check.status is Status.WELL


def _by_checks(checks: Sequence[CheckNow]) -> Shown:
    waiting = [row for row in checks if row.status in _WAITING]
    if waiting:
        return _until_due(waiting)
    well = [row for row in checks if _is_well(row)]
    presumed = [row for row in well if row.is_presumed]
    if well:
        # The newest proof, of the weakest strength there is among them.
        newest = max(presumed or well, key=lambda row: row.since)
        state = Now.PRESUMED if presumed else Now.WELL
        return Shown(state=state, since=newest.since, seen=newest.seen)
    excused = [row for row in checks if row.status is Status.EXCUSED]
    if excused:
        return Shown(state=Now.AWAY, since=min(row.since for row in excused))
    if checks:
        return _until_due(checks)
    return Shown(state=Now.NOT_AGREED)


def _until_due(checks: Sequence[CheckNow]) -> Shown:
    first = min(checks, key=lambda row: row.waits_until)
    return Shown(state=Now.WAITING, since=first.opens_at, until=first.waits_until)


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What to do now: say something, wait (``says`` empty), or nothing at all.

    ``is_over``: this occasion will not come back.
    """

    says: Says | None = None
    why: Why
    is_over: bool = False
    alert: int | None = None


def _say(says: Says, why: Why = Why.HER_TURN, *, alert: int | None = None) -> Verdict:
    return Verdict(says=says, why=why, is_over=True, alert=alert)


def _wait(why: Why) -> Verdict:
    return Verdict(why=why)


def _nothing(why: Why) -> Verdict:
    return Verdict(why=why, is_over=True)


@dataclass(frozen=True, kw_only=True)
class Day:
    """A local day, and the time from which its word may go out."""

    on: date
    at: time
    zone: tzinfo

    @property
    def begins_at(self) -> datetime:
        """Return the first instant of the day."""
        return instant(self.on, time(0), self.zone)

    @property
    def says_from(self) -> datetime:
        """Return the earliest instant of the word."""
        return instant(self.on, self.at, self.zone)

    @property
    def says_by(self) -> datetime:
        """Return the instant after which it is no longer waited for an answer."""
        return max(self.says_from, instant(self.on, LAST_WORD_AT, self.zone))

    def has(self, moment: datetime | None) -> bool:
        """Return whether ``moment`` lies on this day."""
        return moment is not None and moment.astimezone(self.zone).date() == self.on


def day_word(home: HomeNow, day: Day, *, is_said: bool, now: datetime) -> Verdict:
    """Return what the daily word says at ``now``.

    From its time on it waits while anything is open, and when the day ends it says so
    instead of keeping silent.
    """
    if is_said:
        return _nothing(Why.ALREADY_SAID)
    if now < day.says_from:
        return _wait(Why.TOO_EARLY)
    if not home.is_watched or _has_died(home, before=day.begins_at):
        return _nothing(Why.NOT_WATCHED)
    says = _of_the_day(home, day)
    if says is not None:
        return _say(says)
    if now < day.says_by:
        return _wait(Why.NOT_SETTLED)
    return _say(Says.NOT_YET, Why.DAY_ENDS)


def _has_died(home: HomeNow, *, before: datetime) -> bool:
    return any(
        row.outcome is Outcome.DIED and row.closed_at and row.closed_at < before
        for row in home.alerts
    )


def _of_the_day(home: HomeNow, day: Day) -> Says | None:
    shown = shown_of(home)
    match shown.state:
        case Now.WELL | Now.PRESUMED if day.has(shown.since):
            if shown.state is Now.PRESUMED:
                return Says.PRESUMED
            return Says.ENDED_WELL if _was_called_out(home, day) else Says.WELL
        case Now.ASK:
            return Says.ENDED
        case Now.AWAY:
            return Says.AWAY
        case Now.UNSURE | Now.ON_THE_WAY:
            return None
        case _:
            return None if home.is_due_today else Says.NOT_DUE


def _was_called_out(home: HomeNow, day: Day) -> bool:
    """Return whether people went after her today, whatever it turned out to be."""
    return any(row.ended_by_people and day.has(row.closed_at) for row in home.alerts)


def week_word(home: HomeNow, day: Day, *, is_said: bool, now: datetime) -> Verdict:
    """Return what the weekly word says at ``now``; it waits while an alert stands."""
    if is_said:
        return _nothing(Why.ALREADY_SAID)
    if now < day.says_from:
        return _wait(Why.TOO_EARLY)
    if not home.is_watched or _has_died(home, before=day.begins_at):
        return _nothing(Why.NOT_WATCHED)
    match shown_of(home).state:
        case Now.UNSURE | Now.ON_THE_WAY:
            if now < day.says_by:
                return _wait(Why.NOT_SETTLED)
            return _say(Says.NOT_YET, Why.DAY_ENDS)
        case Now.ASK:
            return _say(Says.ENDED)
        case _:
            return _say(Says.WEEK)


@dataclass(frozen=True, kw_only=True)
class Said:
    """What this contact person was told already.

    ``since`` is when it was chosen that they are told; ``day_said_at`` when today's
    daily word went out; ``about`` what was said about each alert.
    """

    since: datetime
    day_said_at: datetime | None = None
    about: Mapping[int, Collection[Says]] = field(default_factory=dict)


def alert_word(
    home: HomeNow, alert: AlertNow, said: Said, *, tells: Tells, now: datetime
) -> Verdict:
    """Return what is said about one alert at ``now``.

    Not when it opens: the ladder asks who can help. When it has stood for an hour, and
    when it has ended with what people found.
    """
    told = said.about.get(alert.key, ())
    if alert.opened_at < said.since or Says.ENDED in told or Says.ENDED_WELL in told:
        return _nothing(Why.ALREADY_SAID)
    if tells is Tells.DAILY and not _is_after_the_day(alert, said):
        return _nothing(Why.THE_DAY_SAYS_IT)
    if alert.closed_at is not None:
        return _ended_word(home, alert, told, now=now)
    if alert.kind not in TOLD_KINDS:
        return _nothing(Why.NO_MATTER)
    if alert.tells_already:
        return _wait(Why.TOLD_BY_THE_LADDER)
    if Says.STANDING in told or now < alert.opened_at + STANDS_LONG:
        return _wait(Why.NOT_SETTLED)
    return _say(Says.STANDING, alert=alert.key)


def _is_after_the_day(alert: AlertNow, said: Said) -> bool:
    """Return whether today's daily word had gone out before the alert ended."""
    if said.day_said_at is None:
        return False
    return alert.closed_at is None or said.day_said_at < alert.closed_at


def _ended_word(
    home: HomeNow, alert: AlertNow, told: Collection[Says], *, now: datetime
) -> Verdict:
    if alert.closed_at is None or now - alert.closed_at > ENDED_TOLD_WITHIN:
        return _nothing(Why.TOO_LONG_AGO)
    is_called_for = alert.kind in END_TOLD and alert.ended_by_people
    if not (is_called_for or Says.STANDING in told):
        return _nothing(Why.NO_MATTER)
    is_well = shown_of(home).state is Now.WELL and _turned_out_well(alert)
    return _say(Says.ENDED_WELL if is_well else Says.ENDED, alert=alert.key)


def _turned_out_well(alert: AlertNow) -> bool:
    return alert.outcome in NOTHING_WRONG or alert.outcome in BY_THE_RULES


class DayWas(StrEnum):
    """How a whole day went, for the weekly word."""

    WELL = "well"
    PRESUMED = "presumed"
    AWAY = "away"
    NOT_SURE = "not_sure"
    NOT_AGREED = "not_agreed"


def day_was(checks: Iterable[tuple[Status, Strength | None]]) -> DayWas:
    """Return how a day went by all of its checks; the weakest of them counts."""
    found = list(checks)
    counted = [row for row in found if row[0] is not Status.EXCUSED]
    if not found:
        return DayWas.NOT_AGREED
    if not counted:
        return DayWas.AWAY
    if any(status is not Status.WELL for status, _ in counted):
        return DayWas.NOT_SURE
    if any(strength is Strength.PRESUMED for _, strength in counted):
        return DayWas.PRESUMED
    return DayWas.WELL


def week_was(days: Iterable[DayWas]) -> Mapping[DayWas, int]:
    """Return how many days there were of each kind."""
    return Counter(days)


def next_look(day: Day, weekday: int | None, *, after: datetime) -> datetime:
    """Return when somebody's next regular word is due, later than ``after``.

    ``weekday`` (0 is Monday) for a weekly word; ``None`` for every day.
    """
    first = after.astimezone(day.zone).date()
    days = (first + timedelta(days=count) for count in range(WEEK_DAYS + 2))
    return next(
        at
        for on in days
        if weekday is None or on.weekday() == weekday
        if (at := instant(on, day.at, day.zone)) > after
    )
