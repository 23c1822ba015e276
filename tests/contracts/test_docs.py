"""The reference names every setting, command and status."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from shouwang.apps.residents.roster.columns import HEADINGS
from shouwang.cli import app
from shouwang.domain.activities import Attended, Group, Reply, Rhythm, WhyNot
from shouwang.domain.alerts import AlertKind
from shouwang.domain.ladder import AlertState
from shouwang.domain.needs import Act, NeedKind, Source, Stage, Urgency
from shouwang.domain.status import Status, Strength

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs" / "reference"


def named(page: str) -> set[str]:
    text = (REFERENCE / page).read_text(encoding="utf-8")
    return set(re.findall(r"`([A-Za-z_]+)`", text))


@pytest.mark.parametrize(
    "words",
    [
        *(
            Status,
            Strength,
            AlertKind,
            AlertState,
            Stage,
            Urgency,
            NeedKind,
            Source,
            Act,
        ),
        *(Rhythm, Reply, Attended, Group, WhyNot),
    ],
)
def test_every_status_is_explained(words):
    assert {word.value for word in words if word.value} <= named("statuses.md")


def test_every_command_is_named():
    commands = {
        row.name or getattr(row.callback, "__name__", "")
        for row in app.registered_commands
    }
    nested = {
        f"{group.name} {row.name}"
        for group in app.registered_groups
        if group.typer_instance is not None
        for row in group.typer_instance.registered_commands
    }
    assert {"token make"} <= nested
    page = (REFERENCE / "commands.md").read_text(encoding="utf-8")
    assert commands <= named("commands.md")
    assert all(f"`shouwang {words}" in page for words in nested)


def test_every_setting_is_named():
    source = (ROOT / "src/shouwang/config/settings/base.py").read_text()
    settings = {f"SHOUWANG_{name}" for name in re.findall(r'_env\("([A-Z_]+)"', source)}
    assert settings
    assert settings == {
        row for row in named("settings.md") if row.startswith("SHOUWANG_")
    }


def test_every_column_of_a_roster_is_named():
    page = ROOT / "docs/how-to/import-a-roster.md"
    text = page.read_text(encoding="utf-8")
    for heading in HEADINGS.values():
        assert heading.zh[0] in text
        assert heading.en[0] in text


def test_every_key_of_a_drill_file_is_named():
    source = (ROOT / "src/shouwang/apps/drills/reading.py").read_text(encoding="utf-8")
    keys = {
        key
        for group in re.findall(r"mapping\(\s*\(([^)]*)\)", source)
        for key in re.findall(r'"([a-z_]+)"', group)
    }
    assert {"window", "wait", "seen_at", "verified"} <= keys
    assert keys <= named("drill-files.md")


def test_every_field_of_a_drill_told_as_json_is_named():
    folder = ROOT / "src/shouwang/apps/drills"
    source = "".join(
        (folder / name).read_text(encoding="utf-8")
        for name in ("printing.py", "player.py")
    )
    fields = set(re.findall(r'^ +"([a-z_]+)": ', source, flags=re.MULTILINE))
    assert {"reasons", "why", "channel"} <= fields
    assert fields - OUTSIDE_JSON <= named("drill-files.md")


# Keys of what is stored, and of sentences for people.
OUTSIDE_JSON = {"meaning", "name", "number"}
