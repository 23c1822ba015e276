"""Addresses of habits."""

from __future__ import annotations

from django.urls import path

from shouwang.apps.habits import views

app_name = "habits"
urlpatterns = [
    path("habits/", views.habits, name="habits"),
    path("habits/settings/", views.settings, name="settings"),
]
