"""The secret key: given by the environment, or made once and kept by the data."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def secret_key(data_dir: Path, given: str) -> str:
    """Return ``given``, or the key kept in ``data_dir``, made at the first start.

    The file is readable by its owner only. A folder that cannot be written to leaves a
    key for this process alone, so that reading commands still work.
    """
    if given:
        return given
    path = data_dir / "secret-key"
    try:
        return path.read_text(encoding="ascii")
    except OSError:
        return _make(path)


def _make(path: Path) -> str:
    key = secrets.token_urlsafe(50)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii")
    except OSError:
        return key
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(key)
    return key
