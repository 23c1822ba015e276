"""What becomes of alerts when there are many, when we are killed, and when others fail.

``script/bench alerts`` runs every part in a process and a data folder of its own.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import Annotated

import django
import typer
from rich.console import Console

from benchmarks.parts.database import NoPostgresqlError, postgresql
from benchmarks.parts.report import Figure, from_json, results_write, table, to_json
from shouwang.common import clock

SEED = 20260302
HOMES, KILLS = 10_000, 1000
SETTINGS = "shouwang.config.settings.serve"
ON_POSTGRESQL = {"flood-postgresql", "pairs-postgresql"}
say = Console(stderr=True, highlight=False)
out = Console(highlight=False, soft_wrap=True)
app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


def _parts(
    homes: int, kills: int, seed: int
) -> Mapping[str, Callable[[], list[Figure]]]:
    from benchmarks.parts import failing, flooding, killing, pairing

    return {
        # An office PC holds a tenth of what a district's server does.
        "flood-sqlite": lambda: flooding.flood(homes=max(homes // 10, 1), seed=seed),
        "flood-postgresql": lambda: flooding.flood(homes=homes, seed=seed),
        "kills": lambda: killing.kills(count=kills, seed=seed),
        "faults": failing.faults,
        "clock": failing.clock_steps,
        "pairs-sqlite": lambda: pairing.pairs(homes=max(homes // 20, 4), seed=seed),
        "pairs-postgresql": lambda: pairing.pairs(homes=max(homes // 20, 4), seed=seed),
    }


NAMES = (
    "flood-sqlite",
    "flood-postgresql",
    "kills",
    "faults",
    "clock",
    "pairs-sqlite",
    "pairs-postgresql",
)


def run_here(name: str, *, homes: int, kills: int, seed: int) -> list[Figure]:
    """Run one part in this process, on the data folder the environment names."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    django.setup()
    from django.conf import settings

    from shouwang.config.serving import prepare_data

    prepare_data(settings.DATA_DIR)
    return _parts(homes, kills, seed)[name]()


def _run_apart(name: str, options: list[str], database: str) -> list[Figure]:
    with ExitStack() as stack:
        folder = stack.enter_context(
            tempfile.TemporaryDirectory(prefix="shouwang-bench-")
        )
        environment = {
            **os.environ,
            "SHOUWANG_DATA_DIR": folder,
            "SHOUWANG_CHANNEL": "recording",
            "SHOUWANG_LOG_LEVEL": "CRITICAL",
            "SHOUWANG_PUBLIC_URL": "http://127.0.0.1:8000",
        }
        environment.pop("SHOUWANG_DATABASE_URL", None)
        if name in ON_POSTGRESQL:
            url = database or stack.enter_context(postgresql())
            environment["SHOUWANG_DATABASE_URL"] = url
        command = [sys.executable, "-m", "benchmarks.alerts", "--here", "--only", name]
        done = subprocess.run(  # noqa: S603 -- ourselves
            [*command, *options],
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
    if done.returncode:
        say.print(f"[bold red]{name} failed[/]")
        raise typer.Exit(1)
    return from_json(done.stdout)


@app.command()
def alerts(
    only: Annotated[
        list[str] | None, typer.Option(help=f"Parts: {', '.join(NAMES)}.")
    ] = None,
    homes: Annotated[
        int, typer.Option(min=1, help="On PostgreSQL; a tenth of it on SQLite.")
    ] = HOMES,
    kills: Annotated[int, typer.Option(min=1, help="How often to kill.")] = KILLS,
    database: Annotated[
        str, typer.Option(help="An empty PostgreSQL to use instead of one of our own.")
    ] = "",
    seed: Annotated[int, typer.Option(help="Of everything left to chance.")] = SEED,
    here: Annotated[bool, typer.Option("--here", hidden=True)] = False,
) -> None:
    """Measure the alerts and write what was seen to benchmarks/results/."""
    names = only or list(NAMES)
    unknown = set(names) - set(NAMES)
    if unknown:
        say.print(f"There is no part {', '.join(sorted(unknown))}. {', '.join(NAMES)}")
        raise typer.Exit(2)
    if here:
        figures = run_here(names[0], homes=homes, kills=kills, seed=seed)
        sys.stdout.write(to_json(figures))
        return
    options = ["--homes", str(homes), "--kills", str(kills), "--seed", str(seed)]
    figures = []
    try:
        for name in names:
            with say.status(f"Measuring: {name}…"):
                figures += _run_apart(name, options, database)
    except NoPostgresqlError as error:
        say.print(str(error))
        raise typer.Exit(2) from error
    out.print(table(figures), markup=False)
    # A few homes or kills only try it out.
    if (homes, kills) == (HOMES, KILLS):
        _write(figures, names, options, seed)


def _write(
    figures: list[Figure], names: list[str], options: list[str], seed: int
) -> None:
    parts = [f"--only {name}" for name in names if len(names) < len(NAMES)]
    page = results_write(
        figures,
        name="alerts",
        title="What becomes of alerts",
        command=" ".join(["script/bench alerts", *parts, *options]),
        seed=seed,
        day=f"{clock.now():%Y-%m-%d}",
    )
    say.print(f"Written to {page.parent.name}/{page.name}")


if __name__ == "__main__":
    app()
