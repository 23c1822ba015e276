from __future__ import annotations

from django.apps import AppConfig


class VolunteersConfig(AppConfig):
    name = "shouwang.apps.volunteers"
    label = "volunteers"
    default_auto_field = "django.db.models.BigAutoField"
