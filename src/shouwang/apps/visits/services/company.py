"""Somebody sat with her: ten seconds to write down, and a sign of life."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from shouwang.apps.communities.models import Community, Member
from shouwang.apps.residents.models import Home
from shouwang.apps.visits.models import Chat
from shouwang.apps.watch.services import SightingIn, sightings_record
from shouwang.common.errors import ConflictError, NotFoundError, RefusedError
from shouwang.common.text import prose
from shouwang.domain.facts import Source
from shouwang.domain.signals import CONTACT


@dataclass(frozen=True, kw_only=True)
class ChatIn:
    """A chat as it reaches us; ``id`` is made where it was written down."""

    id: UUID
    home_id: int
    at: datetime
    words: str = ""
    clock_offset: timedelta | None = None


@transaction.atomic
def chat_record(
    *, community: Community, chat: ChatIn, by: Member, now: datetime
) -> tuple[Chat, bool]:
    """Write a chat down, which is a contact in person; the same ``id`` is one chat.

    Raises
    ------
    NotFoundError
        ``unknown_home``.
    ConflictError
        ``id_used``.
    RefusedError
        ``seen_in_the_future`` and whatever else the watch does not take.
    """
    home = _home(community, chat.home_id)
    had = _had(home, chat, by)
    if had is not None:
        return had, False
    row, is_new = Chat.objects.of(community).get_or_create(
        pk=chat.id,
        defaults={
            "community": community,
            "home": home,
            "at": min(chat.at - (chat.clock_offset or timedelta(0)), now),
            "received_at": now,
            "by": by,
            "words": prose(chat.words),
        },
    )
    if is_new:
        _see(community, chat, by, now)
    return row, is_new


def _had(home: Home, chat: ChatIn, by: Member) -> Chat | None:
    row = Chat.objects.across("an id is used once").filter(pk=chat.id).first()
    if row is not None and (row.home_id != home.pk or row.by_id != by.pk):
        words = _("This id was used before, for something else.")
        raise ConflictError("id_used", words)
    return row


def _home(community: Community, home_id: int) -> Home:
    rows = Home.objects.of(community).filter(pk=home_id, archived_at__isnull=True)
    # Taken first, as the watch takes it.
    home = rows.select_for_update(of=("self",)).first()
    if home is None:
        raise NotFoundError("unknown_home", _("There is no such home here."))
    return home


def _see(community: Community, chat: ChatIn, by: Member, now: datetime) -> None:
    item = SightingIn(
        id=chat.id,
        home_id=chat.home_id,
        signal=CONTACT,
        state="spoke",
        how="in_person",
        source=Source.CONTACT.value,
        seen_at=chat.at,
        clock_offset=chat.clock_offset,
        note=prose(chat.words),
    )
    answer = sightings_record(community=community, items=[item], by=by, now=now)[0]
    if answer.outcome == "refused":
        raise RefusedError(answer.code, answer.message)
