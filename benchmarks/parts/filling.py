"""Invented communities of any size, written in bulk with what the program would store."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar

from django.db.models import Model

from shouwang.apps.communities.models import Community, Member, MemberRole, User
from shouwang.apps.residents.models import (
    Agreement,
    Building,
    Consent,
    Expectation,
    Home,
)
from shouwang.apps.residents.selectors import terms_of
from shouwang.apps.rounds.models import Round
from shouwang.apps.rounds.services import RoundDraft, round_add
from shouwang.apps.watch.models import Check, Sighting
from shouwang.apps.watch.services.making import check_row
from shouwang.common.ids import uuid7
from shouwang.domain.schedule import EVERY_DAY, Terms, checks_between

AT_ONCE = 2000
BUILDINGS = 12
HOMES_A_ROUND = 40
MORNING, EVENING = "早上", "晚上"
GRACE_MINUTES = 10
Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, kw_only=True)
class Place:
    """A filled community."""

    community: Community
    member: Member
    homes: list[Home]
    agreements: list[Agreement]


def _kept(rows: Iterable[Row]) -> list[Row]:
    made = list(rows)
    manager: Any = type(made[0])._meta.default_manager
    return list(manager.bulk_create(made, batch_size=AT_ONCE))


def community_fill(
    name: str, *, homes: int, due: time, chance: random.Random, now: datetime
) -> Place:
    """Make a community whose curtains are agreed for 7:00 to ``due`` and the evening."""
    community = Community.objects.create(name=name, created_at=now)
    user = User.objects.create(username=name, display_name=name)
    member = Member.objects.of(community).create(
        community=community, user=user, display_name=name, joined_at=now
    )
    for role in ("coordinator", "duty_officer", "walker"):
        MemberRole.objects.of(community).create(
            community=community, member=member, role=role
        )
    buildings = _kept(
        Building(community=community, label=str(place), floors=12)
        for place in range(1, BUILDINGS + 1)
    )
    made = _kept(
        _home(community, buildings[place % BUILDINGS], place) for place in range(homes)
    )
    agreements = _agree(community, made, due=due, now=now)
    chance.shuffle(made)
    return Place(community=community, member=member, homes=made, agreements=agreements)


def _home(community: Community, building: Building, place: int) -> Home:
    nth = place // BUILDINGS
    floor, column = nth // 8 + 1, nth % 8 + 1
    return Home(
        community=community,
        building=building,
        address=f"{building.label}-1-{floor}{column:02}",
        unit="1",
        floor=floor,
        column=column,
        shown_name=f"{building.label}-{floor}{column:02}",
    )


def _agree(
    community: Community, homes: list[Home], *, due: time, now: datetime
) -> list[Agreement]:
    on = (now - timedelta(days=400)).date()
    consents = _kept(
        Consent(
            community=community,
            home=row,
            agreed_by="—",
            agreed_on=on,
            paper="1",
            recorded_at=now,
        )
        for row in homes
    )
    agreements = _kept(
        Agreement(
            community=community,
            home=home,
            series=uuid.uuid4(),
            signal="curtain",
            consent=consent,
            valid_from=on,
            made_at=now - timedelta(days=400),
        )
        for home, consent in zip(homes, consents, strict=True)
    )
    windows = ((MORNING, time(7), due, "open"), (EVENING, time(18), time(20), "closed"))
    _kept(
        Expectation(
            community=community,
            agreement=row,
            label=label,
            opens=opens,
            due=until,
            grace_minutes=GRACE_MINUTES,
            days=0b1111111,
            well=[state],
        )
        for row in agreements
        for label, opens, until, state in windows
    )
    return agreements


def rounds_fill(place: Place, *, at: time) -> list[Round]:
    """Plan a round past each 40 homes."""
    homes = place.homes
    return [
        round_add(
            community=place.community,
            draft=RoundDraft(
                name=f"R{start}",
                at=at,
                days=EVERY_DAY,
                walker_ids=[place.member.pk],
                home_ids=[row.pk for row in homes[start : start + HOMES_A_ROUND]],
            ),
        )
        for start in range(0, len(homes), HOMES_A_ROUND)
    ]


def terms(place: Place) -> Terms:
    """Return the terms that all homes of ``place`` share."""
    return terms_of(place.agreements[0])


def checks_fill(
    place: Place, *, first: date, last: date, now: datetime, **stored: Any
) -> int:
    """Store the checks from ``first`` to ``last``, each with ``stored`` columns."""
    checks = checks_between(
        terms(place), zone=place.community.zone, first=first, last=last
    )
    rows = (
        _with(check_row(check, agreement, made_at=now), stored)
        for agreement in place.agreements
        for check in checks
    )
    return _in_parts(Check, rows)


def _with(row: Check, stored: dict[str, Any]) -> Check:
    for name, value in stored.items():
        setattr(row, name, value)
    return row


def looks_fill(
    place: Place, homes: Iterable[Home], *, days: Iterable[datetime], now: datetime
) -> int:
    """Store three looks a day: closed at 6:40, open at 7:40, closed at 18:30.

    ``days`` are local midnights.
    """
    hours = ((6.67, "closed"), (7.67, "open"), (18.5, "closed"))
    moments = [
        (day + timedelta(hours=hour), state) for day in days for hour, state in hours
    ]
    rows = (
        look(place, home, state=state, at=at, now=now)
        for home in homes
        for at, state in moments
    )
    return _in_parts(Sighting, rows)


def look(
    place: Place, home: Home, *, state: str, at: datetime, now: datetime
) -> Sighting:
    """Return an unsaved look at a curtain."""
    return Sighting(
        id=uuid7(now=at),
        community=place.community,
        home=home,
        signal="curtain",
        state=state,
        seen_at=at,
        claimed_at=at,
        received_at=now,
        source="look",
        by=place.member,
        digest="",
    )


def _in_parts(model: type[Check | Sighting], rows: Iterator[Any]) -> int:
    count, part = 0, []
    for row in rows:
        part.append(row)
        if len(part) == AT_ONCE:
            model.unscoped.bulk_create(part)
            count, part = count + len(part), []
    model.unscoped.bulk_create(part)
    return count + len(part)
