"""The rules of the watch: pure functions of facts and ``now``."""

from __future__ import annotations
