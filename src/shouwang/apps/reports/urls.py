"""Addresses of the reports."""

from __future__ import annotations

from django.urls import path

from shouwang.apps.reports import views

app_name = "reports"
urlpatterns = [
    path("group-report/times/", views.digests, name="digests"),
    path("group-report/times/add/", views.digest_time_add, name="digest_time_add"),
    path(
        "group-report/times/<int:pk>/end", views.digest_time_end, name="digest_time_end"
    ),
    path("group-report/<int:pk>.png", views.digest_picture, name="digest_picture"),
]
