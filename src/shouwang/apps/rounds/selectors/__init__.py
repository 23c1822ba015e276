"""Reads of rounds: which round a check belongs to, and who walks it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from shouwang.apps.communities.models import Community, Member
from shouwang.apps.residents.models import Home
from shouwang.apps.residents.selectors import days_of, homes_watched
from shouwang.apps.rounds.models import Round, RoundHome, RoundWalker
from shouwang.apps.rounds.selectors.covering import walking_changes
from shouwang.common.errors import NotFoundError
from shouwang.domain.schedule import instant

# A round may begin a little before the windows it is walked for.
BEGINS_BEFORE = timedelta(hours=2)


@dataclass(frozen=True, kw_only=True)
class RoundPlan:
    """The rounds of a community, as the alerts need them."""

    community: Community
    rounds: tuple[Round, ...]
    of_home: dict[int, tuple[int, ...]]
    walkers: dict[int, tuple[int, ...]]
    # Who walks where it is not as planned, by round and local date.
    changes: dict[tuple[int, date], tuple[int, ...]]

    def walkers_on(self, round_id: int, on: date) -> tuple[int, ...]:
        """Return who walks a round on a local date."""
        return self.changes.get((round_id, on), self.walkers.get(round_id, ()))

    def round_at(
        self, home_id: int, *, on: date, begin: datetime, end: datetime
    ) -> Round | None:
        """Return the last round past a home that begins in the span, if any."""
        found = [
            (instant(on, row.at, self.community.zone), row)
            for row in self.rounds
            if row.pk in self.of_home.get(home_id, ())
            and on.weekday() in days_of(row.days)
        ]
        fitting = [
            (at, row.pk, row) for at, row in found if begin - BEGINS_BEFORE <= at < end
        ]
        return max(fitting, key=lambda entry: entry[:2])[2] if fitting else None

    def walkers_past(self, home_id: int, *, at: datetime) -> tuple[int, ...]:
        """Return the walkers of the round nearest before ``at`` past a home."""
        local = at.astimezone(self.community.zone)
        own = [row for row in self.rounds if row.pk in self.of_home.get(home_id, ())]
        if not own:
            return ()
        walked = [row for row in own if row.at <= local.time()]
        nearest = max(walked or own, key=lambda row: (row.at, row.pk))
        return self.walkers_on(nearest.pk, local.date())


def round_plan(community: Community, home_ids: Collection[int] | None) -> RoundPlan:
    """Return the running rounds; of the given homes, or of all when ``None``."""
    homes = RoundHome.objects.of(community).filter(round__ended_at__isnull=True)
    if home_ids is not None:
        homes = homes.filter(home_id__in=home_ids)
    of_home: defaultdict[int, list[int]] = defaultdict(list)
    for home_id, round_id in homes.values_list("home_id", "round_id"):
        of_home[home_id].append(round_id)
    walkers: defaultdict[int, list[int]] = defaultdict(list)
    walking = RoundWalker.objects.of(community).filter(member__left_at__isnull=True)
    for round_id, member_id in walking.values_list("round_id", "member_id"):
        walkers[round_id].append(member_id)
    return RoundPlan(
        community=community,
        rounds=tuple(Round.objects.of(community).filter(ended_at__isnull=True)),
        of_home={key: tuple(row) for key, row in of_home.items()},
        walkers={key: tuple(row) for key, row in walkers.items()},
        changes=walking_changes(community, walkers),
    )


def round_for(member: Member, round_id: int) -> Round:
    """Return a running round of the reader's community, else "not found"."""
    row = (
        Round.objects.of(member.community_id)
        .filter(pk=round_id, ended_at__isnull=True)
        .select_related("community")
        .first()
    )
    if row is None:
        raise NotFoundError("unknown_round", _("There is no such round here."))
    return row


def rounds_list(*, community: Community | int) -> list[Round]:
    """Return the running rounds with walkers and homes, by their time."""
    return list(
        Round.objects.of(community)
        .filter(ended_at__isnull=True)
        .prefetch_related("walkers__member", "homes")
    )


def homes_without_round(*, community: Community | int) -> list[Home]:
    """Return the homes with a running agreement that no round passes."""
    passed = set(
        RoundHome.objects.of(community)
        .filter(round__ended_at__isnull=True)
        .values_list("home_id", flat=True)
    )
    return [row for row in homes_watched(community=community) if row.pk not in passed]
