"""Addresses of the rounds."""

from __future__ import annotations

from django.urls import path

from shouwang.apps.rounds.views import phone, rounds, sheets

app_name = "rounds"
urlpatterns = [
    path("phone/", phone.phone, name="phone"),
    path("phone/sw.js", phone.phone_worker, name="phone_worker"),
    path("rounds/phone-file/", rounds.phone_file, name="phone_file"),
    path("rounds/", rounds.rounds, name="rounds"),
    path("rounds/add/", rounds.round_add, name="round_add"),
    path("rounds/<int:pk>/", rounds.round_change, name="round_change"),
    path("rounds/<int:pk>/end", rounds.round_end, name="round_end"),
    path("rounds/<int:pk>/sheet/", sheets.sheet, name="sheet"),
    path("rounds/<int:pk>/sheet/entry/", sheets.sheet_entry, name="sheet_entry"),
]
