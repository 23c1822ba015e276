"""An estate as planning sees it: footpaths, standpoints, windows, walkers.

Distances are metres, times whole seconds after local midnight. A day on which the clock
changes is planned like any other: its windows are told in seconds since its own midnight.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import dijkstra

# Longer than any walk there is; sums of three still fit a 32-bit number.
NO_WAY = 500_000_000


@dataclass(frozen=True, kw_only=True)
class Standpoint:
    """A node of the footpaths from which the windows of some homes can be seen."""

    node: int
    sees: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class WatchedHome:
    """A home to look at: a stop there must start in ``opens_s`` to ``closes_s`` (both in).

    ``need`` (above 0) says how much it matters that it is looked at, where not all can be.
    """

    id: int
    opens_s: int
    closes_s: int
    need: float = 1.0


@dataclass(frozen=True, kw_only=True)
class PlanWalker:
    """Somebody who walks: sets out from ``start`` and is at ``end`` within the shift."""

    id: int
    start: int
    end: int
    from_s: int
    to_s: int


@dataclass(frozen=True, kw_only=True)
class Estate:
    """All that a round is planned from.

    ``places`` are points in metres; ``paths`` are (node, node, metres), walked both ways.
    """

    places: tuple[tuple[float, float], ...]
    paths: tuple[tuple[int, int, float], ...]
    standpoints: tuple[Standpoint, ...]
    homes: tuple[WatchedHome, ...]
    walkers: tuple[PlanWalker, ...]
    look_s: int
    stop_s: int
    speed_m_s: float
    # From whom each home was taken over, for a plan that should change little.
    was_with: dict[int, int] = field(default_factory=dict)

    def stop_lasts_s(self, homes: int) -> int:
        """Return how long a stop lasts at which ``homes`` windows are looked at."""
        return self.stop_s + self.look_s * homes


def travel_seconds(estate: Estate, nodes: Sequence[int]) -> NDArray[np.int32]:
    """Return the shortest walks between ``nodes``, shape (n, n), whole seconds rounded up.

    ``NO_WAY`` where no path leads. A walk takes as long there as back: sums of metres
    differ in their last digit by direction, and the longer of the two is taken, so that
    nobody who adds them up otherwise finds a plan too quick.
    """
    metres = dijkstra(_graph(estate), directed=False, indices=list(nodes))
    seconds = np.ceil(metres[:, list(nodes)] / estate.speed_m_s)
    seconds = np.maximum(seconds, seconds.T)
    return np.where(seconds < NO_WAY, seconds, NO_WAY).astype(np.int32)


def _graph(estate: Estate) -> csr_array:
    """Return the footpaths as a sparse graph; of two parallel ones the shorter."""
    shortest: dict[tuple[int, int], float] = {}
    for one, other, metres in estate.paths:
        key = (min(one, other), max(one, other))
        shortest[key] = min(metres, shortest.get(key, metres))
    ends = np.array(list(shortest), dtype=np.int32).reshape(-1, 2)
    # A path of no length would read as no path.
    length = np.maximum(np.array(list(shortest.values()), dtype=float), 1e-9)
    count = len(estate.places)
    return coo_array((length, (ends[:, 0], ends[:, 1])), shape=(count, count)).tocsr()
