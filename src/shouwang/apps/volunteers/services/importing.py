"""Bringing in a sheet of volunteers, whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _
from simple_history.utils import bulk_create_with_history

from shouwang.apps.communities.models import Community, Member, Role
from shouwang.apps.communities.services import MemberDraft, members_add
from shouwang.apps.residents.roster.outcomes import NEW, REFUSED, UNCHANGED
from shouwang.apps.residents.roster.reading import read_table
from shouwang.apps.volunteers.drafts import TrainingDraft, VolunteerDraft
from shouwang.apps.volunteers.models import (
    KnownHome,
    ServedBuilding,
    Team,
    TrainingRow,
    Volunteer,
    VolunteerUpload,
)
from shouwang.apps.volunteers.services.keeping import row_fill, volunteer_keep
from shouwang.apps.volunteers.services.notes import training_add
from shouwang.apps.volunteers.services.teams import TeamDraft, team_add
from shouwang.apps.volunteers.sheets.columns import VOLUNTEERS
from shouwang.apps.volunteers.sheets.comparing import RowPreview, SheetPreview, preview
from shouwang.apps.volunteers.sheets.known import known_of
from shouwang.apps.volunteers.sheets.writing import template
from shouwang.common.clock import local_day
from shouwang.common.errors import ConflictError, RefusedError

UPLOAD_KEPT = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Applied:
    """How many volunteers are new and how many changed."""

    new_count: int
    changed_count: int


def import_template() -> bytes:
    """Return an empty sheet as an Excel file, its cells formatted as text."""
    return template()


def import_upload(
    *, community: Community, content: bytes, filename: str, by: Member, now: datetime
) -> VolunteerUpload:
    """Keep a file between its preview and the decision; forgotten after a day.

    Raises
    ------
    RefusedError
        When the file cannot be read as a sheet of volunteers.
    """
    read_table(content, filename, VOLUNTEERS)
    rows = VolunteerUpload.objects.of(community)
    rows.filter(uploaded_at__lt=now - UPLOAD_KEPT).delete()
    return rows.create(
        id=uuid4(),
        community=community,
        filename=filename[-120:],
        content=content,
        uploaded_by=by,
        uploaded_at=now,
    )


def import_preview(
    *, community: Community, content: bytes, filename: str, now: datetime
) -> SheetPreview:
    """Return what a sheet would change; nothing is written."""
    table = read_table(content, filename, VOLUNTEERS)
    return preview(table, known_of(community, today=local_day(now, community.zone)))


@transaction.atomic
def import_apply(
    *,
    community: Community,
    content: bytes,
    filename: str,
    expected: str,
    by: Member,
    now: datetime,
) -> Applied:
    """Write a sheet whose preview had the digest ``expected``; twice changes nothing.

    Raises
    ------
    RefusedError
        ``sheet_refused``: some cell cannot be taken; nothing was written.
    ConflictError
        ``sheet_changed``: since the preview somebody changed what it was about.
    """
    Community.objects.select_for_update().get(pk=community.pk)
    found = import_preview(
        community=community, content=content, filename=filename, now=now
    )
    if any(row.outcome == REFUSED for row in found.rows):
        words = _("Some cells cannot be taken; nothing was written. See the preview.")
        raise RefusedError("sheet_refused", words)
    if found.digest != expected:
        words = _("Somebody has changed the volunteers meanwhile. Please look again.")
        raise ConflictError("sheet_changed", words)
    teams = _teams(community, found)
    _write_new([row for row in found.rows if row.outcome == NEW], teams, by, now)
    for row in found.rows:
        if row.outcome not in (NEW, UNCHANGED):
            _write_changed(row, teams, by, now)
    counts = found.counts
    return Applied(new_count=counts["new"], changed_count=counts["changed"])


def _teams(community: Community, found: SheetPreview) -> dict[str, Team]:
    """Return the teams the sheet names that were not here, made now."""
    return {
        name.lower(): team_add(community=community, draft=TeamDraft(name=name))
        for name in found.new_teams
    }


def _draft(row: RowPreview, teams: dict[str, Team]) -> VolunteerDraft:
    draft = row.draft or VolunteerDraft()
    team = teams.get(row.entry.team.lower()) if row.entry else None
    return replace(draft, team=team) if team else draft


def _write_changed(
    row: RowPreview, teams: dict[str, Team], by: Member, now: datetime
) -> None:
    if row.member is None:
        return
    kept = volunteer_keep(member=row.member, draft=_draft(row, teams), now=now)
    for training in row.trainings:
        training_add(volunteer=kept, draft=training, by=by, now=now)


def _write_new(
    rows: Sequence[RowPreview], teams: dict[str, Team], by: Member, now: datetime
) -> None:
    """Write many new volunteers in a few statements."""
    today = local_day(now, by.community.zone)
    people = members_add(by=by, drafts=[_person(row) for row in rows], now=now)
    drafts = [_draft(row, teams) for row in rows]
    made = [
        Volunteer(community_id=by.community_id, member=person, joined_on=today)
        for person in people
    ]
    for volunteer, draft in zip(made, drafts, strict=True):
        row_fill(volunteer, draft)
    kept = bulk_create_with_history(made, Volunteer)
    pairs = list(zip(kept, drafts, strict=True))
    _write_places(pairs, by.community_id, now)
    taught = [
        _training(volunteer, training, by, now)
        for volunteer, row in zip(kept, rows, strict=True)
        for training in row.trainings
    ]
    TrainingRow.objects.of(by.community_id).bulk_create(taught)


def _person(row: RowPreview) -> MemberDraft:
    return MemberDraft(
        display_name=row.entry.name if row.entry else row.name,
        phone=row.entry.phone if row.entry else "",
        roles=frozenset({Role.VOLUNTEER.value}),
    )


def _write_places(
    pairs: Sequence[tuple[Volunteer, VolunteerDraft]], community_id: int, now: datetime
) -> None:
    ServedBuilding.objects.of(community_id).bulk_create(
        ServedBuilding(community_id=community_id, volunteer=row, building_id=key)
        for row, draft in pairs
        for key in sorted(draft.building_ids)
    )
    KnownHome.objects.of(community_id).bulk_create(
        KnownHome(community_id=community_id, volunteer=row, home_id=key, noted_at=now)
        for row, draft in pairs
        for key in sorted(draft.home_ids)
    )


def _training(
    volunteer: Volunteer, draft: TrainingDraft, by: Member, now: datetime
) -> TrainingRow:
    return TrainingRow(
        community_id=volunteer.community_id,
        volunteer=volunteer,
        what=draft.what,
        words=draft.words,
        on=draft.on,
        valid_until=draft.valid_until,
        noted_at=now,
        noted_by=by,
    )
