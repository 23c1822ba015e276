"""What people do with an alert, and the runner's pass over the ladders."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _, pgettext

from shouwang.apps.alerts.climbing import Batch, going_key, standing_of, take
from shouwang.apps.alerts.closing import closing_tell
from shouwang.apps.alerts.directory import directory
from shouwang.apps.alerts.going import going_tell
from shouwang.apps.alerts.models import Alert, AlertEvent, Commitment, Via
from shouwang.apps.alerts.opening import begin, new_alert, open_alerts
from shouwang.apps.alerts.people import Actor, person_of
from shouwang.apps.alerts.policies import steps_of
from shouwang.apps.alerts.selectors import commitments_running
from shouwang.apps.alerts.words import doer_words
from shouwang.apps.communities.models import Community, Member
from shouwang.apps.residents.models import Home
from shouwang.apps.watch.models import Sighting
from shouwang.apps.watch.services import ContactIn, help_answer
from shouwang.common.clock import local
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
# No more than the shortest wait of a built-in step, so that each is found.
SHORT_WAIT = timedelta(minutes=5)
# Two taps within a minute say the same.
SAME_TIME = timedelta(minutes=1)
# The shortest span there is between hearing her and saying so.
INSTANT = timedelta(microseconds=1)
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


def ladders_keep_time(*, now: datetime) -> int:
    """Hold every ladder to its waits after the clock was set back; return how many.

    Hardly any row has to be read: few steps wait so long.
    """
    far = (
        Alert.objects.across("the runner serves every community")
        .filter(
            next_at__gt=now + SHORT_WAIT,
            state__in=[AlertState.OPEN.value, AlertState.EXHAUSTED.value],
        )
        .order_by("-next_at")[:ADVANCE_AT_ONCE]
    )
    count = 0
    for row in far:
        standing = Standing(
            state=AlertState(row.state), step=row.step, next_at=row.next_at
        )
        held = ladder.held_to_its_wait(steps_of(row.steps), standing, now=now)
        if held != standing:
            # Only if it still stands as it was read.
            count += (
                Alert.objects.of(row.community_id)
                .filter(pk=row.pk, state=row.state, next_at=row.next_at)
                .update(next_at=held.next_at)
            )
    return count


@transaction.atomic
def _advance(community: Community, alert_ids: list[int], now: datetime) -> int:
    """Claim what is still due, so that two runners never act twice, and move it."""
    claim = uuid.uuid4()
    Alert.objects.of(community).filter(pk__in=alert_ids, next_at__lte=now).update(
        claim=claim
    )
    rows = list(Alert.objects.of(community).filter(claim=claim).order_by("pk"))
    homes = {row.home_id for row in rows if row.home_id}
    people = directory(community, homes, now=now)
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


def alert_acknowledge(*, alert: Alert, by: Actor, now: datetime) -> None:
    """Somebody takes the alert in hand; its ladder stops."""
    key = person_of(by).key
    _act(
        alert,
        lambda standing, _reach: ladder.acknowledge(standing, by=key, now=now),
        now=now,
    )


@transaction.atomic
def alert_commit(
    *,
    alert: Alert,
    by: Actor,
    until: datetime,
    now: datetime,
    seen: Collection[str] | None = None,
    via: Via = Via.OWN,
) -> None:
    """Somebody is going, until when; saying the same again changes nothing.

    Whoever is on the way already is told.

    ``seen`` are the keys of those whom ``by`` saw going when they said so. ``None``
    asks nothing: it is the word of a device that could not look.

    Raises
    ------
    ConflictError
        ``others_going`` when somebody else goes whom ``by`` has not seen: they are
        named, and ``by`` may say it again.
    """
    row = alert_locked(alert)
    key = person_of(by).key

    def go(standing: Standing, _reach: list[int]) -> Climb:
        if seen is not None:
            _require_seen(
                row, ladder.others_going(standing, by=key, seen=seen, now=now)
            )
        return ladder.commit(standing, by=key, until=until, now=now)

    if _is_going(row, by, until - SAME_TIME, until + SAME_TIME):
        return
    was_going = _is_going(row, by, now)
    _act(alert, go, now=now, via=via)
    Commitment.objects.of(alert.community_id).update_or_create(
        community_id=alert.community_id,
        alert=alert,
        **_whose(by),
        ended_at=None,
        defaults={"made_at": now, "until": until, "via": via},
    )
    if not was_going:
        going_tell(alert=alert, by=by, now=now)


def _require_seen(alert: Alert, others: Sequence[ladder.Commitment]) -> None:
    if not others:
        return
    going = {going_key(row): row for row in commitments_running(alert)}
    told = pgettext("between names", ", ").join(
        _("%(name)s is going already, until %(time)s")
        % {
            "name": doer_words(going[row.by].actor, going[row.by].via),
            "time": f"{local(row.until, alert.community.zone):%H:%M}",
        }
        for row in others
    )
    raise ConflictError("others_going", _("%(told)s. Go as well?") % {"told": told})


def _whose(by: Actor) -> dict[str, Any]:
    """Return whose a commitment of ``by`` is, as it is stored."""
    person = person_of(by)
    return {"member_id": person.member_id, "contact_id": person.contact_id}


@transaction.atomic
def alert_decline(
    *, alert: Alert, by: Actor, now: datetime, via: Via = Via.OWN
) -> None:
    """Somebody cannot go; the ladder moves on now.

    Said again without having been asked anew, it changes nothing: a second tap must
    not take the next people's time from them.
    """
    row = alert_locked(alert)
    if row.state != AlertState.CLOSED.value and _has_declined(row, by):
        return
    key = person_of(by).key
    _act(
        alert,
        lambda standing, reach: ladder.decline(
            steps_of(row.steps), reach, standing, by=key, now=now
        ),
        now=now,
        via=via,
    )


def _has_declined(alert: Alert, by: Actor) -> bool:
    person = person_of(by)
    said = AlertEvent.objects.of(alert.community_id).filter(
        alert=alert,
        did__in=[Did.DECLINED.value, Did.COMMITTED.value, Did.ACKNOWLEDGED.value],
        by_id=person.member_id,
        by_contact_id=person.contact_id,
    )
    last = said.order_by("-pk").first()
    if last is None or last.did != Did.DECLINED.value:
        return False
    asked = alert.messages.filter(
        to_member_id=person.member_id,
        to_contact_id=person.contact_id,
        queued_at__gt=last.recorded_at,
    )
    return not asked.exclude(ask="").exists()


def alert_emergency(*, alert: Alert, by: Actor, now: datetime, note: str = "") -> None:
    """Somebody called the emergency services; the ladder goes on to open the door."""
    key = person_of(by).key
    _act(
        alert,
        lambda standing, _reach: ladder.call_emergency(standing, by=key, now=now),
        now=now,
        note=note,
    )


def alert_mute(
    *, alert: Alert, by: Actor, until: datetime, reason: str, now: datetime
) -> None:
    """Rest the ladder until ``until``, for a reason."""
    _act(
        alert,
        lambda standing, _reach: ladder.mute(
            standing, by=person_of(by).key, until=until, reason=reason, now=now
        ),
        now=now,
        note=reason,
    )


Act = Callable[[Standing, list[int]], Climb]


@transaction.atomic
def _act(
    alert: Alert, act: Act, *, now: datetime, note: str = "", via: Via = Via.OWN
) -> None:
    row = alert_locked(alert)
    people = directory(row.community, [row.home_id] if row.home_id else [], now=now)
    reach = people.reach(row)
    try:
        climb = act(standing_of(row), [len(step) for step in reach])
    except LadderError as error:
        raise ladder_told(error) from error
    batch = Batch(community=row.community, now=now, via=via)
    take(batch, row, climb, reach)
    if note:
        batch.events[0].note = note[:300]
    batch.write()
    alert.refresh_from_db()


def alert_locked(alert: Alert) -> Alert:
    """Return the alert as it stands now; nobody else changes it until we are done."""
    if alert.home_id is not None:
        # The home first, as the watch does: two who wait never wait for each other.
        Home.objects.of(alert.community_id).select_for_update(of=("self",)).get(
            pk=alert.home_id
        )
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
    row = alert_locked(alert)
    if row.state == AlertState.CLOSED.value:
        raise ladder_told(LadderError("already_closed"))
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
        raise ladder_told(refusal)
    # Closed first: the contact must not be taken for evidence that ends it by itself.
    _write_close(row, closing, by, now)
    if row.home is not None:
        heard = _heard(closing, verified, now)
        help_answer(home=row.home, by=by, heard=heard, now=now)
    closing_tell(row, by=by, now=now)
    alert.refresh_from_db()


def _heard(
    closing: ClosingIn, verified: Verified | None, now: datetime
) -> ContactIn | None:
    """Return the contact by which it is known how she is, if it is one."""
    if verified not in VERIFIED_BY_CONTACT:
        return None
    # Whoever closes heard her before saying so: what she asked for is answered by that
    # word. What somebody else hears at the same instant is not.
    before = INSTANT if verified is Verified.ASKS_HELP else timedelta(0)
    return ContactIn(how=closing.how, result=verified.value, seen_at=now - before)


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
        # What was taken back has reached nobody.
        .exclude(
            pk__in=Sighting.objects.of(alert.community_id)
            .filter(home_id=alert.home_id, replaces__isnull=False)
            .values("replaces")
        )
        .exists()
    )


def _write_close(alert: Alert, closing: ClosingIn, by: Member, now: datetime) -> None:
    batch = Batch(community=alert.community, now=now)
    climb = ladder.close(standing_of(alert), by=person_of(by).key, now=now)
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
        batch.event(standing, Did.JOINED, at=now, by=person_of(by), note=note)
        batch.write()
        return standing
    alert = new_alert(batch, AlertKind.MISSED, now, risk=Risk(home.risk))
    alert.home = home
    alert.save(force_insert=True)
    begin(batch, alert, directory(home.community, [home.pk], now=now).reach(alert))
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
    if standing is not None and _is_going(standing, by, until - SAME_TIME):
        return standing
    row = standing or alert_open_by_hand(home=home, note="", by=by, now=now)
    alert_commit(alert=row, by=by, until=until, now=now)
    return row


def _is_going(
    alert: Alert, by: Actor, first: datetime, last: datetime | None = None
) -> bool:
    """Return whether ``by`` goes already, until between ``first`` and ``last``."""
    said = Commitment.objects.of(alert.community_id).filter(
        alert=alert, **_whose(by), ended_at=None, until__gte=first
    )
    return (said.filter(until__lte=last) if last else said).exists()


def ladder_told(error: LadderError) -> RefusedError | ConflictError:
    """Return what the rules refuse as an error that people can read."""
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
