"""Writes about teams and about a community's own skills."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from shouwang.apps.communities.models import Community, Member
from shouwang.apps.volunteers.models import SkillRow, Team, TeamKind
from shouwang.apps.volunteers.stored import Season, season_stored
from shouwang.apps.volunteers.words import skill_words
from shouwang.common.errors import RefusedError
from shouwang.common.text import tidy

SKILLS_MOST = 40


@dataclass(frozen=True, kw_only=True)
class TeamDraft:
    """What a team is called, where its people come from, who leads it, its season."""

    name: str
    kind: str = TeamKind.OWN.value
    lead: Member | None = None
    season: Season | None = None


@transaction.atomic
def team_add(*, community: Community, draft: TeamDraft) -> Team:
    """Begin a team.

    Raises
    ------
    RefusedError
        ``no_name`` or ``name_taken``.
    """
    return _write_team(Team(community=community), draft)


@transaction.atomic
def team_change(*, team: Team, draft: TeamDraft) -> Team:
    """Change what is known of a team."""
    return _write_team(team, draft)


def team_end(*, team: Team, now: datetime) -> None:
    """Let nobody new into a team; its people stay, and are in it as before."""
    if team.ended_at is None:
        team.ended_at = now
        team.save(update_fields=["ended_at"])


def _write_team(team: Team, draft: TeamDraft) -> Team:
    team.name, team.kind, team.lead = tidy(draft.name), draft.kind, draft.lead
    team.season_from, team.season_until = season_stored(draft.season)
    _save_named(team, _("There is a team of this name already."))
    return team


@transaction.atomic
def skill_add(*, community: Community, name: str) -> SkillRow:
    """Add an own skill; its code is made here.

    Raises
    ------
    RefusedError
        ``name_taken``, ``no_name`` or ``skills_too_many``.
    """
    Community.objects.select_for_update().get(pk=community.pk)
    had = SkillRow.objects.of(community)
    if had.filter(ended_at__isnull=True).count() >= SKILLS_MOST:
        words = _("More than %(count)s own skills help nobody. End one first.")
        raise RefusedError("skills_too_many", words % {"count": SKILLS_MOST})
    return _write_skill(
        SkillRow(community=community, skill=f"own-{had.count() + 1}"), name
    )


@transaction.atomic
def skill_change(*, row: SkillRow, name: str) -> SkillRow:
    """Rename an own skill; who has it has it by the new name."""
    return _write_skill(row, name)


def skill_end(*, row: SkillRow, now: datetime) -> None:
    """Give an own skill to nobody new; who has it keeps it."""
    if row.ended_at is None:
        row.ended_at = now
        row.save(update_fields=["ended_at"])


def _write_skill(row: SkillRow, name: str) -> SkillRow:
    row.name = tidy(name)
    taken = _("There is such a skill already.")
    if row.name in skill_words().values():
        raise RefusedError("name_taken", taken, fields={"name": [taken]})
    _save_named(row, taken)
    return row


def _save_named(row: Team | SkillRow, taken: str) -> None:
    if not row.name:
        words = _("Give it a name.")
        raise RefusedError("no_name", words, fields={"name": [words]})
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise RefusedError("name_taken", taken, fields={"name": [taken]}) from error
