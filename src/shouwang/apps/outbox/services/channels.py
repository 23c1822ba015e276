"""Writes about channels: set up, changed, tried, ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from shouwang.apps.communities.models import Community, Member
from shouwang.apps.outbox.models import ChannelSetup, OutboxMessage
from shouwang.apps.outbox.sealing import sealed_with, secrets_of
from shouwang.apps.outbox.selectors import WEB_PUSH
from shouwang.apps.outbox.ways import Way, book_of
from shouwang.apps.outbox.words import cause_words, fault_words
from shouwang.common.errors import RefusedError
from shouwang.common.ids import uuid7
from shouwang.common.text import tidy
from shouwang.notify.channels import CHANNELS, Channel, channel_of
from shouwang.notify.message import Message, SendingError
from shouwang.notify.webpush.keys import vapid_keys

# What a community can set up; the others are the program's own.
OFFERED = tuple(kind for kind in CHANNELS if kind not in {"console", "recording"})


@dataclass(frozen=True, kw_only=True)
class ChannelDraft:
    """A channel as somebody fills it in; an empty secret keeps the one that is there."""

    name: str
    given: Mapping[str, str]
    is_on: bool = True


@transaction.atomic
def channel_add(
    *, community: Community, kind: str, draft: ChannelDraft, now: datetime
) -> ChannelSetup:
    """Set up a channel.

    Raises
    ------
    RefusedError
        ``unknown_channel``, ``name_taken`` or ``wrong_settings``, with all of them at once.
    """
    if kind not in OFFERED:
        raise RefusedError("unknown_channel", _("There is no such channel."))
    last = ChannelSetup.objects.of(community).order_by("-position").first()
    row = ChannelSetup(
        community=community,
        kind=kind,
        made_at=now,
        position=last.position + 1 if last else 1,
    )
    return _write(row, draft)


@transaction.atomic
def channel_change(*, row: ChannelSetup, draft: ChannelDraft) -> ChannelSetup:
    """Change how a channel is set up; it is tried again at once."""
    row.blocked_until, row.failed_count = None, 0
    row.trouble_since, row.trouble = None, ""
    return _write(row, draft)


@transaction.atomic
def channel_end(*, row: ChannelSetup, now: datetime) -> None:
    """Use a channel no more, and forget its secrets."""
    row.ended_at, row.sealed = now, ""
    row.save(update_fields=["ended_at", "sealed"])


def _write(row: ChannelSetup, draft: ChannelDraft) -> ChannelSetup:
    channel = channel_of(row.kind)
    open_ones, secret_ones = _sorted(channel, draft.given)
    kept = {
        **secrets_of(row),
        **{key: value for key, value in secret_ones.items() if value},
    }
    if row.kind == WEB_PUSH and not kept:
        kept = {"private_key": vapid_keys().private}
    errors = _wrong(row, draft, channel, {**open_ones, **kept})
    if errors:
        words = _("Something is not right yet.")
        raise RefusedError("wrong_settings", words, fields=errors)
    row.name, row.is_on = tidy(draft.name), draft.is_on
    row.settings, row.sealed = open_ones, sealed_with(kept)
    row.save()
    return row


def _sorted(
    channel: Channel, given: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, str]]:
    values = {row.name: given.get(row.name, "").strip() for row in channel.settings}
    secret = {row.name for row in channel.settings if row.is_secret}
    return (
        {name: value for name, value in values.items() if name not in secret},
        {name: value for name, value in values.items() if name in secret},
    )


def _wrong(
    row: ChannelSetup,
    draft: ChannelDraft,
    channel: Channel,
    settings: Mapping[str, str],
) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    same = ChannelSetup.objects.of(row.community_id).filter(
        name=tidy(draft.name), ended_at__isnull=True
    )
    if same.exclude(pk=row.pk).exists():
        found["name"] = [_("Another channel has this name.")]
    words = fault_words()
    for fault in channel.wrong(settings):
        found.setdefault(fault.name, []).append(words[fault.fault.value])
    return found


def channel_test(*, row: ChannelSetup, by: Member, now: datetime) -> str:
    """Send a test to the group, or to whoever tries; return the provider's code.

    Raises
    ------
    RefusedError
        ``no_address``: the one who tries cannot be found by this channel.
        ``not_sent``: what the provider answered, in words.
    """
    way = Way(channel=channel_of(row.kind), setup=row)
    probe = OutboxMessage(community_id=row.community_id, to_member=by)
    address = book_of([probe]).address(way, probe)
    if address is None:
        words = _("This channel does not find you: your number or address is missing.")
        raise RefusedError("no_address", words)
    text = _("A test from %(community)s: messages of Shouwang arrive here.") % {
        "community": row.community.name
    }
    message = Message(
        key=f"test:{uuid7(now=now)}",
        to_name=str(by),
        text=text,
        address=address,
        title=row.community.name,
        about="test",
        values={"place": row.community.name, "words": _("a test"), "asked": ""},
    )
    try:
        return way.channel.send(message, way.settings).code
    except SendingError as error:
        raise RefusedError("not_sent", _said(error)) from error


def _said(error: SendingError) -> str:
    words = cause_words()[error.cause.value]
    return f"{words} ({error.code})" if error.code else words
