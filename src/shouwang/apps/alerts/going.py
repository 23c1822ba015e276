"""Whoever is on the way hears that somebody else goes as well."""

from __future__ import annotations

from datetime import datetime

from shouwang.apps.alerts.climbing import Batch, going_key
from shouwang.apps.alerts.models import Alert, Commitment
from shouwang.apps.alerts.people import Actor, Person, person_of
from shouwang.apps.alerts.selectors import commitments_running

_PART = "going:"


def going_tell(*, alert: Alert, by: Actor, now: datetime) -> None:
    """Tell everybody who is going already that ``by`` goes too."""
    me = person_of(by).key
    others = [
        Person(member_id=row.member_id, contact_id=row.contact_id)
        for row in commitments_running(alert)
        if row.until > now and going_key(row) != me
    ]
    batch = Batch(community=alert.community, now=now)
    batch.tell(alert, others, ask="", key=f"{_PART}{me}:{int(now.timestamp())}")
    batch.write()


def is_of_going(part: str) -> bool:
    """Return whether a message of this part says that somebody else goes too."""
    return part.startswith(_PART)


def going_of(alert: Alert, part: str) -> Commitment | None:
    """Return the going that a message of ``part`` tells of; ``None`` once it ended."""
    who = part.removeprefix(_PART).partition(":")[0]
    rows = (row for row in commitments_running(alert) if going_key(row) == who)
    return next(rows, None)
