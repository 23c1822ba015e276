"""Reads an estate from the plain data of its file, and names every fault in it.

The format: ``footpaths.nodes [[x, y]…]``, ``footpaths.edges [[node, node, metres]…]`` ·
``standpoints [{node, sees: [home id…]}…]`` · ``homes [{id, window_s: [from, to]}…]`` (and,
if wanted, ``need``) · ``walkers [{id, start, shift_s: [from, to]}…]`` (and ``end``) ·
``look_s``, ``stop_s``, ``speed_m_s``. Metres and seconds after midnight.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from shouwang.planning.errors import EstateError
from shouwang.planning.estates import Estate, PlanWalker, Standpoint, WatchedHome

# Days are planned one at a time; a window may cross midnight into the next.
LATEST_S = 2 * 25 * 3600
MOST_METRES = 1_000_000.0


def estate_read(data: Any) -> Estate:
    """Return the estate that ``data`` (parsed JSON) describes.

    Raises
    ------
    EstateError
        With the place and one of ``missing``, ``not_a_number``, ``not_a_list``,
        ``not_an_object``, ``out_of_range``, ``no_such_node``, ``no_such_home``,
        ``named_twice``, ``ends_before_it_begins``.
    """
    root = _object(data, "estate")
    paths = _object(_of(root, "footpaths", "estate"), "footpaths")
    places = tuple(
        _pair(row, f"footpaths.nodes[{at}]")
        for at, row in enumerate(_list(paths, "nodes", "footpaths"))
    )
    homes = _homes(root)
    known = {home.id for home in homes}
    return Estate(
        places=places,
        paths=tuple(_paths(paths, len(places))),
        standpoints=tuple(_standpoints(root, len(places), known)),
        homes=homes,
        walkers=_walkers(root, len(places)),
        look_s=_whole(root, "look_s", "estate", 0, LATEST_S),
        stop_s=_whole(root, "stop_s", "estate", 0, LATEST_S),
        speed_m_s=_number(_of(root, "speed_m_s", "estate"), "speed_m_s", 0.05, 20.0),
    )


def _paths(paths: Mapping[str, Any], nodes: int) -> Iterable[tuple[int, int, float]]:
    for at, row in enumerate(_list(paths, "edges", "footpaths")):
        where = f"footpaths.edges[{at}]"
        if not isinstance(row, list) or len(row) != 3:
            raise EstateError("not_a_list", where)
        metres = _number(row[2], where, 0.0, MOST_METRES)
        yield _node(row[0], where, nodes), _node(row[1], where, nodes), metres


def _standpoints(
    root: Mapping[str, Any], nodes: int, known: set[int]
) -> Iterable[Standpoint]:
    for at, row in enumerate(_list(root, "standpoints", "estate")):
        where = f"standpoints[{at}]"
        entry = _object(row, where)
        sees = _list(entry, "sees", where)
        if any(not isinstance(one, int) or one not in known for one in sees):
            raise EstateError("no_such_home", where)
        node = _node(_of(entry, "node", where), where, nodes)
        yield Standpoint(node=node, sees=tuple(dict.fromkeys(sees)))


def _homes(root: Mapping[str, Any]) -> tuple[WatchedHome, ...]:
    rows = []
    for at, row in enumerate(_list(root, "homes", "estate")):
        where = f"homes[{at}]"
        entry = _object(row, where)
        opens, closes = _span(entry, "window_s", where)
        need = _number(entry.get("need", 1.0), where, 1e-3, 1e3)
        number = _whole(entry, "id", where, -(2**31), 2**31)
        rows.append(WatchedHome(id=number, opens_s=opens, closes_s=closes, need=need))
    _once([row.id for row in rows], "homes")
    return tuple(rows)


def _walkers(root: Mapping[str, Any], nodes: int) -> tuple[PlanWalker, ...]:
    rows = []
    for at, row in enumerate(_list(root, "walkers", "estate")):
        where = f"walkers[{at}]"
        entry = _object(row, where)
        start = _node(_of(entry, "start", where), where, nodes)
        from_s, to_s = _span(entry, "shift_s", where)
        rows.append(
            PlanWalker(
                id=_whole(entry, "id", where, -(2**31), 2**31),
                start=start,
                end=_node(entry.get("end", start), where, nodes),
                from_s=from_s,
                to_s=to_s,
            )
        )
    _once([row.id for row in rows], "walkers")
    return tuple(rows)


def _once(ids: list[int], where: str) -> None:
    if len(set(ids)) != len(ids):
        raise EstateError("named_twice", where)


def _object(value: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise EstateError("not_an_object", where)
    return value


def _of(entry: Mapping[str, Any], key: str, where: str) -> Any:
    if key not in entry:
        raise EstateError("missing", f"{where}.{key}")
    return entry[key]


def _list(entry: Mapping[str, Any], key: str, where: str) -> list[Any]:
    value = _of(entry, key, where)
    if not isinstance(value, list):
        raise EstateError("not_a_list", f"{where}.{key}")
    return value


def _number(value: Any, where: str, least: float, most: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise EstateError("not_a_number", where)
    if not (math.isfinite(value) and least <= value <= most):
        raise EstateError("out_of_range", where)
    return float(value)


def _whole(
    entry: Mapping[str, Any], key: str, where: str, least: int, most: int
) -> int:
    return _whole_number(_of(entry, key, where), f"{where}.{key}", least, most)


def _whole_number(value: Any, where: str, least: int, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise EstateError("not_a_number", where)
    if not least <= value <= most:
        raise EstateError("out_of_range", where)
    return value


def _node(value: Any, where: str, nodes: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < nodes:
        raise EstateError("no_such_node", where)
    return value


def _pair(value: Any, where: str) -> tuple[float, float]:
    if not isinstance(value, list) or len(value) != 2:
        raise EstateError("not_a_list", where)
    x, y = (_number(one, where, -MOST_METRES, MOST_METRES) for one in value)
    return x, y


def _span(entry: Mapping[str, Any], key: str, where: str) -> tuple[int, int]:
    value = _list(entry, key, where)
    where = f"{where}.{key}"
    if len(value) != 2:
        raise EstateError("not_a_list", where)
    begin, end = (_whole_number(one, where, -LATEST_S, LATEST_S) for one in value)
    if end < begin:
        raise EstateError("ends_before_it_begins", where)
    return begin, end
