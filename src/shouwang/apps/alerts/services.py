"""What people do with an alert, and the runner's pass over the ladders."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from shouwang.apps.alerts.climbing import Batch, standing_of, take
from shouwang.apps.alerts.directory import directory
from shouwang.apps.alerts.models import Alert, Commitment
from shouwang.apps.alerts.opening import begin, new_alert, open_alerts
from shouwang.apps.alerts.policies import steps_of
from shouwang.apps.communities.models import Community, Member
from shouwang.apps.residents.models import Home
from shouwang.apps.watch.models import Sighting
from shouwang.apps.watch.services import ContactIn, contact_record, help_answer
from shouwang.common.errors import ConflictError, RefusedError
from shouwang.domain import ladder
from shouwang.domain.alerts import (
    VERIFIED_BY_CONTACT,
    AlertKind,
    Closing,
    Outcome,
    Verified,
    closing_refused,
)
from shouwang.domain.errors import LadderError
from shouwang.domain.ladder import AlertState, Climb, Did, Risk, Standing
from shouwang.domain.signals import CONTACT

ADVANCE_AT_ONCE = 500
# A contact with one of these results reached the resident.
REACHED = ("spoke", "bell_answered", "vouched", "asks_help")


def ladders_advance_due(*, now: datetime) -> int:
    """Move every alert whose time has come; return how many moved."""
    due = (
        Alert.objects.across("the runner serves every community")
        .filter(next_at__lte=now)
        .order_by("next_at")
        .values_list("community_id", "pk")[:ADVANCE_AT_ONCE]
    )
    by_community: defaultdict[int, list[int]] = defaultdict(list)
    for community_id, alert_id in due:
        by_community[community_id].append(alert_id)
    return sum(
        _advance(Community.objects.get(pk=community_id), ids, now)
        for community_id, ids in by_community.items()
    )


@transaction.atomic
def _advance(community: Community, alert_ids: list[int], now: datetime) -> int:
    """Claim what is still due, so that two runners never act twice, and move it."""
    claim = uuid.uuid4()
    Alert.objects.of(community).filter(pk__in=alert_ids, next_at__lte=now).update(
        claim=claim
    )
    rows = list(Alert.objects.of(community).filter(claim=claim).order_by("pk"))
    people = directory(community, {row.home_id for row in rows if row.home_id})
    batch = Batch(community=community, now=now)
    for alert in rows:
        reach = people.reach(alert)
        climb = ladder.advance(
            steps_of(alert.steps),
            [len(row) for row in reach],
            standing_of(alert),
            now=now,
        )
        take(batch, alert, climb, reach)
    batch.write()
    return len(rows)


def alert_acknowledge(*, alert: Alert, by: Member, now: datetime) -> None:
    """Somebody takes the alert in hand; its ladder stops."""
    _act(
        alert,
        lambda standing, _reach: ladder.acknowledge(standing, by=str(by.pk), now=now),
        now=now,
    )


@transaction.atomic
def alert_commit(*, alert: Alert, by: Member, until: datetime, now: datetime) -> None:
    """Somebody is going, until when."""
    _act(
        alert,
        lambda standing, _reach: ladder.commit(
            standing, by=str(by.pk), until=until, now=now
        ),
        now=now,
    )
    Commitment.objects.of(alert.community_id).update_or_create(
        community_id=alert.community_id,
        alert=alert,
        member=by,
        ended_at=None,
        defaults={"made_at": now, "until": until},
    )


def alert_decline(*, alert: Alert, by: Member, now: datetime) -> None:
    """Somebody cannot go; the ladder moves on now."""
    _act(
        alert,
        lambda standing, reach: ladder.decline(
            steps_of(alert.steps), reach, standing, by=str(by.pk), now=now
        ),
        now=now,
    )


def alert_mute(
    *, alert: Alert, by: Member, until: datetime, reason: str, now: datetime
) -> None:
    """Rest the ladder until ``until``, for a reason."""
    _act(
        alert,
        lambda standing, _reach: ladder.mute(
            standing, by=str(by.pk), until=until, reason=reason, now=now
        ),
        now=now,
        note=reason,
    )


Act = Callable[[Standing, list[int]], Climb]


@transaction.atomic
def _act(alert: Alert, act: Act, *, now: datetime, note: str = "") -> None:
    row = _locked(alert)
    people = directory(row.community, [row.home_id] if row.home_id else [])
    reach = people.reach(row)
    try:
        climb = act(standing_of(row), [len(step) for step in reach])
    except LadderError as error:
        raise _told(error) from error
    batch = Batch(community=row.community, now=now)
    take(batch, row, climb, reach)
    if note:
        batch.events[0].note = note[:300]
    batch.write()
    alert.refresh_from_db()


def _locked(alert: Alert) -> Alert:
    return (
        Alert.objects.of(alert.community_id)
        .select_related("community")
        .select_for_update(of=("self",))
        .get(pk=alert.pk)
    )


@dataclass(frozen=True, kw_only=True)
class ClosingIn:
    """How an alert turned out, and how that is known.

    ``override`` is the reason for closing without a contact.
    """

    outcome: str
    verified: str = ""
    how: str = "in_person"
    override: str = ""


@transaction.atomic
def alert_close(*, alert: Alert, closing: ClosingIn, by: Member, now: datetime) -> None:
    """Close an alert with its outcome; a verifying contact is recorded as one.

    Raises
    ------
    RefusedError
        When the outcome is unknown, or nobody has reached the resident and no reason
        is given.
    """
    row = _locked(alert)
    if row.state == AlertState.CLOSED.value:
        raise _told(LadderError("already_closed"))
    outcome, verified = _words(closing)
    refusal = closing_refused(
        Closing(
            kind=AlertKind(row.kind),
            outcome=outcome,
            verified=verified,
            contact_since_opened=_reached_since(row),
            override=closing.override.strip(),
        )
    )
    if refusal is not None:
        raise _told(refusal)
    # Closed first: the contact must not be taken for evidence that ends it by itself.
    _write_close(row, closing, by, now)
    if row.home is not None and verified in VERIFIED_BY_CONTACT:
        contact = ContactIn(how=closing.how, result=verified.value, seen_at=now)
        contact_record(home=row.home, contact=contact, by=by, now=now)
    if row.home is not None:
        help_answer(home=row.home, by=by, now=now)
    alert.refresh_from_db()


def _words(closing: ClosingIn) -> tuple[Outcome, Verified | None]:
    try:
        outcome = Outcome(closing.outcome)
        verified = Verified(closing.verified) if closing.verified else None
    except ValueError as error:
        raise RefusedError(
            "unknown_outcome", _("This outcome or way of knowing is not known.")
        ) from error
    return outcome, verified


def _reached_since(alert: Alert) -> bool:
    return (
        alert.home_id is not None
        and Sighting.objects.of(alert.community_id)
        .filter(
            home_id=alert.home_id,
            signal=CONTACT,
            state__in=REACHED,
            seen_at__gte=alert.opened_at,
        )
        .exists()
    )


def _write_close(alert: Alert, closing: ClosingIn, by: Member, now: datetime) -> None:
    batch = Batch(community=alert.community, now=now)
    climb = ladder.close(standing_of(alert), by=str(by.pk), now=now)
    alert.closed_at, alert.closed_by, alert.outcome = now, by, closing.outcome
    alert.verified, alert.override = closing.verified, closing.override[:200]
    take(batch, alert, climb, [])
    batch.events[-1].note = closing.outcome
    batch.write()


@transaction.atomic
def alert_open_by_hand(*, home: Home, note: str, by: Member, now: datetime) -> Alert:
    """Open an alert because somebody worries; joins the open one if there is one."""
    batch = Batch(community=home.community, now=now)
    standing = open_alerts(home.community, [home.pk]).get(home.pk)
    if standing is not None:
        batch.event(standing, Did.JOINED, at=now, by_id=by.pk, note=note)
        batch.write()
        return standing
    alert = new_alert(batch, AlertKind.MISSED, now, risk=Risk(home.risk))
    alert.home = home
    alert.save(force_insert=True)
    begin(batch, alert, directory(home.community, [home.pk]).reach(alert))
    batch.events[0].by, batch.events[0].note = by, note[:300]
    batch.write()
    return alert


@transaction.atomic
def home_going(*, home: Home, by: Member, until: datetime, now: datetime) -> Alert:
    """Somebody who looked up goes to the door: the home's alert says so.

    Without an open alert one is opened, so that the desk sees who is on the way and
    what comes of it. Saying so again changes nothing.
    """
    standing = open_alerts(home.community, [home.pk]).get(home.pk)
    if standing is not None and _is_going(standing, by, until):
        return standing
    row = standing or alert_open_by_hand(home=home, note="", by=by, now=now)
    alert_commit(alert=row, by=by, until=until, now=now)
    return row


def _is_going(alert: Alert, by: Member, until: datetime) -> bool:
    said = Commitment.objects.of(alert.community_id).filter(
        alert=alert, member=by, ended_at=None, until__gte=until - timedelta(minutes=1)
    )
    return said.exists()


def _told(error: LadderError) -> RefusedError | ConflictError:
    words = {
        "already_closed": _("This alert is closed already."),
        "commitment_in_the_past": _("Say until when you are going; that is past."),
        "mute_needs_reason": _("Say why the alert shall rest."),
        "mute_needs_end": _("Say until when the alert shall rest."),
        "needs_contact": _(
            "Nobody has reached the resident yet. Record the contact, "
            "or give the reason for closing without one."
        ),
        "needs_verification": _("Say how you know."),
        "outcome_of_the_rules": _("This outcome is given by the program only."),
    }
    kind = ConflictError if error.code == "already_closed" else RefusedError
    return kind(error.code, words[error.code])
