"""Invented estates of any size: slab buildings, footpaths with gaps, windows, walkers.

The same seed draws the same estate. Heights, gaps, sight lines and shifts are such as
housing estates of the 1990s have them; nothing is measured on a real one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from shouwang.planning.estates import Estate, PlanWalker, Standpoint, WatchedHome

Points = NDArray[np.float64]
HOUR = 3600
DEPTH_M, FLOOR_M, EYE_M, SIGHT_M, FENCE_M = 13.0, 2.9, 1.6, 105.0, 1.5
# Floors of a row of slabs: how often, and how wide the garden to its south is.
HEIGHTS = ((6, 0.5, 26.0), (11, 0.2, 36.0), (18, 0.2, 48.0), (30, 0.1, 60.0))
SHIFTS = ((6.5, 8.75), (7.0, 9.5), (7.5, 9.75), (7.0, 9.0))
OPENS = ((6.5, 0.1), (7.0, 0.4), (7.5, 0.25), (8.0, 0.2), (8.5, 0.05))


@dataclass(frozen=True, kw_only=True)
class Slab:
    """A building: west, east, south and north edge in metres, and its floors."""

    west: float
    east: float
    south: float
    north: float
    floors: int


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """An estate with what only its drawing knows: in which building each home is."""

    estate: Estate
    slabs: tuple[Slab, ...]
    building: dict[int, int]


def estate_draw(*, homes: int, slabs: int, walkers: int, seed: int) -> Drawn:
    """Draw an estate of ``homes`` watched homes in ``slabs`` buildings."""
    dice = np.random.default_rng(seed)
    built, lines, columns = _build(dice, slabs)
    places, paths = _footpaths(dice, lines, columns)
    windows = [_window(dice, built) for _ in range(homes)]
    sees: dict[int, list[int]] = {}
    for home, window in enumerate(windows):
        for node in _seers(dice, window, built, places):
            sees.setdefault(node, []).append(home)
    estate = Estate(
        places=tuple((float(x), float(y)) for x, y in places),
        paths=tuple(paths),
        standpoints=tuple(
            Standpoint(node=node, sees=tuple(seen)) for node, seen in sees.items()
        ),
        homes=tuple(_home(dice, home) for home in range(homes)),
        walkers=tuple(_walkers(dice, walkers, len(places))),
        look_s=8,
        stop_s=20,
        speed_m_s=1.1,
    )
    buildings = {home: window.building for home, window in enumerate(windows)}
    return Drawn(estate=estate, slabs=tuple(built), building=buildings)


def _build(
    dice: np.random.Generator, count: int
) -> tuple[list[Slab], list[float], list[float]]:
    """Return the slabs, row by row from the south, and the lines of paths."""
    columns = max(3, round(math.sqrt(count * 0.7)))
    edges = [0.0, *np.cumsum(dice.uniform(67, 83, columns)).tolist()]
    slots, lines, south = [], [2.0], 0.0
    for _row in range(math.ceil(count / columns)):
        floors, _share, gap = HEIGHTS[dice.choice(4, p=[row[1] for row in HEIGHTS])]
        south += gap
        lines += [south - gap * 0.45, south + DEPTH_M + 4]
        for west, east in pairwise(edges):
            slots.append(
                Slab(
                    west=west + 7 + dice.uniform(-2, 2),
                    east=east - 8 - dice.uniform(0, 6),
                    south=south,
                    north=south + DEPTH_M,
                    floors=floors,
                )
            )
        south += DEPTH_M
    kept = sorted(dice.choice(len(slots), count, replace=False).tolist())
    return [slots[at] for at in kept], [*lines, south + 10], edges


Paths = list[tuple[tuple[float, float], tuple[float, float]]]


def _footpaths(
    dice: np.random.Generator, lines: list[float], columns: list[float]
) -> tuple[Points, list[tuple[int, int, float]]]:
    """Return points and paths of an estate of two phases, a fence with gates between."""
    fence = columns[len(columns) // 2]
    west, east = fence - FENCE_M, fence + FENCE_M
    phases = [
        [*(x for x in columns if x < fence), west],
        [east, *(x for x in columns if x > fence)],
    ]
    paths: Paths = []
    for phase in phases:
        paths += _along(dice, lines, phase) + _across(dice, lines, phase)
    gates = dice.choice(len(lines), max(3, round(len(lines) * 0.4)), replace=False)
    paths += [((west, lines[gate]), (east, lines[gate])) for gate in sorted(gates)]
    return _numbered(paths)


def _along(
    dice: np.random.Generator, lines: list[float], columns: list[float]
) -> Paths:
    """Return the paths along the rows: streets whole, garden paths with pieces missing."""
    paths: Paths = []
    for at, y in enumerate(lines):
        for west, east in pairwise(columns):
            pieces = np.linspace(west, east, max(2, round((east - west) / 12)) + 1)
            is_whole = at in (0, len(lines) - 1) or dice.random() > 0.12
            missing = -1 if is_whole else int(dice.integers(len(pieces) - 1))
            paths += [
                ((float(x0), y), (float(x1), y))
                for piece, (x0, x1) in enumerate(pairwise(pieces))
                if piece != missing
            ]
    return paths


def _across(
    dice: np.random.Generator, lines: list[float], columns: list[float]
) -> Paths:
    """Return the paths from row to row; some of the inner ones do not go through."""
    paths: Paths = []
    for at, x in enumerate(columns):
        for south, north in pairwise(lines):
            if 0 < at < len(columns) - 1 and dice.random() < 0.1:
                continue
            pieces = np.linspace(south, north, max(1, round((north - south) / 14)) + 1)
            paths += [((x, float(y0)), (x, float(y1))) for y0, y1 in pairwise(pieces)]
    return paths


def _numbered(paths: Paths) -> tuple[Points, list[tuple[int, int, float]]]:
    """Return the points of paths, and the paths by their numbers and metres."""
    number: dict[tuple[float, float], int] = {}
    told = []
    for ends in paths:
        one, other = (
            number.setdefault((round(x, 1), round(y, 1)), len(number)) for x, y in ends
        )
        told.append((one, other, round(math.dist(*ends), 1)))
    return np.array(list(number), dtype=float), told


@dataclass(frozen=True, kw_only=True)
class _Window:
    building: int
    x: float
    y: float
    z: float
    faces: int
    floor: int


def _window(dice: np.random.Generator, slabs: list[Slab]) -> _Window:
    share = np.array([slab.floors**0.5 for slab in slabs])
    building = int(dice.choice(len(slabs), p=share / share.sum()))
    slab = slabs[building]
    is_south = bool(dice.random() < 0.75)
    floor = min(slab.floors, max(1, 1 + int(slab.floors * dice.beta(1.2, 1.6))))
    return _Window(
        building=building,
        x=float(dice.uniform(slab.west + 1, slab.east - 1)),
        y=slab.south if is_south else slab.north,
        z=EYE_M + FLOOR_M * (floor - 1),
        faces=-1 if is_south else 1,
        floor=floor,
    )


def _seers(
    dice: np.random.Generator, window: _Window, slabs: list[Slab], places: Points
) -> list[int]:
    """Return the nodes from which a window is seen; always one, agreed with her."""
    across = places[:, 0] - window.x
    before = (places[:, 1] - window.y) * window.faces
    level = np.hypot(across, before)
    rise = window.z - EYE_M
    seen = (before > 1.5) & (np.abs(across) <= 1.73 * np.maximum(before, 0.01))
    seen &= (np.hypot(level, rise) <= SIGHT_M) & (rise <= 1.73 * level)
    if window.floor <= 3:
        # Trees stand before low windows, but not close to the wall.
        seen &= (level <= 12) | (dice.random(len(places)) > 0.35)
    for slab in slabs:
        seen[seen] &= ~_hides(slab, window, places[seen])
    if not seen.any():
        in_front = np.where(before > 1.5, level, np.inf)
        return [int(in_front.argmin())]
    return [int(node) for node in np.flatnonzero(seen)]


def _hides(slab: Slab, window: _Window, eyes: Points) -> NDArray[np.bool_]:
    """Return from which eyes a slab stands in the line to a window (slab test)."""
    origin = np.array([window.x, window.y + 0.05 * window.faces])
    step = eyes - origin
    step = np.where(np.abs(step) < 1e-9, 1e-9, step)
    low = (np.array([slab.west + 0.1, slab.south + 0.1]) - origin) / step
    high = (np.array([slab.east - 0.1, slab.north - 0.1]) - origin) / step
    enters = np.maximum(np.minimum(low, high).max(axis=1), 0)
    leaves = np.minimum(np.maximum(low, high).min(axis=1), 1)
    lowest = window.z + (EYE_M - window.z) * leaves
    hidden: NDArray[np.bool_] = (leaves - enters > 1e-6) & (
        lowest < FLOOR_M * slab.floors + 1
    )
    return hidden


def _home(dice: np.random.Generator, home: int) -> WatchedHome:
    hours, shares = zip(*OPENS, strict=True)
    opens = float(dice.choice(hours, p=shares))
    closes = opens + 0.75 if dice.random() < 0.1 else min(opens + 2, 9.5)
    return WatchedHome(id=home, opens_s=int(opens * HOUR), closes_s=int(closes * HOUR))


def _walkers(dice: np.random.Generator, count: int, nodes: int) -> list[PlanWalker]:
    """Return staff who set out from the office, and volunteers from their own doors."""
    office = int(dice.integers(nodes))
    staff = max(1, round(count * 0.35))
    rows = []
    for one in range(count):
        start, shift = office, (6.5, 10.0)
        if one >= staff:
            start = int(dice.integers(nodes))
            shift = SHIFTS[int(dice.integers(len(SHIFTS)))]
        from_s, to_s = (int(hour * HOUR) for hour in shift)
        rows.append(
            PlanWalker(id=one, start=start, end=start, from_s=from_s, to_s=to_s)
        )
    return rows
