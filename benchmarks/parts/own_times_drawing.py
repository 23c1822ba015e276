"""Draws what was seen of own times: for whoever coordinates, and for a statistician."""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl

mpl.use("svg")

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from shouwang.routines.deciding import DAYS_A_YEAR, EARLIEST
from shouwang.routines.evaluation import FIXED, Days, Evaluation

# Words stay words, and the same figures give the same file.
mpl.rcParams.update(
    {"svg.fonttype": "none", "svg.hashsalt": "shouwang", "font.size": 12}
)
OWN, PLAIN = "#2f6f4e", "#9a4a2f"


def trade_draw(found: Evaluation, days: Days, path: Path) -> None:
    """Draw false alarms against the mean time of asking, own times and one for all."""
    _, axes = plt.subplots(figsize=(8, 5))
    own = [(row.mean_alarm, row.own_false) for row in found.frontier]
    axes.plot(*zip(*own, strict=True), "o-", color=OWN, label="each home its own time")
    deadlines = np.arange(480, 631, 10)
    axes.plot(
        deadlines - EARLIEST,
        [DAYS_A_YEAR * (days.minute > at).mean() for at in deadlines],
        "s--",
        color=PLAIN,
        label="one deadline for all",
    )
    axes.axvline(FIXED - EARLIEST, color="#888", linewidth=1)
    axes.annotate("9:00", (FIXED - EARLIEST + 1, axes.get_ylim()[1] * 0.94))
    axes.set(
        xlabel="mean time of asking, minutes after 7:00",
        ylabel="needless asks a home a year",
        title=f"{found.homes} people living alone, {found.days} mornings",
    )
    _save(figure_axes=axes, path=path)


def calibration_draw(found: Evaluation, path: Path) -> None:
    """Draw how often what was said to be rare happened."""
    _, axes = plt.subplots(figsize=(8, 5))
    said = [row.said for row in found.calibration]
    happened = np.array([row.happened / row.days for row in found.calibration])
    low = happened - [row.low for row in found.calibration]
    high = [row.high for row in found.calibration] - happened
    axes.errorbar(
        said, happened, yerr=[low, high], fmt="o", color=OWN, label="happened (95 %)"
    )
    axes.plot([0.004, 0.7], [0.004, 0.7], "--", color=PLAIN, label="as said")
    axes.set_xscale("log")
    axes.set_yscale("log")
    ticks = [1 / 120, 1 / 60, 1 / 30, 1 / 20, 1 / 10, 1 / 5, 1 / 2]
    words = [f"1 in {1 / tick:.0f}" for tick in ticks]
    axes.set_xticks(ticks, words, rotation=40)
    axes.set_yticks(ticks, words)
    axes.minorticks_off()
    axes.set(
        xlabel="said: still closed this late",
        ylabel="happened",
        title="Is what it says true?",
    )
    _save(figure_axes=axes, path=path)


def _save(*, figure_axes: Axes, path: Path) -> None:
    figure_axes.grid(alpha=0.25)
    figure_axes.legend(frameon=False)
    plt.savefig(path, bbox_inches="tight", metadata={"Date": None})
    plt.close("all")
