"""Writes about who volunteers: what they said, that they left, that they are back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from shouwang.apps.communities.models import Community, Member, MemberRole, Role
from shouwang.apps.communities.selectors import roles_of
from shouwang.apps.communities.services import MemberDraft, member_add
from shouwang.apps.residents.models import Building, Home
from shouwang.apps.volunteers.drafts import OwnDraft, VolunteerDraft
from shouwang.apps.volunteers.models import KnownHome, ServedBuilding, Volunteer
from shouwang.apps.volunteers.stored import is_here, season_stored, times_stored
from shouwang.apps.volunteers.words import refusal_words
from shouwang.common.clock import local_day
from shouwang.common.errors import ConflictError, RefusedError
from shouwang.common.text import tidy
from shouwang.domain.errors import VolunteerError


@transaction.atomic
def volunteer_add(
    *, by: Member, name: str, phone: str, draft: VolunteerDraft, now: datetime
) -> Volunteer:
    """Write down somebody new, without a login, as a volunteer.

    Raises
    ------
    RefusedError
        ``no_name``, or as ``volunteer_keep``.
    """
    if not tidy(name):
        words = _("Write down the name.")
        raise RefusedError("no_name", words, fields={"name": [words]})
    person = MemberDraft(
        display_name=name, phone=phone, roles=frozenset({Role.VOLUNTEER.value})
    )
    made = member_add(by=by, draft=person, now=now)
    return volunteer_keep(member=made.member, draft=draft, now=now)


@transaction.atomic
def volunteer_keep(
    *, member: Member, draft: VolunteerDraft, now: datetime
) -> Volunteer:
    """Write what is known of a volunteer; a person of the community becomes one.

    Raises
    ------
    RefusedError
        ``bad_times``, ``paper_without_day`` or ``consent_in_the_future``.
    """
    Member.objects.of(member.community_id).select_for_update().get(pk=member.pk)
    community = Community.objects.get(pk=member.community_id)
    today = local_day(now, community.zone)
    require_consent_day(draft, today)
    row = _row_of(member, today)
    row_fill(row, draft)
    row.save()
    _write_buildings(row, draft.building_ids)
    _write_homes(row, draft.home_ids, now)
    if Role.VOLUNTEER not in roles_of(member):
        MemberRole.objects.of(community).create(
            community=community, member=member, role=Role.VOLUNTEER
        )
    return row


@transaction.atomic
def volunteer_own_change(
    *, member: Member, draft: OwnDraft, now: datetime
) -> Volunteer:
    """Write what somebody says of themselves; what only the desk knows stays.

    Raises
    ------
    RefusedError
        ``bad_times``, or ``no_consent``: nothing is kept of who does not agree.
    """
    Member.objects.of(member.community_id).select_for_update().get(pk=member.pk)
    today = local_day(now, member.community.zone)
    row = _row_of(member, today)
    _say(row, draft)
    if row.consent_on is None:
        if not draft.agrees:
            words = _("Please agree first; without that nothing is kept.")
            raise RefusedError("no_consent", words, fields={"agrees": [words]})
        row.consent_on = today
        row.consent_paper = _("on their own page")
    row.save()
    return row


def volunteer_leave(*, volunteer: Volunteer, now: datetime) -> None:
    """Ask somebody no more; their hours and everything recorded stay."""
    today = local_day(now, volunteer.community.zone)
    if is_here(volunteer, today):
        volunteer.left_on = today
        volunteer.save(update_fields=["left_on"])


def volunteer_return(*, volunteer: Volunteer) -> None:
    """Ask somebody again who had left.

    Raises
    ------
    ConflictError
        ``member_left``: they left the community itself.
    """
    if volunteer.member.left_at is not None:
        words = _("They have left the community. Write them down anew.")
        raise ConflictError("member_left", words)
    volunteer.left_on = volunteer.forgotten_at = None
    volunteer.save(update_fields=["left_on", "forgotten_at"])


def _row_of(member: Member, today: date) -> Volunteer:
    row = (
        Volunteer.objects.of(member.community_id)
        .filter(member=member)
        .select_related("team", "member", "community")
        .first()
    )
    return row or Volunteer(
        community_id=member.community_id, member=member, joined_on=today
    )


def row_fill(row: Volunteer, draft: VolunteerDraft) -> None:
    """Put what a draft says into a volunteer's own row; saving it is the caller's."""
    _say(row, draft)
    row.team, row.note = draft.team, tidy(draft.note)
    row.consent_on, row.consent_paper = draft.consent_on, tidy(draft.consent_paper)


def _say(row: Volunteer, draft: OwnDraft) -> None:
    row.skills = sorted(draft.skills)
    try:
        row.times = times_stored(draft.times)
    except VolunteerError as error:
        words = refusal_words(error.code)
        raise RefusedError("bad_times", words, fields={"times": [words]}) from error
    row.season_from, row.season_until = season_stored(draft.season)
    row.a_week = draft.a_week


def require_consent_day(draft: VolunteerDraft, today: date) -> None:
    """Refuse a consent of a day to come, or a paper without its day."""
    if draft.consent_on is None and tidy(draft.consent_paper):
        words = _("Say on which day they agreed.")
        raise RefusedError("paper_without_day", words, fields={"consent_on": [words]})
    if draft.consent_on is not None and draft.consent_on > today:
        words = _("This day is still to come.")
        raise RefusedError(
            "consent_in_the_future", words, fields={"consent_on": [words]}
        )


def _write_buildings(row: Volunteer, wanted: Collection[int]) -> None:
    had = set(row.buildings.values_list("building_id", flat=True))
    row.buildings.exclude(building_id__in=wanted).delete()
    known = Building.objects.of(row.community_id).filter(pk__in=set(wanted) - had)
    ServedBuilding.objects.of(row.community_id).bulk_create(
        ServedBuilding(community_id=row.community_id, volunteer=row, building=one)
        for one in known
    )


def _write_homes(row: Volunteer, wanted: Collection[int], now: datetime) -> None:
    had = set(row.known_homes.values_list("home_id", flat=True))
    row.known_homes.exclude(home_id__in=wanted).delete()
    known = Home.objects.of(row.community_id).filter(pk__in=set(wanted) - had)
    KnownHome.objects.of(row.community_id).bulk_create(
        KnownHome(community_id=row.community_id, volunteer=row, home=one, noted_at=now)
        for one in known
    )
