"""Who walks, and who is asked next."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from shouwang.domain.covering import (
    Asked,
    Candidate,
    CoverState,
    Reply,
    Search,
    cover_of,
    next_to_ask,
)

BEGINS = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
EARLY = BEGINS - timedelta(hours=3)
LIN, MA, XU, HE = 1, 2, 3, 4


def minutes(count):
    return timedelta(minutes=count)


def asked(member, at=EARLY, reply=Reply.NONE):
    return Asked(member=member, asked_at=at, reply=reply)


def search(*rows, dropped=(LIN,), stand_in=None, last=None):
    last = last or {}
    return Search(
        cover=cover_of(planned=[LIN], dropped=dropped, asked=rows),
        dropped=dropped,
        asked=rows,
        stand_in=stand_in,
        candidates=[
            Candidate(member=key, last_asked_at=last.get(key))
            for key in (LIN, MA, XU, HE)
        ],
        begins_at=BEGINS,
    )


@pytest.mark.parametrize(
    ("planned", "dropped", "rows", "walkers", "state"),
    [
        ([LIN, MA], [], [], (LIN, MA), CoverState.COVERED),
        ([LIN, MA], [LIN], [], (MA,), CoverState.COVERED),
        ([LIN], [LIN], [], (), CoverState.UNCOVERED),
        ([], [], [], (), CoverState.UNCOVERED),
        ([LIN], [LIN], [asked(MA)], (), CoverState.ASKED),
        ([LIN], [LIN], [asked(MA, reply=Reply.NO)], (), CoverState.UNCOVERED),
        ([LIN], [LIN], [asked(MA, reply=Reply.YES)], (MA,), CoverState.COVERED),
        ([LIN], [LIN, MA], [asked(MA, reply=Reply.YES)], (), CoverState.UNCOVERED),
        ([LIN], [], [asked(LIN, reply=Reply.YES)], (LIN,), CoverState.COVERED),
    ],
)
def test_who_walks(planned, dropped, rows, walkers, state):
    cover = cover_of(planned=planned, dropped=dropped, asked=rows)
    assert (cover.walkers, cover.state) == (walkers, state)


def test_nobody_is_asked_while_somebody_walks():
    assert next_to_ask(search(dropped=()), now=EARLY) is None


def test_the_stand_in_is_asked_first_then_the_least_recently_asked():
    last = {MA: EARLY - timedelta(days=1), XU: EARLY - timedelta(days=9)}
    assert next_to_ask(search(stand_in=MA, last=last), now=EARLY) == MA
    assert next_to_ask(search(last=last), now=EARLY) == HE
    said_no = asked(HE, reply=Reply.NO)
    assert next_to_ask(search(said_no, last=last), now=EARLY) == XU


def test_the_next_one_is_asked_when_the_time_to_answer_is_over():
    waiting = search(asked(MA))
    assert next_to_ask(waiting, now=EARLY + minutes(10) - minutes(1)) is None
    assert next_to_ask(waiting, now=EARLY + minutes(10)) == XU


def test_less_time_to_answer_shortly_before_the_round():
    at = BEGINS - minutes(30)
    assert next_to_ask(search(asked(MA, at=at)), now=at + minutes(2)) is None
    assert next_to_ask(search(asked(MA, at=at)), now=at + minutes(3)) == XU


def test_somebody_who_was_asked_and_drops_out_is_not_waited_for():
    assert next_to_ask(search(asked(MA), dropped=(LIN, MA)), now=EARLY) == XU


def test_nobody_is_left_to_ask():
    rows = [asked(key, reply=Reply.NO) for key in (MA, XU, HE)]
    assert next_to_ask(search(*rows), now=EARLY) is None


@pytest.mark.parametrize(
    ("now", "is_asked"),
    [
        (BEGINS - timedelta(hours=12, minutes=1), False),
        (BEGINS - timedelta(hours=12), True),
        (BEGINS + timedelta(hours=1, minutes=59), True),
        (BEGINS + timedelta(hours=2), False),
    ],
)
def test_nobody_is_woken_long_before_or_bothered_long_after(now, is_asked):
    assert (next_to_ask(search(), now=now) is not None) is is_asked
