"""Invented activities: two series, six weeks of who came, and what is to come."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from random import Random

from shouwang.apps.activities.models import Activity, Guest, Series
from shouwang.apps.activities.services import (
    ActivityDraft,
    Minutes,
    SeriesDraft,
    guest_bring,
    guest_mark,
    guest_reply,
    guests_invite,
    helpers_set,
    series_add,
)
from shouwang.apps.communities.models import Member
from shouwang.apps.residents.models import Home
from shouwang.common.clock import local_day
from shouwang.domain.activities import Attended, Reply, Rhythm

LEADER, HELPERS = 1, (2, 5)
WEEKS = 6
INVITED = 24
PLACES = 12
# The same few come almost always, some now and then, and some never do.
COMES = (0.95,) * 9 + (0.4,) * 9 + (0.0,) * 6


def activities_play(
    *,
    homes: Sequence[Home],
    people: Sequence[Member],
    now: datetime,
) -> None:
    """Hold dumplings each Wednesday since six weeks, and the barber's day every month.

    ``people`` begin with the coordinator and the duty officer.
    """
    # Its own chance: what is invented after it stays as it was.
    chance = Random(WEEKS)  # noqa: S311 -- play
    guests = list(homes[:INVITED])
    dumplings = _dumplings(people, now)
    held = dumplings.activities.filter(ends_at__lt=now).order_by("begins_at")
    for row in held:
        _hold(row, guests, people, chance)
    coming = dumplings.activities.filter(begins_at__gt=now).order_by("begins_at")[:1]
    for row in coming:
        _prepare(row, guests, people, now)
    _barber(people, now)


def _dumplings(people: Sequence[Member], now: datetime) -> Series:
    community = people[0].community
    today = local_day(now, community.zone)
    wednesday = today - timedelta(days=(today.weekday() - 2) % 7)
    first = wednesday - timedelta(weeks=WEEKS)
    draft = SeriesDraft(
        told=ActivityDraft(
            what="一起包饺子",
            place="社区活动室",
            on=first,
            begins=time(9, 30),
            ends=time(11),
            words="围裙我们准备，有热茶。",
            places=PLACES,
            leader=people[LEADER],
        ),
        rhythm=Rhythm.WEEKLY,
        until_on=first + timedelta(weeks=WEEKS + 13),
    )
    began = now - timedelta(weeks=WEEKS + 1)
    return series_add(community=community, draft=draft, by=people[0], now=began)


def _barber(people: Sequence[Member], now: datetime) -> None:
    community = people[0].community
    today = local_day(now, community.zone)
    draft = SeriesDraft(
        told=ActivityDraft(
            what="理发日",
            place="南门值班室",
            on=today + timedelta(days=3),
            begins=time(14),
            ends=time(16, 30),
        ),
        rhythm=Rhythm.MONTHLY_WEEKDAY,
        until_on=today + timedelta(days=183),
    )
    series_add(community=community, draft=draft, by=people[0], now=now)


def _hold(
    row: Activity, homes: Sequence[Home], people: Sequence[Member], chance: Random
) -> None:
    before = row.begins_at - timedelta(days=2)
    guests_invite(activity=row, homes=homes, by=people[0], now=before)
    by_home = {
        one.home_id: one
        for one in Guest.objects.of(row.community_id).filter(activity=row)
    }
    for home, likely in zip(homes, COMES, strict=False):
        guest = by_home.get(home.pk)
        if guest is None:
            continue
        came = chance.random() < likely
        guest_mark(
            guest=guest,
            attended=Attended.CAME if came else Attended.ABSENT,
            by=people[LEADER],
            now=row.ends_at,
        )
    helpers = [Minutes(member=people[key], minutes=90) for key in HELPERS]
    helpers_set(activity=row, helpers=helpers, by=people[LEADER], now=row.ends_at)


def _prepare(
    row: Activity, homes: Sequence[Home], people: Sequence[Member], now: datetime
) -> None:
    guests_invite(activity=row, homes=homes, by=people[0], now=now)
    guests = list(
        Guest.objects.of(row.community_id).filter(activity=row).order_by("pk")
    )
    for place, guest in enumerate(guests[: PLACES + 2]):
        guest_reply(
            guest=guest,
            reply=Reply.YES,
            now=now - timedelta(minutes=60 - place),
        )
    for key, member in enumerate(HELPERS):
        guest_bring(
            guests=guests[key * 3 : key * 3 + 3], member=people[member], now=now
        )
