"""Whoever tried to reach her says so on the alert, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from shouwang.apps.alerts.climbing import Batch, standing_of, take
from shouwang.apps.alerts.directory import directory
from shouwang.apps.alerts.models import Alert
from shouwang.apps.alerts.opening import open_alerts
from shouwang.apps.alerts.people import Actor, person_of
from shouwang.apps.alerts.services import alert_locked
from shouwang.apps.alerts.settling import REACHES
from shouwang.apps.alerts.words import actor_words
from shouwang.apps.communities.models import Member
from shouwang.apps.residents.models import Home
from shouwang.apps.watch.models import Sighting
from shouwang.apps.watch.services import ContactIn, contact_record
from shouwang.common.errors import RefusedError
from shouwang.common.ids import uuid7
from shouwang.domain import ladder
from shouwang.domain.ladder import AlertState, Did

SPOKE, VOUCHED, NO_ANSWER, ASKS_HELP = "spoke", "vouched", "no_answer", "asks_help"


@dataclass(frozen=True, kw_only=True)
class Tried:
    """What came of trying to reach her: a result of a contact, how, and in words what.

    ``id`` was made where it was said; the same one again is the same contact.
    """

    result: str
    how: str = ""
    note: str = ""
    id: UUID | None = None


@transaction.atomic
def alert_contact(*, alert: Alert, tried: Tried, by: Actor, now: datetime) -> bool:
    """Record a contact on an alert through the one door; ``False`` for a repeat.

    Whoever reached her has the alert in hand. Who finds that she needs help passes
    it on: the desk is told at once, and the ladder does not rest. What is true stays
    true on an alert that was closed meanwhile, so it is recorded there as well, and
    a cry for help opens a new one.

    Raises
    ------
    RefusedError
        ``no_home`` for an alert of a round or of the watch; what the door refuses.
    """
    row = alert_locked(alert)
    if row.home is None:
        raise RefusedError("no_home", _("This alert is not about one home."))
    if tried.id and _is_had(row.home, tried.id):
        return False
    key = tried.id or uuid7(now=now)
    if row.state != AlertState.CLOSED.value:
        _move(row, tried, by, now)
    _record(row.home, tried, key, by, now)
    if tried.result == ASKS_HELP:
        _tell_desk(row.home, key, by, now)
    alert.refresh_from_db()
    return True


def _is_had(home: Home, key: UUID) -> bool:
    return Sighting.objects.of(home.community_id).filter(pk=key, home=home).exists()


def _move(alert: Alert, tried: Tried, by: Actor, now: datetime) -> None:
    """Move the ladder first, so that it rests with ``by`` and not with nobody."""
    standing = standing_of(alert)
    if tried.result in REACHES:
        climb = ladder.reach(standing, by=person_of(by).key, now=now)
    elif tried.result == ASKS_HELP:
        climb = ladder.hand_on(standing, now=now)
    else:
        return
    batch = Batch(community=alert.community, now=now)
    take(batch, alert, climb, [])
    batch.write()


def _record(home: Home, tried: Tried, key: UUID, by: Actor, now: datetime) -> None:
    is_member = isinstance(by, Member)
    contact = ContactIn(
        id=key,
        how=tried.how,
        result=_as_said(tried.result, by),
        seen_at=now,
        note=tried.note,
        by_words="" if is_member else actor_words(by),
    )
    answer = contact_record(
        home=home, contact=contact, by=by if isinstance(by, Member) else None, now=now
    )
    if answer.outcome == "refused":
        raise RefusedError(answer.code, answer.message)


def _as_said(result: str, by: Actor) -> str:
    """Return the result as the rules name it: what the family says is a vouching."""
    if result == SPOKE and not isinstance(by, Member) and by.is_family:
        return VOUCHED
    return result


def _tell_desk(home: Home, key: UUID, by: Actor, now: datetime) -> None:
    """Tell the desk, unless the new ladder has just done so."""
    alert = open_alerts(home.community, [home.pk]).get(home.pk)
    if alert is None:
        return
    told = {
        (row.to_member_id, row.to_contact_id)
        for row in alert.messages.filter(queued_at=now)
    }
    desk = [
        row
        for row in directory(home.community, [home.pk], now=now).desk(alert)
        if (row.member_id, row.contact_id) not in told and row != person_of(by)
    ]
    batch = Batch(community=home.community, now=now)
    batch.tell(alert, desk, ask="", key=f"needs_help:{key}")
    batch.write()


@transaction.atomic
def reach_take_back(*, look: Sighting, now: datetime) -> None:
    """Let the ladder go on that rested only on a contact that was taken back."""
    alert = open_alerts(look.community, [look.home_id]).get(look.home_id)
    if alert is None or alert.state != AlertState.ACKNOWLEDGED.value:
        return
    row = alert_locked(alert)
    taken = row.events.filter(did=Did.ACKNOWLEDGED.value).order_by("-pk").first()
    if taken is None or taken.actor or taken.recorded_at != look.received_at:
        return
    batch = Batch(community=row.community, now=now)
    take(batch, row, ladder.hand_on(standing_of(row), now=now), [])
    batch.write()
