"""Addresses of practices."""

from __future__ import annotations

from django.urls import path

from shouwang.apps.practices import views

app_name = "practices"
urlpatterns = [
    path("practices/", views.practices, name="practices"),
    path("practices/add/", views.practice_add, name="practice_add"),
    path("practices/save/", views.practice_save, name="practice_save"),
    path("practices/<slug:key>/", views.practice, name="practice"),
    path("practices/<slug:key>/use", views.practice_use, name="practice_use"),
    path("practices/<int:pk>/end", views.practice_end, name="practice_end"),
    path("practices/<slug:key>/file.yaml", views.practice_file, name="practice_file"),
]
