"""Who walks which round on a day, who cannot, and who was asked instead."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from shouwang.apps.communities.models import Community, Member
from shouwang.apps.residents.selectors import days_of
from shouwang.apps.rounds.models import DropOut, Offer, Round, RoundWalker
from shouwang.common.errors import NotFoundError
from shouwang.domain.covering import Asked, Cover, Reply, cover_of


@dataclass(frozen=True, kw_only=True)
class RoundCover:
    """A round on a local date: who walks it, who dropped out, who was asked."""

    round: Round
    on: date
    planned: tuple[Member, ...]
    dropped: tuple[Member, ...]
    offers: tuple[Offer, ...]

    @property
    def asked(self) -> tuple[Asked, ...]:
        """Return the offers as the rules read them."""
        return tuple(
            Asked(member=row.member_id, asked_at=row.asked_at, reply=Reply(row.reply))
            for row in self.offers
        )

    @property
    def dropped_ids(self) -> frozenset[int]:
        """Return who cannot."""
        return frozenset(row.pk for row in self.dropped)

    @property
    def cover(self) -> Cover:
        """Return who walks."""
        return cover_of(
            planned=[row.pk for row in self.planned],
            dropped=self.dropped_ids,
            asked=self.asked,
        )

    @property
    def walkers(self) -> list[Member]:
        """Return who walks, as people."""
        people = {row.pk: row for row in self.planned}
        people |= {row.member_id: row.member for row in self.offers}
        return [people[key] for key in self.cover.walkers]

    @property
    def waiting_for(self) -> list[Offer]:
        """Return the offers that nobody has answered yet."""
        waiting = self.cover.waiting_for
        return [row for row in self.offers if row.member_id in waiting]


def covers_on(*, community: Community | int, on: date) -> list[RoundCover]:
    """Return the rounds that are walked on a local date, by their time."""
    return covers_between(community=community, first=on, last=on)


def covers_between(
    *, community: Community | int, first: date, last: date
) -> list[RoundCover]:
    """Return the rounds of local dates ``first`` to ``last``, by date and time.

    Four questions to the database, however many days are asked for.
    """
    rounds = list(Round.objects.of(community).filter(ended_at__isnull=True))
    days = [first + timedelta(days=day) for day in range((last - first).days + 1)]
    walks = [
        (row, on) for on in days for row in rounds if on.weekday() in days_of(row.days)
    ]
    return _covers(walks, community)


def cover_on(walked: Round, on: date) -> RoundCover:
    """Return who walks one round on a local date."""
    return _covers([(walked, on)], walked.community_id)[0]


def _covers(
    walks: Sequence[tuple[Round, date]], community: Community | int
) -> list[RoundCover]:
    ids, days = {row.pk for row, _on in walks}, {on for _row, on in walks}
    planned: defaultdict[int, list[Member]] = defaultdict(list)
    walking = RoundWalker.objects.of(community).filter(
        round_id__in=ids, member__left_at__isnull=True
    )
    for row in walking.select_related("member"):
        planned[row.round_id].append(row.member)
    dropped: defaultdict[tuple[int, date], list[Member]] = defaultdict(list)
    gone_then = DropOut.objects.of(community).filter(
        round_id__in=ids, on__in=days, withdrawn_at__isnull=True
    )
    for gone in gone_then.select_related("member"):
        dropped[gone.round_id, gone.on].append(gone.member)
    offers: defaultdict[tuple[int, date], list[Offer]] = defaultdict(list)
    asked = Offer.objects.of(community).filter(
        round_id__in=ids, on__in=days, member__left_at__isnull=True
    )
    for offer in asked.select_related("member").order_by("asked_at", "pk"):
        offers[offer.round_id, offer.on].append(offer)
    return [
        RoundCover(
            round=row,
            on=on,
            planned=tuple(planned[row.pk]),
            dropped=tuple(dropped[row.pk, on]),
            offers=tuple(offers[row.pk, on]),
        )
        for row, on in walks
    ]


def walking_changes(
    community: Community, walkers: Mapping[int, Sequence[int]]
) -> dict[tuple[int, date], tuple[int, ...]]:
    """Return who walks where it is not as planned: by round and local date."""
    dropped: defaultdict[tuple[int, date], set[int]] = defaultdict(set)
    gone = DropOut.objects.of(community).filter(
        over_at__isnull=True, withdrawn_at__isnull=True
    )
    for row in gone:
        dropped[row.round_id, row.on].add(row.member_id)
    asked: defaultdict[tuple[int, date], list[Asked]] = defaultdict(list)
    offers = Offer.objects.of(community).filter(
        over_at__isnull=True, reply=Reply.YES.value, member__left_at__isnull=True
    )
    for offer in offers.order_by("asked_at", "pk"):
        asked[offer.round_id, offer.on].append(
            Asked(member=offer.member_id, asked_at=offer.asked_at, reply=Reply.YES)
        )
    return {
        key: cover_of(
            planned=walkers.get(key[0], ()), dropped=dropped[key], asked=asked[key]
        ).walkers
        for key in {*dropped, *asked}
    }


def offer_for(member: Member, offer_id: int) -> Offer:
    """Return an offer that was made to the reader, else "not found"."""
    row = (
        Offer.objects.of(member.community_id)
        .filter(pk=offer_id, member=member)
        .select_related("round", "member")
        .first()
    )
    if row is None:
        raise NotFoundError("unknown_offer", _("There is no such request to you."))
    return row


def offers_open(*, member: Member, days: Iterable[date]) -> list[Offer]:
    """Return what the reader is asked to walk and has not answered, unless covered."""
    rows = (
        Offer.objects.of(member.community_id)
        .filter(
            member=member, reply="", on__in=list(days), round__ended_at__isnull=True
        )
        .select_related("round")
    )
    return [row for row in rows if not cover_on(row.round, row.on).cover.walkers]
