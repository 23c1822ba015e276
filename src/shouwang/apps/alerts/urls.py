"""Addresses of the policies."""

from __future__ import annotations

from django.urls import path

from shouwang.apps.alerts import views

app_name = "policies"
urlpatterns = [
    path("", views.policies, name="policies"),
    path("preview/", views.preview, name="preview"),
    path("add/", views.policy_add, name="policy_add"),
    path("<int:pk>/", views.policy_change, name="policy_change"),
    path("<int:pk>/end", views.policy_end, name="policy_end"),
]
