"""What a roster would change: row by row, before anything is written."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import time, timedelta

from django.utils.translation import gettext as _

from shouwang.apps.residents.models import (
    Agreement,
    Consent,
    ContactPerson,
    Resident,
)
from shouwang.apps.residents.presets import usual_windows
from shouwang.apps.residents.roster.columns import Column
from shouwang.apps.residents.roster.entries import Entry, RowReader
from shouwang.apps.residents.roster.outcomes import (
    CHANGED,
    NEW,
    REFUSED,
    UNCHANGED,
    Change,
    counts_of,
)
from shouwang.apps.residents.roster.reading import Table
from shouwang.apps.residents.roster.stored import Known, Stored
from shouwang.apps.residents.roster.taking import CellNote
from shouwang.apps.residents.selectors import terms_of
from shouwang.apps.residents.words import terms_problem_words
from shouwang.domain.schedule import Expectation, Terms, terms_problems
from shouwang.domain.signals import Nature

# A window that opens before this belongs to the morning column.
NOON = time(14)


@dataclass(frozen=True, kw_only=True)
class PlannedAgreement:
    """The windows an agreement would have, and the one they replace, if any."""

    signal: str
    windows: tuple[Expectation, ...]
    before: Agreement | None
    consent: Consent | None

    @property
    def spans(self) -> tuple[str, str]:
        """Return the windows that stand and those that would, as text."""
        stands = terms_of(self.before).expectations if self.before else ()
        return _spans(stands), _spans(self.windows)


@dataclass(frozen=True, kw_only=True)
class RowPreview:
    """What one row would do; ``entry`` is empty where it is refused."""

    number: int
    address: str
    outcome: str
    notes: tuple[CellNote, ...]
    changes: tuple[Change[Column], ...] = ()
    entry: Entry | None = None
    stored: Stored | None = None
    agreement: PlannedAgreement | None = None


@dataclass(frozen=True, kw_only=True)
class RosterPreview:
    """What a roster would do; ``digest`` names exactly this preview."""

    sheet: str
    ignored: tuple[str, ...]
    rows: tuple[RowPreview, ...]
    digest: str

    @property
    def counts(self) -> dict[str, int]:
        """Return how many rows have each outcome."""
        return counts_of(self.rows)


def preview(table: Table, known: Known) -> RosterPreview:
    """Compare a roster with what is stored."""
    seen: dict[str, int] = {}
    rows = tuple(_row(table, place, known, seen) for place in range(len(table.rows)))
    # Not the words of the notes: two readers may read the same in two languages.
    told = [
        (row.number, row.outcome, row.changes, [note.reference for note in row.notes])
        for row in rows
    ]
    digest = hashlib.sha256(repr((table.sheet, told)).encode()).hexdigest()
    return RosterPreview(
        sheet=table.sheet, ignored=table.ignored, rows=rows, digest=digest
    )


def _row(table: Table, place: int, known: Known, seen: dict[str, int]) -> RowPreview:
    row = table.rows[place]
    reader = RowReader(table=table, row=row, own_signals=known.own_signals)
    entry = reader.entry()
    if entry is None:
        return _refused(reader, "")
    address = entry.parts.text
    first = seen.setdefault(address, row.number)
    if first != row.number:
        words = _("This address stands in row %(row)s already; one row a home.")
        reader.refuse(_address_column(table), words % {"row": first})
    stored = known.homes.get(address)
    planned = _agreement(entry, stored, known, reader)
    if reader.is_refused:
        return _refused(reader, address)
    changes = (*_changes(entry, stored), *_agreement_changes(planned))
    outcome = NEW if stored is None else CHANGED if changes else UNCHANGED
    return RowPreview(
        number=row.number,
        address=address,
        outcome=outcome,
        notes=tuple(reader.notes),
        changes=changes,
        entry=entry,
        stored=stored,
        agreement=planned,
    )


def _refused(reader: RowReader, address: str) -> RowPreview:
    return RowPreview(
        number=reader.row.number,
        address=address,
        outcome=REFUSED,
        notes=tuple(reader.notes),
    )


def _address_column(table: Table) -> Column:
    return Column.ROOM if Column.ROOM in table.places else Column.ADDRESS


# --- home and people ---------------------------------------------------------------


def resident_in(stored: Stored | None, name: str) -> Resident | None:
    """Return the resident of this name, if one is stored."""
    rows = stored.residents if stored else ()
    return next((row for row in rows if row.name == name), None)


def contact_in(stored: Stored | None, name: str) -> ContactPerson | None:
    """Return the contact person of this name, if one is stored."""
    rows = stored.contacts if stored else ()
    return next((row for row in rows if row.name == name), None)


def _changes(entry: Entry, stored: Stored | None) -> list[Change[Column]]:
    """Return the fields in which a row differs; an empty cell changes nothing."""
    home = stored.home if stored else None
    resident = resident_in(stored, entry.text(Column.NAME))
    contact = contact_in(stored, entry.text(Column.CONTACT))
    key = {True: "是", False: "否", None: ""}
    pairs = [
        (Column.ADDRESS, home and home.address, entry.parts.text),
        (Column.CALLED, home and home.shown_name, entry.text(Column.CALLED)),
        (Column.RISK, home and home.risk, entry.risk or ""),
        (Column.AT_THE_DOOR, home and home.at_the_door, entry.text(Column.AT_THE_DOOR)),
        (Column.NAME, resident and resident.name, entry.text(Column.NAME)),
        (
            Column.BIRTH_YEAR,
            resident and resident.birth_year,
            str(entry.birth_year or ""),
        ),
        (Column.PHONE, resident and resident.phone, entry.text(Column.PHONE)),
        (Column.CONTACT, contact and contact.name, entry.text(Column.CONTACT)),
        (Column.RELATION, contact and contact.relation, entry.text(Column.RELATION)),
        (
            Column.CONTACT_PHONE,
            contact and contact.phone,
            entry.text(Column.CONTACT_PHONE),
        ),
        (Column.KEY, contact and key[contact.is_keyholder], key[entry.has_key]),
    ]
    return [
        Change(column=column, old=str(old or ""), new=new)
        for column, old, new in pairs
        if new and str(old or "") != new
    ]


# --- agreements --------------------------------------------------------------------


def _agreement(
    entry: Entry, stored: Stored | None, known: Known, reader: RowReader
) -> PlannedAgreement | None:
    if entry.signal is None:
        for column in (Column.MORNING, Column.EVENING):
            if column in reader.row.cells:
                reader.refuse(column, _("Say which signal is agreed for this time."))
        return None
    kind = known.kinds[entry.signal]
    if kind.nature is Nature.MARK:
        reader.refuse(Column.SIGNAL, _("This signal only marks the window."))
        return None
    before = stored.agreements.get(entry.signal) if stored else None
    usual = terms_of(before).expectations if before else usual_windows(kind)
    windows = _windows(entry, usual, usual_windows(kind), is_new=before is None)
    consent = before.consent if before else _consent(entry, stored, known, reader)
    _require_sound(entry.signal, windows, known, reader)
    return PlannedAgreement(
        signal=entry.signal, windows=windows, before=before, consent=consent
    )


def _windows(
    entry: Entry,
    stands: Sequence[Expectation],
    usual: Sequence[Expectation],
    *,
    is_new: bool,
) -> tuple[Expectation, ...]:
    """Return the windows that would be agreed.

    A new agreement that names one of its two times has only that one.
    """
    given = {True: entry.morning, False: entry.evening}
    kept = [
        row
        for row in stands
        if not is_new or not any(given.values()) or given[row.opens < NOON]
    ]
    halves = {row.opens < NOON for row in kept}
    kept += [
        row
        for row in usual
        if given[row.opens < NOON] and (row.opens < NOON) not in halves
    ]
    return tuple(_window(row, given[row.opens < NOON], entry) for row in kept)


def _window(
    row: Expectation, span: tuple[time, time] | None, entry: Entry
) -> Expectation:
    if span is not None:
        row = replace(row, opens=span[0], due=span[1])
    if entry.grace_minutes is not None:
        row = replace(row, grace=timedelta(minutes=entry.grace_minutes))
    return row


def _consent(
    entry: Entry, stored: Stored | None, known: Known, reader: RowReader
) -> Consent | None:
    """Return the consent that stands; without one the row must bring a whole one."""
    needed = {
        Column.AGREED_BY: entry.text(Column.AGREED_BY),
        Column.AGREED_ON: entry.agreed_on,
        Column.PAPER: entry.text(Column.PAPER),
    }
    if stored and stored.consents and not any(needed.values()):
        return stored.consents[0]
    for column, value in needed.items():
        if not value:
            reader.refuse(
                column,
                _("Nobody is watched without consent: who agreed, when, what paper."),
            )
    if entry.agreed_on and entry.agreed_on > known.today:
        reader.refuse(Column.AGREED_ON, _("The day of agreement lies in the future."))
    return None


def _require_sound(
    signal: str, windows: tuple[Expectation, ...], known: Known, reader: RowReader
) -> None:
    terms = Terms(signal=signal, expectations=windows, valid_from=known.today)
    column = Column.MORNING if Column.MORNING in reader.row.cells else Column.EVENING
    for problem in terms_problems(terms):
        reader.refuse(column, terms_problem_words(problem))


def _agreement_changes(planned: PlannedAgreement | None) -> list[Change[Column]]:
    if planned is None:
        return []
    old, new = planned.spans
    if old == new:
        return []
    return [Change(column=Column.SIGNAL, old=old, new=new)]


def _spans(windows: Sequence[Expectation]) -> str:
    return ", ".join(
        f"{row.opens:%H:%M}-{row.due:%H:%M} +{int(row.grace.total_seconds() // 60)}"
        for row in windows
    )
