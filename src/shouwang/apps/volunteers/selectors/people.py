"""The volunteers of a community, and one of them; the desk sees all, others themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from shouwang.apps.communities.models import Community, Member, Role
from shouwang.apps.communities.selectors import (
    DESK_ROLES,
    LOOKING_ROLES,
    has_role,
    members_list,
)
from shouwang.apps.volunteers.models import (
    Pausing,
    SkillRow,
    Team,
    TrainingRow,
    Volunteer,
    VolunteerUpload,
)
from shouwang.apps.volunteers.stored import (
    is_here,
    pauses_of,
    season_that_holds,
    times_of,
    trained_of,
)
from shouwang.apps.volunteers.words import skill_words, skill_words_of
from shouwang.common.errors import NotFoundError
from shouwang.common.text import tidy
from shouwang.domain.volunteers import FreeTime, Lack, in_season, lacks
from shouwang.notify.phones import mobiles


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which volunteers a reader looks for; empty is everybody who has not left."""

    text: str = ""
    team: int | None = None
    skill: str = ""
    state: str = ""


STATES = ("now", "not_now", "lacking", "left")


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How a volunteer stands today."""

    has_left: bool
    is_paused: bool
    paused_until: date | None
    is_in_season: bool
    times: tuple[FreeTime, ...]
    lacks: tuple[Lack, ...]
    has_consent: bool

    @property
    def may_be_asked(self) -> bool:
        """Return whether they may be asked for something today, the hour apart."""
        return (
            self.has_consent
            and not self.has_left
            and not self.is_paused
            and self.is_in_season
        )


def volunteers_visible(member: Member) -> QuerySet[Volunteer]:
    """Return the volunteers a reader may see."""
    rows = Volunteer.objects.of(member.community_id)
    if has_role(member, DESK_ROLES):
        return rows
    if has_role(member, LOOKING_ROLES):
        return rows.filter(member=member)
    return rows.none()


def _told(rows: QuerySet[Volunteer]) -> QuerySet[Volunteer]:
    return rows.select_related("community", "member__user", "team").prefetch_related(
        "pauses", "trainings"
    )


def volunteers_list(
    member: Member, wanted: Wanted, *, today: date
) -> list[tuple[Volunteer, Standing]]:
    """Return the volunteers a reader looks for, by name, with how they stand.

    The queries are three, however many volunteers there are.
    """
    rows = _told(volunteers_visible(member)).order_by("member__display_name", "pk")
    if wanted.team is not None:
        rows = rows.filter(team_id=wanted.team)
    names = skill_words_of(member.community_id)
    found = [(row, standing_of(row, today)) for row in rows]
    return [
        (row, standing)
        for row, standing in found
        if _is_wanted(row, standing, wanted, names)
    ]


def _is_wanted(
    row: Volunteer, standing: Standing, wanted: Wanted, names: Mapping[str, str]
) -> bool:
    if wanted.skill and wanted.skill not in row.skills:
        return False
    match wanted.state:
        case "now":
            fits = standing.may_be_asked
        case "not_now":
            fits = not standing.has_left and not standing.may_be_asked
        case "lacking":
            fits = not standing.has_left and bool(standing.lacks)
        case "left":
            fits = standing.has_left
        case _:
            fits = not standing.has_left
    return fits and _says(row, wanted.text, names)


def _says(row: Volunteer, text: str, names: Mapping[str, str]) -> bool:
    wanted = tidy(text).lower()
    if not wanted:
        return True
    said = [row.member.display_name, row.team.name if row.team else "", row.note]
    said += [names.get(code, "") for code in row.skills]
    digits = "".join(filter(str.isdecimal, wanted))
    phone = "".join(filter(str.isdecimal, row.member.phone))
    return any(wanted in words.lower() for words in said) or (
        len(digits) >= 3 and digits in phone
    )


def standing_of(row: Volunteer, today: date) -> Standing:
    """Return how a volunteer, read with pauses and trainings, stands on a local day."""
    pauses = [one for one in pauses_of(row.pauses.all()) if one.covers(today)]
    ends = [one.until_on for one in pauses]
    return Standing(
        has_left=not is_here(row, today),
        is_paused=bool(pauses),
        paused_until=None
        if None in ends
        else max((end for end in ends if end), default=None),
        is_in_season=in_season(season_that_holds(row), today),
        times=times_of(row.times),
        lacks=lacks(
            has_consent=row.consent_on is not None,
            trained=trained_of(row.trainings.all()),
            today=today,
        ),
        has_consent=row.consent_on is not None,
    )


def volunteer_for(member: Member, volunteer_id: int) -> Volunteer:
    """Return a volunteer the reader may see, else "not found"."""
    row = (
        _told(volunteers_visible(member))
        .prefetch_related("buildings__building", "known_homes__home")
        .filter(pk=volunteer_id)
        .first()
    )
    if row is None:
        raise NotFoundError("unknown_volunteer", _("There is no such volunteer here."))
    return row


def volunteer_to_keep(member: Member, volunteer_id: int) -> Volunteer:
    """Return a volunteer the reader may write about, else "not found".

    A coordinator may write about everybody, others about themselves.
    """
    row = volunteer_for(member, volunteer_id)
    if row.member_id != member.pk and not has_role(member, {Role.COORDINATOR}):
        raise NotFoundError("unknown_volunteer", _("There is no such volunteer here."))
    return row


def volunteer_of(member: Member) -> Volunteer | None:
    """Return what is known of the reader themselves as a volunteer, if anything."""
    return (
        _told(Volunteer.objects.of(member.community_id))
        .prefetch_related("buildings__building", "known_homes__home")
        .filter(member=member)
        .first()
    )


def pause_for(member: Member, pause_id: int) -> Pausing:
    """Return a pause of somebody the reader may see, else "not found"."""
    seen = volunteers_visible(member)
    row = (
        Pausing.objects.of(member.community_id)
        .filter(pk=pause_id, volunteer__in=seen)
        .select_related("volunteer")
        .first()
    )
    if row is None:
        raise NotFoundError("unknown_pause", _("There is no such pause here."))
    return row


def training_for(member: Member, training_id: int) -> TrainingRow:
    """Return a course of somebody of the reader's community, else "not found"."""
    row = (
        TrainingRow.objects.of(member.community_id)
        .filter(pk=training_id)
        .select_related("volunteer")
        .first()
    )
    if row is None:
        raise NotFoundError("unknown_training", _("There is no such course here."))
    return row


