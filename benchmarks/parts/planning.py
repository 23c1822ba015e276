"""The parts of ``script/bench plan``: ours beside paper and the textbook."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from statistics import mean

from benchmarks.parts.estates import Drawn
from benchmarks.parts.planned import Measured, cover_then_route, number_order
from benchmarks.parts.report import Figure
from shouwang.common import clock
from shouwang.planning.checking import plan_faults, walked
from shouwang.planning.estates import Estate
from shouwang.planning.plans import Plan
from shouwang.planning.replanning import EFFORT, WISHES, replan
from shouwang.planning.rounds import Effort, Wishes, plan_rounds

QUICK, FULL = 2500, 12_000
DROPS_AT_S = int(7.75 * 3600)


@dataclass(frozen=True, kw_only=True)
class Ours:
    """A plan of ours: what was measured, and when the first usable one was there."""

    plan: Plan
    measured: Measured
    first_s: float


@dataclass(frozen=True, kw_only=True)
class Compared:
    """One estate by every method; ``paper`` only where its buildings are known."""

    name: str
    homes: int
    ours: Ours
    quick: Ours
    textbook: Measured
    paper: Measured | None

    @property
    def plan(self) -> Plan:
        """Return our plan."""
        return self.ours.plan


def compare(
    name: str, estate: Estate, drawn: Drawn | None, *, seconds: float
) -> Compared:
    """Plan one estate by every method; the textbook's search gets ``seconds`` of CPU."""
    return Compared(
        name=name,
        homes=len(estate.homes),
        ours=_ours(estate, FULL),
        quick=_ours(estate, QUICK),
        textbook=cover_then_route(estate, seconds=seconds, seed=1),
        paper=number_order(drawn) if drawn else None,
    )


def _ours(estate: Estate, iterations: int) -> Ours:
    began = clock.worked()
    first: list[float] = []

    def enough() -> bool:
        if not first:
            first.append(clock.worked() - began)
        return False

    plan = plan_rounds(estate, effort=Effort(iterations=iterations, enough=enough))
    cpu_s = clock.worked() - began
    faults = plan_faults(estate, plan)
    if faults:
        raise AssertionError(faults[0])
    measured = Measured(
        walk_s=walk_s(estate, plan), missed=len(plan.unlooked), cpu_s=cpu_s
    )
    return Ours(plan=plan, measured=measured, first_s=first[0])


def walk_s(estate: Estate, plan: Plan) -> int:
    """Return the walking of a plan in seconds."""
    return sum(one.walk_s for one in walked(estate, plan))


def longest_s(estate: Estate, plan: Plan) -> int:
    """Return the most that one walker walks and looks, in seconds; waiting left out."""
    looks = {
        walk.walker: sum(estate.stop_lasts_s(len(stop.homes)) for stop in walk.stops)
        for walk in plan.walks
    }
    return max(one.walk_s + looks[one.walker] for one in walked(estate, plan))


def figures_of(compared: Sequence[Compared], *, drawn: int) -> list[Figure]:
    """Return the figures of all estates; the bounds are asked of the ``drawn`` first."""
    own, given = compared[:drawn], compared[drawn:]
    size = own[0].homes
    figures = _in_minutes(f"{size} homes", own)
    figures += _ratios(f"{size} homes", own)
    for one in given:
        figures += _in_minutes(one.name, [one])
    large = [one for one in given if one.homes >= size]
    if large:
        figures += _ratios("given estates", large)
    return figures


def _in_minutes(name: str, rows: Sequence[Compared]) -> list[Figure]:
    def minutes(of: Callable[[Compared], int]) -> float:
        return mean(of(row) for row in rows) / 60

    figures = [
        Figure(
            name=f"{name}, walking, {QUICK} turns",
            value=minutes(lambda row: row.quick.measured.walk_s),
            unit="min",
        ),
        Figure(
            name=f"{name}, walking, {FULL} turns",
            value=minutes(lambda row: row.ours.measured.walk_s),
            unit="min",
        ),
        Figure(
            name=f"{name}, walking, fewest stops then PyVRP",
            value=minutes(lambda row: row.textbook.walk_s),
            unit="min",
        ),
        Figure(
            name=f"{name}, homes we leave unlooked",
            value=sum(row.ours.measured.missed for row in rows),
            unit="",
            most=0,
        ),
    ]
    papers = [row.paper.walk_s for row in rows if row.paper]
    if papers:
        name = f"{name}, walking, building after building"
        figures.append(Figure(name=name, value=mean(papers) / 60, unit="min"))
    return figures


