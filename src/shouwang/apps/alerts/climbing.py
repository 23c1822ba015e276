"""Alerts move along their own ladders; moves and messages become rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from django.db.models import F, Q

from shouwang.apps.alerts.models import Alert, AlertEvent, Commitment, Via
from shouwang.apps.alerts.people import Person, person_by
from shouwang.apps.alerts.policies import policies_of
from shouwang.apps.communities.models import Community
from shouwang.apps.communities.writing import rows_update
from shouwang.apps.outbox.models import OutboxMessage
from shouwang.apps.outbox.services import messages_queue
from shouwang.apps.rounds.selectors import RoundPlan, round_plan
from shouwang.domain import ladder
from shouwang.domain.alerts import AlertKind
from shouwang.domain.ladder import AlertState, Climb, Did, Move, Policy, Standing

WRITE_AT_ONCE = 500
# Behind every first word about any home.
LATER = 100
MOVED = [
    "kind",
    "state",
    "step",
    "steps",
    "policy_name",
    "next_at",
    "claim",
    "closed_at",
    "closed_by",
    "outcome",
    "verified",
    "override",
    "retracted_at",
]


@dataclass(kw_only=True)
class Batch:
    """What one transaction writes about alerts, gathered and then written at once.

    ``via`` is how whoever acts in it said so.
    """

    community: Community
    now: datetime
    via: Via = Via.OWN
    events: list[AlertEvent] = field(default_factory=list)
    messages: list[OutboxMessage] = field(default_factory=list)
    moved: dict[int, Alert] = field(default_factory=dict)

    @cached_property
    def policies(self) -> tuple[Policy, ...]:
        """Return the policies of the community, read once."""
        return policies_of(self.community)

    @cached_property
    def plan(self) -> RoundPlan:
        """Return the rounds of the community, read once."""
        return round_plan(self.community, None)

    def event(  # noqa: PLR0913 -- the columns of the row
        self,
        alert: Alert,
        did: Did,
        *,
        at: datetime,
        step: int | None = None,
        by: Person | None = None,
        note: str = "",
        kind: str = "",
    ) -> AlertEvent:
        """Note that something happened to ``alert``."""
        row = AlertEvent(
            community=self.community,
            alert=alert,
            did=did.value,
            kind=kind or alert.kind,
            at=at,
            recorded_at=self.now,
            step=step,
            by_id=by.member_id if by else None,
            by_contact_id=by.contact_id if by else None,
            note=note[:300],
            via=self.via if by else Via.OWN,
        )
        self.events.append(row)
        return row

    def tell(
        self,
        alert: Alert,
        people: Iterable[Person],
        *,
        ask: str,
        key: str,
        is_first: bool = False,
    ) -> None:
        """Queue a message to each of ``people``; ``key`` makes a repeat harmless.

        ``is_first``: nobody was told of the alert before.
        """
        step = alert.steps[alert.step - 1] if 0 < alert.step <= len(alert.steps) else {}
        for person in people:
            self.messages.append(
                OutboxMessage(
                    community=self.community,
                    subject=alert,
                    home_id=alert.home_id,
                    part=key,
                    key=f"{alert.pk}:{key}:{person.key}",
                    to_member_id=person.member_id,
                    to_contact_id=person.contact_id,
                    about=alert.kind,
                    ask=ask,
                    channels=step.get("channels", []),
                    priority=_priority(alert, is_first=is_first),
                    queued_at=self.now,
                    next_at=self.now,
                )
            )

    def write(self) -> None:
        """Write everything gathered."""
        rows_update(self.moved.values(), MOVED)
        AlertEvent.objects.of(self.community).bulk_create(
            self.events, batch_size=WRITE_AT_ONCE
        )
        messages_queue(self.messages)
        if self.events:
            Community.objects.filter(pk=self.community.pk).update(
                board_revision=F("board_revision") + 1
            )


def part_of(did: str, step: int | None, at: datetime) -> str:
    """Return what the messages of one move of a ladder have in common."""
    return f"{did}:{step}:{int(at.timestamp())}"


def _priority(alert: Alert, *, is_first: bool) -> int:
    """Return the place in the queue: the first word about a home before later ones."""
    kind = AlertKind(alert.kind)
    jumps = is_first or kind is AlertKind.HELP or alert.step <= 1
    return kind.urgency if jumps else LATER + kind.urgency


def standing_of(alert: Alert) -> Standing:
    """Return where an alert stands, as the rules read it."""
    running = Commitment.objects.of(alert.community_id).filter(
        alert=alert, ended_at__isnull=True
    )
    return Standing(
        state=AlertState(alert.state),
        step=alert.step,
        next_at=alert.next_at,
        commitments=tuple(
            ladder.Commitment(by=going_key(row), until=row.until) for row in running
        ),
    )


def going_key(row: Commitment) -> str:
    """Return who is going, as the rules name them."""
    return Person(member_id=row.member_id, contact_id=row.contact_id).key


def take(
    batch: Batch, alert: Alert, climb: Climb, people: Sequence[Sequence[Person]]
) -> None:
    """Put ``alert`` where ``climb`` says, with its events and messages."""
    alert.state = climb.standing.state.value
    alert.step = climb.standing.step
    alert.next_at = climb.standing.next_at
    alert.claim = None
    for move in climb.moves:
        _take_move(batch, alert, move, people)
    going = [person_by(row.by) for row in climb.standing.commitments]
    Commitment.objects.of(batch.community).filter(
        alert=alert, ended_at__isnull=True
    ).exclude(
        Q(member_id__in=[row.member_id for row in going if row.member_id])
        | Q(contact_id__in=[row.contact_id for row in going if row.contact_id])
    ).update(ended_at=batch.now)
    batch.moved[alert.pk] = alert


def take_new(
    batch: Batch, alert: Alert, climb: Climb, people: Sequence[Sequence[Person]]
) -> None:
    """Like ``take``, for an alert that was just made and has no commitments."""
    alert.state = climb.standing.state.value
    alert.step = climb.standing.step
    alert.next_at = climb.standing.next_at
    for move in climb.moves:
        _take_move(batch, alert, move, people, is_first=True)
    batch.moved[alert.pk] = alert


def _take_move(
    batch: Batch,
    alert: Alert,
    move: Move,
    people: Sequence[Sequence[Person]],
    *,
    is_first: bool = False,
) -> None:
    by = person_by(move.by) if move.by else None
    batch.event(alert, move.did, at=move.at, step=move.step, by=by)
    if move.did in {Did.STEP, Did.REPEATED} and move.step is not None:
        place = move.step - 1
        batch.tell(
            alert,
            people[place],
            ask=alert.steps[place]["ask"],
            key=part_of(move.did.value, move.step, move.at),
            is_first=is_first,
        )
