"""The ways by which a person can be told: a channel, how it is set up, and an address."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from shouwang.apps.outbox.models import Address, By, ChannelSetup, OutboxMessage
from shouwang.apps.outbox.sealing import secrets_of
from shouwang.common.text import tidy
from shouwang.notify.channels import Channel, UnknownChannelError, channel_of
from shouwang.notify.settings import Reaches

# Behind a way that will never take this message, so that it is not tried again.
NEVER = "!"


@dataclass(frozen=True, kw_only=True)
class Way:
    """A channel as a community set it up; without a setup, the program's own."""

    channel: Channel
    setup: ChannelSetup | None = None

    @property
    def key(self) -> str:
        """Return what tells this way from the others of a community."""
        return str(self.setup.pk) if self.setup else self.channel.kind

    @property
    def settings(self) -> Mapping[str, str]:
        """Return how it is set up, for the channel."""
        if self.setup is None:
            return {}
        return {**self.setup.settings, **secrets_of(self.setup)}

    def is_blocked(self, now: datetime) -> bool:
        """Return whether it takes nothing for now."""
        until = self.setup.blocked_until if self.setup else None
        return until is not None and until > now


@dataclass(frozen=True, kw_only=True)
class Assigned:
    """A message with the way it goes, and where that way finds the person."""

    row: OutboxMessage
    way: Way
    address: str


@dataclass(frozen=True, kw_only=True)
class Waits:
    """Every way that is left rests; one may be tried again ``until`` then."""

    row: OutboxMessage
    until: datetime


@dataclass(frozen=True, kw_only=True)
class Unreached:
    """Every way has failed; ``is_final`` if trying again is no use."""

    row: OutboxMessage
    is_final: bool


Choice = Assigned | Waits | Unreached


@dataclass(frozen=True, kw_only=True)
class Book:
    """The ways of some communities, and the addresses of some people."""

    ways: Mapping[int, Sequence[Way]]
    addresses: Mapping[tuple[str, int, str], str]

    def choose(self, row: OutboxMessage, *, now: datetime) -> Choice:
        """Return the best way for a message that was not tried yet.

        The step's own channels come first, then the fastest; a way that rests is left
        for the next one at once.
        """
        reaching = [
            (way, address)
            for way in self._in_order(row)
            if (address := self.address(way, row)) is not None
        ]
        alive = [pair for pair in reaching if f"{pair[0].key}{NEVER}" not in row.tried]
        left = [pair for pair in alive if pair[0].key not in row.tried]
        for way, address in left:
            if not way.is_blocked(now):
                return Assigned(row=row, way=way, address=address)
        resting = [
            way.setup.blocked_until
            for way, _address in left
            if way.setup and way.setup.blocked_until
        ]
        if resting:
            return Waits(row=row, until=min(resting))
        return Unreached(row=row, is_final=not alive)

    def _in_order(self, row: OutboxMessage) -> list[Way]:
        ways = self.ways[row.community_id]
        if row.to_group_id is not None:
            return [way for way in ways if way.key == str(row.to_group_id)]
        return sorted(ways, key=lambda way: way.channel.kind not in row.channels)

    def address(self, way: Way, row: OutboxMessage) -> str | None:
        """Return where ``way`` finds the person of ``row``, or ``None``."""
        match way.channel.reaches:
            case Reaches.ANYBODY:
                return ""
            case Reaches.GROUP:
                # What concerns a home is not told to its family in front of a group.
                return None if row.to_contact_id else ""
            case Reaches.PHONE:
                return phone_of(row) or None
            case Reaches.EMAIL:
                return self.addresses.get((*_person(row), By.EMAIL)) or None
            case Reaches.PUSH:
                return self.addresses.get((*_person(row), By.PUSH)) or None


def _person(row: OutboxMessage) -> tuple[str, int]:
    if row.to_contact_id is not None:
        return "contact", row.to_contact_id
    return "member", row.to_member_id or 0


def phone_of(row: OutboxMessage) -> str:
    """Return the phone number of the person a message is for, or nothing."""
    person = row.to_member or row.to_contact
    return tidy(person.phone) if person else ""


def book_of(rows: Sequence[OutboxMessage]) -> Book:
    """Read the ways and addresses that some messages need."""
    communities = {row.community_id for row in rows}
    return Book(ways=ways_of(communities), addresses=_addresses(rows))


def ways_of(communities: Collection[int]) -> Mapping[int, Sequence[Way]]:
    """Return the ways of each community, the fastest first.

    A community that set up none has the program's own channel.
    """
    found: dict[int, list[Way]] = {key: [] for key in communities}
    setups = (
        ChannelSetup.objects.across("the sender serves every community")
        .filter(community_id__in=communities, is_on=True, ended_at__isnull=True)
        .order_by("position", "pk")
    )
    for setup in setups:
        try:
            channel = channel_of(setup.kind)
        except UnknownChannelError:
            continue
        found[setup.community_id].append(Way(channel=channel, setup=setup))
    own = Way(channel=channel_of(settings.NOTIFY_CHANNEL))
    return {
        key: sorted(ways, key=lambda way: way.channel.speed) or [own]
        for key, ways in found.items()
    }


def _addresses(rows: Iterable[OutboxMessage]) -> Mapping[tuple[str, int, str], str]:
    people: defaultdict[str, set[int]] = defaultdict(set)
    found: dict[tuple[str, int, str], str] = {}
    for row in rows:
        kind, key = _person(row)
        people[kind].add(key)
        if row.to_member and row.to_member.user and row.to_member.user.email:
            found[kind, key, By.EMAIL] = row.to_member.user.email
    known = Address.objects.across("of the people these messages are for")
    mine = known.filter(ended_at__isnull=True)
    for one in mine.filter(member_id__in=people["member"]).order_by("pk"):
        found["member", one.member_id or 0, one.by] = one.value
    for one in mine.filter(contact_id__in=people["contact"]).order_by("pk"):
        found["contact", one.contact_id or 0, one.by] = one.value
    return found
