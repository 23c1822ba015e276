"""A watched home with a daughter far away, and a runner whose clock the test holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.conf import settings
from django.utils.module_loading import import_string
from tests.apps import building as b

from shouwang.apps.alerts.models import Alert
from shouwang.apps.alerts.services import ClosingIn, alert_close
from shouwang.apps.communities.models import Community, Member
from shouwang.apps.family.models import FamilyLink, Telling, Word
from shouwang.apps.family.services import TellingDraft, link_make, telling_choose
from shouwang.apps.outbox.models import OutboxMessage
from shouwang.apps.outbox.sending import outbox_send_due
from shouwang.apps.residents.models import ContactPerson, Home
from shouwang.apps.residents.services import (
    ContactDraft,
    ResidentDraft,
    contact_add,
    resident_add,
)
from shouwang.apps.watch import services
from shouwang.domain.family import Tells


@dataclass(kw_only=True)
class Relatives:
    """The home, the daughter, her link, and what happens around them."""

    place: Community
    home: Home
    duty: Member
    daughter: ContactPerson

    def told(self, tells: Tells, at: time = time(8, 30), weekday: int = 0) -> Telling:
        """Choose when the daughter is told."""
        draft = TellingDraft(tells=tells, at=at, weekday=weekday)
        return telling_choose(contact=self.daughter, draft=draft, now=b.DAWN)

    def link(self) -> tuple[FamilyLink, str]:
        """Make the daughter's private page; return the link and its code."""
        return link_make(contact=self.daughter, by=self.duty, now=b.DAWN)

    def see(self, state: str, clock: str, *, days: int = 0) -> None:
        """Let somebody look at the curtain."""
        seen_at = b.hour(clock) + timedelta(days=days)
        look = b.look(self.home, clock, state=state, seen_at=seen_at)
        services.sightings_record(
            community=self.place, items=[look], by=self.duty, now=seen_at
        )

    def closed_last_evening(self) -> None:
        """Let the curtain be seen closed yesterday, so that "open" is a change."""
        look = b.look(
            self.home,
            "19:00",
            state="closed",
            seen_at=b.hour("19:00") - timedelta(days=1),
        )
        services.sightings_record(
            community=self.place, items=[look], by=self.duty, now=b.DAWN
        )

    def close(self, outcome: str, clock: str) -> None:
        """Close the alert that stands: somebody spoke with her."""
        closing = ClosingIn(outcome=outcome, verified="spoke")
        alert_close(alert=self.alert, closing=closing, by=self.duty, now=b.hour(clock))

    @property
    def alert(self) -> Alert:
        """Return the newest alert."""
        return Alert.objects.of(self.place).order_by("-pk")[0]

    def said(self) -> list[str]:
        """Return what was said, in order."""
        rows = Word.objects.of(self.place).filter(taken_back_at__isnull=True)
        return [row.says for row in rows.order_by("pk")]

    def sent(self) -> list[OutboxMessage]:
        """Return the messages to the daughter that went out, in order."""
        rows = OutboxMessage.objects.of(self.place).filter(about="family", state="sent")
        return list(rows.order_by("pk"))


def relatives() -> Relatives:
    """Make the home, its people and the checks of the day."""
    place = b.community()
    place.desk_phone = "0351-0000000"
    place.save()
    home = b.watched(place)
    resident_add(home=home, draft=ResidentDraft(name="王桂兰", called="王奶奶"))
    made = Relatives(
        place=place,
        home=home,
        duty=b.member(place, "duty", "duty_officer", "coordinator"),
        daughter=contact_add(
            home=home,
            draft=ContactDraft(
                name="李女", relation="女儿", is_family=True, phone="13900000001"
            ),
        ),
    )
    services.checks_make(community=place, now=b.DAWN)
    return made


def tick(now: datetime) -> None:
    """Let the runner do all that is due, and the sender send it."""
    for path in settings.RUNNER_PASSES:
        import_string(path)(now=now)
    outbox_send_due(now=now)


def until(first: str, last: str, *, minutes: int = 1) -> None:
    """Let the runner run from one time of the day to another."""
    now = b.hour(first)
    while now <= b.hour(last):
        tick(now)
        now += timedelta(minutes=minutes)
