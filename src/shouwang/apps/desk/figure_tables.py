"""The figures as tables: one shape for the page, its charts and the files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from shouwang.apps.alerts.words import kind_words, outcome_words
from shouwang.apps.desk.selectors.service import Line, Service
from shouwang.apps.desk.words import (
    judged_words,
    measure_words,
    promise_words,
    short_span_words,
)
from shouwang.domain.alerts import Outcome
from shouwang.domain.service_figures import (
    JUDGED,
    Kept,
    Measure,
    Summary,
    a_home_a_year,
)

MINUTE = timedelta(minutes=1)
NOTHING = "–"
# The rows of ``Summary.kept`` that stand for their measure in a line.
TAKEN_AT_ONCE, DOOR_IN_45 = 1, 3


@dataclass(frozen=True, kw_only=True)
class Cell:
    """What people read, and the number or text of it for charts and files."""

    text: str
    value: float | int | str | None


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A drawing of some columns of its table: ``bar``, ``across`` or ``line``."""

    form: str
    title: str
    columns: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table of figures; the first cell of a row says what the row is about.

    ``units`` are those of the numbers in a file, empty for counts and words.
    """

    key: str
    title: str
    note: str
    headings: tuple[str, ...]
    units: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    charts: tuple[Chart, ...] = ()

    @property
    def named_rows(self) -> list[list[tuple[str, Cell]]]:
        """Return the cells of each row with what stands above them."""
        return [list(zip(self.headings, row, strict=True)) for row in self.rows]


def tables_of(service: Service) -> list[Table]:
    """Return the tables of ``service`` in the order of the page."""
    made = [
        _promises(service),
        _times(service),
        _weeks(service),
        _kinds(service),
        _outcomes(service),
        _early(service),
        _people(service),
        _communities(service),
    ]
    return [row for row in made if row.rows]


def _text(words: str) -> Cell:
    return Cell(text=words, value=words)


def _count(number: int) -> Cell:
    return Cell(text=str(number), value=number)


def _span(span: timedelta | None) -> Cell:
    if span is None:
        return Cell(text=NOTHING, value=None)
    return Cell(text=short_span_words(span), value=round(span / MINUTE, 2))


def _share(share: float | None) -> Cell:
    if share is None:
        return Cell(text=NOTHING, value=None)
    return Cell(text=f"{100 * share:.1f} %", value=round(100 * share, 2))


def _rate(rate: float | None) -> Cell:
    if rate is None:
        return Cell(text=NOTHING, value=None)
    return Cell(text=f"{rate:.2f}", value=round(rate, 3))


def _promises(service: Service) -> Table:
    return Table(
        key="promises",
        title=_("What is promised"),
        note=_(
            "Counted from the deadline of each alert. An alert that nobody has "
            "answered counts as late once it is later than the limit; one whose need "
            "ended before the limit says nothing and stands in the last column."
        ),
        headings=(
            _("promise"),
            _("kept"),
            _("verdict"),
            _("in time"),
            _("late"),
            _("no longer needed"),
        ),
        units=("", "%", "", "", "", ""),
        rows=tuple(map(_promise, service.whole.summary.kept)),
    )


def _promise(kept: Kept) -> tuple[Cell, ...]:
    verdicts = {True: _("kept ✓"), False: _("not kept ✗"), None: NOTHING}
    return (
        _text(promise_words(kept.promise)),
        _share(kept.share),
        _text(verdicts[kept.is_kept]),
        _count(kept.in_time_count),
        _count(kept.late_count),
        _count(kept.unneeded_count),
    )


def _times(service: Service) -> Table:
    words = measure_words()
    return Table(
        key="times",
        title=_("From the deadline on"),
        note=_(
            "Told: a first message went out. Taken: somebody took it in hand, is "
            "going, or tried to reach the resident. At the door: somebody stood "
            "there, answered or not. Closed: a person closed it. Alerts that still "
            "wait count with the time they have waited."
        ),
        headings=(
            _("until"),
            _("alerts"),
            _("came to it"),
            _("half within"),
            _("nine in ten within"),
        ),
        units=("", "", "", "min", "min"),
        rows=tuple(
            (
                _text(words[row.measure]),
                _count(row.count),
                _count(row.over_count),
                _span(row.median),
                _span(row.ninth),
            )
            for row in service.whole.summary.times.values()
        ),
    )


def _weeks(service: Service) -> Table:
    return Table(
        key="weeks",
        title=_("By week"),
        note=_("ISO weeks, from Monday, by the local date of the alert."),
        headings=(
            _("week"),
            _("from"),
            _("alerts"),
            _("false alarms"),
            _("still open"),
            _("taken: half within"),
            _("taken: nine in ten within"),
            _("at the door: half within"),
            _("at the door: nine in ten within"),
            _("closed: half within"),
        ),
        units=("", "", "", "", "", "min", "min", "min", "min", "min"),
        rows=tuple(_week(monday, line) for monday, line in service.weeks),
        charts=(
            Chart(form="bar", title=_("Alerts a week"), columns=(2, 3)),
            Chart(form="line", title=_("Minutes a week"), columns=(6, 8)),
        ),
    )


def _week(monday: date, line: Line) -> tuple[Cell, ...]:
    year, number, _day = monday.isocalendar()
    times = line.summary.times
    return (
        _text(f"{year}-W{number:02}"),
        Cell(text=f"{monday:%m-%d}", value=f"{monday:%Y-%m-%d}"),
        _count(line.summary.alert_count),
        _count(line.summary.false_count),
        _count(line.summary.open_count),
        _span(times[Measure.TAKEN].median),
        _span(times[Measure.TAKEN].ninth),
        _span(times[Measure.DOOR].median),
        _span(times[Measure.DOOR].ninth),
        _span(times[Measure.CLOSED].median),
    )


def _kinds(service: Service) -> Table:
    words = kind_words()
    return Table(
        key="kinds",
        title=_("By kind"),
        note=_("The kind an alert ended with: the most urgent that joined it."),
        headings=(
            _("kind"),
            _("alerts"),
            _("false alarms"),
            _("told: half within"),
            _("taken: half within"),
            _("taken: nine in ten within"),
            _("at the door: nine in ten within"),
            _("closed: half within"),
        ),
        units=("", "", "", "min", "min", "min", "min", "min"),
        rows=tuple(_kind(words[kind], row) for kind, row in service.kinds),
    )


def _kind(words: str, summary: Summary) -> tuple[Cell, ...]:
    times = summary.times
    return (
        _text(words),
        _count(summary.alert_count),
        _count(summary.false_count),
        _span(times[Measure.TOLD].median),
        _span(times[Measure.TAKEN].median),
        _span(times[Measure.TAKEN].ninth),
        _span(times[Measure.DOOR].ninth),
        _span(times[Measure.CLOSED].median),
    )


def _outcomes(service: Service) -> Table:
    words, judged = outcome_words(), judged_words()
    counts = service.whole.summary.outcomes
    total = sum(counts.values())
    by_count: Callable[[Outcome], tuple[int, str]] = lambda row: (-counts[row], row)  # noqa: E731 -- a key
    return Table(
        key="outcomes",
        title=_("How they turned out"),
        note=_(
            "A false alarm is an alert about somebody who turned out to need nothing. "
            "Each cause is mended differently, so each stands by itself."
        ),
        headings=(_("outcome"), _("alerts"), _("share"), _("counted as")),
        units=("", "", "%", ""),
        rows=tuple(
            (
                _text(words[row.value]),
                _count(counts[row]),
                _share(counts[row] / total),
                _text(judged[JUDGED[row]]),
            )
            for row in sorted(counts, key=by_count)
        ),
        charts=(Chart(form="across", title=_("Outcomes"), columns=(1,)),),
    )


def _early(service: Service) -> Table:
    found = service.early
    row = (
        _text(_("late for her own habit")),
        _count(found.asked_count),
        _count(found.found_count),
        _span(found.found_earlier),
        _count(found.needless_count),
        _rate(a_home_a_year(found.needless_count, days=service.whole.days)),
    )
    return Table(
        key="early",
        title=_("Asked before the deadline"),
        note=_(
            "Homes late for their own habit, asked about before what was agreed. Of "
            "those who turned out to need somebody, half were asked about by at least "
            "this much earlier; the others were disturbed for nothing."
        ),
        headings=(
            _("why"),
            _("asked"),
            _("somebody was needed"),
            _("earlier than agreed"),
            _("for nothing"),
            _("for nothing, a home a year"),
        ),
        units=("", "", "", "min", "", ""),
        rows=(row,) if found.asked_count else (),
    )


def _people(service: Service) -> Table:
    return Table(
        key="people",
        title=_("Who carries how much"),
        note=_(
            "Alerts somebody took, went for, sought the resident for or closed; doors "
            "they stood at; rounds of a day on which they looked at the first or the last "
            "window; and alerts between ten in the evening and six. "
            "Only coordinators see this table."
        ),
        headings=(_("who"), _("alerts"), _("doors"), _("rounds"), _("at night")),
        units=("", "", "", "", ""),
        rows=tuple(
            (
                _text(row.name),
                _count(row.load.taken_count),
                _count(row.load.door_count),
                _count(row.load.walk_count),
                _count(row.load.night_count),
            )
            for row in service.carried
        ),
        charts=(Chart(form="across", title=_("Alerts and doors"), columns=(1, 2, 4)),),
    )


def _communities(service: Service) -> Table:
    return Table(
        key="communities",
        title=_("By community"),
        note=_("A line for each community whose figures you may see. No names."),
        headings=(
            _("community"),
            _("homes watched on a day"),
            _("alerts"),
            _("still open"),
            _("false alarms a home a year"),
            _("taken within a minute"),
            _("at the door within 45 minutes"),
            _("taken: half within"),
        ),
        units=("", "", "", "", "", "%", "%", "min"),
        rows=tuple(
            _community(row.name, line, service) for row, line in service.communities
        ),
    )


def _community(name: str, line: Line, service: Service) -> tuple[Cell, ...]:
    summary = line.summary
    days = (service.span.last - service.span.first).days + 1
    return (
        _text(name),
        _count(round(line.days / days)),
        _count(summary.alert_count),
        _count(summary.open_count),
        _rate(line.false_a_home_a_year),
        _share(summary.kept[TAKEN_AT_ONCE].share),
        _share(summary.kept[DOOR_IN_45].share),
        _span(summary.times[Measure.TAKEN].median),
    )


def table_named(tables: Sequence[Table], key: str) -> Table | None:
    """Return the table with ``key`` if it is there."""
    return next((row for row in tables if row.key == key), None)
