"""Small estates for tests: a street of nodes, or a grid of paths with homes around it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np

from shouwang.planning.estates import Estate, PlanWalker, Standpoint, WatchedHome

SPACING_M = 66.0
SEVEN, NINE, TEN = 7 * 3600, 9 * 3600, 10 * 3600


def street(
    nodes: int = 5,
    sees: Mapping[int, Sequence[int]] | None = None,
    windows: Mapping[int, tuple[int, int]] | None = None,
    walkers: Sequence[PlanWalker] | None = None,
) -> Estate:
    """Return nodes in a line, 60 s apart; by default each sees the home of its number."""
    sees = sees if sees is not None else {node: (node,) for node in range(nodes)}
    homes = sorted(
        {home for seen in sees.values() for home in seen} | set(windows or {})
    )
    return Estate(
        places=tuple((node * SPACING_M, 0.0) for node in range(nodes)),
        paths=tuple((a, b, SPACING_M) for a, b in pairwise(range(nodes))),
        standpoints=tuple(
            Standpoint(node=node, sees=tuple(seen)) for node, seen in sees.items()
        ),
        homes=tuple(home_of(home, *(windows or {}).get(home, ())) for home in homes),
        walkers=tuple(walkers or (walker_of(0),)),
        look_s=8,
        stop_s=20,
        speed_m_s=1.1,
    )


def home_of(
    number: int, opens: int = SEVEN, closes: int = NINE, need: float = 1.0
) -> WatchedHome:
    return WatchedHome(id=number, opens_s=opens, closes_s=closes, need=need)


def walker_of(
    number: int,
    start: int = 0,
    from_s: int = SEVEN - 1800,
    to_s: int = TEN,
    end: int | None = None,
) -> PlanWalker:
    return PlanWalker(
        id=number,
        start=start,
        end=start if end is None else end,
        from_s=from_s,
        to_s=to_s,
    )


def estate_by_chance(
    seed: int,
    side: int = 7,
    homes: int = 40,
    walkers: int = 3,
    one_window: bool = False,
) -> Estate:
    """Return a grid of footpaths with gaps, homes seen from the nodes near them."""
    dice = np.random.default_rng(seed)
    places = [(x * 30.0, y * 30.0) for x in range(side) for y in range(side)]
    paths = [
        (a, b, float(np.round(np.hypot(*np.subtract(places[a], places[b])), 1)))
        for a in range(len(places))
        for b in (a + 1, a + side)
        if b < len(places)
        and not (b == a + 1 and b % side == 0)
        and (dice.random() > 0.1 or a % side == 0 or a < side)
    ]
    at = dice.uniform(-10, side * 30 - 20, (homes, 2))
    away = np.hypot(*(np.array(places)[:, None] - at[None]).transpose(2, 0, 1))
    opens = dice.choice([SEVEN, SEVEN + 1800, SEVEN + 3600], homes)
    long = dice.choice([2700, 5400, 7200], homes)
    return Estate(
        places=tuple(places),
        paths=tuple(paths),
        standpoints=tuple(
            Standpoint(
                node=node,
                sees=tuple(
                    home
                    for home in range(homes)
                    if away[node, home] < 45 or away[:, home].argmin() == node
                ),
            )
            for node in range(len(places))
        ),
        homes=tuple(
            home_of(
                home,
                SEVEN if one_window else int(opens[home]),
                TEN if one_window else int(opens[home] + long[home]),
            )
            for home in range(homes)
        ),
        walkers=tuple(
            walker_of(10 + one, start=int(dice.integers(len(places))), to_s=TEN + 1800)
            for one in range(walkers)
        ),
        look_s=8,
        stop_s=20,
        speed_m_s=1.1,
    )
