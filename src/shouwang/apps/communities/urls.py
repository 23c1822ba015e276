"""Addresses of logging in and starting."""

from __future__ import annotations

from django.urls import path

from shouwang.apps.communities import views

urlpatterns = [
    path("login/", views.Login.as_view(), name="login"),
    path("start/", views.start, name="start"),
]
