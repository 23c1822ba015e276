"""Where the entries of a calendar come from: each part of the program adds its own.

``settings.CALENDAR_SOURCES`` names functions that take an ``Asked`` and return entries.
Calendars lie on the servers of other companies: an entry names no resident and no
address, only what there is to do and a link to where the rest stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.utils.module_loading import import_string

from shouwang.apps.communities.models import Community, Member
from shouwang.common.clock import local_day


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Whose calendar it is, and which span of it: ``since`` is inside, ``until`` is not.

    Without a ``member`` it is that of the whole community.
    """

    community: Community
    member: Member | None
    since: datetime
    until: datetime
    now: datetime

    @property
    def days(self) -> tuple[date, date]:
        """Return the first and the last local day of the span."""
        zone = self.community.zone
        return local_day(self.since, zone), local_day(self.until, zone)

    def holds(self, begins_at: datetime, ends_at: datetime) -> bool:
        """Return whether a span of time lies at least in part in what is asked for."""
        return begins_at < self.until and ends_at > self.since

    def uid(self, *parts: object) -> str:
        """Return what names an entry for good, in this calendar and everywhere.

        What is off for one of its people is on for another, so each has their own.
        """
        whose = f"m{self.member.pk}" if self.member else "all"
        made = int(self.community.created_at.timestamp())
        name = "-".join(str(part) for part in parts)
        return f"{name}-{whose}.{self.community.pk}-{made}@shouwang"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One thing in a calendar; ``link`` is a path of this program.

    ``changed_at`` is when it became as it is now, for one when it was cancelled.
    """

    uid: str
    starts_at: datetime
    ends_at: datetime
    title: str
    link: str
    changed_at: datetime
    cancelled: bool = False
    place: str = ""


Source = Callable[[Asked], Iterable[Entry]]


def entries_of(asked: Asked) -> list[Entry]:
    """Return the entries of every source, the earliest first."""
    found: list[Entry] = []
    for path in settings.CALENDAR_SOURCES:
        source: Source = import_string(path)
        found += source(asked)
    return sorted(found, key=lambda one: (one.starts_at, one.uid))
