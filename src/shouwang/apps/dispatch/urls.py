"""Addresses of dispatch."""

from __future__ import annotations

from django.urls import path

from shouwang.apps.dispatch.links import LINK_PATH
from shouwang.apps.dispatch.views import day, finding, linked, skills

app_name = "dispatch"
urlpatterns = [
    path(f"{LINK_PATH}<slug:code>/", linked.linked, name="linked"),
    path("needs/<int:pk>/find/", finding.find, name="find"),
    path("needs/<int:pk>/find/stop/", finding.find_stop, name="find_stop"),
    path("needs/<int:pk>/find/next/", finding.find_next, name="find_next"),
    path("needs/<int:pk>/no-show/", finding.not_come, name="not_come"),
    path("needs/skills/", skills.kind_skills, name="kind_skills"),
    path("tasks/", day.tasks, name="day"),
    path("tasks/offer/", day.tasks_offer, name="day_offer"),
]
