"""What a ladder would do if nobody answered: told before it happens."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from shouwang.domain import ladder
from shouwang.domain.ladder import AlertState, Ask, Did, Move, Step

# How many people each step reaches at a moment.
ReachAt = Callable[[datetime], Sequence[int]]

# What brings somebody to the door. Asked this soon, they can be there within the 45
# minutes of telecare: a quarter of an hour to answer, to walk and to ring.
TO_THE_DOOR = frozenset({Ask.RING_BELL, Ask.GO_UP, Ask.KEYHOLDER, Ask.EMERGENCY})
ASKED_TO_GO_WITHIN = timedelta(minutes=30)


def rehearse(
    steps: Sequence[Step], reach_at: ReachAt, *, opened_at: datetime
) -> tuple[Move, ...]:
    """Return every move of a ladder that nobody answers, until it is exhausted."""
    climb = ladder.begin(steps, reach_at(opened_at), now=opened_at)
    moves = list(climb.moves)
    while climb.standing.state is AlertState.OPEN and climb.standing.next_at:
        now = climb.standing.next_at
        climb = ladder.advance(steps, reach_at(now), climb.standing, now=now)
        moves += climb.moves
    return tuple(moves)


def door_asked_at(steps: Sequence[Step], moves: Sequence[Move]) -> datetime | None:
    """Return when somebody is first asked to go to the door; ``None`` if never."""
    asked = (
        row.at
        for row in moves
        if row.did is Did.STEP and row.step and steps[row.step - 1].ask in TO_THE_DOOR
    )
    return min(asked, default=None)
