"""One row of a sheet of volunteers as what it says."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.utils.translation import gettext as _

from shouwang.apps.residents.roster.cells import CellError, date_of, text_of
from shouwang.apps.residents.roster.reading import Value
from shouwang.apps.residents.roster.taking import CellReader
from shouwang.apps.volunteers.drafts import TrainingDraft
from shouwang.apps.volunteers.selectors.people import phone_key
from shouwang.apps.volunteers.sheets.columns import HEADINGS, Column
from shouwang.apps.volunteers.sheets.known import Known
from shouwang.apps.volunteers.stored import Season
from shouwang.apps.volunteers.times import TimesError, season_read, times_read
from shouwang.apps.volunteers.words import (
    refusal_words,
    season_problem,
    times_problem,
)
from shouwang.common.text import tidy_address
from shouwang.domain.errors import VolunteerError
from shouwang.domain.volunteers import FreeTime, Training

Code = TypeVar("Code")
_BETWEEN = re.compile(r"[、,;/]")
_BETWEEN_PLACES = re.compile(r"[、,;/\s]+")
_PHONE_DIGITS = range(5, 16)
A_WEEK = range(1, 51)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What a row says; ``None`` where its cell is empty, which changes nothing."""

    name: str
    phone: str
    team: str
    skills: frozenset[str] | None
    times: tuple[FreeTime, ...] | None
    season: Season | None
    a_week: int | None
    building_ids: frozenset[int] | None
    home_ids: frozenset[int] | None
    consent_on: date | None
    consent_paper: str
    note: str
    trainings: tuple[TrainingDraft, ...]


@dataclass(kw_only=True)
class RowReader(CellReader):
    """Takes one row apart."""

    known: Known

    def entry(self) -> Entry | None:
        """Return what the row says, or ``None`` when it cannot be taken."""
        entry = Entry(
            name=self._words(Column.NAME),
            phone=self._words(Column.PHONE),
            team=self._words(Column.TEAM),
            skills=self.take(Column.SKILLS, self._skills),
            times=self.take(Column.TIMES, _times),
            season=self.take(Column.SEASON, _season),
            a_week=self.take(Column.A_WEEK, _a_week),
            building_ids=self.take(Column.BUILDINGS, self._buildings),
            home_ids=self.take(Column.HOMES, self._homes),
            consent_on=self._past_day(Column.CONSENT_ON),
            consent_paper=self._words(Column.CONSENT_PAPER),
            note=self._words(Column.NOTE),
            trainings=self._trainings(),
        )
        self._require(entry)
        return None if self.is_refused else entry

    def _words(self, column: Column) -> str:
        return self.text(column, HEADINGS[column].length)

    def _require(self, entry: Entry) -> None:
        if not entry.name:
            self.refuse(Column.NAME, _("The name is needed."))
        if Column.PHONE not in self.row.cells:
            self.refuse(
                Column.PHONE,
                _("A phone number is needed here; write down who has none by hand."),
            )
        elif entry.phone and len(phone_key(entry.phone)) not in _PHONE_DIGITS:
            self.refuse(Column.PHONE, _("This is not a phone number."))

    def _past_day(self, column: Column) -> date | None:
        found = self.take(column, date_of)
        if found is not None and found > self.known.today:
            self.refuse(column, _("This day is still to come."))
        return found

    def _trainings(self) -> tuple[TrainingDraft, ...]:
        confidential = self._past_day(Column.CONFIDENTIALITY)
        aid = self._past_day(Column.FIRST_AID)
        until = self.take(Column.FIRST_AID_UNTIL, date_of)
        if until is not None and (aid is None or until < aid):
            self.refuse(
                Column.FIRST_AID_UNTIL, _("Say when the course was, before this day.")
            )
        drafts = (
            (Training.CONFIDENTIALITY, confidential, None),
            (Training.FIRST_AID, aid, until),
        )
        return tuple(
            TrainingDraft(what=what.value, on=on, valid_until=last)
            for what, on, last in drafts
            if on is not None
        )

    def _skills(self, value: Value) -> frozenset[str]:
        pieces = _BETWEEN.split(text_of(value).text)
        words = _("There is no such skill here: %(piece)s. Add it as an own one first.")
        return _all_of(pieces, self.known.skills, str.lower, words)

    def _buildings(self, value: Value) -> frozenset[int]:
        pieces = _BETWEEN_PLACES.split(text_of(value).text)
        words = _("There is no such building here: %(piece)s.")
        return _all_of(pieces, self.known.buildings, tidy_address, words)

    def _homes(self, value: Value) -> frozenset[int]:
        pieces = _BETWEEN_PLACES.split(text_of(value).text)
        words = _("There is no such home here: %(piece)s.")
        return _all_of(pieces, self.known.homes, tidy_address, words)


def _all_of(
    pieces: list[str],
    known: Mapping[str, Code],
    folded: Callable[[str], str],
    words: str,
) -> frozenset[Code]:
    said = [folded(piece.strip()) for piece in pieces if piece.strip()]
    unknown = next((piece for piece in said if piece not in known), None)
    if unknown is not None:
        raise CellError(words % {"piece": unknown})
    return frozenset(known[piece] for piece in said)


def _times(value: Value) -> tuple[FreeTime, ...]:
    try:
        return times_read(text_of(value).text)
    except TimesError as error:
        raise CellError(times_problem(error.piece)) from error
    except VolunteerError as error:
        raise CellError(refusal_words(error.code)) from error


def _season(value: Value) -> Season | None:
    try:
        return season_read(text_of(value).text)
    except TimesError as error:
        raise CellError(season_problem()) from error


def _a_week(value: Value) -> int:
    text = text_of(value).text.removesuffix("次").strip()
    if not text.isdecimal() or int(text) not in A_WEEK:
        raise CellError(_("How often a week is a number from 1 to 50."))
    return int(text)
