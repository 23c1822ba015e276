"""Changes of status open, feed and retract alerts (watch-rules.md, 5)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from shouwang.apps.alerts.climbing import Batch, take, take_new
from shouwang.apps.alerts.directory import Directory, Person, directory
from shouwang.apps.alerts.models import Alert, AlertCheck, Commitment
from shouwang.apps.alerts.policies import policies_of, steps_json, steps_of
from shouwang.apps.communities.models import Community
from shouwang.apps.residents.models import Home
from shouwang.apps.rounds.models import Round
from shouwang.apps.rounds.selectors import homes_of_round, round_plan
from shouwang.apps.watch.models import Check, Sighting
from shouwang.apps.watch.selectors import facts_of, terms_of_check
from shouwang.apps.watch.services import Changed
from shouwang.common.clock import local, local_day
from shouwang.domain import ladder
from shouwang.domain.alerts import (
    ROUND_HOLDS_BACK,
    SETTLED,
    AlertKind,
    Outcome,
    RoundCheck,
    came_in_time,
    held_back_until,
    kind_for,
    over_by_evidence,
    round_is_missed,
)
from shouwang.domain.facts import HomeFacts
from shouwang.domain.ladder import AlertState, Did, Risk, policy_for
from shouwang.domain.patterns import shut_with_lamp_on
from shouwang.domain.signals import CONTACT
from shouwang.domain.status import Status, clean, unanswered_cries


@dataclass(frozen=True, kw_only=True)
class Cause:
    """Why an alert should be open for a home, since when."""

    home_id: int
    kind: AlertKind
    at: datetime
    check_row: Check | None = None


def changes_follow(
    *,
    community: Community,
    changes: Sequence[Changed],
    looks: Sequence[Sighting],
    now: datetime,
) -> None:
    """Bring the alerts of a community in line with what just changed."""
    batch = Batch(community=community, now=now)
    home_ids = {row.row.home_id for row in changes} | {row.home_id for row in looks}
    alerts = open_alerts(community, home_ids)
    _join_looks(batch, alerts, looks)
    causes = [*_causes_of(changes), *_causes_of_looks(community, looks, now)]
    causes = _hold_back(batch, causes)
    _raise(batch, alerts, causes)
    settled = [row for row in changes if row.to_status in SETTLED]
    _settle(batch, alerts, settled)
    _settle_rounds(batch, settled)
    batch.write()


def open_alerts(community: Community, home_ids: Collection[int]) -> dict[int, Alert]:
    """Return the open alert of each home that has one, locked."""
    rows = (
        Alert.objects.of(community)
        .filter(home_id__in=home_ids)
        .exclude(state=AlertState.CLOSED.value)
        .order_by("pk")
        .select_for_update()
    )
    return {row.home_id: row for row in rows if row.home_id is not None}


def _causes_of(changes: Iterable[Changed]) -> Iterable[Cause]:
    for change in changes:
        kind = kind_for(change.to_status)
        # What was told again on the way may have passed: only where it stands counts.
        if kind is not None and change.row.status == change.to_status.value:
            yield Cause(
                home_id=change.row.home_id,
                kind=kind,
                at=change.changed_at,
                check_row=change.row,
            )


def _causes_of_looks(
    community: Community, looks: Sequence[Sighting], now: datetime
) -> list[Cause]:
    if not looks:
        return []
    home_ids = {row.home_id for row in looks}
    since = min(row.seen_at for row in looks)
    found = facts_of(community, home_ids, since=since)
    causes = []
    for home_id, facts in found.items():
        seen = clean(facts, now=now)
        new = {str(row.pk) for row in looks if row.home_id == home_id}
        causes += _cries(home_id, seen, new)
        causes += _patterns(home_id, seen, community, new)
    return causes


def _cries(home_id: int, facts: HomeFacts, new: Collection[str]) -> list[Cause]:
    return [
        Cause(home_id=home_id, kind=AlertKind.HELP, at=row.seen_at)
        for row in unanswered_cries(facts)
        if row.id in new
    ]


def _patterns(
    home_id: int, facts: HomeFacts, community: Community, new: Collection[str]
) -> list[Cause]:
    days = {
        local_day(row.seen_at, community.zone)
        for row in facts.sightings
        if row.id in new
    }
    noticed = [
        shut_with_lamp_on(facts, zone=community.zone, on=day) for day in sorted(days)
    ]
    return [
        Cause(home_id=home_id, kind=AlertKind.PATTERN, at=row.at)
        for row in noticed
        if row is not None and any(look.id in new for look in row.sightings)
    ]


def _raise(batch: Batch, alerts: dict[int, Alert], causes: Sequence[Cause]) -> None:
    by_home: defaultdict[int, list[Cause]] = defaultdict(list)
    for cause in causes:
        by_home[cause.home_id].append(cause)
    if not by_home:
        return
    people = directory(batch.community, by_home)
    fresh = {home: row for home, row in by_home.items() if home not in alerts}
    _open(batch, alerts, fresh, people)
    for home_id, found in by_home.items():
        if home_id not in fresh:
            _join(batch, alerts[home_id], found, people)


def _open(
    batch: Batch,
    alerts: dict[int, Alert],
    by_home: dict[int, list[Cause]],
    people: Directory,
) -> None:
    if not by_home:
        return
    risks = dict(
        Home.objects.of(batch.community)
        .filter(pk__in=by_home)
        .values_list("pk", "risk")
    )
    rows = []
    for home_id, causes in by_home.items():
        first = min(causes, key=lambda row: (row.kind.urgency, row.at))
        alert = new_alert(batch, first.kind, first.at, risk=Risk(risks[home_id]))
        alert.home_id = home_id
        rows.append(alert)
    for alert in Alert.objects.of(batch.community).bulk_create(rows):
        alerts[alert.home_id or 0] = alert
        begin(batch, alert, people.reach(alert))
    _evidence(batch, alerts, [row for rows in by_home.values() for row in rows])


def new_alert(
    batch: Batch, kind: AlertKind, at: datetime, *, risk: Risk | None
) -> Alert:
    """Return an unsaved alert with the ladder that fits, copied into it."""
    zone = batch.community.zone
    policy = policy_for(
        policies_of(batch.community), kind=kind, risk=risk, local=local(at, zone).time()
    )
    return Alert(
        community=batch.community,
        kind=kind.value,
        on=local_day(at, zone),
        opened_at=at,
        noticed_at=batch.now,
        policy_name=policy.name if policy else "",
        steps=steps_json(policy.steps) if policy else [],
    )


def begin(batch: Batch, alert: Alert, people: Sequence[Sequence[Person]]) -> None:
    """Note that an alert opened and tell its first step."""
    batch.event(alert, Did.OPENED, at=alert.opened_at)
    climb = ladder.begin(
        steps_of(alert.steps), [len(row) for row in people], now=batch.now
    )
    take_new(batch, alert, climb, people)


def _evidence(batch: Batch, alerts: dict[int, Alert], causes: Iterable[Cause]) -> None:
    AlertCheck.objects.of(batch.community).bulk_create(
        (
            AlertCheck(
                community=batch.community,
                alert=alerts[cause.home_id],
                check_row=cause.check_row,
                kind=cause.kind.value,
                joined_at=batch.now,
            )
            for cause in causes
            if cause.check_row is not None
        ),
        ignore_conflicts=True,
    )


def _join(
    batch: Batch, alert: Alert, causes: Sequence[Cause], people: Directory
) -> None:
    """Join new evidence to the open alert; a more urgent kind begins its own ladder."""
    _evidence(batch, {alert.home_id or 0: alert}, causes)
    for kind in sorted({cause.kind for cause in causes}, key=lambda k: k.urgency):
        if kind.value != alert.kind:
            batch.event(alert, Did.JOINED, at=batch.now, kind=kind.value)
    first = min(causes, key=lambda row: row.kind.urgency)
    if first.kind.urgency >= AlertKind(alert.kind).urgency:
        batch.moved[alert.pk] = alert
        return
    home = Home.objects.of(batch.community).get(pk=first.home_id)
    ladder_of = new_alert(batch, first.kind, batch.now, risk=Risk(home.risk))
    alert.kind = first.kind.value
    alert.steps, alert.policy_name = ladder_of.steps, ladder_of.policy_name
    alert.step = 0
    reach = people.reach(alert)
    holders = _holders(alert)
    if holders:
        # Somebody has it in hand: they are told, and the new ladder waits for them.
        batch.tell(alert, holders, ask="", key=f"upgraded:{alert.kind}")
        batch.moved[alert.pk] = alert
        return
    climb = ladder.begin(
        steps_of(alert.steps), [len(row) for row in reach], now=batch.now
    )
    take(batch, alert, climb, reach)


def _holders(alert: Alert) -> list[Person]:
    going = Commitment.objects.of(alert.community_id).filter(
        alert=alert, ended_at__isnull=True
    )
    held = [Person(member_id=row.member_id) for row in going]
    if not held and alert.state == AlertState.ACKNOWLEDGED.value:
        taken = alert.events.filter(did=Did.ACKNOWLEDGED.value).order_by("-pk").first()
        held = [Person(member_id=taken.by_id)] if taken and taken.by_id else []
    return held


def _join_looks(
    batch: Batch, alerts: dict[int, Alert], looks: Sequence[Sighting]
) -> None:
    """Whatever is seen while an alert is open belongs to it."""
    for look in looks:
        alert = alerts.get(look.home_id)
        if alert is None:
            continue
        words = look.state or look.could_not_see
        batch.event(
            alert,
            Did.JOINED,
            at=max(look.seen_at, alert.opened_at),
            by_id=look.by_id,
            note=f"{look.signal}: {words}",
        )
        if look.signal == CONTACT and look.state in {"spoke", "bell_answered"}:
            _reached(batch, alert, look)


def _reached(batch: Batch, alert: Alert, look: Sighting) -> None:
    """Somebody has reached her: the ladder rests with them until they close it."""
    if alert.state == AlertState.ACKNOWLEDGED.value:
        return
    alert.state, alert.next_at = AlertState.ACKNOWLEDGED.value, None
    Commitment.objects.of(batch.community).filter(
        alert=alert, ended_at__isnull=True
    ).update(ended_at=batch.now)
    batch.event(alert, Did.ACKNOWLEDGED, at=batch.now, by_id=look.by_id)
    batch.moved[alert.pk] = alert


def _settle(batch: Batch, alerts: dict[int, Alert], settled: Sequence[Changed]) -> None:
    """Late evidence retracts; evidence alone ends what nobody needs to ask about."""
    homes = {row.row.home_id for row in settled}
    standing = [
        row
        for home_id, row in sorted(alerts.items())
        if home_id in homes and row.state != AlertState.CLOSED.value
    ]
    evidence = _evidence_of(batch, standing)
    facts = _facts_about(batch, evidence)
    for alert in standing:
        checks = evidence[alert.pk]
        if not checks:
            continue
        if alert.retracted_at is None and _in_time(alert, checks, facts):
            _retract(batch, alert)
        elif over_by_evidence(
            AlertKind(alert.kind), [Status(row.status) for row in checks]
        ):
            _close_by_rule(batch, alert, Outcome.SEEN_AFTER_ALL)


def _evidence_of(batch: Batch, alerts: Sequence[Alert]) -> dict[int, list[Check]]:
    found: dict[int, list[Check]] = {row.pk: [] for row in alerts}
    rows = AlertCheck.objects.of(batch.community).filter(alert__in=alerts)
    for row in rows.select_related("check_row").order_by("pk"):
        found[row.alert_id].append(row.check_row)
    return found


def _facts_about(
    batch: Batch, evidence: Mapping[int, Sequence[Check]]
) -> dict[int, HomeFacts]:
    checks = [row for rows in evidence.values() for row in rows]
    if not checks:
        return {}
    since = min(row.opens_at for row in checks)
    return facts_of(batch.community, {row.home_id for row in checks}, since=since)


def _in_time(
    alert: Alert, evidence: Sequence[Check], facts: Mapping[int, HomeFacts]
) -> bool:
    if alert.kind == AlertKind.HELP.value:
        return False
    return all(
        came_in_time(terms_of_check(row), facts[row.home_id], alert_at=row.alert_at)
        for row in evidence
    )


def _retract(batch: Batch, alert: Alert) -> None:
    alert.retracted_at = batch.now
    batch.event(alert, Did.RETRACTED, at=batch.now)
    holders = _holders(alert)
    if holders:
        batch.tell(alert, holders, ask="", key="retracted")
        batch.moved[alert.pk] = alert
    else:
        _close_by_rule(batch, alert, Outcome.SEEN_IN_TIME)


def _close_by_rule(batch: Batch, alert: Alert, outcome: Outcome) -> None:
    alert.state, alert.next_at = AlertState.CLOSED.value, None
    alert.closed_at, alert.outcome = batch.now, outcome.value
    batch.event(alert, Did.CLOSED, at=batch.now, note=outcome.value)
    batch.moved[alert.pk] = alert


# --- rounds ------------------------------------------------------------------------


def _hold_back(batch: Batch, causes: list[Cause]) -> list[Cause]:
    """Where a round was missed, one alert opens for it instead of one for each home."""
    unseen = [
        cause
        for cause in causes
        if cause.kind is AlertKind.NOT_LOOKED and cause.check_row is not None
    ]
    if not unseen:
        return causes
    plan = round_plan(batch.community, None)
    held: set[int] = set()
    by_round: defaultdict[tuple[int, date], list[Cause]] = defaultdict(list)
    rounds = {row.pk: row for row in plan.rounds}
    for cause in unseen:
        row = cause.check_row
        if row is None:
            continue
        found = plan.round_at(
            row.home_id, on=row.on, begin=row.opens_at, end=row.alert_at
        )
        if found is not None:
            by_round[found.pk, row.on].append(cause)
    for (round_id, on), members in by_round.items():
        alert = _round_alert(batch, rounds[round_id], on, members)
        if alert is None:
            continue
        until = held_back_until(round_alert_at=alert.opened_at)
        held |= {id(row) for row in members if batch.now < until}
    return [cause for cause in causes if id(cause) not in held]


def _round_alert(
    batch: Batch, walked: Round, on: date, unseen: Sequence[Cause]
) -> Alert | None:
    standing = Alert.objects.of(batch.community).filter(round=walked, on=on).first()
    if standing is not None:
        return standing
    at = max(cause.at for cause in unseen)
    if not round_is_missed(_round_checks(batch.community, walked, on), at=at):
        return None
    alert = new_alert(batch, AlertKind.ROUND_MISSED, at, risk=None)
    alert.round, alert.on = walked, on
    alert.save(force_insert=True)
    people = directory(batch.community, ())
    begin(batch, alert, people.reach(alert))
    return alert


def round_checks(community: Community, walked: Round, on: date) -> list[Check]:
    """Return the checks of a round on a local date."""
    homes = homes_of_round(community, walked.pk)
    plan = round_plan(community, homes)
    rows = (
        Check.objects.of(community)
        .filter(on=on, home_id__in=homes, stopped_at__isnull=True)
        .order_by("home_id", "opens_at", "pk")
    )
    found = []
    for row in rows:
        own = plan.round_at(row.home_id, on=on, begin=row.opens_at, end=row.alert_at)
        if own is not None and own.pk == walked.pk:
            found.append(row)
    return found


def _round_checks(community: Community, walked: Round, on: date) -> list[RoundCheck]:
    return [
        RoundCheck(status=Status(row.status), alert_at=row.alert_at)
        for row in round_checks(community, walked, on)
    ]


def _settle_rounds(batch: Batch, settled: Sequence[Changed]) -> None:
    """End the alert of a round that was walked after all, to its last window."""
    days = {row.row.on for row in settled}
    standing = (
        Alert.objects.of(batch.community)
        .filter(round__isnull=False, on__in=days)
        .exclude(state=AlertState.CLOSED.value)
        .select_related("round")
    )
    for alert in standing:
        if alert.round is None:
            continue
        rows = _round_checks(batch.community, alert.round, alert.on)
        if all(row.status is not Status.NOT_LOOKED for row in rows):
            _close_by_rule(batch, alert, Outcome.ROUND_WALKED)


def held_back_open_due(*, now: datetime) -> int:
    """Open the alerts of homes still not looked at when their round's hold is over."""
    over = (
        Alert.objects.across("the runner serves every community")
        .filter(
            kind=AlertKind.ROUND_MISSED.value,
            opened_at__lte=now - ROUND_HOLDS_BACK,
            released_at__isnull=True,
        )
        .select_related("round", "community")
    )
    return sum(_release(alert, now) for alert in over)


@transaction.atomic
def _release(alert: Alert, now: datetime) -> int:
    claimed = (
        Alert.objects.of(alert.community_id)
        .filter(pk=alert.pk, released_at__isnull=True)
        .update(released_at=now)
    )
    if not claimed or alert.round is None:
        return 0
    batch = Batch(community=alert.community, now=now)
    unseen = [
        row
        for row in round_checks(alert.community, alert.round, alert.on)
        if row.status == Status.NOT_LOOKED.value
    ]
    causes = [
        Cause(
            home_id=row.home_id,
            kind=AlertKind.NOT_LOOKED,
            at=max(row.alert_at, held_back_until(round_alert_at=alert.opened_at)),
            check_row=row,
        )
        for row in unseen
    ]
    alerts = open_alerts(alert.community, {row.home_id for row in unseen})
    known = set(
        AlertCheck.objects.of(alert.community)
        .filter(check_row__in=unseen)
        .values_list("check_row_id", flat=True)
    )
    _raise(
        batch,
        alerts,
        [row for row in causes if row.check_row and row.check_row.pk not in known],
    )
    batch.write()
    return len(causes)
