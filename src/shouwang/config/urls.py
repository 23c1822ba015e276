"""Every address of the program."""

from __future__ import annotations

from django.contrib.auth import views as auth
from django.urls import URLPattern, URLResolver, include, path

from shouwang.config.api import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("shouwang.apps.communities.urls")),
    path("logout/", auth.LogoutView.as_view(), name="logout"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("api/v1/", api.urls),
    path("", include("shouwang.apps.desk.urls")),
    path("", include("shouwang.apps.outbox.urls")),
    path("", include("shouwang.apps.reports.urls")),
    path("", include("shouwang.apps.family.urls")),
    path("", include("shouwang.apps.rounds.urls")),
    path("", include("shouwang.apps.habits.urls")),
    path("duty/", include("shouwang.apps.duty.urls")),
    path("policies/", include("shouwang.apps.alerts.urls")),
    path("drills/", include("shouwang.apps.drills.urls")),
    path("", include("shouwang.apps.dispatch.urls")),
    path("", include("shouwang.apps.care.urls")),
    path("", include("shouwang.apps.volunteers.urls")),
    path("", include("shouwang.apps.visits.urls")),
    path("", include("shouwang.apps.activities.urls")),
    path("", include("shouwang.apps.calendars.urls")),
    path("", include("shouwang.apps.practices.urls")),
    path("", include("shouwang.apps.neighbours.urls")),
    path("", include("shouwang.apps.residents.urls")),
    path("", include("shouwang.apps.vitals.urls")),
]
