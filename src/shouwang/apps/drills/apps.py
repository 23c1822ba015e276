from __future__ import annotations

from django.apps import AppConfig


class DrillsConfig(AppConfig):
    name = "shouwang.apps.drills"
    label = "drills"
    default_auto_field = "django.db.models.BigAutoField"
