"""Signal kinds: what can be seen, and what each state means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Meaning(StrEnum):
    """What a state says by itself, before any agreement is read."""

    WELL = "well"
    NOT_WELL = "not_well"
    HELP = "help"
    NEUTRAL = "neutral"


class Nature(StrEnum):
    """How a signal speaks."""

    STANDING = "standing"  # a state that stays: proves only by its change
    EVENT = "event"  # something that happened: proves by having happened
    MARK = "mark"  # only marks the window: has no state


CONTACT = "contact"
SENSOR = "sensor"
# What a passer-by reads without knowing any agreement.
BOARD = "board"

# science.md: well is read only at a confidence of 0.95 and above.
PHOTO_CONFIDENCE = 0.95


@dataclass(frozen=True, kw_only=True)
class SignalKind:
    """One row of the catalogue of signals.

    ``states`` maps each state to its meaning. ``photo_confidence`` (0..1) is the
    confidence from which a photo reading of this kind counts as a look.
    """

    kind: str
    nature: Nature
    states: Mapping[str, Meaning]
    photo_confidence: float = PHOTO_CONFIDENCE

    def meaning(self, state: str | None) -> Meaning:
        """Return the meaning of ``state``; a state unknown here is neutral."""
        if state is None:
            return Meaning.NEUTRAL
        return self.states.get(state, Meaning.NEUTRAL)


def _standing(kind: str, **states: Meaning) -> SignalKind:
    return SignalKind(kind=kind, nature=Nature.STANDING, states=states)


BUILT_IN: Mapping[str, SignalKind] = {
    row.kind: row
    for row in (
        _standing(
            "curtain",
            open=Meaning.NEUTRAL,
            closed=Meaning.NEUTRAL,
            partly=Meaning.NEUTRAL,
        ),
        _standing("light", on=Meaning.NEUTRAL, off=Meaning.NEUTRAL),
        _standing(
            BOARD,
            smile=Meaning.WELL,
            cry=Meaning.HELP,
            nothing_hung=Meaning.NOT_WELL,
        ),
        _standing("token", out=Meaning.NEUTRAL, **{"in": Meaning.NEUTRAL}),
        SignalKind(kind="sticker", nature=Nature.MARK, states={}),
        SignalKind(
            kind=CONTACT,
            nature=Nature.EVENT,
            states={
                "spoke": Meaning.WELL,
                "bell_answered": Meaning.WELL,
                "vouched": Meaning.WELL,
                "no_answer": Meaning.NOT_WELL,
                "asks_help": Meaning.HELP,
            },
        ),
        SignalKind(kind=SENSOR, nature=Nature.EVENT, states={"activity": Meaning.WELL}),
    )
}
