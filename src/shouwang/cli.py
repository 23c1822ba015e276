"""``shouwang …``: the program from the command line."""

from __future__ import annotations

import importlib.metadata
import os
from pathlib import Path
from typing import Annotated

import django
import typer
from rich.console import Console

app = typer.Typer(
    help="Shouwang 守望: keep watch over older neighbours.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

SERVE_SETTINGS = "shouwang.config.settings.serve"
DRILL_SETTINGS = "shouwang.config.settings.drill"


def _begin(settings: str = SERVE_SETTINGS) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", settings)
    django.setup()


def _fail(words: str) -> typer.Exit:
    err.print(f"[bold red]shouwang:[/] {words}", soft_wrap=True)
    return typer.Exit(1)


def _version(wanted: bool) -> None:
    if wanted:
        out.print(importlib.metadata.version("shouwang"))
        raise typer.Exit


@app.callback()
def shouwang(
    _: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Keep watch over older neighbours by the signals they give."""


@app.command()
def serve(
    demo: Annotated[
        bool, typer.Option("--demo", help="Fill an invented community first.")
    ] = False,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port.")] = 8000,
) -> None:
    """Run the whole program: web, runner and sender in one process."""
    if demo:
        os.environ.setdefault("SHOUWANG_DATA_DIR", "var/demo")
    _begin()
    from django.conf import settings

    from shouwang.config import serving

    try:
        listening = serving.bound_socket(host, port)
        out.print(f"Data in {settings.DATA_DIR}")
        serving.prepare_data(settings.DATA_DIR)
    except serving.CannotServeError as error:
        raise _fail(str(error)) from error
    if demo:
        _fill_demo()
    shown = f"[{host}]" if ":" in host else host
    serving.serve(
        listening,
        announce=lambda: out.print(
            f"[bold green]Shouwang is watching:[/] http://{shown}:{port}/  "
            "(Ctrl-C to stop)",
            soft_wrap=True,
        ),
    )


def _fill_demo() -> None:
    from shouwang.apps.communities.models import Community
    from shouwang.apps.demo.services import demo_fill, demo_logins
    from shouwang.common import clock

    if Community.objects.exists():
        out.print("The demo community is there already.")
    else:
        with out.status("Inventing a community of 200 homes and six weeks of days…"):
            demo_fill(now=clock.now())
    out.print("Invented people only. Log in with:")
    for name, password, words in demo_logins():
        out.print(f"  {name:<14} {password:<18} {words}")


@app.command()
def demo() -> None:
    """Fill an empty database with an invented community."""
    _begin()
    from django.conf import settings

    from shouwang.config import serving

    try:
        serving.prepare_data(settings.DATA_DIR)
    except serving.CannotServeError as error:
        raise _fail(str(error)) from error
    _fill_demo()


@app.command()
def rebuild(
    check: Annotated[
        bool, typer.Option("--check", help="Only compare; change nothing.")
    ] = False,
) -> None:
    """Recompute every status from the facts; compare, or mend."""
    _begin()
    from shouwang.apps.communities.models import Community
    from shouwang.apps.watch.rebuild import rebuild_compare
    from shouwang.apps.watch.services import home_recompute
    from shouwang.common import clock

    differing = 0
    for community in Community.objects.order_by("pk"):
        now = clock.now()
        compared = rebuild_compare(community=community, now=now)
        differing += len(compared.differences)
        out.print(
            f"{community.name}: {compared.count} checks recomputed, "
            f"{len(compared.differences)} differ"
        )
        for row in compared.differences:
            out.print(f"  check {row.check_id}: {row.stored} → {row.recomputed}")
        homes = {row.home_id for row in compared.differences}
        if homes and not check:
            home_recompute(
                community=community, home_ids=homes, since=community.created_at, now=now
            )
            out.print("  mended")
    if differing and check:
        raise typer.Exit(1)


@app.command()
def drill(
    file: Annotated[Path, typer.Argument(help="A drill file (YAML).")],
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object a line.")
    ] = False,
    language: Annotated[str, typer.Option(help="zh-hans or en.")] = "zh-hans",
) -> None:
    """Rehearse a written day and tell what would have happened."""
    os.environ["DJANGO_SETTINGS_MODULE"] = DRILL_SETTINGS
    _begin(DRILL_SETTINGS)
    from shouwang.apps.drills.player import play
    from shouwang.apps.drills.reading import DrillFileError

    try:
        for line in play(file, as_json=as_json, language=language):
            typer.echo(line)
    except DrillFileError as error:
        for words in error.problems:
            err.print(words, soft_wrap=True, markup=False)
        raise typer.Exit(2) from error


@app.command()
def doctor() -> None:
    """Say what is missing or misconfigured, in words."""
    _begin()
    from shouwang.common import clock
    from shouwang.config.doctor import examine

    findings = examine(now=clock.now())
    for finding in findings:
        mark = "[green]well[/]  " if finding.is_well else "[red]wrong[/] "
        out.print(f"{mark} {finding.words}", soft_wrap=True)
    if not all(finding.is_well for finding in findings):
        raise typer.Exit(1)


def main() -> None:
    """Run the command line."""
    app()
