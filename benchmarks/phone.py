"""What the walker's phone costs: starting, recording, photos, delivery, attention.

``script/bench phone`` runs the whole program and Chromium with a processor six times
slower.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from typing import Annotated

import django
import typer
from rich.console import Console

from benchmarks.parts.report import from_json, results_write, table, to_json
from shouwang.common import clock

SEED = 20260302
SETTINGS = "shouwang.config.settings.serve"
FULL = {"windows": 430, "photos": 60, "starts": 10, "taps": 100}
SMALL = {"windows": 48, "photos": 2, "starts": 2, "taps": 4}
say = Console(stderr=True, highlight=False)
out = Console(highlight=False, soft_wrap=True)
app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


def run_here(*, small: bool, seed: int) -> str:
    """Measure in this process, on the data folder the environment names."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    # The browser's library runs an event loop in this thread.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    django.setup()
    from django.conf import settings

    from benchmarks.parts.phoning import Sizes, phone as measure
    from shouwang.config.serving import prepare_data

    prepare_data(settings.DATA_DIR)
    return to_json(measure(sizes=Sizes(**(SMALL if small else FULL)), seed=seed))


@app.command()
def phone(
    small: Annotated[
        bool, typer.Option("--small", help="A quick try; writes no results.")
    ] = False,
    seed: Annotated[int, typer.Option(help="Of everything left to chance.")] = SEED,
    here: Annotated[bool, typer.Option("--here", hidden=True)] = False,
) -> None:
    """Measure the phone and write what was seen to benchmarks/results/."""
    if here:
        sys.stdout.write(run_here(small=small, seed=seed))
        return
    with (
        tempfile.TemporaryDirectory(prefix="shouwang-bench-") as folder,
        say.status("Walking…"),
    ):
        environment = {
            **os.environ,
            "SHOUWANG_DATA_DIR": folder,
            "SHOUWANG_CHANNEL": "recording",
            "SHOUWANG_LOG_LEVEL": "ERROR",
        }
        command = [sys.executable, "-m", "benchmarks.phone", "--here"]
        command += ["--seed", str(seed), *(["--small"] if small else [])]
        done = subprocess.run(  # noqa: S603 -- ourselves
            command, env=environment, stdout=subprocess.PIPE, text=True, check=False
        )
    if done.returncode:
        say.print("[bold red]The phone could not be measured.[/]")
        raise typer.Exit(1)
    figures = from_json(done.stdout)
    out.print(table(figures), markup=False)
    if not small:
        page = results_write(
            figures,
            name="phone",
            title="What the walker's phone costs",
            command=f"script/bench phone --seed {seed}",
            seed=seed,
            day=f"{clock.now():%Y-%m-%d}",
        )
        say.print(f"Written to {page.parent.name}/{page.name}")


if __name__ == "__main__":
    app()
