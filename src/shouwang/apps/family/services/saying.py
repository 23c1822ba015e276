"""What is to be said is found by the runner, said once, and taken back if it changed."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db import transaction

from shouwang.apps.alerts.models import Alert
from shouwang.apps.communities.models import Community
from shouwang.apps.family.models import Slot, Telling, Word
from shouwang.apps.family.selectors import (
    asked_by_the_ladder,
    consenting,
    days_before,
    homes_now,
    residents_of,
    said_to,
)
from shouwang.apps.family.services.choosing import next_at_of
from shouwang.apps.family.words import Told, message_words, name_of
from shouwang.apps.outbox.contents import Content
from shouwang.apps.outbox.models import OutboxMessage
from shouwang.apps.outbox.services import messages_queue
from shouwang.common.clock import local_day
from shouwang.domain.family import (
    TOLD_KINDS,
    AlertNow,
    Day,
    HomeNow,
    Said,
    Says,
    Tells,
    Verdict,
    Why,
    alert_word,
    day_word,
    shown_of,
    week_word,
)
from shouwang.domain.ladder import AlertState

logger = logging.getLogger(__name__)

ABOUT = "family"
# Behind everything about an alert, before the group's report.
PRIORITY = 180
# What waits for an answer is looked at again so often.
LOOKED_EVERY = timedelta(minutes=1)
AT_ONCE = 500


@dataclass(frozen=True, kw_only=True)
class Occasion:
    """One thing that may be said: of a day, of a week, or about an alert."""

    slot: Slot
    on: date
    verdict: Verdict


@dataclass(frozen=True, kw_only=True)
class Reading:
    """All that is read to decide what some people of one community are told."""

    community: Community
    homes: Mapping[int, HomeNow]
    consenting: Collection[int]
    said: Mapping[int, tuple[Said, frozenset[date], frozenset[date]]]
    asked: Collection[tuple[int, int]]
    now: datetime

    def may_know(self, row: Telling) -> bool:
        """Return whether a person is still to be told anything at all."""
        contact = row.contact
        return contact.ended_at is None and contact.home_id in self.consenting

    def home_of(self, row: Telling) -> HomeNow:
        """Return how her home is, as this person may be told."""
        home = self.homes[row.contact.home_id]
        alerts = tuple(
            replace(one, tells_already=(row.contact_id, one.key) in self.asked)
            for one in home.alerts
        )
        return replace(home, alerts=alerts)

    def occasions(self, row: Telling) -> list[Occasion]:
        """Return every occasion on which something might be said now."""
        home, on = self.home_of(row), local_day(self.now, self.community.zone)
        day = Day(on=on, at=row.at, zone=self.community.zone)
        said, days, weeks = self.said[row.pk]
        found = []
        if row.tells == Tells.DAILY:
            verdict = day_word(home, day, is_said=on in days, now=self.now)
            found.append(Occasion(slot=Slot.DAY, on=on, verdict=verdict))
        if row.tells == Tells.WEEKLY and on.weekday() == row.weekday:
            verdict = week_word(home, day, is_said=on in weeks, now=self.now)
            found.append(Occasion(slot=Slot.WEEK, on=on, verdict=verdict))
        return [*found, *self._about_alerts(row, home, said, on)]

    def _about_alerts(
        self, row: Telling, home: HomeNow, said: Said, on: date
    ) -> list[Occasion]:
        found = []
        for alert in home.alerts:
            verdict = alert_word(
                home, alert, said, tells=Tells(row.tells), now=self.now
            )
            slot = Slot.STANDING if alert.is_open else Slot.ENDED
            found.append(Occasion(slot=slot, on=on, verdict=verdict))
        return found

    def next_at(self, row: Telling, occasions: Sequence[Occasion]) -> datetime | None:
        """Return when a person is to be thought of again."""
        if row.contact.ended_at is not None:
            return None
        waits = any(one.verdict.why is Why.NOT_SETTLED for one in occasions)
        if waits or any(_is_told(one) for one in self.home_of(row).alerts):
            return self.now + LOOKED_EVERY
        return next_at_of(row, after=self.now)


def _is_told(alert: AlertNow) -> bool:
    return alert.is_open and alert.kind in TOLD_KINDS


def families_tell_due(*, now: datetime) -> int:
    """Say whatever is to be said at ``now`` to families; return how many words."""
    _wake(now)
    due = (
        Telling.objects.across("the runner serves every community")
        .filter(next_at__lte=now)
        .select_related("community", "contact__home__community", "contact__community")
        .order_by("next_at", "pk")[:AT_ONCE]
    )
    alike: defaultdict[int, list[Telling]] = defaultdict(list)
    for row in due:
        alike[row.community_id].append(row)
    return sum(_tell_some(rows, now) for rows in alike.values())


def _wake(now: datetime) -> None:
    """Think of everybody in whose home an alert stands, not only at their time."""
    standing = (
        Alert.objects.across("the runner serves every community")
        .exclude(state=AlertState.CLOSED.value)
        .filter(home__isnull=False, kind__in=[row.value for row in TOLD_KINDS])
    )
    asleep = Telling.objects.across("the runner serves every community").filter(
        next_at__gt=now + LOOKED_EVERY, contact__home__in=standing.values("home")
    )
    ids = list(asleep.values_list("pk", flat=True))
    if ids:
        asleep.filter(pk__in=ids).update(next_at=now)


def _tell_some(rows: Sequence[Telling], now: datetime) -> int:
    """Tell some people of one community; nobody's trouble silences the others."""
    try:
        reading = reading_of(rows, now=now)
    except Exception:
        logger.exception("The words to %s families were pushed back", len(rows))
        _push_back(rows, now)
        return 0
    return sum(_tell_alone(row, reading) for row in rows)


