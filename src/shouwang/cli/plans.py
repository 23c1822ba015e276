"""``shouwang plan …``: rounds planned from a file, so that anyone can check the claims."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from shouwang.cli.terminal import fail, out
from shouwang.common import clock

if TYPE_CHECKING:
    from shouwang.planning.estates import Estate
    from shouwang.planning.plans import Plan

plans = typer.Typer(help="Rounds planned from a file.", no_args_is_help=True)

# An estate of a whole street with every path is some megabytes.
_MOST_BYTES = 64 * 1024 * 1024
_WORDS = {
    "missing": "is missing",
    "not_a_number": "is not a number as it should be",
    "not_a_list": "is not a list of the right length",
    "not_an_object": "is not an object",
    "out_of_range": "is out of range",
    "no_such_node": "names a node that does not exist",
    "no_such_home": "names a home that does not exist",
    "named_twice": "give the same number twice",
    "ends_before_it_begins": "ends before it begins",
}


@plans.command("evaluate")
def plan_evaluate(
    file: Annotated[Path, typer.Argument(help="An estate (JSON).")],
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
    iterations: Annotated[
        int, typer.Option(min=0, max=1_000_000, help="Turns of the search.")
    ] = 12_000,
    seed: Annotated[
        int, typer.Option(min=0, help="The same seed gives the same plan.")
    ] = 1,
    balance: Annotated[
        float,
        typer.Option(min=0, max=10, help="Walking that a fairer share is worth."),
    ] = 0.0,
) -> None:
    """Plan the rounds of an estate, audit the plan, and say what it costs."""
    estate = _estate(file)
    from shouwang.planning.checking import plan_faults
    from shouwang.planning.rounds import Effort, Wishes, plan_rounds, warm_up

    # What is compiled once is no part of what a plan costs.
    warm_up()
    began = clock.worked()
    effort = Effort(iterations=iterations, seed=seed)
    plan = plan_rounds(estate, effort=effort, wishes=Wishes(balance=balance))
    worked = clock.worked() - began
    faults = plan_faults(estate, plan)
    if faults:  # pragma: no cover - a plan that fails its audit is a fault of ours
        raise fail(f"The plan does not pass its audit: {faults[0]}")
    if as_json:
        typer.echo(json.dumps(_told(estate, plan, worked)))
        return
    _print(estate, plan, worked)


def _estate(file: Path) -> Estate:
    from shouwang.planning.errors import EstateError
    from shouwang.planning.reading import estate_read

    try:
        if file.stat().st_size > _MOST_BYTES:
            raise fail(f"{file} is larger than 64 MB; that is no estate.")
        data = json.loads(file.read_bytes())
    except OSError as error:
        raise fail(f"{file} cannot be read: {error.strerror or error}.") from error
    except (ValueError, RecursionError) as error:
        raise fail(f"{file} is not JSON: {error}.") from error
    try:
        return estate_read(data)
    except EstateError as error:
        raise fail(f"In {file}, {error.where} {_WORDS[error.code]}.") from error


def _told(estate: Estate, plan: Plan, worked: float) -> dict[str, Any]:
    from shouwang.planning.checking import walked

    outs = walked(estate, plan)
    return {
        "walkers": [
            {
                "id": walk.walker,
                "stops": [
                    {
                        "node": stop.node,
                        "start_s": stop.start_s,
                        "homes": list(stop.homes),
                    }
                    for stop in walk.stops
                ],
            }
            for walk in plan.walks
        ],
        "walk_s": sum(one.walk_s for one in outs),
        "longest_s": max((one.out_s for one in outs), default=0),
        "unlooked": list(plan.unlooked),
        "cpu_s": round(worked, 3),
    }


def _print(estate: Estate, plan: Plan, worked: float) -> None:
    from shouwang.planning.checking import walked

    outs = {one.walker: one for one in walked(estate, plan)}
    table = Table("Walker", "Sets out", "Back", "Stops", "Homes", "Walks (min)")
    for walk in plan.walks:
        own = outs.get(walk.walker)
        if own is None:
            table.add_row(str(walk.walker), "–", "–", "0", "0", "0")
            continue
        table.add_row(
            str(walk.walker),
            _time(own.out_from_s),
            _time(own.out_from_s + own.out_s),
            str(len(walk.stops)),
            str(sum(len(stop.homes) for stop in walk.stops)),
            f"{own.walk_s / 60:.1f}",
        )
    out.print(table)
    walk_min = sum(one.walk_s for one in outs.values()) / 60
    out.print(f"Walking in all: {walk_min:.1f} min; planned in {worked:.2f} CPU s.")
    if plan.unlooked:
        names = ", ".join(str(home) for home in plan.unlooked)
        out.print(f"[bold red]Nobody looks at {len(plan.unlooked)}:[/] {names}")
    if plan.blind:
        names = ", ".join(str(home) for home in plan.blind)
        out.print(f"Of these, no standpoint that can be reached sees: {names}")


def _time(seconds: int) -> str:
    return f"{seconds // 3600 % 24:02}:{seconds // 60 % 60:02}"
