"""Invented channels, and messages of invented alerts."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.apps import building as b

from shouwang.apps.outbox.models import ChannelSetup
from shouwang.apps.watch import services
from shouwang.notify.limits import Limit
from shouwang.notify.message import Message, Receipt, SendingError
from shouwang.notify.settings import Reaches


@dataclass(kw_only=True)
class Invented:
    """A channel that keeps what it took, or fails as it is told."""

    kind: str
    reaches: Reaches
    speed: int = 10
    limits: tuple[Limit, ...] = ()
    fails: SendingError | None = None
    took: list[Message] = field(default_factory=list)
    asked: int = 0
    settings = ()
    takes_pictures = False

    def wrong(self, settings):
        return ()

    def send(self, message, settings):
        self.asked += 1
        if self.fails is not None:
            raise self.fails
        self.took.append(message)
        return Receipt(code="0", reference=str(self.asked))


def set_up(place, channel, **more):
    return ChannelSetup.objects.of(place).create(
        community=place, kind=channel.kind, name=channel.kind, made_at=b.DAWN, **more
    )


def estate(*addresses):
    """A community whose homes were not looked at; Lin and Ma are on duty."""
    place = b.community()
    for name, phone in (("lin", "13900000001"), ("ma", "13900000002")):
        row = b.member(place, name, "duty_officer", "coordinator")
        row.phone = phone
        row.save()
    for address in addresses:
        b.watched(place, address)
    services.checks_make(community=place, now=b.DAWN)
    return place


def missed(place, clock="09:10"):
    """Let the deadline pass: every home opens its alert."""
    services.checks_decide_due(now=b.hour(clock))
