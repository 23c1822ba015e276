"""A need is written down, once, and its words are put right."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _, pgettext

from shouwang.apps.alerts.models import Alert
from shouwang.apps.care.followers import Moved, followers_tell
from shouwang.apps.care.models import Need
from shouwang.apps.care.selectors import consent_state, need_kinds
from shouwang.apps.care.services.story import Line, story_write
from shouwang.apps.care.words import kind_words_of, refusal_words, urgency_words
from shouwang.apps.communities.models import Member
from shouwang.apps.residents.models import Home
from shouwang.common.clock import local
from shouwang.common.errors import ConflictError, RefusedError
from shouwang.common.ids import uuid7
from shouwang.common.text import prose
from shouwang.domain.needs import CLOSED, Act, Source, Urgency, opening_refused


@dataclass(frozen=True, kw_only=True)
class NeedDraft:
    """What somebody writes down; ``words`` may be empty, the kind says enough then."""

    kind: str
    urgency: str
    source: str = Source.ON_BEHALF.value
    words: str = ""
    said_by: str = ""
    at_the_door: str = ""
    wanted_by: datetime | None = None


@transaction.atomic
def need_open(
    *,
    home: Home,
    draft: NeedDraft,
    by: Member | None,
    now: datetime,
    key: UUID | None = None,
    alert: Alert | None = None,
) -> Need:
    """Write a need down; the same ``key``, or the same ``alert``, is one need.

    Raises
    ------
    RefusedError
        ``unknown_kind``, ``unknown_urgency``, ``unknown_source``,
        ``wanted_in_the_past``, ``consent_withdrawn`` or ``home_left``.
    ConflictError
        ``key_used``: the key belongs to a need somebody else wrote down.
    """
    had = _had(home, key, alert)
    if had is not None:
        if had.home_id != home.pk or (alert is None and had.opened_by != by):
            raise ConflictError("key_used", _("This was used for another need before."))
        return had
    if home.archived_at is not None:
        words = _("Nobody is watched over in this home any more.")
        raise RefusedError("home_left", words)
    _require_sound(home, draft, now=now)
    # Two taps at once meet at the key; the second finds what the first has made.
    need, is_new = Need.objects.of(home.community_id).get_or_create(
        community_id=home.community_id,
        key=key or uuid7(now=now),
        defaults={
            **_fields(draft),
            "home": home,
            "alert": alert,
            "since": now,
            "opened_at": now,
            "opened_by": by,
        },
    )
    if is_new:
        story_write(need, Line(act=Act.OPEN, by=by, at=now))
    return need


def _had(home: Home, key: UUID | None, alert: Alert | None) -> Need | None:
    rows = Need.objects.of(home.community_id)
    if alert is not None:
        return rows.filter(alert=alert).first()
    return rows.filter(key=key).first() if key is not None else None


def _fields(draft: NeedDraft) -> dict[str, object]:
    return {
        "kind": draft.kind,
        "urgency": draft.urgency,
        "source": draft.source,
        "words": prose(draft.words),
        "said_by": prose(draft.said_by),
        "at_the_door": prose(draft.at_the_door),
        "wanted_by": draft.wanted_by,
    }


def _require_sound(home: Home, draft: NeedDraft, *, now: datetime) -> None:
    _refuse(_problems(draft, kinds=need_kinds(home.community_id), now=now))
    refusal = opening_refused(
        consent=consent_state(home),
        urgency=Urgency(draft.urgency),
        source=Source(draft.source),
    )
    if refusal is not None:
        raise RefusedError(refusal.code, refusal_words(refusal.code))


def _problems(
    draft: NeedDraft, *, kinds: Collection[str], now: datetime
) -> dict[str, str]:
    """Return what is wrong with a draft, by field."""
    wrong = {}
    if draft.kind not in kinds:
        wrong["kind"] = _("This kind of need is not known.")
    if draft.urgency not in set(Urgency):
        wrong["urgency"] = _("Say whether it is urgent, difficult or everyday.")
    if draft.source not in set(Source):
        wrong["source"] = _("This way of knowing is not known.")
    if draft.wanted_by is not None and draft.wanted_by <= now:
        wrong["wanted_by"] = _("This time is past. Say by when it is still wanted.")
    return wrong


def _refuse(wrong: dict[str, str]) -> None:
    if not wrong:
        return
    codes = {"wanted_by": "wanted_in_the_past"}
    first = next(iter(wrong))
    raise RefusedError(
        codes.get(first, f"unknown_{first}"),
        " ".join(wrong.values()),
        fields={name: [words] for name, words in wrong.items()},
    )


@transaction.atomic
def need_change(*, need: Need, draft: NeedDraft, by: Member, now: datetime) -> Need:
    """Put an open need right: its words, kind, urgency, by when; the story says how.

    Raises
    ------
    RefusedError
        As ``need_open``, or ``need_closed``.
    """
    row = need_locked(need)
    if row.stage in CLOSED:
        raise RefusedError("need_closed", refusal_words("need_closed"))
    kinds = {row.kind, *need_kinds(row.community_id)}
    wrong = _problems(draft, kinds=kinds, now=now)
    if draft.wanted_by == row.wanted_by:
        # What was wanted by a time that has passed stays so.
        wrong.pop("wanted_by", None)
    _refuse(wrong)
    fields = _fields(draft)
    changed = [name for name in fields if getattr(row, name) != fields[name]]
    if not changed:
        return row
    told = "; ".join(_told_changes(row, fields, changed))
    for name in changed:
        setattr(row, name, fields[name])
    row.save(update_fields=changed)
    line = Line(act=Act.CHANGE, from_stage=row.stage, by=by, at=now, note=told)
    story_write(row, line)
    moved = Moved(need=row, act=Act.CHANGE, who=row.taken_by, by=by, note=told, now=now)
    followers_tell(moved)
    return row


def _told_changes(
    row: Need, fields: dict[str, object], changed: list[str]
) -> Iterator[str]:
    names = field_words()
    shown = {"kind": kind_words_of(row.community_id), "urgency": urgency_words()}
    for name in changed:
        old, new = getattr(row, name), fields[name]
        if name == "wanted_by":
            old, new = (_moment(value, row) for value in (old, new))
        words = shown.get(name, {})
        yield _("%(field)s: %(old)s → %(new)s") % {
            "field": names[name],
            "old": words.get(old, old) or "–",
            "new": words.get(str(new), new) or "–",
        }


def _moment(value: object, row: Need) -> str:
    if not isinstance(value, datetime):
        return ""
    return f"{local(value, row.community.zone):%Y-%m-%d %H:%M}"


def field_words() -> dict[str, str]:
    """Return what each part of a need is called."""
    return {
        "kind": _("What kind"),
        "urgency": _("How urgent"),
        "source": _("How we know"),
        "words": _("In words"),
        "said_by": _("Who said so"),
        "at_the_door": pgettext("field of a need", "At the door"),
        "wanted_by": _("Wanted by"),
    }


def need_locked(need: Need) -> Need:
    """Return the row as it stands now, held until the transaction ends."""
    return (
        Need.objects.of(need.community_id)
        .select_related("community", "home", "taken_by")
        .select_for_update(of=("self",))
        .get(pk=need.pk)
    )
