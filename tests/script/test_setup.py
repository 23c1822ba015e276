"""``script/setup`` refuses what cannot work, and says what to do about it."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOOLS = (
    *("basename", "bash", "cat", "cut", "dirname", "env", "find", "flock", "grep"),
    *("readlink", "rm", "sed", "sha256sum", "tail"),
)
# Each answers the questions that script/setup asks of a Python.
TOO_OLD = 'case "$*" in *version_info\\[*) echo 3.9.2 ;; *) exit 1 ;; esac'
WITHOUT_VENV = (
    'case "$*" in *version_info\\[*) echo 3.12.1 ;; *ensurepip*) exit 1 ;; esac'
)


class Machine:
    """A checkout in a folder with a space, and a PATH with only what setup needs."""

    def __init__(self, folder: Path) -> None:
        self.checkout = folder / "a checkout"
        self.commands = folder / "bin"
        shutil.copytree(ROOT / "script", self.checkout / "script")
        shutil.copytree(ROOT / "requirements", self.checkout / "requirements")
        shutil.copy(ROOT / "pyproject.toml", self.checkout)
        self.commands.mkdir()
        for tool in TOOLS:
            found = shutil.which(tool)
            assert found, tool
            (self.commands / tool).symlink_to(found)

    def python(self, body: str) -> None:
        path = self.commands / "python3"
        path.write_text(f"#!{self.commands}/bash\n{body}\n")
        path.chmod(0o755)

    def setup(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {k: v for k, v in os.environ.items() if k != "SHOUWANG_PYTHON"}
        return subprocess.run(
            [self.checkout / "script" / "setup", *arguments],
            env=environment | {"PATH": str(self.commands)},
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_a_python_that_is_too_old_is_named(machine: Machine) -> None:
    machine.python(TOO_OLD)

    done = machine.setup()

    assert done.returncode == 1
    assert "needs Python 3.11 or newer. Found: python3 is 3.9.2." in done.stderr


def test_a_machine_without_python_says_so(machine: Machine) -> None:
    done = machine.setup()

    assert done.returncode == 1
    assert "Found: none." in done.stderr


def test_a_python_without_venv_names_the_package_to_install(machine: Machine) -> None:
    machine.python(WITHOUT_VENV)

    done = machine.setup()

    assert done.returncode == 1
    assert "apt-get install python3.12-venv" in done.stderr


def test_an_unknown_option_is_refused(machine: Machine) -> None:
    done = machine.setup("--develop")

    assert done.returncode == 1
    assert "does not know '--develop'" in done.stderr


@pytest.mark.parametrize("kind", ["runtime", "dev"])
def test_locks_carry_hashes_and_name_no_registry(kind: str) -> None:
    lock = (ROOT / "requirements" / f"{kind}.lock").read_text()

    assert "--hash=sha256:" in lock
    assert "://" not in lock
    assert "index-url" not in lock
