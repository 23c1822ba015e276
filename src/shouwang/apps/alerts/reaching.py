"""Whoever tried to reach her says so on the alert, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from shouwang.apps.alerts.climbing import Batch, standing_of, take
from shouwang.apps.alerts.directory import directory
from shouwang.apps.alerts.models import Alert, Via
from shouwang.apps.alerts.opening import open_alerts
from shouwang.apps.alerts.people import Actor, person_of
from shouwang.apps.alerts.services import alert_locked
from shouwang.apps.alerts.settling import REACHES
from shouwang.apps.alerts.words import doer_words
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


@dataclass(frozen=True, kw_only=True)
class _Said:
    """Who says so, how, and when."""

    by: Actor
    via: Via
    at: datetime

    @property
    def member(self) -> Member | None:
        """Return the member whose word it is; nobody's where anybody may say so."""
        return self.by if isinstance(self.by, Member) and not self.via else None

    @property
    def words(self) -> str:
        """Return in words whose word it is, where it is no member's."""
        if self.member:
            return ""
        # Stored words: in the language of the installation.
        with translation.override(settings.LANGUAGE_CODE):
            return doer_words(self.by, self.via)


@transaction.atomic
def alert_contact(
    *, alert: Alert, tried: Tried, by: Actor, now: datetime, via: Via = Via.OWN
) -> bool:
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
    said = _Said(by=by, via=via, at=now)
    if row.state != AlertState.CLOSED.value:
        _move(row, tried, said)
    _record(row.home, tried, key, said)
    if tried.result == ASKS_HELP:
        _tell_desk(row.home, key, said)
    alert.refresh_from_db()
    return True


def _is_had(home: Home, key: UUID) -> bool:
    return Sighting.objects.of(home.community_id).filter(pk=key, home=home).exists()


def _move(alert: Alert, tried: Tried, said: _Said) -> None:
    """Move the ladder first, so that it rests with whoever says so, not with nobody."""
    standing = standing_of(alert)
    if tried.result in REACHES:
        climb = ladder.reach(standing, by=person_of(said.by).key, now=said.at)
    elif tried.result == ASKS_HELP:
        climb = ladder.hand_on(standing, now=said.at)
    else:
        return
    batch = Batch(community=alert.community, now=said.at, via=said.via)
    take(batch, alert, climb, [])
    batch.write()


def _record(home: Home, tried: Tried, key: UUID, said: _Said) -> None:
    contact = ContactIn(
        id=key,
        how=tried.how,
        result=_as_said(tried.result, said.by),
        seen_at=said.at,
        note=tried.note,
        by_words=said.words,
    )
    answer = contact_record(home=home, contact=contact, by=said.member, now=said.at)
    if answer.outcome == "refused":
        raise RefusedError(answer.code, answer.message)


def _as_said(result: str, by: Actor) -> str:
    """Return the result as the rules name it: what the family says is a vouching."""
    if result == SPOKE and not isinstance(by, Member) and by.is_family:
        return VOUCHED
    return result


def _tell_desk(home: Home, key: UUID, said: _Said) -> None:
    """Tell the desk, unless the new ladder has just done so, or it says so itself."""
    alert = open_alerts(home.community, [home.pk]).get(home.pk)
    if alert is None:
        return
    told = {
        (row.to_member_id, row.to_contact_id)
        for row in alert.messages.filter(queued_at=said.at)
    }
    knows = person_of(said.member) if said.member else None
    desk = [
        row
        for row in directory(home.community, [home.pk], now=said.at).desk(alert)
        if (row.member_id, row.contact_id) not in told and row != knows
    ]
    batch = Batch(community=home.community, now=said.at)
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
