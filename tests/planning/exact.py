"""The best plan there is, by dynamic programming: for one walker and few homes."""

from __future__ import annotations

import heapq

from shouwang.planning.estates import Estate, travel_seconds


def least_cost(estate: Estate, stop_s: int) -> int:
    """Return the least walking, and ``stop_s`` a stop, by which one walker sees all.

    Windows must leave every order open. Over states (seen homes, node), Dijkstra's way;
    up to about 15 homes.
    """
    nodes = sorted({estate.walkers[0].start, *(s.node for s in estate.standpoints)})
    way = travel_seconds(estate, nodes)
    sees = _seen_from(estate, nodes)
    start, all_seen = nodes.index(estate.walkers[0].start), (1 << len(estate.homes)) - 1
    settled: set[tuple[int, int]] = set()
    heap = [(0, 0, start)]
    while heap:
        walked, seen, at = heapq.heappop(heap)
        if seen == all_seen and at == start:
            return walked
        if (seen, at) in settled:
            continue
        settled.add((seen, at))
        onward = sees if seen != all_seen else {start: 0}
        for node, more in onward.items():
            state = (seen | more, node)
            if state not in settled and (seen | more != seen or node == start):
                cost = walked + int(way[at, node]) + (stop_s if more else 0)
                heapq.heappush(heap, (cost, *state))
    raise AssertionError("some home is seen from nowhere")


def _seen_from(estate: Estate, nodes: list[int]) -> dict[int, int]:
    """Return the homes seen from each place, as bits."""
    home_at = {home.id: at for at, home in enumerate(estate.homes)}
    sees = dict.fromkeys(range(len(nodes)), 0)
    for one in estate.standpoints:
        for home in one.sees:
            sees[nodes.index(one.node)] |= 1 << home_at[home]
    return {node: seen for node, seen in sees.items() if seen}
