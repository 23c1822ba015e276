"""Addresses of calendars."""

from __future__ import annotations

from django.urls import path

from shouwang.apps.calendars import views

app_name = "calendars"
urlpatterns = [
    path("cal/<str:code>.ics", views.feed, name="feed"),
    path("account/calendar/", views.calendars, name="calendars"),
    path("account/calendar/<slug:whose>/make", views.make, name="make"),
    path("account/calendar/<slug:whose>/end", views.end, name="end"),
]
