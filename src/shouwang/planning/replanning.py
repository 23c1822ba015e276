"""Somebody drops out: what is left of the morning is planned anew, with few changes.

What was begun stays as it was; who is on the way to a stop still goes there.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from shouwang.planning.estates import Estate, PlanWalker, travel_seconds
from shouwang.planning.plans import Plan, Stop, Walk
from shouwang.planning.rounds import (
    Effort,
    Wishes,
    last_wanted,
    plans_ever_better,
)

# A home that changes hands is worth this much walking: enough that nobody's list is
# turned over for a minute gained.
WISHES = Wishes(keep_s=15.0)
EFFORT = Effort(iterations=1500)


@dataclass(frozen=True, kw_only=True)
class Remainder:
    """A morning cut at a moment: what stays, what of the plan still holds, what is left.

    ``begun`` are the stops of every walker that were begun or are being walked to;
    ``estate`` is what is left, each walker setting out from where they are.
    """

    begun: dict[int, tuple[Stop, ...]]
    estate: Estate
    plan: Plan


def replan(
    estate: Estate,
    plan: Plan,
    *,
    now_s: int,
    gone: Collection[int] = (),
    effort: Effort = EFFORT,
    wishes: Wishes = WISHES,
) -> Plan:
    """Return the whole morning's plan as it goes on at ``now_s`` without ``gone``.

    Parameters
    ----------
    plan
        The plan that is being walked; it must be one of ``estate``.
    now_s
        Seconds after midnight.
    gone
        Walkers who walk no further. What they had begun counts as looked at.
    """
    rest = what_is_left(estate, plan, now_s=now_s, gone=gone)
    plans = plans_ever_better(
        rest.estate, effort=effort, wishes=wishes, begin_with=rest.plan
    )
    return _joined(plan, rest, last_wanted(plans, effort))


def what_is_left(
    estate: Estate, plan: Plan, *, now_s: int, gone: Collection[int] = ()
) -> Remainder:
    """Cut a morning at ``now_s``."""
    walkers = {one.id: one for one in estate.walkers}
    begun = {
        walk.walker: _begun(estate, walkers[walk.walker], walk, now_s, gone)
        for walk in plan.walks
    }
    looked = {home for stops in begun.values() for stop in stops for home in stop.homes}
    left = replace(
        estate,
        homes=tuple(home for home in estate.homes if home.id not in looked),
        standpoints=tuple(
            replace(one, sees=tuple(home for home in one.sees if home not in looked))
            for one in estate.standpoints
        ),
        walkers=tuple(
            _from_here(estate, one, begun.get(one.id, ()), now_s)
            for one in estate.walkers
            if one.id not in gone
        ),
        was_with={
            home: who for home, who in plan.walker_of().items() if who not in gone
        },
    )
    return Remainder(begun=begun, estate=left, plan=_rest(plan, begun, gone))


def _begun(
    estate: Estate,
    walker: PlanWalker,
    walk: Walk,
    now_s: int,
    gone: Collection[int],
) -> tuple[Stop, ...]:
    """Return the stops that were begun; of who goes on, also the one they walk to."""
    kept: list[Stop] = []
    node, free = walker.start, walker.from_s
    for stop in walk.stops:
        way = int(travel_seconds(estate, [node, stop.node])[0, 1])
        set_out = max(free, stop.start_s - way) if kept or way else stop.start_s
        if stop.start_s > now_s and (walker.id in gone or set_out > now_s):
            break
        kept.append(stop)
        node = stop.node
        free = stop.start_s + estate.stop_lasts_s(len(stop.homes))
    return tuple(kept)


def _from_here(
    estate: Estate, walker: PlanWalker, begun: tuple[Stop, ...], now_s: int
) -> PlanWalker:
    if not begun:
        return replace(walker, from_s=max(walker.from_s, now_s))
    last = begun[-1]
    free = last.start_s + estate.stop_lasts_s(len(last.homes))
    return replace(walker, start=last.node, from_s=max(free, now_s))


def _rest(
    plan: Plan, begun: dict[int, tuple[Stop, ...]], gone: Collection[int]
) -> Plan:
    walks = tuple(
        Walk(walker=walk.walker, stops=walk.stops[len(begun[walk.walker]) :])
        for walk in plan.walks
        if walk.walker not in gone
    )
    return Plan(walks=walks, unlooked=plan.unlooked, blind=plan.blind)


def _joined(plan: Plan, rest: Remainder, new: Plan) -> Plan:
    after = {walk.walker: walk.stops for walk in new.walks}
    walks = tuple(
        Walk(
            walker=walk.walker,
            stops=rest.begun[walk.walker] + after.get(walk.walker, ()),
        )
        for walk in plan.walks
    )
    return Plan(walks=walks, unlooked=new.unlooked, blind=new.blind)
