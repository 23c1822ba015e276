"""How short the planned rounds are, how soon they are there, and against what.

``script/bench plan`` draws its own estates; ``--estates FOLDER`` adds those of a folder.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from benchmarks.parts.estates import Drawn, estate_draw
from benchmarks.parts.plan_drawing import plan_draw, walking_draw
from benchmarks.parts.planning import (
    Compared,
    balanced,
    compare,
    figures_of,
    replanned,
)
from benchmarks.parts.report import RESULTS, Figure, results_write, table, to_json
from shouwang.common import clock
from shouwang.planning.errors import EstateError
from shouwang.planning.estates import Estate
from shouwang.planning.reading import estate_read
from shouwang.planning.rounds import warm_up

HOMES, SLABS, WALKERS, SEEDS = 500, 48, 8, 5
SMALL_HOMES, SMALL_SLABS, SMALL_WALKERS = 60, 10, 2
say = Console(stderr=True, highlight=False)
out = Console(highlight=False, soft_wrap=True)
app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def plan(
    estates: Annotated[
        Path | None, typer.Option(help="A folder of more estates (.json).")
    ] = None,
    small: Annotated[
        bool, typer.Option("--small", help="A quick try; writes no results.")
    ] = False,
    seed: Annotated[int, typer.Option(help="The first of the estates' seeds.")] = 1,
) -> None:
    """Measure the plans of rounds and write what was seen to benchmarks/results/."""
    drawn = [_draw(small, one) for one in range(seed, seed + (1 if small else SEEDS))]
    more = _read(estates)
    with say.status("Compiling…"):
        warm_up()
    seconds = 0.2 if small else 5.0
    with say.status("Planning…"):
        compared = [
            compare(f"estate {seed + at}", one.estate, one, seconds=seconds)
            for at, one in enumerate(drawn)
        ]
        compared += [
            compare(name, one, None, seconds=seconds) for name, one in more.items()
        ]
        figures = figures_of(compared, drawn=len(drawn))
        figures += balanced([one.estate for one in drawn])
        figures += replanned([one.estate for one in drawn])
    if small:
        out.print(to_json(figures), markup=False)
        return
    out.print(table(figures), markup=False)
    _write(figures, compared, drawn, seed)


def _draw(small: bool, seed: int) -> Drawn:
    homes, slabs, walkers = HOMES, SLABS, WALKERS
    if small:
        homes, slabs, walkers = SMALL_HOMES, SMALL_SLABS, SMALL_WALKERS
    return estate_draw(homes=homes, slabs=slabs, walkers=walkers, seed=seed)


def _read(folder: Path | None) -> dict[str, Estate]:
    if folder is None:
        return {}
    estates = {}
    for file in sorted(folder.glob("*.json")):
        try:
            estates[file.stem] = estate_read(json.loads(file.read_bytes()))
        except (ValueError, EstateError) as error:
            say.print(f"{file.name}: {error}", soft_wrap=True)
            raise typer.Exit(2) from error
    if not estates:
        say.print(f"There is no estate (.json) in {folder}.", soft_wrap=True)
        raise typer.Exit(2)
    return estates


def _write(
    figures: list[Figure], compared: list[Compared], drawn: list[Drawn], seed: int
) -> None:
    page = results_write(
        figures,
        name="plan",
        title="How short the planned rounds are",
        command=f"script/bench plan --seed {seed}",
        seed=seed,
        day=f"{clock.now():%Y-%m-%d}",
    )
    walking_draw(compared, RESULTS / f"{page.stem}-walking.svg")
    plan_draw(drawn[0], compared[0].plan, RESULTS / f"{page.stem}-drawn.svg")
    pictures = (
        ("Walking by method", "walking"),
        ("The first estate, its stops and walks", "drawn"),
    )
    lines = [f"![{words}]({page.stem}-{name}.svg)\n" for words, name in pictures]
    with page.open("a", encoding="utf-8") as file:
        file.write("\n" + "\n".join(lines))
    say.print(f"Written to {page.parent.name}/{page.name}")


if __name__ == "__main__":
    app()
