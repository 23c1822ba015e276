"""Whom nobody has sat with for long.

``settings.COMPANY_SOURCES`` names functions that answer, for a community, when the
people of each home were last among people. Apps above this one add theirs there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Max
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from shouwang.apps.communities.models import Community, Member
from shouwang.apps.communities.selectors import DESK_ROLES, has_role
from shouwang.apps.residents.models import Home
from shouwang.apps.residents.selectors import (
    absences_standing,
    home_for,
    homes_in_order,
)
from shouwang.apps.rounds.selectors.walking import home_ids_walked
from shouwang.apps.visits.models import Chat, Visit
from shouwang.apps.visits.selectors import COUNTS, SPOKE
from shouwang.apps.visits.selectors.planning import carried
from shouwang.apps.watch.models import Sighting
from shouwang.common.errors import NotFoundError
from shouwang.domain.signals import CONTACT
from shouwang.domain.visits import longest_alone

Source = Callable[..., Mapping[int, datetime]]


@dataclass(frozen=True, kw_only=True)
class CompanyRow:
    """A home, when somebody last sat with her, and the last chat if there was one."""

    home: Home
    met_at: datetime | None
    chat: Chat | None
    is_away: bool


def met_at_the_door(*, community: Community) -> Mapping[int, datetime]:
    """Return when somebody last spoke with each home in person, as the watch knows."""
    rows = Sighting.objects.of(community).filter(
        signal=CONTACT, state="spoke", how="in_person"
    )
    return _last(rows, "seen_at")


def met_at_visits(*, community: Community) -> Mapping[int, datetime]:
    """Return when each home was last visited by somebody who spoke with her."""
    return _last(Visit.objects.of(community).filter(COUNTS, SPOKE), "visited_at")


def met_in_chats(*, community: Community) -> Mapping[int, datetime]:
    """Return when somebody last sat with each home."""
    return _last(Chat.objects.of(community), "at")


def _last(rows: object, field: str) -> Mapping[int, datetime]:
    grouped = rows.values("home").annotate(last=Max(field))  # type: ignore[attr-defined]  # a queryset of any of three models
    return dict(grouped.values_list("home", "last"))


def last_met(community: Community) -> dict[int, datetime]:
    """Return when the people of each home were last among people, by all sources."""
    met: dict[int, datetime] = {}
    for path in settings.COMPANY_SOURCES:
        source: Source = import_string(path)
        for home_id, at in source(community=community).items():
            met[home_id] = max(at, met.get(home_id, at))
    return met


def company_list(*, community: Community, now: datetime) -> list[CompanyRow]:
    """Return the homes, those first with whom nobody has sat for longest."""
    homes = {row.pk: row for row in homes_in_order(community=community)}
    met = last_met(community)
    absences = absences_standing(community=community, now=now).filter(from_at__lte=now)
    away = set(absences.values_list("home_id", flat=True))
    chats = {
        row.home_id: row
        for row in Chat.objects.of(community).select_related("by").order_by("at")
    }
    return [
        CompanyRow(
            home=homes[key],
            met_at=met.get(key),
            chat=chats.get(key),
            is_away=key in away,
        )
        for key in longest_alone({key: met.get(key) for key in homes})
    ]


def chats_of_home(*, home: Home) -> list[Chat]:
    """Return the chats with a home, the newest first."""
    rows = Chat.objects.of(home.community_id).filter(home=home)
    return list(rows.select_related("by").order_by("-at"))


def homes_to_chat_for(member: Member, *, now: datetime) -> list[Home]:
    """Return the homes whose chats the reader may write down.

    The desk: every home. Others: those they walk past, and those they visit today.
    """
    homes = homes_in_order(community=member.community_id)
    if has_role(member, DESK_ROLES):
        return homes
    theirs = _theirs(member, now)
    return [row for row in homes if row.pk in theirs]


def home_to_chat_for(member: Member, home_id: int, *, now: datetime) -> Home:
    """Return a home whose chat the reader may write down, else "not found"."""
    home = home_for(member, home_id)
    is_theirs = has_role(member, DESK_ROLES) or home.pk in _theirs(member, now)
    if home.archived_at is not None or not is_theirs:
        raise NotFoundError("unknown_home", _("There is no such home here."))
    return home


def _theirs(member: Member, now: datetime) -> set[int]:
    visited = {row.home_id for row in carried(member=member, now=now).rows}
    return home_ids_walked(member=member, now=now) | visited
