"""``shouwang routines …``: check on own data what each home's own time would do."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from shouwang.cli.terminal import err, out

if TYPE_CHECKING:
    from shouwang.routines.evaluation import Evaluation, Score

routines = typer.Typer(
    help="Each home's own time, checked on known days.", no_args_is_help=True
)

PASSES = "7:15,8:00,8:50"
PASS = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")


@routines.callback()
def _group() -> None:
    """Keep ``evaluate`` a command of its own while it is the only one."""


@routines.command("evaluate")
def evaluate(
    file: Annotated[
        Path, typer.Argument(help="Days with known times (.csv), see the reference.")
    ],
    passes: Annotated[
        str, typer.Option(help="When walkers pass, as in 7:15,8:00,8:50.")
    ] = PASSES,
    seed: Annotated[int, typer.Option(min=0, help="Of what is left to chance.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Tell each day from the others of its home, and count the false alarms."""
    from shouwang.routines.days_file import DaysFileError, days_read
    from shouwang.routines.evaluation import evaluate as measured

    walks = _minutes(passes)
    try:
        days = days_read(file)
    except DaysFileError as error:
        for words in error.problems:
            err.print(words, soft_wrap=True, markup=False)
        raise typer.Exit(2) from error
    found = measured(days, passes=walks, seed=seed)
    if as_json:
        typer.echo(json.dumps(_json(found, passes=passes, seed=seed)))
    else:
        _tell(found)


def _minutes(passes: str) -> list[int]:
    matches = [PASS.fullmatch(words.strip()) for words in passes.split(",")]
    found = [60 * int(row[1]) + int(row[2]) for row in matches if row is not None]
    if len(found) < len(matches) or len(set(found)) < len(found):
        words = (
            "Passes are different times of day with commas between, as in 7:15,8:00."
        )
        raise typer.BadParameter(words, param_hint="--passes")
    return sorted(found)


def _json(found: Evaluation, *, passes: str, seed: int) -> dict[str, object]:
    return {
        "homes": found.homes,
        "days": found.days,
        "all": _score_json(found.all),
        "fit": _score_json(found.fit),
        "log_score": found.log_score,
        "calibration": [asdict(row) for row in found.calibration],
        "frontier": [asdict(row) for row in found.frontier],
        "passes": passes,
        "seed": seed,
    }


def _score_json(score: Score) -> dict[str, float | int | None]:
    return {
        "days": score.days,
        "fixed_fa_per_home_year": score.fixed_false,
        "own_fa_per_home_year": score.own_false,
        "mean_alarm_min_after_7": score.mean_alarm,
        "minutes_earlier_at_equal_fa": score.earlier,
    }


def _tell(found: Evaluation) -> None:
    out.print(f"{found.homes} homes, {found.days} days, each told from the others.\n")
    table = Table("", "all days", "usually up by 8:30")
    for words, name in (
        ("days", "days"),
        ("false alarms a home a year, fixed 9:00", "fixed_fa_per_home_year"),
        ("the same, own time, asked at 9:00 on average", "own_fa_per_home_year"),
        ("mean time of asking, minutes after 7:00", "mean_alarm_min_after_7"),
        ("minutes earlier, at equally many", "minutes_earlier_at_equal_fa"),
    ):
        cells = [_score_json(row)[name] for row in (found.all, found.fit)]
        table.add_row(words, *(_number(cell) for cell in cells))
    out.print(table)
    out.print("\nIs what it says true? A morning as late as it said would come")
    for row in found.calibration:
        often = f"{row.happened} of {row.days}"
        bounds = f"{row.low:.1%} to {row.high:.1%}"
        out.print(f"  once in {1 / row.said:>3.0f} ({row.said:.1%}): {often}, {bounds}")


def _number(value: float | None) -> str:
    if value is None:
        return "no such day"
    return str(value) if isinstance(value, int) else f"{value:.1f}"
