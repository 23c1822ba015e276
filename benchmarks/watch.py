"""What the watch costs: recording, the tick, the board, rebuilding, memory.

``script/bench watch`` runs every part in a process and a data folder of its own.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from typing import Annotated

import django
import typer
from rich.console import Console

from benchmarks.parts.report import (
    Figure,
    from_json,
    results_write,
    table,
    to_json,
)
from shouwang.common import clock

SEED = 20260302
SETTINGS = "shouwang.config.settings.serve"
say = Console(stderr=True, highlight=False)
out = Console(highlight=False, soft_wrap=True)
app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
Part = Callable[[], list[Figure]]
# What each part is run with, in full and small (to try it, or to test it).
SIZES: Mapping[str, tuple[dict[str, object], dict[str, object]]] = {
    "record": ({"homes": 500, "batches": 200}, {"homes": 40, "batches": 3}),
    "tick-spread": (
        {"homes": 100_000, "due": 1000, "spread": True},
        {"homes": 80, "due": 10, "spread": True},
    ),
    "tick-one": (
        {"homes": 100_000, "due": 1000, "spread": False},
        {"homes": 80, "due": 10, "spread": False},
    ),
    "tick-fewer": (
        {"homes": 10_000, "due": 1000, "spread": False},
        {"homes": 40, "due": 10, "spread": False},
    ),
    "board": ({"homes": 500, "times": 100}, {"homes": 30, "times": 3}),
    "rebuild": ({"homes": 2000, "days": 365}, {"homes": 5, "days": 4}),
    "memory": ({"times": 50}, {"times": 2}),
}


def _part(name: str, *, small: bool, seed: int) -> Part:
    from benchmarks.parts import looking, rebuilding, recording, ticking

    known: Mapping[str, Callable[..., list[Figure]]] = {
        "record": partial(recording.record, seed=seed),
        "tick-spread": partial(ticking.tick, seed=seed),
        "tick-one": partial(ticking.tick, seed=seed),
        "tick-fewer": partial(ticking.tick, seed=seed),
        "board": partial(looking.board, seed=seed),
        "rebuild": partial(rebuilding.rebuild, seed=seed),
        "memory": looking.memory,
    }
    return partial(known[name], **SIZES[name][small])


def run_here(name: str, *, small: bool, seed: int) -> list[Figure]:
    """Run one part in this process, on the data folder the environment names."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    django.setup()
    from django.conf import settings

    from shouwang.config.serving import prepare_data

    if name != "memory":
        prepare_data(settings.DATA_DIR)
    return _part(name, small=small, seed=seed)()


def _run_apart(name: str, *, small: bool, seed: int) -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="shouwang-bench-") as folder:
        environment = {
            **os.environ,
            "SHOUWANG_DATA_DIR": folder,
            "SHOUWANG_CHANNEL": "recording",
            "SHOUWANG_LOG_LEVEL": "ERROR",
            "SHOUWANG_ALLOWED_HOSTS": "*",
        }
        command = [sys.executable, "-m", "benchmarks.watch", "--here", "--only", name]
        command += ["--seed", str(seed), *(["--small"] if small else [])]
        done = subprocess.run(  # noqa: S603 -- ourselves
            command, env=environment, stdout=subprocess.PIPE, text=True, check=False
        )
    if done.returncode:
        say.print(f"[bold red]{name} failed[/]")
        raise typer.Exit(1)
    return from_json(done.stdout)


@app.command()
def watch(
    only: Annotated[
        list[str] | None, typer.Option(help=f"Parts: {', '.join(SIZES)}.")
    ] = None,
    small: Annotated[
        bool, typer.Option("--small", help="A quick try; writes no results.")
    ] = False,
    seed: Annotated[int, typer.Option(help="Of everything left to chance.")] = SEED,
    here: Annotated[bool, typer.Option("--here", hidden=True)] = False,
) -> None:
    """Measure the watch and write what was seen to benchmarks/results/."""
    names = only or list(SIZES)
    unknown = set(names) - set(SIZES)
    if unknown:
        say.print(f"There is no part {', '.join(sorted(unknown))}. {', '.join(SIZES)}")
        raise typer.Exit(2)
    if here:
        sys.stdout.write(to_json(run_here(names[0], small=small, seed=seed)))
        return
    figures: list[Figure] = []
    for name in names:
        with say.status(f"Measuring: {name}…"):
            figures += _run_apart(name, small=small, seed=seed)
    out.print(table(figures), markup=False)
    if not small:
        _write(figures, names, seed)


def _write(figures: list[Figure], names: list[str], seed: int) -> None:
    options = "".join(f" --only {name}" for name in names if len(names) < len(SIZES))
    page = results_write(
        figures,
        name="watch",
        title="What the watch costs",
        command=f"script/bench watch{options} --seed {seed}",
        seed=seed,
        day=f"{clock.now():%Y-%m-%d}",
    )
    say.print(f"Written to {page.parent.name}/{page.name}")


if __name__ == "__main__":
    app()
