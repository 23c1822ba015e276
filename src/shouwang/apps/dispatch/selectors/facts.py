"""What decides whom a need is offered to, read once for a whole community."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max

from shouwang.apps.care.models import Need, NeedOffer
from shouwang.apps.communities.models import Community, MemberRole, Role
from shouwang.apps.dispatch.models import Ending, KindSkill, Task
from shouwang.apps.residents.models import Home
from shouwang.apps.rounds.models import RoundHome
from shouwang.apps.volunteers.models import Volunteer
from shouwang.apps.volunteers.selectors import helpers_of
from shouwang.domain.dispatch import (
    NO_SHOW_WEIGHS,
    WEEK,
    Candidate,
    Job,
    Promise,
    Span,
    Verdict,
    Wish,
    in_order,
    is_whole_day,
    promised_span,
    until_of,
    verdict,
    wish_of,
)
from shouwang.domain.needs import Urgency
from shouwang.domain.volunteers import Helper

# Who was asked last before this comes first among equals, like who never was.
ASKED_KEPT = timedelta(days=60)
GOING_ROLES = (Role.WALKER, Role.VOLUNTEER)
LEFT_UNDONE = (Ending.GAVE_BACK.value, Ending.NO_SHOW.value)


@dataclass(frozen=True, kw_only=True)
class Walked:
    """The homes somebody walks past, and those of the tasks they carry."""

    homes: Mapping[int, frozenset[int]]
    places: Mapping[int, frozenset[tuple[int, str]]]


@dataclass(frozen=True, kw_only=True)
class People:
    """Everybody of a community who can be asked, with all that decides on it."""

    community: Community
    now: datetime
    helpers: tuple[Helper, ...]
    skills: Mapping[str, str]
    promises: Mapping[int, tuple[Promise, ...]]
    week_counts: Mapping[int, int]
    asked: Mapping[int, Mapping[int, datetime]]
    no_shows: Mapping[int, int]
    refused: Mapping[int, frozenset[int]]
    left_undone: Mapping[int, frozenset[int]]
    helped: Mapping[int, frozenset[int]]
    walked: Walked

    def job(self, need: Need) -> Job:
        """Return a need as the choice of whom to ask sees it."""
        urgency = Urgency(need.urgency)
        wanted, zone = need.wanted_by, self.community.zone
        has_hour = wanted is not None and not is_whole_day(wanted, zone)
        return Job(
            need=need.pk,
            home=need.home_id,
            building=need.home.building_id,
            entrance=need.home.unit,
            urgency=urgency,
            wish=self.wish(need.kind),
            until=until_of(wanted, urgency, now=self.now),
            hour=wanted if has_hour else None,
        )

    def wish(self, kind: str) -> Wish:
        """Return what a kind of need asks of whoever goes."""
        return wish_of(kind, skill=self.skills.get(kind))

    def candidate(self, helper: Helper, need: Need) -> Candidate:
        """Return somebody as the choice for one need sees them."""
        key = helper.member
        return Candidate(
            helper=helper,
            promises=self.promises.get(key, ()),
            week_count=self.week_counts.get(key, 0),
            last_asked_at=self._last_asked(key, need),
            said_no=key in self.refused.get(need.pk, ()),
            gave_back=key in self.left_undone.get(need.pk, ()),
            no_show_count=self.no_shows.get(key, 0),
            was_here=key in self.helped.get(need.home_id, ()),
            knows_her=need.home_id in self.walked.homes.get(key, ()),
            entrances=self.walked.places.get(key, frozenset()),
            passes=frozenset(row for row, _ in self.walked.places.get(key, ())),
        )

    def _last_asked(self, member: int, need: Need) -> datetime | None:
        """Return when somebody was asked last, for anything but this."""
        asked = self.asked.get(member, {})
        return max((at for key, at in asked.items() if key != need.pk), default=None)

    def verdicts(self, need: Need) -> list[Verdict]:
        """Return whether each fits: first those who do, in order, then the others."""
        job, zone = self.job(need), self.community.zone
        found = [
            verdict(job, self.candidate(row, need), now=self.now, zone=zone)
            for row in self.helpers
        ]
        return [*in_order(found), *(row for row in found if not row.fits)]


def people_of(*, community: Community, now: datetime) -> People:
    """Return everybody who can be asked and what they carry; the queries are few."""
    skills = dict(KindSkill.objects.of(community).values_list("kind", "skill"))
    going = _going(community)
    tasks = list(
        Task.objects.of(community)
        .filter(ended_at__isnull=True)
        .select_related("need__home")
        .order_by("pk")
    )
    return People(
        community=community,
        now=now,
        helpers=tuple(
            row
            for row in helpers_of(community=community, now=now)
            if row.member in going
        ),
        skills=skills,
        promises=_promises(tasks, community, skills),
        week_counts=_week_counts(community, now),
        asked=_asked(community, now),
        no_shows=_no_shows(community, now),
        refused=_refused(community),
        left_undone=_by(community, LEFT_UNDONE, "need_id"),
        helped=_by(community, (Ending.DONE.value,), "need__home_id"),
        walked=_walked(community, [(row.member_id, row.need.home) for row in tasks]),
    )


def _going(community: Community) -> set[int]:
    """Return who goes to doors: who walks or volunteers, not who only sits at the desk."""
    roles = MemberRole.objects.of(community).filter(role__in=GOING_ROLES)
    volunteers = Volunteer.objects.of(community)
    return {
        *roles.values_list("member_id", flat=True),
        *volunteers.values_list("member_id", flat=True),
    }


def span_of(need: Need, *, skills: Mapping[str, str]) -> Span | None:
    """Return when whoever takes a need is bound by it, or ``None``."""
    wish = wish_of(need.kind, skill=skills.get(need.kind))
    return promised_span(need.wanted_by, length=wish.length, zone=need.community.zone)


def _promises(
    tasks: list[Task], community: Community, skills: Mapping[str, str]
) -> Mapping[int, tuple[Promise, ...]]:
    found: defaultdict[int, list[Promise]] = defaultdict(list)
    for row in tasks:
        # One object for all, so that its time zone is read once.
        row.need.community = community
        span = span_of(row.need, skills=skills)
        found[row.member_id].append(Promise(need=row.need_id, span=span))
    return {key: tuple(rows) for key, rows in found.items()}


def _week_counts(community: Community, now: datetime) -> Mapping[int, int]:
    kept = Task.objects.of(community).filter(taken_at__gt=now - WEEK)
    rows = kept.exclude(ending__in=[*LEFT_UNDONE, Ending.CALLED_OFF.value])
    return Counter(rows.values_list("member_id", flat=True))


def _asked(community: Community, now: datetime) -> Mapping[int, Mapping[int, datetime]]:
    """Return when each was asked for what, of late: longer ago is as if never."""
    rows = (
        NeedOffer.objects.of(community)
        .filter(offered_at__gt=now - ASKED_KEPT)
        .values_list("member_id", "need_id")
        .annotate(at=Max("offered_at"))
    )
    found: defaultdict[int, dict[int, datetime]] = defaultdict(dict)
    for member, need, at in rows.order_by():
        found[member][need] = at
    return found


def _no_shows(community: Community, now: datetime) -> Mapping[int, int]:
    rows = Task.objects.of(community).filter(
        ending=Ending.NO_SHOW.value, ended_at__gt=now - NO_SHOW_WEIGHS
    )
    return Counter(rows.values_list("member_id", flat=True))


def _refused(community: Community) -> Mapping[int, frozenset[int]]:
    rows = NeedOffer.objects.of(community).filter(
        reply="no", need__closed_at__isnull=True
    )
    return _grouped(rows.values_list("need_id", "member_id"))


def _by(
    community: Community, endings: tuple[str, ...], name: str
) -> Mapping[int, frozenset[int]]:
    rows = Task.objects.of(community).filter(ending__in=endings)
    return _grouped(rows.values_list(name, "member_id"))


def _grouped(rows: Iterable[tuple[int, int]]) -> Mapping[int, frozenset[int]]:
    found: defaultdict[int, set[int]] = defaultdict(set)
    for key, member in rows:
        found[key].add(member)
    return {key: frozenset(members) for key, members in found.items()}


def _walked(community: Community, carried: list[tuple[int, Home]]) -> Walked:
    homes: defaultdict[int, set[int]] = defaultdict(set)
    places: defaultdict[int, set[tuple[int, str]]] = defaultdict(set)
    rows = (
        RoundHome.objects.of(community)
        .filter(round__ended_at__isnull=True, round__walkers__isnull=False)
        .values_list(
            "round__walkers__member_id", "home_id", "home__building_id", "home__unit"
        )
    )
    for member, home, building, unit in rows:
        homes[member].add(home)
        places[member].add((building, unit))
    for member, carried_home in carried:
        places[member].add((carried_home.building_id, carried_home.unit))
    return Walked(
        homes={key: frozenset(some) for key, some in homes.items()},
        places={key: frozenset(some) for key, some in places.items()},
    )
