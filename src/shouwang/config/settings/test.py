"""Settings of the test suite: nothing is kept, nothing is sent."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

os.environ.setdefault("SHOUWANG_SECRET_KEY", "only-for-tests-" + "x" * 40)

import dj_database_url

from shouwang.config.settings.base import *  # noqa: F403 -- settings extend

DATABASES = {
    "default": dj_database_url.parse(
        os.environ.get("SHOUWANG_TEST_DATABASE_URL") or "sqlite://:memory:"
    )
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
    }
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AXES_ENABLED = False
MEDIA_ROOT = Path(tempfile.gettempdir()) / "shouwang-test-photos"

WHITENOISE_AUTOREFRESH = True
NOTIFY_CHANNEL = "recording"
