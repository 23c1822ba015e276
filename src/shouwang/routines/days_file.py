"""Reads days whose true times are known: the file of ``shouwang routines evaluate``."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from shouwang.routines.evaluation import DAYS_LEAST, Days

NEEDED = ("home", "weekday", "status", "first_activity_min")
USABLE = "ok"
PROBLEMS_TOLD = 10
DAY_MINUTES = 1440


class DaysFileError(Exception):
    """The file cannot be taken; ``problems`` says why, a sentence each."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = tuple(problems)


def days_read(path: Path) -> Days:
    """Return the days with status ``ok`` of homes with at least four of them.

    Raises
    ------
    DaysFileError
        The file is missing, is no CSV in UTF-8, lacks a column, has a value that is no
        time of a day, or holds fewer than two such homes.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return days_of(csv.DictReader(file))
    except OSError as error:
        raise DaysFileError([f"{path} cannot be read: {error.strerror}."]) from error
    except UnicodeDecodeError as error:
        raise DaysFileError([f"{path} is not text in UTF-8."]) from error
    except csv.Error as error:
        raise DaysFileError([f"{path} is no CSV file: {error}."]) from error


def days_of(reader: csv.DictReader[str]) -> Days:
    """Return the days in rows of a file; see ``days_read``."""
    missing = [name for name in NEEDED if name not in (reader.fieldnames or ())]
    if missing:
        raise DaysFileError([f"There is no column {', '.join(missing)}."])
    problems: list[str] = []
    rows = list(_usable(reader, problems))
    if problems:
        left = len(problems) - PROBLEMS_TOLD
        more = [f"And {left} more."] if left > 0 else []
        raise DaysFileError([*problems[:PROBLEMS_TOLD], *more])
    return _days(rows)


Row = tuple[str, int, float]


def _usable(
    reader: Iterable[Mapping[str, str | None]], problems: list[str]
) -> Iterator[Row]:
    for line, row in enumerate(reader, start=2):
        if (row["status"] or "").strip() != USABLE:
            continue
        home = (row["home"] or "").strip()
        weekday, minute = _number(row["weekday"]), _number(row["first_activity_min"])
        if not home:
            problems.append(f"Line {line}: home is empty.")
        if weekday not in range(7):
            problems.append(f"Line {line}: weekday must be 0 (Monday) to 6.")
        if not 0 <= minute < DAY_MINUTES:
            problems.append(
                f"Line {line}: first_activity_min must be minutes of a day (0 to 1439)."
            )
        if home and weekday in range(7) and 0 <= minute < DAY_MINUTES:
            yield home, int(weekday), minute


def _number(words: str | None) -> float:
    """Return the number that is written, NaN where there is none."""
    try:
        return float(words or "nan")
    except ValueError:
        return float("nan")


def _days(rows: Sequence[Row]) -> Days:
    counts = Counter(home for home, _, _ in rows)
    kept = [home for home, count in counts.items() if count >= DAYS_LEAST]
    if len(kept) < 2:
        words = f"Two homes with {DAYS_LEAST} days of status {USABLE} are needed."
        raise DaysFileError([f"{words} There is {len(kept)}."])
    place = {home: number for number, home in enumerate(kept)}
    used = sorted(
        ((place[home], day, at) for home, day, at in rows if home in place),
        key=lambda row: row[0],
    )
    home, weekday, minute = zip(*used, strict=True)
    return Days(
        home=np.asarray(home, np.int64),
        weekday=np.asarray(weekday, np.int64),
        minute=np.asarray(minute, np.float64),
    )
