"""How the communities of the benchmarks are told: webhooks on this machine."""

from __future__ import annotations

import base64
from datetime import datetime
from typing import Any, cast

from shouwang.apps.communities.models import Community
from shouwang.apps.outbox.models import ChannelSetup
from shouwang.apps.outbox.services.channels import ChannelDraft, channel_add
from shouwang.notify import outgoing
from shouwang.notify.channels import CHANNELS
from shouwang.notify.outgoing import Post
from shouwang.notify.settings import Reaches
from shouwang.notify.webhook.channel import WebhookChannel

SECRET = base64.b64encode(b"w" * 32).decode()
PHONES = "phones"


class PhonesChannel(WebhookChannel):
    """A webhook that finds people by their phone numbers, as text messages do."""

    kind = PHONES
    reaches = Reaches.PHONE
    speed = 60


def webhook(
    community: Community, url: str, *, now: datetime, name: str = "hook"
) -> ChannelSetup:
    """Let a community be told by a webhook on this machine."""
    given = {"url": url, "secret": SECRET, "inside": "on"}
    draft = ChannelDraft(name=name, given=given)
    return channel_add(community=community, kind="webhook", draft=draft, now=now)


def phones(community: Community, url: str, *, now: datetime) -> ChannelSetup:
    """Let the people of a community be told one by one, where they have a phone."""
    channels_use(outgoing.post)
    made = webhook(community, url, now=now, name=PHONES)
    # No community can set it up: it is ours alone.
    ChannelSetup.objects.of(community).filter(pk=made.pk).update(kind=PHONES)
    made.refresh_from_db()
    return made


def channels_use(post: Post) -> None:
    """Let the webhooks of this process, and our own channel, send by ``post``."""
    channels = cast("dict[str, Any]", CHANNELS)
    channels["webhook"] = WebhookChannel(post=post)
    channels[PHONES] = PhonesChannel(post=post)
