"""What a sheet of volunteers would change: row by row, before anything is written."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from shouwang.apps.communities.models import Member
from shouwang.apps.residents.roster.outcomes import (
    CHANGED,
    NEW,
    REFUSED,
    UNCHANGED,
    Change,
    counts_of,
)
from shouwang.apps.residents.roster.reading import Table
from shouwang.apps.residents.roster.taking import CellNote
from shouwang.apps.residents.words import day_words
from shouwang.apps.volunteers.drafts import (
    TrainingDraft,
    VolunteerDraft,
    draft_of,
)
from shouwang.apps.volunteers.models import Volunteer
from shouwang.apps.volunteers.selectors.people import phone_key
from shouwang.apps.volunteers.sheets.columns import Column
from shouwang.apps.volunteers.sheets.entries import Entry, RowReader
from shouwang.apps.volunteers.sheets.known import Known
from shouwang.apps.volunteers.stored import is_here
from shouwang.apps.volunteers.times import season_written, times_written
from shouwang.domain.volunteers import Training


@dataclass(frozen=True, kw_only=True)
class RowPreview:
    """What one row would do; ``entry`` and ``draft`` are empty where it is refused."""

    number: int
    name: str
    outcome: str
    notes: tuple[CellNote, ...]
    changes: tuple[Change[Column], ...] = ()
    entry: Entry | None = None
    draft: VolunteerDraft | None = None
    member: Member | None = None
    trainings: tuple[TrainingDraft, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SheetPreview:
    """What a sheet would do; ``digest`` names exactly this preview."""

    sheet: str
    ignored: tuple[str, ...]
    rows: tuple[RowPreview, ...]
    new_teams: tuple[str, ...]
    digest: str

    @property
    def counts(self) -> dict[str, int]:
        """Return how many rows have each outcome."""
        return counts_of(self.rows)


def preview(table: Table, known: Known) -> SheetPreview:
    """Compare a sheet with who is here."""
    seen: dict[str, int] = {}
    rows = tuple(
        _row(RowReader(table=table, row=row, known=known), seen) for row in table.rows
    )
    # Not the words of the notes: two readers may read the same in two languages.
    told = [
        (row.number, row.outcome, row.member and row.member.pk, *_told(row))
        for row in rows
    ]
    return SheetPreview(
        sheet=table.sheet,
        ignored=table.ignored,
        rows=rows,
        new_teams=_new_teams(rows, known),
        digest=hashlib.sha256(repr((table.sheet, told)).encode()).hexdigest(),
    )


def _told(row: RowPreview) -> tuple[object, ...]:
    """Return what a row would write, the same in every process and language."""
    entry, draft = row.entry, row.draft
    if entry is None or draft is None:
        return ()
    return (
        entry.name,
        phone_key(entry.phone),
        entry.team or (draft.team and draft.team.name),
        sorted(draft.skills),
        draft.times,
        draft.season,
        draft.a_week,
        sorted(draft.building_ids),
        sorted(draft.home_ids),
        (draft.note, draft.consent_on, draft.consent_paper),
        row.trainings,
    )


def _new_teams(rows: Iterable[RowPreview], known: Known) -> tuple[str, ...]:
    named = {
        row.entry.team.lower(): row.entry.team
        for row in reversed(list(rows))
        if row.entry and row.entry.team
    }
    return tuple(sorted(name for key, name in named.items() if key not in known.teams))


def _row(reader: RowReader, seen: dict[str, int]) -> RowPreview:
    entry = reader.entry()
    if entry is None:
        return _refused(reader)
    first = seen.setdefault(phone_key(entry.phone), reader.row.number)
    if first != reader.row.number:
        words = _("This phone stands in row %(row)s already; one row a person.")
        reader.refuse(Column.PHONE, words % {"row": first})
    member = _member(reader, entry)
    if reader.is_refused:
        return _refused(reader)
    stored = reader.known.volunteers.get(member.pk) if member else None
    return _compared(reader, entry, member, stored)


def _refused(reader: RowReader) -> RowPreview:
    value = reader.row.cells.get(Column.NAME)
    return RowPreview(
        number=reader.row.number,
        name=value if isinstance(value, str) else "",
        outcome=REFUSED,
        notes=tuple(reader.notes),
    )


def _member(reader: RowReader, entry: Entry) -> Member | None:
    """Return who is here by this phone, or ``None``; a doubt is refused."""
    here = reader.known.people.get(phone_key(entry.phone), [])
    if len(here) > 1:
        words = _("%(names)s have this phone here; write this person down by hand.")
        names = ", ".join(row.display_name for row in here)
        reader.refuse(Column.PHONE, words % {"names": names})
        return None
    if not here:
        return None
    if here[0].display_name != entry.name:
        words = _("This phone is %(name)s here. If it is the same person, write so.")
        reader.refuse(Column.NAME, words % {"name": here[0].display_name})
    stored = reader.known.volunteers.get(here[0].pk)
    if stored is not None and not is_here(stored, reader.known.today):
        words = _("Has left. Take them back on their own page first.")
        reader.refuse(Column.NAME, words)
    return here[0]


def _compared(
    reader: RowReader, entry: Entry, member: Member | None, stored: Volunteer | None
) -> RowPreview:
    before = draft_of(stored) if stored else VolunteerDraft()
    after = _draft(entry, before, reader.known)
    if after.consent_paper and after.consent_on is None:
        words = _("Say on which day they agreed.")
        reader.refuse(Column.CONSENT_PAPER, words)
        return _refused(reader)
    trainings = _trainings(entry, stored)
    changes = (
        *_changes(entry, before, after, reader.known),
        *(_training_change(row) for row in trainings),
    )
    same = UNCHANGED if stored and not changes else CHANGED
    return RowPreview(
        number=reader.row.number,
        name=entry.name,
        outcome=same if member else NEW,
        notes=tuple(reader.notes),
        changes=changes,
        entry=entry,
        draft=after,
        member=member,
        trainings=trainings,
    )


def _draft(entry: Entry, before: VolunteerDraft, known: Known) -> VolunteerDraft:
    """Return what would be stored; a team that is not here yet is made on applying."""
    said = {
        "skills": entry.skills,
        "times": entry.times,
        "season": entry.season,
        "a_week": entry.a_week,
        "building_ids": entry.building_ids,
        "home_ids": entry.home_ids,
        "consent_on": entry.consent_on,
        "consent_paper": entry.consent_paper or None,
        "note": entry.note or None,
        "team": known.teams.get(entry.team.lower()),
    }
    given = {name: value for name, value in said.items() if value is not None}
    return replace(before, **given)  # type: ignore[arg-type]  # of the draft's own names


def _trainings(entry: Entry, stored: Volunteer | None) -> tuple[TrainingDraft, ...]:
    had = {
        (row.what, row.on, row.valid_until)
        for row in (stored.trainings.all() if stored else ())
        if row.withdrawn_at is None
    }
    return tuple(
        row for row in entry.trainings if (row.what, row.on, row.valid_until) not in had
    )


def _training_change(row: TrainingDraft) -> Change[Column]:
    column = {
        Training.CONFIDENTIALITY.value: Column.CONFIDENTIALITY,
        Training.FIRST_AID.value: Column.FIRST_AID,
    }[row.what]
    until = f" – {row.valid_until}" if row.valid_until else ""
    return Change(column=column, old="", new=f"{row.on}{until}")


def _changes(
    entry: Entry, before: VolunteerDraft, after: VolunteerDraft, known: Known
) -> list[Change[Column]]:
    old, new = draft_texts(before, known), draft_texts(after, known)
    if entry.team:
        new[Column.TEAM] = after.team.name if after.team else entry.team
        if entry.team.lower() not in known.teams:
            new[Column.TEAM] = entry.team
    return [
        Change(column=column, old=old[column], new=new[column])
        for column in new
        if old[column] != new[column]
    ]


def draft_texts(draft: VolunteerDraft, known: Known) -> dict[Column, str]:
    """Return what is known of a volunteer as cells of a sheet."""
    buildings = {key: label for label, key in known.buildings.items()}
    homes = {key: address for address, key in known.homes.items()}
    return {
        Column.TEAM: draft.team.name if draft.team else "",
        Column.SKILLS: "、".join(
            known.skill_names[code] for code in sorted(draft.skills)
        ),
        Column.TIMES: times_written(draft.times, day_words()),
        Column.SEASON: season_written(draft.season),
        Column.A_WEEK: str(draft.a_week or ""),
        Column.BUILDINGS: "、".join(_named(draft.building_ids, buildings)),
        Column.HOMES: "、".join(_named(draft.home_ids, homes)),
        Column.CONSENT_ON: f"{draft.consent_on:%Y-%m-%d}" if draft.consent_on else "",
        Column.CONSENT_PAPER: draft.consent_paper,
        Column.NOTE: draft.note,
    }


def _named(keys: Iterable[int], names: dict[int, str]) -> list[str]:
    return sorted(names[key] for key in keys if key in names)
