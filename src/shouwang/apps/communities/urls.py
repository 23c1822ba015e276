"""Addresses of logging in, starting, and the people of a community."""

from __future__ import annotations

from django.contrib.auth import views as auth
from django.urls import path, reverse_lazy

from shouwang.apps.communities import views

urlpatterns = [
    path("login/", views.Login.as_view(), name="login"),
    path("start/", views.start, name="start"),
    path("account/", views.account, name="account"),
    path(
        "account/password/",
        auth.PasswordChangeView.as_view(
            template_name="communities/password.html",
            success_url=reverse_lazy("account"),
        ),
        name="password_change",
    ),
    path("community/", views.community_change, name="community_change"),
    path("communities/add/", views.community_add, name="community_add"),
    path(
        "communities/<int:pk>/switch", views.community_switch, name="community_switch"
    ),
    path("members/", views.members, name="members"),
    path("members/add/", views.member_add, name="member_add"),
    path("members/<int:pk>/", views.member_change, name="member_change"),
    path("members/<int:pk>/password", views.member_password, name="member_password"),
    path("members/<int:pk>/leave", views.member_leave, name="member_leave"),
]
