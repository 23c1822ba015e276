"""Addresses of what families are told, and of their private pages."""

from __future__ import annotations

from django.urls import path

from shouwang.apps.family.views import choosing, page

app_name = "family"
urlpatterns = [
    path("f/<str:code>/", page.page, name="page"),
    path("contacts/<int:pk>/told/", choosing.telling, name="telling"),
    path("contacts/<int:pk>/link", choosing.link_make, name="link_make"),
    path("contacts/<int:pk>/link/end", choosing.link_end, name="link_end"),
]
