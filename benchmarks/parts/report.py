"""Figures, the machine they were seen on, and how they are written down."""

from __future__ import annotations

import json
import os
import platform
import sqlite3
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

RESULTS = Path(__file__).parents[1] / "results"


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One measured value, and the bounds that were asked for, if any were."""

    name: str
    value: float
    unit: str
    most: float | None = None
    least: float | None = None

    @property
    def asked(self) -> str:
        """Return what was asked for, in words."""
        bounds = (("≥", self.least), ("≤", self.most))
        return ", ".join(
            f"{sign} {bound:g} {self.unit}".strip()
            for sign, bound in bounds
            if bound is not None
        )

    @property
    def verdict(self) -> str:
        """Return whether the figure holds what was asked."""
        if not self.asked:
            return ""
        is_short = self.least is not None and self.value < self.least
        is_over = self.most is not None and self.value > self.most
        return "FALLS SHORT" if is_short or is_over else "holds"


def quantile(values: Sequence[float], share: float) -> float:
    """Return the value that ``share`` (0..1) of ``values`` do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def machine() -> dict[str, str]:
    """Return what the figures depend on, without the machine's name."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    cpu = next((row.split(":")[1].strip() for row in lines if "model name" in row), "")
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return {
        "cpu": cpu or platform.processor() or platform.machine(),
        "cores": str(os.cpu_count()),
        "memory": f"{pages / 2**30:.0f} GiB",
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
    }


def table(figures: Sequence[Figure]) -> str:
    """Return the figures as Markdown."""
    rows = ["| figure | seen | asked for | |", "|---|---:|---:|---|"]
    for row in figures:
        number = f"{row.value:,.0f}" if row.value >= 1000 else f"{row.value:.4g}"
        value = f"{number} {row.unit}".strip()
        rows.append(f"| {row.name} | {value} | {row.asked} | {row.verdict} |")
    return "\n".join(rows)


def to_json(figures: Sequence[Figure]) -> str:
    """Return the figures as one line that ``from_json`` reads."""
    return json.dumps([asdict(row) for row in figures])


def results_write(
    figures: Sequence[Figure],
    *,
    name: str,
    title: str,
    command: str,
    seed: int,
    day: str,
) -> Path:
    """Write what was seen, with command, seed and machine; return the page."""
    RESULTS.mkdir(exist_ok=True)
    where = "; ".join(f"{key} {value}" for key, value in machine().items())
    page = RESULTS / f"{name}-{day}.md"
    page.write_text(
        f"# {title}\n\n`{command}`\n\n{where}\n\n{table(figures)}\n", encoding="utf-8"
    )
    kept = {
        "command": command,
        "seed": seed,
        "machine": machine(),
        "figures": json.loads(to_json(figures)),
    }
    page.with_suffix(".json").write_text(
        json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    return page


def from_json(line: str) -> list[Figure]:
    """Return the figures of such a line."""
    return [Figure(**row) for row in json.loads(line)]
