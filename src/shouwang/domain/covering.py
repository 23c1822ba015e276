"""Who walks a round on a day, and whom to ask when somebody drops out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

# How long somebody has to answer before the next is asked; less when time is short.
ANSWER_WITHIN = timedelta(minutes=10)
ANSWER_WITHIN_SHORT = timedelta(minutes=3)
TIME_IS_SHORT = timedelta(hours=1)
# Nobody is woken for the round of tomorrow, nor asked for one that is long over.
ASKED_BEFORE = timedelta(hours=12)
ASKED_AFTER = timedelta(hours=2)


class Reply(StrEnum):
    """What somebody said who was asked to walk."""

    NONE = ""
    YES = "yes"
    NO = "no"


class CoverState(StrEnum):
    """Whether somebody walks."""

    COVERED = "covered"
    ASKED = "asked"
    UNCOVERED = "uncovered"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Somebody was asked to walk a round on a day, and said this."""

    member: int
    asked_at: datetime
    reply: Reply = Reply.NONE


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """Somebody who could walk; ``last_asked_at`` is empty if never asked before."""

    member: int
    last_asked_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Cover:
    """Who walks, in the order in which they are asked first, and who has yet to answer."""

    walkers: tuple[int, ...]
    waiting_for: tuple[int, ...]

    @property
    def state(self) -> CoverState:
        """Return whether somebody walks, may yet say yes, or nobody does."""
        if self.walkers:
            return CoverState.COVERED
        return CoverState.ASKED if self.waiting_for else CoverState.UNCOVERED


def cover_of(
    *, planned: Sequence[int], dropped: Collection[int], asked: Sequence[Asked]
) -> Cover:
    """Return who walks a round on a day.

    Parameters
    ----------
    planned
        Who walks it on ordinary days, first asked first.
    dropped
        Who said they cannot on this day; that also takes back an earlier yes.
    asked
        Who was asked to stand in, and what they said.
    """
    standing_in = [row.member for row in asked if row.reply is Reply.YES]
    walkers = [key for key in (*planned, *standing_in) if key not in dropped]
    waiting = [
        row.member
        for row in asked
        if row.reply is Reply.NONE and row.member not in dropped
    ]
    return Cover(
        walkers=tuple(dict.fromkeys(walkers)), waiting_for=tuple(dict.fromkeys(waiting))
    )


@dataclass(frozen=True, kw_only=True)
class Search:
    """Everything known when somebody is sought for a round that begins at ``begins_at``."""

    cover: Cover
    dropped: Collection[int]
    asked: Sequence[Asked]
    stand_in: int | None
    candidates: Sequence[Candidate]
    begins_at: datetime


def next_to_ask(search: Search, *, now: datetime) -> int | None:
    """Return whom to ask now, if anybody: the stand-in, then the least recently asked.

    One after another; the next one when the last said no or let the time to answer
    pass. Whoever was asked before may still say yes.
    """
    begins_at = search.begins_at
    if search.cover.walkers or not (
        begins_at - ASKED_BEFORE <= now < begins_at + ASKED_AFTER
    ):
        return None
    is_short = begins_at - now < TIME_IS_SHORT
    patience = ANSWER_WITHIN_SHORT if is_short else ANSWER_WITHIN
    if any(
        row.reply is Reply.NONE and now < row.asked_at + patience
        for row in search.asked
        if row.member not in search.dropped
    ):
        return None
    return _first_of(search)


def _first_of(search: Search) -> int | None:
    had = {row.member for row in search.asked} | set(search.dropped)
    free = [row for row in search.candidates if row.member not in had]
    ordered = sorted(
        free,
        key=lambda row: (
            row.member != search.stand_in,
            row.last_asked_at is not None,
            row.last_asked_at or search.begins_at,
            row.member,
        ),
    )
    return ordered[0].member if ordered else None
