"""Addresses of the rounds."""

from __future__ import annotations

from django.urls import path

from shouwang.apps.rounds import views

app_name = "rounds"
urlpatterns = [
    path("rounds/", views.rounds, name="rounds"),
    path("rounds/add/", views.round_add, name="round_add"),
    path("rounds/<int:pk>/", views.round_change, name="round_change"),
    path("rounds/<int:pk>/end", views.round_end, name="round_end"),
]
