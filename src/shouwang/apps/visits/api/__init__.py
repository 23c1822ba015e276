"""Visits for the phone that fills in their form, for machines and for other programs."""

from __future__ import annotations

# Reading them registers their addresses.
from shouwang.apps.visits.api import phone, reading
from shouwang.apps.visits.api.router import visits

__all__ = ["phone", "reading", "visits"]
