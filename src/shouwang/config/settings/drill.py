"""Settings of a rehearsal: a database in memory, channels that only record."""

from __future__ import annotations

import os

os.environ.setdefault("SHOUWANG_SECRET_KEY", "only-for-drills-" + "x" * 40)

from shouwang.config.settings.base import *  # noqa: F403 -- settings extend

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": ":memory:",
        "OPTIONS": {"transaction_mode": "IMMEDIATE"},
    }
}
# The tables come straight from the models: going through every migration first would
# take ten times as long as the drill. That both make the same tables is tested.
MIGRATION_MODULES = {path.rpartition(".")[2]: None for path in INSTALLED_APPS}  # noqa: F405
NOTIFY_CHANNEL = "recording"
LOGGING = {"version": 1, "disable_existing_loggers": False}
