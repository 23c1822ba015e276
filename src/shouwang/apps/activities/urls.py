"""Addresses of activities."""

from __future__ import annotations

from django.urls import path

from shouwang.apps.activities.views import coming, holding, inviting, planning

app_name = "activities"
urlpatterns = [
    path("activities/", coming.activities, name="activities"),
    path("activities/add/", planning.activity_add, name="activity_add"),
    path("activities/not-seen/", coming.long_unseen, name="long_unseen"),
    path("activities/series/<int:pk>/", planning.series_change, name="series_change"),
    path("activities/series/<int:pk>/end/", planning.series_end, name="series_end"),
    path("activities/photos/<uuid:pk>.jpg", holding.photo, name="photo"),
    path("activities/photos/<uuid:pk>/end", holding.photo_end, name="photo_end"),
    path("activities/<int:pk>/", coming.activity, name="activity"),
    path(
        "activities/<int:pk>/change/", planning.activity_change, name="activity_change"
    ),
    path(
        "activities/<int:pk>/cancel/", planning.activity_cancel, name="activity_cancel"
    ),
    path("activities/<int:pk>/invite/", inviting.invite, name="invite"),
    path("activities/<int:pk>/papers/", inviting.papers, name="papers"),
    path("activities/<int:pk>/attendance/", holding.attendance, name="attendance"),
    path("activities/<int:pk>/walk-in", holding.walk_in, name="walk_in"),
    path("activities/<int:pk>/helpers/", holding.helpers, name="helpers"),
    path("activities/<int:pk>/photos/add/", holding.photo_add, name="photo_add"),
    path(
        "activities/<int:pk>/guests/<slug:act>", inviting.guests_act, name="guests_act"
    ),
]
