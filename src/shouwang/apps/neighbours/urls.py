"""Addresses of what residents report."""

from __future__ import annotations

from django.urls import path

from shouwang.apps.neighbours import views

app_name = "neighbours"
urlpatterns = [
    path("see/<slug:code>/", views.see, name="see"),
    path("see/<slug:code>/thanks/", views.thanks, name="thanks"),
    path("neighbours/", views.reports, name="reports"),
    path("neighbours/notices/", views.notices, name="notices"),
    path("neighbours/<uuid:pk>/act", views.report_act, name="report_act"),
]
