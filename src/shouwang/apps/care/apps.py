from __future__ import annotations

from django.apps import AppConfig


class CareConfig(AppConfig):
    name = "shouwang.apps.care"
    label = "care"
    default_auto_field = "django.db.models.BigAutoField"
