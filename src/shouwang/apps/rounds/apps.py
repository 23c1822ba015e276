from __future__ import annotations

from django.apps import AppConfig


class RoundsConfig(AppConfig):
    name = "shouwang.apps.rounds"
    label = "rounds"
    default_auto_field = "django.db.models.BigAutoField"
