"""Addresses for outside monitors."""

from __future__ import annotations

from django.urls import path

from shouwang.apps.vitals import views

app_name = "vitals"
urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("metrics", views.metrics, name="metrics"),
]
