"""A home's window as the board and the group report draw it."""

from __future__ import annotations

from datetime import datetime, timedelta

from shouwang.apps.desk.glass import Glass
from shouwang.apps.desk.selectors.board import HomeToday


def minutes_between(later: datetime, earlier: datetime) -> int:
    """Return the whole minutes from one moment to a later one, never less than 0."""
    return max(0, round((later - earlier) / timedelta(minutes=1)))


def glass_of(row: HomeToday, now: datetime) -> Glass:
    """Return the drawing of a home's window at ``now``."""
    check, going = row.check, None
    if row.alert is not None:
        until = [made.until for made in row.alert.commitments.all()]
        going = minutes_between(min(until), now) if until else None
    if check is None:
        return Glass(shown=row.shown, going_minutes=going)
    grace = check.alert_at - check.due_at
    state = row.look.state if row.look else ""
    if row.shown in {"well", "presumed"} and state not in check.well:
        state = check.well[0]
    return Glass(
        shown=row.shown,
        signal=check.signal,
        state=state,
        left=(check.alert_at - now) / grace if grace else 0.0,
        going_minutes=going,
    )
