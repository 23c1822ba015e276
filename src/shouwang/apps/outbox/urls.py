"""Addresses of the channels."""

from __future__ import annotations

from django.urls import path

from shouwang.apps.outbox.views import addresses, channels

app_name = "outbox"
urlpatterns = [
    path("channels/", channels.channels, name="channels"),
    path("channels/add/<slug:kind>/", channels.channel_add, name="channel_add"),
    path("channels/<int:pk>/", channels.channel_change, name="channel_change"),
    path("channels/<int:pk>/test", channels.channel_test, name="channel_test"),
    path("account/email/", addresses.own_email, name="own_email"),
    path("members/<int:pk>/email/", addresses.member_email, name="member_email"),
    path("contacts/<int:pk>/email/", addresses.contact_email, name="contact_email"),
    path("channels/<int:pk>/end", channels.channel_end, name="channel_end"),
]
