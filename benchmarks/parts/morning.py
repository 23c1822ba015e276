"""A bad morning in twelve homes, as a script that can be taken up again anywhere.

Whatever is done in it a second time changes nothing, so that a process that was killed
is followed by one that goes on where it stood.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta

from django.db.models import Q

from benchmarks.parts.filling import Place, community_fill
from benchmarks.parts.sink import Sink
from benchmarks.parts.telling import phones, webhook
from shouwang.apps.alerts.models import Alert, AlertEvent, EscalationPolicy
from shouwang.apps.alerts.reaching import Tried, alert_contact
from shouwang.apps.alerts.services import (
    ClosingIn,
    alert_acknowledge,
    alert_close,
    alert_commit,
    alert_decline,
)
from shouwang.apps.communities.models import Member, MemberRole, User
from shouwang.apps.residents.models import Absence, ContactPerson, Home
from shouwang.apps.residents.services import AbsenceDraft
from shouwang.apps.rounds.services import RoundDraft, round_add
from shouwang.apps.watch.services import (
    SightingIn,
    absence_declare,
    sightings_record,
)
from shouwang.domain.alerts import AlertKind
from shouwang.domain.ladder import AlertState, Ask
from shouwang.domain.schedule import EVERY_DAY

HOMES = 12
BEGIN = datetime.fromisoformat("2026-03-02T08:50:00+08:00")
# What is left when the last alert is closed has until then.
MINUTES = 135
CLOSING = 105
SHORT_WAIT_MINUTES = 3
PEOPLE: Mapping[str, tuple[str, ...]] = {
    "coordinator": ("coordinator",),
    "duty 1": ("duty_officer",),
    "duty 2": ("duty_officer",),
    "walker 1": ("walker",),
    "walker 2": ("walker",),
}
STEPS = (
    (("walker_of_round",), Ask.LOOK_AGAIN),
    (("duty_officer",), Ask.PHONE),
    (("keyholder",), Ask.KEYHOLDER),
    (("family",), Ask.FAMILY),
    (("coordinator",), Ask.EMERGENCY),
)


def morning_fill(provider: Sink) -> None:
    """Make the community: people, contacts, a round, short waits, three channels."""
    now = BEGIN - timedelta(hours=3)
    chance = random.Random(0)  # noqa: S311 -- the same each time
    place = community_fill("morning", homes=HOMES, due=time(9), chance=chance, now=now)
    MemberRole.objects.of(place.community).all().delete()
    people = {name: _member(place, name, now) for name in PEOPLE}
    homes = sorted(place.homes, key=lambda row: row.pk)
    for number, home in enumerate(homes):
        _contacts(home, number)
    draft = RoundDraft(
        name="R",
        at=time(7, 30),
        days=EVERY_DAY,
        walker_ids=[people["walker 1"].pk, people["walker 2"].pk],
        home_ids=[row.pk for row in homes],
    )
    round_add(community=place.community, draft=draft)
    _policy(place)
    webhook(place.community, provider.url("flaky", "first"), now=now)
    webhook(place.community, provider.url("ok", "second"), now=now, name="second")
    phones(place.community, provider.url("ok", "phones"), now=now)


def _member(place: Place, name: str, now: datetime) -> Member:
    user = User.objects.create(username=name, display_name=name)
    made = Member.objects.of(place.community).create(
        community=place.community, user=user, display_name=name, joined_at=now
    )
    for role in PEOPLE[name]:
        MemberRole.objects.of(place.community).create(
            community=place.community, member=made, role=role
        )
    return made


def _contacts(home: Home, number: int) -> None:
    """Give most homes a keyholder and family; one in five cannot be reached by phone."""
    for place, role in enumerate(("is_keyholder", "is_family")):
        if (number + place) % 6 == 0:
            continue
        phone = "" if (number + place) % 5 == 0 else f"139{number:04}{place:04}"
        ContactPerson.objects.of(home.community_id).create(
            community_id=home.community_id,
            home=home,
            name=f"contact {number}.{place}",
            phone=phone,
            **{role: True},
        )


def _policy(place: Place) -> None:
    kinds = [AlertKind.MISSED, AlertKind.UNCLEAR, AlertKind.NOT_LOOKED]
    EscalationPolicy.objects.of(place.community).create(
        community=place.community,
        name="short",
        kinds=[row.value for row in kinds],
        steps=[
            {"tell": list(tell), "ask": ask.value, "wait": SHORT_WAIT_MINUTES}
            for tell, ask in STEPS
        ],
    )


# --- what people do, by the minute ----------------------------------------------------


def morning_act(minute: int, now: datetime) -> None:
    """Do what the script says for a minute since ``BEGIN``."""
    act = ACTS.get(minute)
    if act is not None:
        act(now)


def _home(number: int) -> Home:
    return Home.unscoped.select_related("community").order_by("pk")[number]


def _who(name: str) -> Member:
    return Member.unscoped.get(display_name=name)


def _alert(number: int) -> Alert:
    """Return the newest alert of a home."""
    rows = Alert.unscoped.select_related("community", "home__community")
    return rows.filter(home=_home(number)).latest("pk")


def _look(number: int, now: datetime, **more: str) -> SightingIn:
    """Return a look whose id is the same whenever the script comes by again."""
    home = _home(number)
    name = f"{home.pk} {now.isoformat()} {sorted(more.items())}"
    return SightingIn(
        id=uuid.uuid5(uuid.NAMESPACE_OID, name),
        home_id=home.pk,
        seen_at=now,
        signal=more.pop("signal", "curtain"),
        **more,  # type: ignore[arg-type]  # words only
    )


def _record(items: list[SightingIn], now: datetime) -> None:
    by = _who("walker 1")
    sightings_record(community=by.community, items=items, by=by, now=now)


def _round(now: datetime) -> None:
    shut = [_look(number, now, state="closed") for number in (0, 1, 2, 3, 11)]
    dark = [_look(number, now, could_not_see="dark") for number in (6, 7)]
    _record([*shut, *dark, _look(9, now, state="open")], now)


def _away(now: datetime) -> None:
    home = _home(10)
    if Absence.objects.of(home.community_id).filter(home=home).exists():
        return
    draft = AbsenceDraft(
        from_at=now, until_at=now + timedelta(days=2), reason="family", said_by="—"
    )
    absence_declare(home=home, draft=draft, by=None, now=now)


def _cry(number: int) -> Callable[[datetime], None]:
    return lambda now: _record([_look(number, now, signal="board", state="cry")], now)


def _lapses(now: datetime) -> None:
    until = now + timedelta(minutes=6)
    alert_commit(alert=_alert(0), by=_who("walker 1"), until=until, now=now)


def _declines(now: datetime) -> None:
    alert_decline(alert=_alert(2), by=_who("walker 2"), now=now)


def _takes(now: datetime) -> None:
    alert = _alert(3)
    said = AlertEvent.objects.of(alert.community_id).filter(alert=alert)
    if not said.filter(did="acknowledged").exists():
        alert_acknowledge(alert=alert, by=_who("duty 1"), now=now)


def _no_answer(now: datetime) -> None:
    key = uuid.uuid5(uuid.NAMESPACE_OID, "no answer")
    tried = Tried(result="no_answer", how="phone", id=key)
    alert_contact(alert=_alert(1), tried=tried, by=_who("duty 2"), now=now)


def _closes(now: datetime) -> None:
    _close(_alert(1), now, verified="spoke")


def _close(alert: Alert, now: datetime, **how: str) -> None:
    if alert.state != AlertState.CLOSED.value:
        closing = ClosingIn(outcome="overslept", **how)
        alert_close(alert=alert, closing=closing, by=_who("coordinator"), now=now)


def _ends(now: datetime) -> None:
    """Close what was open before: closing a cry opens what it had covered."""
    still = Q(opened_at__lt=now) & ~Q(state=AlertState.CLOSED.value)
    rows = Alert.unscoped.select_related("community").filter(still).order_by("pk")
    for alert in rows:
        _close(alert, now, override="the script ends")


def _seen_after_all(now: datetime) -> None:
    _record([_look(4, now, state="open")], now)


# Minutes since BEGIN; the deadline of the morning is minute 20.
ACTS: Mapping[int, Callable[[datetime], None]] = {
    1: _away,
    5: _round,
    22: _lapses,
    24: _declines,
    26: _cry(8),
    30: _takes,
    33: _no_answer,
    36: _seen_after_all,
    40: _closes,
    50: _cry(11),
    CLOSING: _ends,
}