def _ratios(name: str, rows: Sequence[Compared]) -> list[Figure]:
    full = [row.ours.measured for row in rows]
    figures = [
        Figure(
            name=f"{name}, of fewest stops then PyVRP",
            value=sum(one.walk_s for one in full)
            / sum(row.textbook.walk_s for row in rows),
            unit="",
            most=0.72,
        ),
        Figure(
            name=f"{name}, planned within (CPU, the slowest)",
            value=max(one.cpu_s for one in full),
            unit="s",
            most=5,
        ),
        Figure(
            name=f"{name}, first usable plan (CPU, the slowest)",
            value=max(row.ours.first_s for row in rows),
            unit="s",
            most=1,
        ),
    ]
    papers = [row.paper.walk_s for row in rows if row.paper]
    if papers:
        share = sum(one.walk_s for one in full) / sum(papers)
        name = f"{name}, of building after building"
        figures.append(Figure(name=name, value=share, unit="", most=0.16))
    return figures


def balanced(estates: Sequence[Estate]) -> list[Figure]:
    """Return what a fairer share of the work costs and saves."""
    effort = Effort(iterations=QUICK)
    pairs = [
        tuple(
            plan_rounds(one, effort=effort, wishes=Wishes(balance=weight))
            for weight in (0.0, 0.5)
        )
        for one in estates
    ]
    walks = [
        mean(walk_s(one, pair[at]) for one, pair in zip(estates, pairs, strict=True))
        for at in (0, 1)
    ]
    longest = [
        mean(longest_s(one, pair[at]) for one, pair in zip(estates, pairs, strict=True))
        for at in (0, 1)
    ]
    return [
        Figure(
            name="most work of one walker, shortest plan",
            value=longest[0] / 60,
            unit="min",
        ),
        Figure(
            name="most work of one walker, balanced", value=longest[1] / 60, unit="min"
        ),
        Figure(
            name="balance costs in walking",
            value=100 * (walks[1] / walks[0] - 1),
            unit="%",
        ),
    ]


def replanned(estates: Sequence[Estate]) -> list[Figure]:
    """Return what happens when the busiest walker drops out at 7:45."""
    rows = [_drop(one) for one in estates]
    return [
        Figure(
            name="replan after a drop-out (CPU, the slowest)",
            value=max(row[0] for row in rows),
            unit="s",
            most=1,
        ),
        Figure(
            name="replan, homes that change walker without need",
            value=100 * mean(row[1] for row in rows),
            unit="%",
        ),
        Figure(
            name="replan, homes left unlooked, all estates",
            value=sum(row[2] for row in rows),
            unit="",
        ),
    ]


def _drop(estate: Estate) -> tuple[float, float, int]:
    plan = plan_rounds(
        estate, effort=Effort(iterations=QUICK), wishes=Wishes(balance=0.5)
    )
    gone = max(plan.walks, key=lambda walk: len(walk.stops)).walker
    began = clock.worked()
    effort, wishes = EFFORT, replace(WISHES, balance=0.5)
    new = replan(
        estate, plan, now_s=DROPS_AT_S, gone={gone}, effort=effort, wishes=wishes
    )
    cpu_s = clock.worked() - began
    faults = plan_faults(estate, new)
    if faults:
        raise AssertionError(faults[0])
    before, after = plan.walker_of(), new.walker_of()
    stayed = [home for home, who in before.items() if who != gone]
    moved = [home for home in stayed if after.get(home) not in {None, before[home]}]
    return cpu_s, len(moved) / len(stayed), len(new.unlooked)
