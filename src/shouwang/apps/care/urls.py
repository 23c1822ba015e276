"""Addresses of needs."""

from __future__ import annotations

from django.urls import path

from shouwang.apps.care.views import board, kinds, needs, raising

app_name = "care"
urlpatterns = [
    path("needs/", board.needs, name="needs"),
    path("needs/export.xlsx", board.export, name="export"),
    path("needs/add/", raising.home_choose, name="home_choose"),
    path("needs/add/<int:pk>/", raising.need_add, name="need_add"),
    path("needs/kinds/", kinds.kinds, name="kinds"),
    path("needs/kinds/add/", kinds.kind_add, name="kind_add"),
    path("needs/kinds/<int:pk>/", kinds.kind_change, name="kind_change"),
    path("needs/kinds/<int:pk>/end", kinds.kind_end, name="kind_end"),
    path("needs/<int:pk>/", needs.need, name="need"),
    path("needs/<int:pk>/change/", needs.need_change, name="need_change"),
    path("needs/<int:pk>/<slug:act>", needs.need_act, name="need_act"),
]
