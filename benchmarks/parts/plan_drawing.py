"""Draws plans: walking by method, and one estate with its walks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from benchmarks.parts.estates import Drawn
from benchmarks.parts.planning import Compared
from shouwang.planning.plans import Plan

# The same picture from the same figures, letter by letter.
mpl.rcParams.update({"svg.hashsalt": "shouwang", "svg.fonttype": "none"})
NO_DATE = {"Date": None}


def walking_draw(compared: Sequence[Compared], file: Path) -> None:
    """Draw the walking of every method, a group of bars an estate."""
    figure = Figure(figsize=(7.5, 4), layout="constrained")
    axes = figure.subplots()
    names = [row.name for row in compared]
    bars = (
        ("fewest stops, then PyVRP", [row.textbook.walk_s / 60 for row in compared]),
        ("ours, 1 s", [row.quick.measured.walk_s / 60 for row in compared]),
        ("ours, 5 s", [row.ours.measured.walk_s / 60 for row in compared]),
    )
    for at, (label, values) in enumerate(bars):
        places = [place + (at - 1) * 0.27 for place in range(len(names))]
        axes.bar(places, values, width=0.25, label=label)
    axes.set_xticks(range(len(names)), names, rotation=30, ha="right")
    axes.set_ylabel("walking, minutes a morning")
    axes.set_title("All windows looked at in their time; what is walked for it")
    axes.legend()
    figure.savefig(file, metadata=NO_DATE)


def plan_draw(drawn: Drawn, plan: Plan, file: Path) -> None:
    """Draw an estate: paths, buildings, and each walk in a colour from stop to stop."""
    estate = drawn.estate
    figure = Figure(figsize=(8, 8), layout="constrained")
    axes = figure.subplots()
    lines = [(estate.places[a], estate.places[b]) for a, b, _metres in estate.paths]
    axes.add_collection(LineCollection(lines, colors="#cccccc", linewidths=1))
    for slab in drawn.slabs:
        width, depth = slab.east - slab.west, slab.north - slab.south
        axes.add_patch(
            Rectangle((slab.west, slab.south), width, depth, color="#e8e0d0")
        )
    starts = {one.id: one.start for one in estate.walkers}
    for walk in plan.walks:
        if not walk.stops:
            continue
        nodes = [starts[walk.walker], *(stop.node for stop in walk.stops)]
        x, y = zip(*(estate.places[node] for node in [*nodes, nodes[0]]), strict=True)
        axes.plot(x, y, "-o", markersize=4, linewidth=1, label=f"walker {walk.walker}")
    axes.set_aspect("equal")
    axes.set_xlabel("metres")
    axes.set_title("Stops of each walker, in their order (straight lines between)")
    axes.legend(loc="upper right", fontsize="small")
    figure.savefig(file, metadata=NO_DATE)
