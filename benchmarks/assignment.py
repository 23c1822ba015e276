"""A whole day of needs handed out at once: how good, how fast, how fair.

``script/bench assignment`` compares five invented days of 420 people and 200 needs with
the optimum that HiGHS proves.
"""

from __future__ import annotations

from time import process_time
from typing import Annotated

import typer
from rich.console import Console

from benchmarks.parts.days import day_made, proven
from benchmarks.parts.report import Figure, results_write, table, to_json
from shouwang.common import clock
from shouwang.planning.assigning import assign
from shouwang.planning.days import Day, Hand

SEED, DAYS = 20260302, 5
say = Console(stderr=True, highlight=False)
out = Console(highlight=False, soft_wrap=True)
app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def assignment(
    small: Annotated[
        bool, typer.Option("--small", help="A quick try; writes no results.")
    ] = False,
    seed: Annotated[int, typer.Option(help="Of everything left to chance.")] = SEED,
) -> None:
    """Measure the day's assignment and write what was seen to benchmarks/results/."""
    size = (30, 20) if small else (420, 200)
    figures = measured(*size, days=1 if small else DAYS, seed=seed)
    if small:
        out.print(to_json(figures), markup=False)
        return
    out.print(table(figures), markup=False)
    page = results_write(
        figures,
        name="assignment",
        title="A day handed out at once",
        command=f"script/bench assignment --seed {seed}",
        seed=seed,
        day=f"{clock.now():%Y-%m-%d}",
    )
    say.print(f"Written to {page.parent.name}/{page.name}")


def measured(hands: int, jobs: int, *, days: int, seed: int) -> list[Figure]:
    """Return how some invented days compare with what is proven to be the best."""
    gaps, seconds, proofs, ginis, left, optimal = [], [], [], [], 0, 0
    for number in range(days):
        tasks, people, walk = day_made(seed + number, jobs=jobs, hands=hands)
        began = process_time()
        day = assign(tasks, people, walk)
        seconds.append(process_time() - began)
        say.print(f"day {number + 1}: {day.cost} minutes, {seconds[-1]:.2f} s")
        began = process_time()
        gaps.append(day.cost - proven(tasks, people, walk))
        proofs.append(process_time() - began)
        ginis.append(gini(day, people))
        left += len(day.left)
        optimal += day.is_optimal
    return [
        Figure(
            name="days equal to the proven optimum",
            value=gaps.count(0),
            unit="",
            least=days,
        ),
        Figure(
            name="days proven the best by itself", value=optimal, unit="", least=days
        ),
        Figure(
            name="the slowest day, processor", value=max(seconds), unit="s", most=0.5
        ),
        Figure(name="HiGHS, the slowest day, processor", value=max(proofs), unit="s"),
        Figure(name="needs left undone, all days", value=left, unit=""),
        Figure(name="needs in all", value=days * jobs, unit=""),
        Figure(name="Gini of the week's load, mean", value=sum(ginis) / days, unit=""),
        Figure(
            name="Gini of the load before the day, mean",
            value=sum(_before(seed + n, jobs, hands) for n in range(days)) / days,
            unit="",
        ),
    ]


def _before(seed: int, jobs: int, hands: int) -> float:
    _tasks, people, _walk = day_made(seed, jobs=jobs, hands=hands)
    return _gini([row.carried for row in people])


def gini(day: Day, people: list[Hand]) -> float:
    """Return how unequal the tasks of a week are after the day; 0 is all alike."""
    loads = {row.key: row.carried for row in people}
    for row in day.given:
        loads[row.hand] += 1
    return _gini(list(loads.values()))


def _gini(loads: list[int]) -> float:
    ordered, total = sorted(loads), sum(loads)
    if not total:
        return 0.0
    ranked = sum(rank * load for rank, load in enumerate(ordered, start=1))
    return 2 * ranked / (len(ordered) * total) - (len(ordered) + 1) / len(ordered)


if __name__ == "__main__":
    app()
