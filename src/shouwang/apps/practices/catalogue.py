"""The practices of the field notes, which come with the program."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from shouwang.apps.practices.reading import Practice, practice_read

FOLDER = Path(__file__).parent / "built_in"
# In the order in which a community that begins should look at them.
BUILT_IN = (
    "curtain",
    "lights-at-seven",
    "two-sided-board",
    "rubbish-bag",
    "flag-with-decoys",
    "doorbell",
)


def built_in_file(key: str) -> bytes:
    """Return the file of a built-in practice; ``key`` is one of ``BUILT_IN``."""
    return (FOLDER / f"{key}.yaml").read_bytes()


@cache
def built_in(key: str) -> Practice:
    """Return a built-in practice; ``key`` is one of ``BUILT_IN``."""
    return practice_read(built_in_file(key))
