"""What a message says. Whoever owns its subject finds the words when it is sent.

``settings.OUTBOX_SUBJECTS`` names, for each table that messages can be about, a function
of some messages and ``now`` that returns the content of each, or ``None`` where nobody
needs it any more: what it asked was done meanwhile.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.utils import translation
from django.utils.module_loading import import_string

from shouwang.apps.outbox.models import OutboxMessage
from shouwang.notify.message import Picture


@dataclass(frozen=True, kw_only=True)
class Content:
    """The words of one message in its reader's language.

    ``text`` is the whole; ``place``, ``words`` and ``asked`` are its parts, so that
    several of one building can be told in one message. ``link`` lets its reader act
    without logging in, and stands in no message that others read; ``page`` stands
    there instead, and asks who one is.
    """

    text: str
    place: str = ""
    words: str = ""
    asked: str = ""
    building: str = ""
    link: str = ""
    page: str = ""
    title: str = ""
    picture: Picture | None = None
    values: Mapping[str, str] = field(default_factory=dict)


Describe = Callable[..., Mapping[int, Content | None]]


def language_of(row: OutboxMessage) -> str:
    """Return the language in which the person of a message reads."""
    user = row.to_member.user if row.to_member else None
    return (user.language if user else "") or settings.LANGUAGE_CODE


def contents_of(
    rows: Sequence[OutboxMessage], *, now: datetime
) -> Mapping[int, Content | None]:
    """Return what each message says, by its key; ``None`` where it is over."""
    alike: defaultdict[tuple[str, str], list[OutboxMessage]] = defaultdict(list)
    for row in rows:
        alike[_label(row), language_of(row)].append(row)
    found: dict[int, Content | None] = {}
    for (label, language), some in alike.items():
        describe: Describe = import_string(settings.OUTBOX_SUBJECTS[label])
        with translation.override(language):
            found.update(describe(some, now=now))
    return found


def _label(row: OutboxMessage) -> str:
    kind = row.subject_type
    return f"{kind.app_label}.{kind.model}"
