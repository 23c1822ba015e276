"""What each home's own time does on real mornings, and how fast it is learned.

``script/bench routines`` reads the days that ``docs/reference/commands.md`` describes.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from benchmarks.parts.own_times import mornings, speed, walking
from benchmarks.parts.own_times_drawing import calibration_draw, trade_draw
from benchmarks.parts.report import RESULTS, Figure, results_write, table, to_json
from shouwang.common import clock
from shouwang.routines.days_file import DaysFileError, days_read

SEED = 20260302
HOMES = 100_000
SMALL_HOMES = 2_000
DAYS = Path("../shared/data/routines/older_alone_days.csv")
say = Console(stderr=True, highlight=False)
out = Console(highlight=False, soft_wrap=True)
app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def routines(
    days: Annotated[Path, typer.Option(help="Days with known times (.csv).")] = DAYS,
    small: Annotated[
        bool, typer.Option("--small", help="A quick try; writes no results.")
    ] = False,
    seed: Annotated[int, typer.Option(help="Of everything left to chance.")] = SEED,
) -> None:
    """Measure own times and write what was seen to benchmarks/results/."""
    try:
        known = days_read(days)
    except DaysFileError as error:
        say.print(f"{error} Name a file of days with --days.", soft_wrap=True)
        raise typer.Exit(2) from error
    with say.status("Telling each morning from the others…"):
        figures, found = mornings(known, seed=seed)
        figures += walking(known, seed=seed)
        figures += speed(homes=SMALL_HOMES if small else HOMES, seed=seed)
    if small:
        out.print(to_json(figures), markup=False)
        return
    out.print(table(figures), markup=False)
    page = _written(figures, seed)
    trade_draw(found, known, RESULTS / f"{page.stem}-trade.svg")
    calibration_draw(found, RESULTS / f"{page.stem}-calibration.svg")
    _add_pictures(page)
    say.print(f"Written to {page.parent.name}/{page.name}")


def _written(figures: list[Figure], seed: int) -> Path:
    return results_write(
        figures,
        name="routines",
        title="What each home's own time does",
        command=f"script/bench routines --seed {seed}",
        seed=seed,
        day=f"{clock.now():%Y-%m-%d}",
    )


def _add_pictures(page: Path) -> None:
    pictures = (
        ("Needless asks against the time of asking", "trade"),
        ("Said, and happened", "calibration"),
    )
    lines = [f"![{words}]({page.stem}-{name}.svg)\n" for words, name in pictures]
    with page.open("a", encoding="utf-8") as file:
        file.write("\n" + "\n".join(lines))


if __name__ == "__main__":
    app()
