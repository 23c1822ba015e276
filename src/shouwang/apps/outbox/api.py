"""A phone says how its app is told, and that it shall be told no more."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import ConfigDict, Field

from shouwang.apps.communities.api import ERRORS, reader
from shouwang.apps.communities.selectors import LOOKING_ROLES
from shouwang.apps.outbox.selectors import push_key
from shouwang.apps.outbox.services.addresses import (
    subscription_end,
    subscription_keep,
)
from shouwang.common import clock

push = Router(tags=["phone"])


class PushKeyOut(Schema):
    """The key a phone subscribes with; empty where the community sends none."""

    public_key: str


class KeysIn(Schema):
    """What a message to this phone is encrypted with."""

    model_config = ConfigDict(extra="forbid")

    p256dh: str = Field(max_length=200)
    auth: str = Field(max_length=100)


class SubscriptionIn(Schema):
    """Where and how the app on this phone is told, as its browser says."""

    model_config = ConfigDict(extra="ignore")

    endpoint: str = Field(max_length=2000)
    keys: KeysIn


class PushIn(Schema):
    """A phone that shall be told."""

    model_config = ConfigDict(extra="forbid")

    subscription: SubscriptionIn


class PushEndIn(Schema):
    """A phone that shall be told no more."""

    model_config = ConfigDict(extra="forbid")

    endpoint: str = Field(max_length=2000)


class NotedOut(Schema):
    """It is noted."""

    done: bool = True


@push.get(
    "/push", response={200: PushKeyOut, **ERRORS}, operation_id="push", url_name="push"
)
def key_of_push(request: HttpRequest) -> dict[str, Any]:
    """Return the key a phone subscribes with."""
    member = reader(request, LOOKING_ROLES)
    return {"public_key": push_key(community=member.community_id)}


@push.post("/push", response={200: NotedOut, **ERRORS}, operation_id="push_begin")
def push_begin(request: HttpRequest, given: PushIn) -> NotedOut:
    """Tell the reader by the app on this phone from now on."""
    member = reader(request, LOOKING_ROLES)
    subscription = given.subscription.model_dump()
    subscription_keep(member=member, subscription=subscription, now=clock.now())
    return NotedOut()


@push.delete("/push", response={200: NotedOut, **ERRORS}, operation_id="push_end")
def push_end(request: HttpRequest, given: PushEndIn) -> NotedOut:
    """Tell the reader by the app on this phone no more."""
    member = reader(request, LOOKING_ROLES)
    subscription_end(member=member, endpoint=given.endpoint, now=clock.now())
    return NotedOut()
