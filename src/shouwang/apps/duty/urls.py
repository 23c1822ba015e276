"""Addresses of the rota."""

from __future__ import annotations

from django.urls import path

from shouwang.apps.duty import views

app_name = "duty"
urlpatterns = [
    path("", views.rota, name="rota"),
    path("end/", views.rota_end, name="rota_end"),
    path("turns/add/", views.turn_add, name="turn_add"),
    path("turns/<int:pk>/", views.turn_change, name="turn_change"),
    path("turns/<int:pk>/end/", views.turn_end, name="turn_end"),
    path("turns/<int:pk>/give", views.turn_give, name="turn_give"),
    path("cannot/add/", views.cannot_add, name="cannot_add"),
    path("extra/add/", views.extra_add, name="extra_add"),
    path("changes/<int:pk>/withdraw", views.change_withdraw, name="change_withdraw"),
]
