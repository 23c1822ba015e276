"""The chance of "not yet" along a day, as it is stored: read without any array."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

STEP = 5
DAYS_A_YEAR = 365.25
SATURDAY = 5
# Outside these nothing is worth storing.
NEARLY_SURE, NEARLY_NEVER = 0.9995, 0.0005


@dataclass(frozen=True, kw_only=True)
class Curve:
    """``still[n]`` is the chance (0..1) of "not yet" at minute ``begin + 5 n``.

    1 before ``begin``; after its end, its last value.
    """

    begin: int
    still: Sequence[float]

    def at(self, minute: float) -> float:
        """Return the chance that the signal is not given by ``minute``."""
        place = (minute - self.begin) / STEP
        if place <= 0 or not self.still:
            return 1.0
        low = min(int(place), len(self.still) - 1)
        high = min(low + 1, len(self.still) - 1)
        share = min(place - low, 1.0)
        return self.still[low] * (1 - share) + self.still[high] * share

    def first_at_most(self, chance: float) -> int | None:
        """Return the first minute at which the chance is at most ``chance``, if any."""
        return next(
            (
                self.begin + STEP * place
                for place, value in enumerate(self.still)
                if value <= chance
            ),
            None,
        )


def stored(begin: int, still: Sequence[float]) -> dict[str, Any]:
    """Return chances at every five minutes from ``begin`` as they are stored."""
    values = [round(float(value), 5) for value in still]
    first = next((n for n, value in enumerate(values) if value < NEARLY_SURE), 0)
    last = next(
        (n for n, value in enumerate(values) if value < NEARLY_NEVER), len(values) - 1
    )
    first = max(first - 1, 0)
    return {"begin": begin + STEP * first, "still": values[first : last + 1]}


def curve_on(curves: Mapping[str, Any], on: date) -> Curve | None:
    """Return the curve of a local day, or ``None`` before anything was learned."""
    kept = curves.get("weekend" if on.weekday() >= SATURDAY else "workday")
    return Curve(begin=kept["begin"], still=kept["still"]) if kept else None


def ask_minute(curve: Curve, *, most_a_year: int, earliest: float) -> int | None:
    """Return from when on a home is asked about at most ``most_a_year`` times in vain.

    Never before ``earliest``; ``None`` where it keeps so little time that no minute is
    late for it.
    """
    found = curve.first_at_most(most_a_year / DAYS_A_YEAR)
    return None if found is None else max(found, -(-int(earliest) // STEP) * STEP)
