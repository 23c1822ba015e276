"""Addresses of the rounds."""

from __future__ import annotations

from django.urls import path

from shouwang.apps.rounds.views import phone, pictures, rounds, sheets, standpoints

app_name = "rounds"
urlpatterns = [
    path("phone/", phone.phone, name="phone"),
    path("phone/pictures/<int:pk>.jpg", pictures.phone_picture, name="phone_picture"),
    path("phone/sw.js", phone.phone_worker, name="phone_worker"),
    path("rounds/phone-file/", rounds.phone_file, name="phone_file"),
    path("rounds/", rounds.rounds, name="rounds"),
    path("standpoints/", standpoints.standpoints, name="standpoints"),
    path("standpoints/plan/", standpoints.plan_change, name="plan_change"),
    path("standpoints/plan.jpg", standpoints.plan_picture, name="plan_picture"),
    path("standpoints/add/", standpoints.standpoint_add, name="standpoint_add"),
    path(
        "standpoints/<int:pk>/", standpoints.standpoint_change, name="standpoint_change"
    ),
    path("standpoints/<int:pk>/end", standpoints.standpoint_end, name="standpoint_end"),
    path(
        "standpoints/<int:pk>/picture/",
        pictures.standpoint_picture,
        name="standpoint_picture",
    ),
    path(
        "standpoints/<int:pk>/picture/new/",
        pictures.standpoint_picture_change,
        name="standpoint_picture_change",
    ),
    path("rounds/add/", rounds.round_add, name="round_add"),
    path("rounds/<int:pk>/", rounds.round_change, name="round_change"),
    path("rounds/<int:pk>/end", rounds.round_end, name="round_end"),
    path("rounds/<int:pk>/cover", rounds.round_cover, name="round_cover"),
    path("rounds/<int:pk>/sheet/", sheets.sheet, name="sheet"),
    path("rounds/<int:pk>/sheet/entry/", sheets.sheet_entry, name="sheet_entry"),
]
