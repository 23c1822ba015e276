"""What goes out next: due messages are claimed, given a way, and told together."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from shouwang.apps.communities.writing import rows_update
from shouwang.apps.outbox.bundling import bundled
from shouwang.apps.outbox.contents import Content, contents_of, language_of
from shouwang.apps.outbox.models import ChannelSetup, MessageState, OutboxMessage
from shouwang.apps.outbox.ways import (
    NEVER,
    Assigned,
    Unreached,
    Waits,
    Way,
    book_of,
    phone_of,
)
from shouwang.apps.outbox.words import names_together, told_together
from shouwang.notify import limits
from shouwang.notify.limits import Level
from shouwang.notify.message import Message
from shouwang.notify.settings import Reaches

# A sender that dies leaves what it had claimed to be claimed again after this.
LEASE = timedelta(seconds=60)
RETRY_AFTER = (
    timedelta(seconds=30),
    timedelta(minutes=1),
    timedelta(minutes=2),
    timedelta(minutes=5),
    timedelta(minutes=10),
)
ATTEMPTS_MOST = 50
Contents = Mapping[int, Content | None]
STANDING = [
    "state",
    "next_at",
    "claim",
    "attempt_count",
    "tried",
    "unreached_at",
    "parts_gone",
    "sent_at",
    "channel",
    "via",
    "error",
]


@dataclass(frozen=True, kw_only=True)
class Batch:
    """One message as it goes out, every row that it tells, and when they were claimed."""

    way: Way
    rows: Sequence[OutboxMessage]
    message: Message
    claimed_at: datetime


@dataclass(kw_only=True)
class Claimed:
    """What was claimed: what goes out, and who could not be reached at all.

    ``count`` rows were taken, whatever came of them.
    """

    count: int = 0
    batches: list[Batch] = field(default_factory=list)
    unreached: list[OutboxMessage] = field(default_factory=list)


def messages_claim(
    *, now: datetime, most: int, besides: Collection[int] = ()
) -> Claimed:
    """Claim what is due in one community, most urgent first, in the caller's transaction.

    It is the community where the most urgent message waits, ``besides`` those whose
    messages are in hand: none waits for the channels of another. Two senders never
    claim the same row: whoever comes second finds it moved on.
    """
    rows = _claimed_rows(now, most, besides)
    if not rows:
        return Claimed()
    contents = contents_of(rows, now=now)
    wanted = [row for row in rows if contents[row.pk] is not None]
    found = Claimed(count=len(rows))
    book, assigned = book_of(wanted), []
    for row in wanted:
        match book.choose(row, now=now):
            case Assigned() as choice:
                assigned.append(choice)
            case Waits(until=until):
                _rest(row, until)
            case Unreached(is_final=is_final):
                _unreached(row, is_final, found, now)
    _batch(assigned, contents, found, now)
    for row in rows:
        if contents[row.pk] is None:
            row.state, row.next_at, row.claim = MessageState.OVER, None, None
    # The others stand as they were claimed.
    rows_update([row for row in rows if row.claim is None], STANDING)
    return found


def _claimed_rows(
    now: datetime, most: int, besides: Collection[int]
) -> list[OutboxMessage]:
    due = (
        OutboxMessage.objects.across("the sender serves every community")
        .filter(next_at__lte=now)
        .order_by("priority", "next_at", "pk")
    )
    first = due.exclude(community_id__in=besides).values_list("community_id").first()
    if first is None:
        return []
    mine = OutboxMessage.objects.of(first[0])
    keys = list(due.filter(community_id=first[0]).values_list("pk", flat=True)[:most])
    claim = uuid.uuid4()
    mine.filter(pk__in=keys, next_at__lte=now).update(claim=claim, next_at=now + LEASE)
    return list(
        mine.filter(pk__in=keys, claim=claim)
        .select_related(
            "subject_type", "to_member__user", "to_contact", "to_group", "community"
        )
        .order_by("priority", "queued_at", "pk")
    )


def _rest(row: OutboxMessage, until: datetime) -> None:
    row.next_at, row.claim = until, None


def _unreached(
    row: OutboxMessage, is_final: bool, found: Claimed, now: datetime
) -> None:
    """Every way failed, or there is none: tried again later, unless that is no use."""
    row.claim = None
    row.tried = [key for key in row.tried if key.endswith(NEVER)]
    if is_final or row.attempt_count >= ATTEMPTS_MOST:
        row.state, row.next_at = MessageState.GIVEN_UP, None
    else:
        row.state, row.next_at = (
            MessageState.FAILED,
            now + wait_after(row.attempt_count),
        )
    if row.unreached_at is None:
        row.unreached_at = now
        found.unreached.append(row)


def wait_after(attempt_count: int) -> timedelta:
    """Return how long to wait after so many tries."""
    return RETRY_AFTER[min(max(attempt_count - 1, 0), len(RETRY_AFTER) - 1)]


# --- one message for several rows -----------------------------------------------------


def _batch(
    assigned: Sequence[Assigned],
    contents: Contents,
    found: Claimed,
    now: datetime,
) -> None:
    by_way: defaultdict[tuple[int, str], list[Assigned]] = defaultdict(list)
    for one in assigned:
        by_way[one.row.community_id, one.way.key].append(one)
    used: list[ChannelSetup] = []
    for some in by_way.values():
        way = some[0].way
        levels = limits.refilled(way.channel.limits, _levels(way), now=now)
        going, waiting = bundled(
            some,
            room=limits.room(levels),
            same=_same,
            alike=lambda one: _alike(one, contents),
            akin=lambda one: (_receiver(one), one.row.about, one.row.ask),
        )
        found.batches += [_made(rows, contents, now) for rows in going]
        levels = limits.taken(levels, len(going))
        for one in waiting:
            _rest(one.row, now + limits.wait(way.channel.limits, levels))
        if way.setup is not None and levels:
            way.setup.levels = [[row.tokens, row.at.isoformat()] for row in levels]
            used.append(way.setup)
    rows_update(used, ["levels"])


def _levels(way: Way) -> tuple[Level, ...]:
    stored = way.setup.levels if way.setup else []
    return tuple(
        Level(tokens=tokens, at=datetime.fromisoformat(at).astimezone(UTC))
        for tokens, at in stored
    )


def _receiver(one: Assigned) -> tuple[object, ...]:
    """Return who reads it: a group in one language, or one person."""
    if one.way.channel.reaches is Reaches.GROUP:
        return ("group", language_of(one.row))
    return (one.row.to_member_id, one.row.to_contact_id)


def _same(one: Assigned) -> tuple[object, ...]:
    row = one.row
    if one.way.channel.reaches is not Reaches.GROUP:
        return (row.pk,)
    return (
        *_receiver(one),
        row.subject_type_id,
        row.subject_id,
        row.part,
        row.about,
        row.ask,
        row.parts_gone,
    )


def _alike(one: Assigned, contents: Contents) -> tuple[object, ...]:
    return (
        *_receiver(one),
        one.row.about,
        one.row.ask,
        _content(one, contents).building,
        one.row.parts_gone,
    )


def _content(one: Assigned, contents: Contents) -> Content:
    found = contents[one.row.pk]
    if found is None:
        raise LookupError(one.row.key)
    return found


def _made(some: Sequence[Assigned], contents: Contents, now: datetime) -> Batch:
    first = some[0]
    told = {_subject(one.row): _content(one, contents) for one in some}
    content, is_one = _content(first, contents), len(told) == 1
    receivers = {_receiver_name(one.row): phone_of(one.row) for one in some}
    is_group = first.way.channel.reaches is Reaches.GROUP
    # What is posted to a group is read by all of it, whomever it names.
    is_personal = not is_group and len(receivers) == 1
    link = (content.link if is_personal else content.page) if is_one else ""
    return Batch(
        way=first.way,
        rows=[one.row for one in some],
        claimed_at=now,
        message=Message(
            key=first.row.key if len(some) == 1 else f"{first.row.key}+{len(some) - 1}",
            to_name=names_together([name for name in receivers if name]),
            text=(
                content.text
                if is_one
                else told_together([*told.values()], is_personal=is_personal)
            ),
            address=first.address,
            title=content.title,
            link=link,
            about=first.row.about,
            mentions=tuple(filter(None, receivers.values())) if is_group else (),
            picture=content.picture if is_one else None,
            skip_parts=first.row.parts_gone,
            is_urgent=first.row.priority < 100,
            values={**content.values, "link": link} if is_one else {},
        ),
    )


def _subject(row: OutboxMessage) -> tuple[int, int]:
    return row.subject_type_id, row.subject_id


def _receiver_name(row: OutboxMessage) -> str:
    return str(row.to_member or row.to_contact or "")
