from __future__ import annotations

from django.apps import AppConfig


class VisitsConfig(AppConfig):
    name = "shouwang.apps.visits"
    label = "visits"
    default_auto_field = "django.db.models.BigAutoField"
