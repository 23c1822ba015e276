"""What every command shares: the two streams, where the data lies, and how to refuse."""

from __future__ import annotations

import os

import django
import typer
from rich.console import Console

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

SERVE_SETTINGS = "shouwang.config.settings.serve"
DRILL_SETTINGS = "shouwang.config.settings.drill"


def begin(settings: str = SERVE_SETTINGS) -> None:
    """Make the program ready to be asked, with ``settings``."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", settings)
    django.setup()


def begin_on_data() -> None:
    """Make it ready, and refuse where no database was ever made."""
    begin()
    from django.conf import settings
    from django.db import DatabaseError

    from shouwang.apps.communities.models import Community

    try:
        Community.objects.exists()
    except DatabaseError as error:
        raise fail(
            f"There is no database that can be read in {settings.DATA_DIR} ({error}). "
            "Start the program there once, or set SHOUWANG_DATA_DIR."
        ) from error


def reader_language() -> str:
    """Return the language of this terminal, of those the program speaks."""
    spoken = os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    return "zh-hans" if spoken.startswith("zh") else "en"


def fail(words: str) -> typer.Exit:
    """Say why not; the caller raises what comes back."""
    err.print(f"[bold red]shouwang:[/] {words}", soft_wrap=True)
    return typer.Exit(1)