def _tell_alone(row: Telling, reading: Reading) -> int:
    try:
        return _tell(row, reading)
    except Exception:
        logger.exception("The word to %s was pushed back", row.pk)
        _push_back([row], reading.now)
        return 0


def _push_back(rows: Sequence[Telling], now: datetime) -> None:
    Telling.objects.of(rows[0].community_id).filter(
        pk__in=[row.pk for row in rows], next_at__isnull=False
    ).update(next_at=now + LOOKED_EVERY)


def reading_of(rows: Sequence[Telling], *, now: datetime) -> Reading:
    """Read what decides on some people of one community."""
    community = rows[0].community
    home_ids = {row.contact.home_id for row in rows}
    return Reading(
        community=community,
        homes=homes_now(community=community, home_ids=home_ids, now=now),
        consenting=consenting(community=community, home_ids=home_ids),
        said=said_to(tellings=rows, now=now),
        asked=asked_by_the_ladder(
            community=community,
            contact_ids={row.contact_id for row in rows},
            now=now,
        ),
        now=now,
    )


@transaction.atomic
def _tell(row: Telling, reading: Reading) -> int:
    """Claim one person by moving them on, so that two runners never say it twice."""
    occasions = reading.occasions(row) if reading.may_know(row) else []
    claimed = (
        Telling.objects.of(row.community_id)
        .filter(pk=row.pk, next_at=row.next_at)
        .update(next_at=reading.next_at(row, occasions))
    )
    if not claimed:
        return 0
    said = [one for one in occasions if one.verdict.says is not None]
    messages_queue([_message(row, _word(row, one, reading), reading) for one in said])
    return len(said)


def _word(row: Telling, occasion: Occasion, reading: Reading) -> Word:
    return Word.objects.of(row.community_id).create(
        community_id=row.community_id,
        telling=row,
        slot=occasion.slot.value,
        on=occasion.on,
        says=str(occasion.verdict.says),
        alert_id=occasion.verdict.alert,
        said_at=reading.now,
    )


def _message(row: Telling, word: Word, reading: Reading) -> OutboxMessage:
    return OutboxMessage(
        community_id=row.community_id,
        subject=word,
        home_id=row.contact.home_id,
        key=f"family:{word.pk}",
        to_contact_id=row.contact_id,
        about=ABOUT,
        priority=PRIORITY,
        queued_at=reading.now,
        next_at=reading.now,
    )


# --- what a message says when it goes out ---------------------------------------------


def words_describe(
    rows: Sequence[OutboxMessage], *, now: datetime
) -> Mapping[int, Content | None]:
    """Return what each word says, as she is when it goes out.

    What is not true any more is taken back, and what is true is looked for anew.
    """
    words = (
        Word.objects.across("the sender serves every community")
        .filter(pk__in={row.subject_id for row in rows})
        .select_related(
            "telling__community",
            "telling__contact__home__community",
            "telling__contact__community",
        )
        .in_bulk()
    )
    alike: defaultdict[int, list[Telling]] = defaultdict(list)
    for word in words.values():
        alike[word.community_id].append(word.telling)
    readings = {key: reading_of(some, now=now) for key, some in alike.items()}
    return {
        row.pk: _content(words[row.subject_id], readings[row.community_id])
        for row in rows
    }


def _content(word: Word, reading: Reading) -> Content | None:
    row = word.telling
    if word.taken_back_at is not None:
        return None
    if not reading.may_know(row) or not _still_holds(word, reading):
        _take_back(word, reading.now)
        return None
    contact, community = row.contact, reading.community
    is_week = word.says == Says.WEEK
    told = Told(
        says=Says(word.says),
        shown=shown_of(reading.home_of(row)),
        week=days_before(home=contact.home, today=word.on) if is_week else {},
        name=name_of(contact.home, residents_of(home=contact.home)),
    )
    sentence = message_words(told, community=community, now=reading.now)
    return Content(
        text=sentence,
        place=told.name,
        words=sentence,
        title=community.name,
        values={"place": told.name, "words": sentence, "asked": "", "link": ""},
    )


def _still_holds(word: Word, reading: Reading) -> bool:
    """Return whether the same would be said now, had it not been said."""
    if word.slot in {Slot.DAY, Slot.WEEK} and word.on != local_day(
        reading.now, reading.community.zone
    ):
        return False
    unsaid = _without(word, reading)
    return any(
        one.slot == word.slot
        and one.verdict.says == word.says
        and one.verdict.alert == word.alert_id
        for one in unsaid.occasions(word.telling)
    )


def _without(word: Word, reading: Reading) -> Reading:
    said, days, weeks = reading.said[word.telling_id]
    about = {
        key: frozenset(row for row in told if key != word.alert_id or row != word.says)
        for key, told in said.about.items()
    }
    on = frozenset({word.on})
    unsaid = (
        replace(said, about=about),
        days - on if word.slot == Slot.DAY else days,
        weeks - on if word.slot == Slot.WEEK else weeks,
    )
    return replace(reading, said={**reading.said, word.telling_id: unsaid})


@transaction.atomic
def _take_back(word: Word, now: datetime) -> None:
    """Say it not; whoever was to hear it is thought of again at once."""
    taken = (
        Word.objects.of(word.community_id)
        .filter(pk=word.pk, taken_back_at__isnull=True)
        .update(taken_back_at=now)
    )
    if taken:
        Telling.objects.of(word.community_id).filter(
            pk=word.telling_id, next_at__isnull=False
        ).update(next_at=now)
