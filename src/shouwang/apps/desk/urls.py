"""Addresses of the desk."""

from __future__ import annotations

from django.urls import path

from shouwang.apps.desk import views

app_name = "desk"
urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("", views.board, name="board"),
    path("board/live", views.live, name="board_live"),
    path("homes/<int:pk>/", views.home, name="home"),
    path("homes/<int:pk>/sighting", views.sighting_add, name="sighting_add"),
    path("homes/<int:pk>/contact", views.contact_add, name="contact_add"),
    path("alerts/<int:pk>/<slug:act>", views.alert_act, name="alert_act"),
]