def teams_list(*, community: Community | int) -> list[Team]:
    """Return the teams, those in use first, by name."""
    rows = Team.objects.of(community).select_related("lead").order_by("name")
    return sorted(rows, key=lambda row: row.ended_at is not None)


def teams_open(*, community: Community | int) -> list[Team]:
    """Return the teams somebody can still be put into."""
    return [row for row in teams_list(community=community) if row.ended_at is None]


def team_counts(*, community: Community | int) -> dict[int, int]:
    """Return how many people who have not left are in each team, by its number."""
    rows = Volunteer.objects.of(community).filter(
        left_on__isnull=True, member__left_at__isnull=True, team__isnull=False
    )
    return dict(Counter(rows.values_list("team_id", flat=True)))


def team_for(member: Member, team_id: int) -> Team:
    """Return a team of the reader's community, else "not found"."""
    row = Team.objects.of(member.community_id).filter(pk=team_id).first()
    if row is None:
        raise NotFoundError("unknown_team", _("There is no such team here."))
    return row


def skills_open(*, community: Community | int) -> dict[str, str]:
    """Return the skills somebody can be given: the built-in ones, then own in use."""
    own = SkillRow.objects.of(community).filter(ended_at__isnull=True)
    return {**skill_words(), **dict(own.order_by("pk").values_list("skill", "name"))}


def skills_own(*, community: Community | int) -> list[SkillRow]:
    """Return a community's own skills, those in use first."""
    rows = SkillRow.objects.of(community).order_by("pk")
    return sorted(rows, key=lambda row: row.ended_at is not None)


def skill_for(member: Member, row_id: int) -> SkillRow:
    """Return an own skill of the reader's community, else "not found"."""
    row = SkillRow.objects.of(member.community_id).filter(pk=row_id).first()
    if row is None:
        raise NotFoundError("unknown_skill", _("There is no such skill here."))
    return row


def phone_key(phone: str) -> str:
    """Return a phone number as it is compared: its digits, without +86."""
    return next(iter(mobiles([phone])), "")


def people_by_phone(*, community: Community | int) -> dict[str, list[Member]]:
    """Return who is here by each phone number, as ``phone_key`` writes it."""
    found: dict[str, list[Member]] = {}
    for row in members_list(community=community):
        key = phone_key(row.phone)
        if key:
            found.setdefault(key, []).append(row)
    return found


def upload_for(member: Member, upload_id: UUID) -> VolunteerUpload:
    """Return a file the reader's community is about to bring in, else "not found"."""
    row = VolunteerUpload.objects.of(member.community_id).filter(pk=upload_id).first()
    if row is None:
        words = _("This file is no longer kept. Please choose it again.")
        raise NotFoundError("unknown_upload", words)
    return row
