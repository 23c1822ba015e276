"""``shouwang …``: the program from the command line."""

from __future__ import annotations

import importlib.metadata
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from shouwang.cli.plans import plans
from shouwang.cli.routines import routines
from shouwang.cli.terminal import (
    DRILL_SETTINGS,
    begin,
    begin_on_data,
    err,
    fail,
    out,
    reader_language,
)

if TYPE_CHECKING:
    from shouwang.apps.communities.models import Community

app = typer.Typer(
    help="Shouwang 守望: keep watch over older neighbours.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
tokens = typer.Typer(help="Keys for machines that use the API.", no_args_is_help=True)
app.add_typer(tokens, name="token")
app.add_typer(plans, name="plan")
app.add_typer(routines, name="routines")


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
    begin()
    from django.conf import settings

    from shouwang.config import serving

    try:
        listening = serving.bound_socket(host, port)
        out.print(f"Data in {settings.DATA_DIR}")
        serving.prepare_data(settings.DATA_DIR)
    except serving.CannotServeError as error:
        raise fail(str(error)) from error
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
    begin()
    from django.conf import settings

    from shouwang.config import serving

    try:
        serving.prepare_data(settings.DATA_DIR)
    except serving.CannotServeError as error:
        raise fail(str(error)) from error
    _fill_demo()


@app.command()
def rebuild(
    check: Annotated[
        bool, typer.Option("--check", help="Only compare; change nothing.")
    ] = False,
) -> None:
    """Recompute every status from the facts; compare, or mend."""
    begin_on_data()
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
    begin(DRILL_SETTINGS)
    from shouwang.apps.drills.player import play, tables_make
    from shouwang.apps.drills.reading import DrillFileError

    try:
        tables_make()
        for line in play(file, as_json=as_json, language=language):
            typer.echo(line)
    except DrillFileError as error:
        for words in error.problems:
            err.print(words, soft_wrap=True, markup=False)
        raise typer.Exit(2) from error


def _community(number: int | None) -> Community:
    """Return the community that is meant; with several, its number must be said."""
    from shouwang.apps.communities.models import Community

    rows = list(Community.objects.order_by("pk"))
    found = [row for row in rows if number in {None, row.pk}]
    if len(found) == 1:
        return found[0]
    known = "; ".join(f"{row.pk} {row.name}" for row in rows) or "none yet"
    raise fail(f"Say which community with --community. There is: {known}")


@app.command("import")
def import_roster(
    file: Annotated[Path, typer.Argument(help="A roster (.xlsx or .csv).")],
    community: Annotated[
        int | None, typer.Option(help="Number of the community.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only tell; write nothing.")
    ] = False,
) -> None:
    """Bring in a roster, whole or not at all."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise fail(f"{file} cannot be read: {error.strerror}") from error
    begin_on_data()
    from django.conf import settings
    from django.utils import translation

    from shouwang.apps.residents.services import roster_apply, roster_preview
    from shouwang.common import clock
    from shouwang.common.errors import ShouwangError

    meant, now = _community(community), clock.now()
    translation.activate(reader_language())
    try:
        found = roster_preview(
            community=meant, content=content, filename=file.name, now=now
        )
        for row in found.rows:
            for note in row.notes:
                out.print(f"  {note.reference}: {note.words}", markup=False)
        out.print(", ".join(f"{count} {name}" for name, count in found.counts.items()))
        if found.counts["refused"]:
            raise fail("Some cells cannot be taken; nothing was written.")
        if not dry_run:
            # Names of windows are stored: in the language of the installation.
            with translation.override(settings.LANGUAGE_CODE):
                roster_apply(
                    community=meant,
                    content=content,
                    filename=file.name,
                    expected=found.digest,
                    by=None,
                    now=now,
                )
    except ShouwangError as error:
        raise fail(str(error)) from error
    out.print("Nothing was written." if dry_run else "Brought in.")


@app.command("export")
def export_roster(
    file: Annotated[Path, typer.Argument(help="Where to write: .xlsx or .csv.")],
    community: Annotated[
        int | None, typer.Option(help="Number of the community.")
    ] = None,
) -> None:
    """Write everything stored as a roster; an existing file is never overwritten."""
    if file.suffix not in {".xlsx", ".csv"}:
        raise fail("A roster is written as .xlsx or .csv.")
    begin_on_data()
    from shouwang.apps.residents.services import roster_export
    from shouwang.common import clock

    content = roster_export(
        community=_community(community), as_csv=file.suffix == ".csv", now=clock.now()
    )
    try:
        with file.open("xb") as target:
            target.write(content)
    except OSError as error:
        raise fail(f"{file} cannot be written: {error.strerror}") from error
    out.print(f"Written: {file}")


@tokens.command("make")
def token_make(
    name: Annotated[str, typer.Argument(help="Which machine it is for.")],
    login: Annotated[str, typer.Option("--as", help="Login of whom it acts as.")],
    community: Annotated[
        int | None, typer.Option(help="Number of the community.")
    ] = None,
) -> None:
    """Make a key and show it this once."""
    begin_on_data()
    from shouwang.apps.communities import services
    from shouwang.apps.communities.selectors import members_list
    from shouwang.common import clock
    from shouwang.common.errors import ShouwangError

    people = members_list(community=_community(community))
    member = next(
        (row for row in people if row.user and str(row.user.username) == login), None
    )
    if member is None:
        raise fail(f"Nobody with the login {login} is in this community.")
    try:
        row, secret = services.token_make(member=member, name=name, now=clock.now())
    except ShouwangError as error:
        raise fail(str(error)) from error
    out.print(f"Key {row.pk} for {row.name}, acting as {member.display_name}:")
    out.print(f"  {secret}", soft_wrap=True)
    out.print("Keep it now: only its hash is stored, and it is never shown again.")


@tokens.command("list")
def token_list(
    community: Annotated[
        int | None, typer.Option(help="Number of the community.")
    ] = None,
) -> None:
    """Tell which keys there are and when each was last used."""
    begin_on_data()
    from shouwang.apps.communities.selectors import tokens_list

    meant = _community(community)
    for row in tokens_list(community=meant):
        last = row.last_used_at
        used = f"{last.astimezone(meant.zone):%Y-%m-%d %H:%M}" if last else "never"
        ended = ", revoked" if row.revoked_at else ""
        out.print(
            f"  {row.pk}  {row.name}, as {row.member}, last used {used}{ended}",
            markup=False,
        )


@tokens.command("revoke")
def token_revoke(
    number: Annotated[int, typer.Argument(help="Number of the key.")],
    community: Annotated[
        int | None, typer.Option(help="Number of the community.")
    ] = None,
) -> None:
    """End a key at once; what came in with it stays."""
    begin_on_data()
    from shouwang.apps.communities import services
    from shouwang.apps.communities.selectors import tokens_list
    from shouwang.common import clock

    rows = tokens_list(community=_community(community))
    token = next((row for row in rows if row.pk == number), None)
    if token is None:
        raise fail(f"There is no key {number} in this community.")
    services.token_revoke(token=token, now=clock.now())
    out.print(f"Revoked: {token.name}")


@app.command()
def doctor() -> None:
    """Say what is missing or misconfigured, in words."""
    begin()
    from shouwang.common import clock
    from shouwang.config.doctor import examine

    findings = examine(now=clock.now())
    for finding in findings:
        mark = "[green]well[/]  " if finding.is_well else "[red]wrong[/] "
        out.print(f"{mark} {finding.words}", soft_wrap=True)
    if not all(finding.is_well for finding in findings):
        raise typer.Exit(1)


def main() -> None:
    """Run the command line; a database that takes nothing is told in words."""
    from django.db import OperationalError

    try:
        app()
    except OperationalError as error:
        raise SystemExit(_unwritten(error)) from None


def _unwritten(error: Exception) -> int:
    err.print(
        f"[bold red]shouwang:[/] The database takes nothing just now ({error}). "
        "Nothing was half written. Is it read-only, locked by another program, "
        "or the disk full?",
        soft_wrap=True,
    )
    return 1
