"""Invented days with a known law."""

from __future__ import annotations

import numpy as np

from shouwang.routines.evaluation import Days


def invented(homes: int, days: int, *, seed: int = 5) -> Days:
    """Return days of homes that each keep their own time, more or less."""
    rng = np.random.default_rng(seed)
    home = np.repeat(np.arange(homes), days)
    centre = rng.normal(465, 70, homes)[home]
    spread = rng.choice([10, 20, 45], homes)[home]
    minute = np.clip(centre + spread * rng.standard_t(6, len(home)), 240, 1000)
    return Days(home=home, weekday=np.arange(len(home)) % 7, minute=np.round(minute))
