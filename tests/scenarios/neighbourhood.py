"""Some neighbours, a clock that jumps, and everything that anybody is told.

A story goes from moment to moment; in between, the runner and the sender do what falls
due at its own time, as they do every few seconds in life. Slow work that nobody waits
for, such as the night's learning, is left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Min
from django.test import Client
from django.utils.module_loading import import_string
from tests.apps import building as b
from tests.apps.dispatch.helping import volunteer

from shouwang.apps.alerts.models import Alert
from shouwang.apps.alerts.services import ClosingIn, alert_close, alert_commit
from shouwang.apps.care.models import Need
from shouwang.apps.care.selectors import needs_open
from shouwang.apps.care.services import MoveIn, NeedDraft, need_move, need_open
from shouwang.apps.communities.models import Community, Member
from shouwang.apps.dispatch.models import Run, Task
from shouwang.apps.dispatch.services import run_start
from shouwang.apps.outbox.models import OutboxMessage
from shouwang.apps.outbox.sending import outbox_send_due
from shouwang.apps.residents.models import Home
from shouwang.apps.residents.services import ContactDraft, contact_add
from shouwang.apps.rounds.services import RoundDraft, round_add
from shouwang.apps.volunteers.models import HoursRow
from shouwang.apps.watch import services as watch
from shouwang.apps.watch.models import Check
from shouwang.common.clock import set_to
from shouwang.domain.needs import Act, Asked
from shouwang.domain.schedule import EVERY_DAY
from shouwang.notify.channels import RECORDING
from shouwang.notify.message import Message

DAY = timedelta(days=1)
# What falls due by itself: the runner's and the sender's indexed columns.
DUE = (
    (Check, "next_at"),
    (Alert, "next_at"),
    (Run, "next_at"),
    (Task, "remind_at"),
    (OutboxMessage, "next_at"),
)


@dataclass(kw_only=True)
class Story:
    """One home and the people around it; ``now`` is where the story stands."""

    place: Community
    home: Home
    desk: Member
    lin: Member
    now: datetime = b.DAWN
    heard: list[tuple[str, Message]] = field(default_factory=list)
    asked_count: int = 0

    # --- the clock -------------------------------------------------------------------

    def at(self, clock: str, day: int = 0) -> datetime:
        """Go on to a local time, and return it; what falls due before is done then."""
        until = b.hour(clock) + day * DAY
        while (due := self._next()) is not None and due <= until:
            self._tick(due)
        self.now = until
        return until

    def _next(self) -> datetime | None:
        later = [
            model.objects.of(self.place)
            .filter(**{f"{name}__gt": self.now})
            .aggregate(at=Min(name))["at"]
            for model, name in DUE
        ]
        return min((at for at in later if at is not None), default=None)

    def _tick(self, now: datetime) -> None:
        self.now = now
        with set_to(now):
            for path in settings.RUNNER_PASSES:
                import_string(path)(now=now)
            outbox_send_due(now=now)
        clock = f"{now.astimezone(self.place.zone):%H:%M}"
        self.heard += [(clock, row) for row in RECORDING.sent[len(self.heard) :]]

    # --- what people are told ----------------------------------------------------------

    def told(self) -> list[tuple[str, str, str]]:
        """Return when whom was told what about, in order, since asked last."""
        rows = [(clock, row.to_name, row.about) for clock, row in self.heard]
        fresh, self.asked_count = rows[self.asked_count :], len(rows)
        return fresh

    def link_of(self, name: str) -> str:
        """Return the path of the newest link that somebody was sent."""
        links = [row.link for _, row in self.heard if row.to_name == name and row.link]
        return links[-1].removeprefix(settings.PUBLIC_URL)

    # --- at the window and at the door ---------------------------------------------------

    def look(self, clock: str, state: str, *, day: int = 0, signal: str = "") -> None:
        """Lin looks up at the window."""
        now = self.at(clock, day)
        seen = b.look(
            self.home,
            "05:00",
            signal=signal or self.home.agreements.get().signal,
            state=state,
            seen_at=now,
        )
        self._record(seen)

    def knock(self, clock: str, result: str, *, day: int = 0) -> None:
        """Lin is at the door."""
        contact = watch.ContactIn(
            how="in_person", result=result, seen_at=self.at(clock, day)
        )
        answer = watch.contact_record(
            home=self.home, contact=contact, by=self.lin, now=self.now
        )
        assert answer.outcome == "accepted"
        self._tick(self.now)

    def _record(self, seen: watch.SightingIn) -> None:
        answers = watch.sightings_record(
            community=self.place, items=[seen], by=self.lin, now=self.now
        )
        assert [row.outcome for row in answers] == ["accepted"]
        self._tick(self.now)

    # --- the alert -----------------------------------------------------------------------

    @property
    def alert(self) -> Alert:
        """Return the newest alert as it stands."""
        return Alert.objects.of(self.place).order_by("-pk")[0]

    def go(self, clock: str, minutes: int, *, day: int = 0) -> None:
        """Lin says that she goes, and for how long."""
        now = self.at(clock, day)
        until = now + timedelta(minutes=minutes)
        alert_commit(alert=self.alert, by=self.lin, until=until, now=now)
        self._tick(now)

    def close(self, clock: str, outcome: str, *, day: int = 0, **more: str) -> None:
        """The desk closes the alert."""
        closing = ClosingIn(outcome=outcome, **more)
        now = self.at(clock, day)
        alert_close(alert=self.alert, closing=closing, by=self.desk, now=now)
        self._tick(now)

    def did(self) -> list[str]:
        """Return the story of the newest alert in single words."""
        return [row.did for row in self.alert.events.order_by("pk")]

    # --- the need ------------------------------------------------------------------------

    def need(
        self, clock: str, kind: str, words: str, *, day: int = 0, **more: Any
    ) -> Need:
        """The desk writes a need down."""
        draft = NeedDraft(
            **{"kind": kind, "urgency": "difficult", "words": words, **more}
        )
        now = self.at(clock, day)
        return need_open(home=self.home, draft=draft, by=self.desk, now=now)

    def offer(self, need: Need) -> list[str]:
        """The desk has somebody looked for; return whom the first wave asks."""
        run = run_start(need=need, by=self.desk, now=self.now)
        self._tick(self.now)
        return [str(row.member) for row in run.asks.select_related("member")]

    def tap(self, clock: str, name: str, *, day: int = 0, **said: Any) -> None:
        """Somebody taps a button behind the link of their newest message."""
        now = self.at(clock, day)
        with set_to(now):
            answer = Client().post(self.link_of(name), said)
        assert answer.status_code == 302, answer.content.decode()
        self._tick(now)

    def move(
        self, need: Need, clock: str, act: Act, *, day: int = 0, **more: Any
    ) -> Need:
        """The desk moves a need on."""
        now = self.at(clock, day)
        move = MoveIn(act=act, **more)
        row = need_move(need=need, move=move, by=self.desk, now=now)
        self._tick(now)
        return row

    def ask_her(self, need: Need, clock: str, *, how: Asked, day: int = 0) -> None:
        """Somebody of the desk asks her whether it was right, and it was."""
        self.move(need, clock, Act.RIGHT, asked=how, day=day)

    # --- how it ended --------------------------------------------------------------------

    def need_now(self) -> Need:
        """Return the only need of the home as it stands."""
        return Need.objects.of(self.place).get()

    def how_asked(self) -> Mapping[str, str]:
        """Return, for each need that was checked, how she was asked."""
        return {
            need.kind: need.moves.get(act=Act.RIGHT.value).asked
            for need in Need.objects.of(self.place)
            if need.stage == "checked"
        }

    def hours(self) -> Sequence[tuple[str, int]]:
        """Return whose minutes were recorded."""
        rows = HoursRow.objects.of(self.place).order_by("pk").select_related("member")
        return [(str(row.member), row.minutes) for row in rows]

    def is_calm(self) -> bool:
        """Return whether nothing waits for anybody: no alert, no need, no message."""
        open_alerts = Alert.objects.of(self.place).exclude(state="closed")
        waiting = OutboxMessage.objects.of(self.place).filter(state="queued")
        needs = needs_open(self.desk, now=self.now)
        return not (open_alerts.exists() or waiting.exists() or needs)

    def last_check(self) -> str:
        """Return the status of the check decided last."""
        decided = Check.objects.of(self.place).filter(due_at__lte=self.now)
        return decided.order_by("-due_at")[0].status


def story(**more: Any) -> Story:
    """Begin a story at five in the morning: her home, the desk, and Lin on the round."""
    place = b.community()
    place.desk_phone = "000-0000"
    place.save()
    home = b.watched(place, **more)
    home.shown_name = "王奶奶"
    home.save()
    told = Story(
        place=place,
        home=home,
        desk=b.member(place, "desk", "duty_officer", "coordinator"),
        lin=b.member(place, "lin", "walker"),
    )
    draft = RoundDraft(
        name="早一",
        at=time(7, 30),
        days=EVERY_DAY,
        walker_ids=[told.lin.pk],
        home_ids=[home.pk],
    )
    round_add(community=place, draft=draft)
    watch.checks_make(community=place, now=b.DAWN)
    return told


def keyholder(told: Story, name: str = "赵姐") -> None:
    """Give a neighbour her key."""
    draft = ContactDraft(
        name=name, relation="邻居", is_keyholder=True, phone="13900000002"
    )
    contact_add(home=told.home, draft=draft)


def helper(told: Story, name: str, *skills: str) -> Member:
    """Let somebody volunteer."""
    made: Member = volunteer(told.place, name, skills=skills)
    return made
