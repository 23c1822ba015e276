"""Agreements become checks: expectations on local days, as instants in UTC.

Local time is used only to find a day and its windows; every instant that leaves
this module is aware and in UTC. Windows are half-open: ``opens_at`` is inside,
``due_at`` is not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from shouwang.domain.errors import TermsError

DAY = timedelta(days=1)
EVERY_DAY = frozenset(range(7))
# Weekly is the rarest rhythm an agreement can have, so a neighbour of any check
# lies within eight local days of it.
REACH_DAYS = 8
# A contact counts from two hours before the window (watch-rules.md, 3).
CONTACT_LEAD = timedelta(hours=2)


@dataclass(frozen=True, kw_only=True)
class Expectation:
    """One agreed window: ``opens`` to ``due`` local, on ``days`` (0 is Monday).

    A ``due`` at or before ``opens`` lies on the next day. ``well`` holds the states
    that mean well.
    """

    label: str
    opens: time
    due: time
    grace: timedelta
    days: frozenset[int] = EVERY_DAY
    well: frozenset[str]

    @property
    def crosses_midnight(self) -> bool:
        """Return whether the window ends on the day after it opened."""
        return self.due <= self.opens


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What one version of an agreement says; both days of validity are inside."""

    signal: str
    expectations: tuple[Expectation, ...]
    require_change: bool = False
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, kw_only=True)
class Check:
    """One expectation on one local date, with every instant its rules need.

    ``change_from_at``
        from here a look in another state shows that the signal was changed.
    ``unchanged_until_at``
        a look in a well state from ``change_from_at`` to here (not included) shows
        that it was not.
    ``state_until_at``, ``contact_until_at``
        a state, or a contact, proves this check only before it.
    ``help_until_at``
        a cry for help seen before it belongs to this check.
    """

    signal: str
    label: str
    on: date
    well: frozenset[str]
    require_change: bool
    day_starts_at: datetime
    opens_at: datetime
    due_at: datetime
    alert_at: datetime
    change_from_at: datetime
    unchanged_until_at: datetime
    state_until_at: datetime
    contact_until_at: datetime
    help_until_at: datetime

    @property
    def contact_from_at(self) -> datetime:
        """Return the first instant at which a contact proves this check."""
        return self.opens_at - CONTACT_LEAD

    @property
    def told_until_at(self) -> datetime:
        """Return the instant from which nothing seen belongs to this check any more.

        What happens later never re-tells it: a cry that is answered after days leaves
        the days between as they were.
        """
        return max(self.state_until_at, self.contact_until_at, self.help_until_at)


@dataclass(frozen=True, kw_only=True)
class _Window:
    label: str
    on: date
    well: frozenset[str]
    opens_at: datetime
    due_at: datetime
    alert_at: datetime

    def opposes(self, other: _Window) -> bool:
        return self.well.isdisjoint(other.well)


def instant(on: date, at: time, zone: tzinfo) -> datetime:
    """Return the UTC instant of a local time.

    Where local time repeats, the earlier instant; where it skips, the instant of the
    skip, which is the first valid one.
    """
    local = datetime.combine(on, at)
    first = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    second = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
    if second < first:
        return _skip_between(second, first, zone)
    return first


def _skip_between(before: datetime, after: datetime, zone: tzinfo) -> datetime:
    offset = before.astimezone(zone).utcoffset()
    low, high = 0, int((after - before).total_seconds())
    while low < high:
        middle = (low + high) // 2
        moment = before + timedelta(seconds=middle)
        if moment.astimezone(zone).utcoffset() == offset:
            low = middle + 1
        else:
            high = middle
    return before + timedelta(seconds=low)


def terms_problems(terms: Terms) -> list[TermsError]:
    """Return everything that keeps ``terms`` from being watched; empty when sound."""
    problems = []
    if not terms.expectations:
        problems.append(TermsError("no_expectation"))
    labels = [expectation.label for expectation in terms.expectations]
    problems += [
        TermsError("label_twice", label=label)
        for label in sorted({name for name in labels if labels.count(name) > 1})
    ]
    for expectation in terms.expectations:
        problems += _expectation_problems(expectation)
    if terms.valid_to is not None and terms.valid_to < terms.valid_from:
        problems.append(TermsError("ends_before_it_begins"))
    if not problems:
        problems += _overlaps(terms.expectations)
    return problems


def _expectation_problems(expectation: Expectation) -> Iterator[TermsError]:
    label = expectation.label
    if expectation.opens == expectation.due:
        yield TermsError("window_empty", label=label)
    if expectation.grace < timedelta(0):
        yield TermsError("grace_negative", label=label)
    if not expectation.days or not expectation.days <= EVERY_DAY:
        yield TermsError("no_day", label=label)
    if not expectation.well:
        yield TermsError("no_well_state", label=label)
    if expectation.opens != expectation.due and _span(expectation) > DAY:
        yield TermsError("window_overlaps_itself", label=label)


