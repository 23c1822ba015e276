"""Settings of the program as people run it."""

from __future__ import annotations

from shouwang.config.settings.base import *  # noqa: F403 -- settings extend settings
