"""A calendar as iCalendar text (RFC 5545, RFC 7986).

Times are in UTC: the time-zone blocks that libraries write bring the summer time of
Shanghai of 1986 to 1991 with them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event, vDuration

from shouwang.apps.calendars.sources import Entry

PRODUCT = "-//Shouwang//Shouwang 1//ZH"
REFRESH = timedelta(hours=1)
# SEQUENCE grows with each change; seconds from here fit its 31 bits until 2093.
COUNTED_FROM = datetime(2025, 1, 1, tzinfo=UTC)


def digest_of(entries: Sequence[Entry], *, name: str, base: str) -> str:
    """Return what tells one answer from another (SHA-256, hex), whenever it is asked."""
    said = [
        [
            one.uid,
            one.starts_at.timestamp(),
            one.ends_at.timestamp(),
            one.title,
            one.place,
            one.link,
            one.cancelled,
            one.changed_at.timestamp(),
        ]
        for one in entries
    ]
    content = json.dumps([name, base, said], ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()


def feed_of(entries: Sequence[Entry], *, name: str, base: str, now: datetime) -> bytes:
    """Return entries as a calendar called ``name``; ``base`` begins its links."""
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODUCT)
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add(
        "refresh-interval", vDuration(REFRESH), parameters={"VALUE": "DURATION"}
    )
    calendar.add("x-published-ttl", vDuration(REFRESH))
    for one in entries:
        calendar.add_component(_event(one, base, now))
    text: bytes = calendar.to_ical()
    return text


def _event(entry: Entry, base: str, now: datetime) -> Event:
    event = Event()
    changed_at = entry.changed_at.astimezone(UTC).replace(microsecond=0)
    event.add("uid", entry.uid)
    event.add("dtstamp", now.astimezone(UTC).replace(microsecond=0))
    event.add("dtstart", entry.starts_at.astimezone(UTC))
    event.add("dtend", entry.ends_at.astimezone(UTC))
    event.add("summary", entry.title)
    if entry.place:
        event.add("location", entry.place)
    event.add("url", f"{base}{entry.link}")
    event.add("description", f"{base}{entry.link}")
    event.add("last-modified", changed_at)
    event.add("sequence", max(0, int((changed_at - COUNTED_FROM).total_seconds())))
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    event.add("class", "PRIVATE")
    return event
