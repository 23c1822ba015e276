"""Addresses of the drills."""

from __future__ import annotations

from django.urls import path

from shouwang.apps.drills import views

app_name = "drills"
urlpatterns = [
    path("play", views.play, name="play"),
    path("file.yaml", views.file, name="file"),
]
