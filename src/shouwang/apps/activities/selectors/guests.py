"""Who is invited to an activity, who brings them, who has a place, who came."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from shouwang.apps.activities.models import Activity, ActivityPhoto, Guest, Helper
from shouwang.apps.activities.selectors.coming import HELD_UNTIL, may_hold
from shouwang.apps.activities.selectors.homes import standings_of
from shouwang.apps.communities.models import Community, Member
from shouwang.apps.communities.selectors import DESK_ROLES, LOOKING_ROLES, has_role
from shouwang.apps.residents.models import KnownRisk, RiskKind
from shouwang.common.errors import NotFoundError
from shouwang.common.text import by_number
from shouwang.domain.activities import Reply, Seats, WhyNot, seats, why_not

# Who has one of these does not get there alone.
ARM = (
    RiskKind.WALKS_BADLY,
    RiskKind.FALLS,
    RiskKind.SEES_BADLY,
    RiskKind.FORGETFUL,
)


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A guest with what whoever holds the activity must know of her.

    ``arm`` are the reasons why she needs an arm; ``waits`` is her place on the waiting
    list, from 1; ``why_not`` why she is not to be fetched after all.
    """

    row: Guest
    arm: tuple[KnownRisk, ...]
    waits: int | None
    why_not: WhyNot | None

    @property
    def is_expected(self) -> bool:
        """Return whether somebody should fetch her, or expect her."""
        return self.why_not is None and self.row.reply != Reply.NO.value

    @property
    def lacks_an_arm(self) -> bool:
        """Return whether she needs an arm and has nobody."""
        alone = self.row.brought_by_id is None and not self.row.attended
        return bool(self.arm) and self.is_expected and alone


def guests_of(activity: Activity) -> QuerySet[Guest]:
    """Return the guests of an activity who stand on its list."""
    return (
        Guest.objects.of(activity.community_id)
        .filter(activity=activity, ended_at__isnull=True)
        .select_related("home__building", "resident", "brought_by", "marked_by")
    )


def seats_of(activity: Activity) -> Seats:
    """Return who has a place at an activity and who waits, by their guest's key."""
    rows = guests_of(activity).filter(reply=Reply.YES.value)
    said = {row.pk: row.replied_at for row in rows if row.replied_at is not None}
    return seats(said, activity.places)


def guests_listed(member: Member, activity: Activity, *, now: datetime) -> list[Listed]:
    """Return the guests that a reader may see, in the order of their homes."""
    rows = guests_of(activity)
    if not may_hold(member, activity, now=now):
        if now > activity.ends_at + HELD_UNTIL or not has_role(member, LOOKING_ROLES):
            return []
        rows = rows.filter(brought_by=member)
    return listed(activity, list(rows))


def listed(activity: Activity, rows: Sequence[Guest]) -> list[Listed]:
    """Return guests of one activity with what must be known of them, by their homes."""
    homes = {row.home_id for row in rows}
    arms = _arms(activity.community_id, homes)
    standings = standings_of(community=activity.community_id, home_ids=homes)
    taken = seats_of(activity)
    found = [
        Listed(
            row=row,
            arm=tuple(arms[row.home_id]),
            waits=taken.number_of(row.pk),
            why_not=why_not(
                standings[row.home_id], activity.begins_at, activity.ends_at
            ),
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: _place(one.row))


def _place(row: Guest) -> tuple[object, ...]:
    home = row.home
    return (
        by_number(home.building.label),
        home.unit,
        home.floor or 0,
        home.address,
        row.pk,
    )


def _arms(
    community: Community | int, home_ids: Collection[int]
) -> defaultdict[int, list[KnownRisk]]:
    found: defaultdict[int, list[KnownRisk]] = defaultdict(list)
    rows = KnownRisk.objects.of(community).filter(
        home_id__in=home_ids, ended_at__isnull=True, kind__in=ARM
    )
    for row in rows.order_by("pk"):
        found[row.home_id].append(row)
    return found


def guest_to_mark(member: Member, guest_id: int, *, now: datetime) -> Guest:
    """Return a guest of whom the reader may write something down, else "not found".

    The desk and whoever holds the activity: of all; who brings somebody: of those.
    """
    row = (
        Guest.objects.of(member.community_id)
        .filter(pk=guest_id, ended_at__isnull=True)
        .select_related("activity__community", "activity__series", "home__community")
        .first()
    )
    if row is None or not _may_mark(member, row, now):
        raise NotFoundError("unknown_guest", _("There is no such guest here."))
    return row


def _may_mark(member: Member, row: Guest, now: datetime) -> bool:
    if may_hold(member, row.activity, now=now):
        return True
    brings = row.brought_by_id == member.pk and has_role(member, LOOKING_ROLES)
    return brings and now <= row.activity.ends_at + HELD_UNTIL


def helpers_of(activity: Activity) -> list[Helper]:
    """Return who helps, by name."""
    rows = Helper.objects.of(activity.community_id).filter(
        Q(ended_at__isnull=True), activity=activity
    )
    return list(rows.select_related("member").order_by("member__display_name", "pk"))


def photos_of(activity: Activity) -> list[ActivityPhoto]:
    """Return the photos of an activity that were not taken down, the oldest first."""
    rows = ActivityPhoto.objects.of(activity.community_id).filter(
        activity=activity, ended_at__isnull=True
    )
    return list(rows.select_related("photo", "added_by").order_by("added_at", "pk"))


def photo_of(member: Member, photo_id: UUID) -> ActivityPhoto:
    """Return a photo of an activity for the desk, else "not found"."""
    row = (
        ActivityPhoto.objects.of(member.community_id)
        .filter(photo_id=photo_id, ended_at__isnull=True)
        .select_related("photo", "activity")
        .first()
    )
    if row is None or not has_role(member, DESK_ROLES):
        raise NotFoundError("unknown_photo", _("There is no such photo here."))
    return row
