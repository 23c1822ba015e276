from __future__ import annotations

from django.apps import AppConfig


class HabitsConfig(AppConfig):
    name = "shouwang.apps.habits"
    label = "habits"
    default_auto_field = "django.db.models.BigAutoField"