def _span(expectation: Expectation) -> timedelta:
    return timedelta(
        minutes=_minutes(expectation.due) - _minutes(expectation.opens),
        days=1 if expectation.crosses_midnight else 0,
    ) + max(expectation.grace, timedelta(0))


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute


def _overlaps(expectations: Sequence[Expectation]) -> Iterator[TermsError]:
    spans = sorted(
        (
            (begin, begin + int(_span(expectation).total_seconds() // 60), expectation)
            for expectation in expectations
            for begin in _week_minutes(expectation)
        ),
        key=lambda span: span[:2],
    )
    week = 7 * 24 * 60
    following = [*spans[1:], *((b + week, e + week, x) for b, e, x in spans[:1])]
    seen = set()
    for (_, end, one), (begin, _, other) in zip(spans, following, strict=True):
        pair = frozenset((one.label, other.label))
        if begin < end and len(pair) == 2 and pair not in seen:
            seen.add(pair)
            first, second = sorted(pair)
            yield TermsError("windows_overlap", label=first, other=second)


def _week_minutes(expectation: Expectation) -> list[int]:
    opens = _minutes(expectation.opens)
    return [day * 24 * 60 + opens for day in sorted(expectation.days)]


def checks_between(
    terms: Terms, *, zone: tzinfo, first: date, last: date
) -> list[Check]:
    """Return the checks of ``terms`` on local dates ``first`` to ``last``, by time.

    Neighbouring windows are taken from the same terms even where they lie before
    ``valid_from``: what was agreed says what she usually does.
    """
    begin = max(first, terms.valid_from)
    end = last if terms.valid_to is None else min(last, terms.valid_to)
    if end < begin:
        return []
    reach = timedelta(days=REACH_DAYS)
    windows = list(_windows(terms, zone, begin - reach, end + reach))
    return [
        _check(terms, zone, windows, place)
        for place, window in enumerate(windows)
        if begin <= window.on <= end
    ]


def _windows(terms: Terms, zone: tzinfo, first: date, last: date) -> Iterator[_Window]:
    rows = []
    for offset in range((last - first).days + 1):
        on = first + timedelta(days=offset)
        rows += [
            _window(expectation, on, zone)
            for expectation in terms.expectations
            if on.weekday() in expectation.days
        ]
    yield from sorted(rows, key=lambda row: (row.opens_at, row.label))


def _window(expectation: Expectation, on: date, zone: tzinfo) -> _Window:
    due_on = on + DAY if expectation.crosses_midnight else on
    opens_at = instant(on, expectation.opens, zone)
    due_at = max(instant(due_on, expectation.due, zone), opens_at)
    return _Window(
        label=expectation.label,
        on=on,
        well=expectation.well,
        opens_at=opens_at,
        due_at=due_at,
        alert_at=due_at + expectation.grace,
    )


def _check(terms: Terms, zone: tzinfo, windows: list[_Window], place: int) -> Check:
    window = windows[place]
    earlier, later = windows[:place], windows[place + 1 :]
    change_from_at = _change_from(window, earlier)
    same = [row.opens_at for row in later if row.label == window.label]
    contact_until_at = min(same, default=window.opens_at + REACH_DAYS * DAY)
    return Check(
        signal=terms.signal,
        label=window.label,
        on=window.on,
        well=window.well,
        require_change=terms.require_change,
        day_starts_at=instant(window.on, time(0), zone),
        opens_at=window.opens_at,
        due_at=window.due_at,
        alert_at=window.alert_at,
        change_from_at=change_from_at,
        unchanged_until_at=min(
            row.opens_at
            for row in (*earlier, window)
            if row.opens_at >= change_from_at and not row.opposes(window)
        ),
        state_until_at=_state_until(window, later, contact_until_at),
        contact_until_at=contact_until_at,
        help_until_at=min((row.opens_at for row in later), default=contact_until_at),
    )


def _change_from(window: _Window, earlier: Sequence[_Window]) -> datetime:
    """Return when the last opposite check opened, or would have.

    Where no opposite state was agreed, the signal is taken to be due back halfway
    between two checks of its own: for a morning curtain that is the evening.
    """
    opposite = [row.opens_at for row in earlier if row.opposes(window)]
    if opposite:
        return max(opposite)
    own = [row.due_at for row in earlier if row.label == window.label]
    if not own:
        return window.opens_at
    return _halfway(max(own), window.opens_at)


def _state_until(
    window: _Window, later: Sequence[_Window], own_next: datetime
) -> datetime:
    opposite = [row.opens_at for row in later if row.opposes(window)]
    if opposite:
        return min(*opposite, own_next)
    return max(window.alert_at, _halfway(window.due_at, own_next))


def _halfway(begin: datetime, end: datetime) -> datetime:
    return begin + max(end - begin, timedelta(0)) / 2
