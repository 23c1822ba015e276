from __future__ import annotations

from django.apps import AppConfig


class NeighboursConfig(AppConfig):
    name = "shouwang.apps.neighbours"
    label = "neighbours"
    default_auto_field = "django.db.models.BigAutoField"
