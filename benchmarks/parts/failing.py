"""A provider that fails in every way: how soon everybody is told by the second one."""

from __future__ import annotations

import random
import time as stopwatch
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import time, timedelta
from functools import partial
from pathlib import Path
from typing import Any, cast

from django.conf import settings

from benchmarks.parts.filling import Place, community_fill, look, rounds_fill
from benchmarks.parts.flooding import DEADLINE
from benchmarks.parts.moving import Moved
from benchmarks.parts.report import Figure
from benchmarks.parts.sink import Sink, port_unused, sink
from benchmarks.parts.telling import phones, webhook
from benchmarks.parts.ticking import day_fill
from shouwang.apps.alerts.models import Alert, AlertEvent
from shouwang.apps.communities.models import Community, Member
from shouwang.apps.outbox.models import Attempt, ChannelSetup, OutboxMessage
from shouwang.apps.outbox.sending import Sender
from shouwang.apps.outbox.services.channels import ChannelDraft, channel_add
from shouwang.apps.watch.models import Sighting
from shouwang.apps.watch.runner import Runner
from shouwang.common import clock
from shouwang.notify import outgoing
from shouwang.notify.channels import CHANNELS
from shouwang.notify.wecom.channel import WecomChannel

HOMES = 4
LONGEST_WAIT_MINUTES = 15
PATIENCE = timedelta(minutes=2)
ROBOT = "693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"
# What the first way does, in words, by how the provider answers.
FAULTS: Mapping[str, str] = {
    "down": "takes no connection",
    "slow": "answers after 8 s",
    "broken": "answers 500",
    "no": "answers an error inside 200 (WeCom)",
    "garbage": "answers garbage (WeCom)",
    "lost": "takes it and hangs up",
}


def faults() -> list[Figure]:
    """Let the first of two ways fail, in each way it can."""
    moved = Moved()
    with sink(Path(settings.DATA_DIR)) as provider:
        figures = [
            figure
            for number, how in enumerate(FAULTS)
            for figure in _fault(number, how, provider, moved)
        ]
        return [*figures, *_everything_fails(provider, moved)]


def place_of(name: str) -> Place:
    """Make a community of a few homes that nobody looked at, due at the deadline."""
    chance = random.Random(0)  # noqa: S311 -- nothing is left to it here
    place = community_fill(name, homes=HOMES, due=time(9), chance=chance, now=DEADLINE)
    rounds_fill(place, at=time(7, 30))
    _shut(place)
    Member.objects.of(place.community).update(phone="13900000000")
    day_fill(place, DEADLINE, status="grace", next_at=DEADLINE)
    return place


def _shut(place: Place) -> None:
    """Let every home be seen shut: all alarm, and none with its whole round."""
    at = DEADLINE - timedelta(hours=1)
    Sighting.objects.of(place.community).bulk_create(
        look(place, row, state="closed", at=at, now=DEADLINE) for row in place.homes
    )


def _first_way(how: str, place: Community, provider: Sink) -> ChannelSetup:
    if how == "down":
        url = f"http://127.0.0.1:{port_unused()}/"
        return webhook(place, url, now=DEADLINE)
    if how in {"no", "garbage"}:
        base = provider.url(how, place.name)
        post = partial(outgoing.post, may_be_inside=True)
        cast("dict[str, Any]", CHANNELS)["wecom"] = WecomChannel(base=base, post=post)
        draft = ChannelDraft(name="robot", given={"robot": ROBOT})
        return channel_add(community=place, kind="wecom", draft=draft, now=DEADLINE)
    return webhook(place, provider.url(how, place.name), now=DEADLINE)


def _fault(number: int, how: str, provider: Sink, moved: Moved) -> list[Figure]:
    place = place_of(f"f{number}").community
    first = _first_way(how, place, provider)
    phones(place, provider.url("ok", f"phones{number}"), now=DEADLINE)
    moved.run_from(DEADLINE)
    Runner().tick(now=DEADLINE)
    began, sender = stopwatch.monotonic(), Sender()
    while _waiting(place) and clock.now() < DEADLINE + PATIENCE:
        sender.turn(now=clock.now(), patience=0.2)
    took = stopwatch.monotonic() - began
    sender.close()
    words = f"the first way {FAULTS[how]}: "
    tries = Counter(Attempt.objects.of(place).values_list("setup_id", "result"))
    on_first = sum(count for (key, _), count in tries.items() if key == first.pk)
    on_second = sum(tries.values()) - on_first
    return [
        Figure(name=f"{words}until everybody was told", value=took, unit="s"),
        Figure(name=f"{words}tries by it", value=on_first, unit=""),
        Figure(name=f"{words}tries by the second way", value=on_second, unit=""),
        Figure(name=f"{words}not told", value=_waiting(place).count(), unit="", most=0),
        Figure(
            name=f"{words}ladders that moved on meanwhile",
            value=_moves(place).exclude(did__in=["opened", "step"]).count()
            + _moves(place).filter(step__gt=1).count(),
            unit="",
            most=0,
        ),
    ]


def _waiting(place: Community) -> Any:
    return (
        OutboxMessage.objects.of(place)
        .filter(home__isnull=False)
        .exclude(state__in=["sent", "over"])
    )


def _moves(place: Community) -> Any:
    return AlertEvent.objects.of(place).order_by("pk")


def _everything_fails(provider: Sink, moved: Moved) -> list[Figure]:
    """Let every way fail for an hour, by the program's clock, and then work again."""
    place = place_of("everything").community
    setups = [
        webhook(place, provider.url("broken", "everything"), now=DEADLINE),
        phones(place, provider.url("broken", "everything"), now=DEADLINE),
    ]
    play(place, moved, minutes=range(60))
    words = "every way fails for an hour: "
    ladders = Counter(Alert.objects.of(place).values_list("state", flat=True))
    told_at_once = _moves(place).filter(did="nobody_told", at__lte=DEADLINE).count()
    tries = Attempt.objects.of(place).count()
    for setup in setups:
        good = {"url": provider.url("ok", "everything"), "secret": ""}
        _works_again(setup, good)
    back = play(place, moved, minutes=range(60, 90))
    return [
        Figure(
            name=f"{words}alerts shown as at their end",
            value=ladders["exhausted"],
            unit="",
            least=HOMES,
        ),
        Figure(
            name=f"{words}steps that moved on at once, nobody told",
            value=told_at_once,
            unit="",
            least=1,
        ),
        Figure(name=f"{words}tries", value=tries, unit=""),
        Figure(
            name=f"{words}after they work again, until all were told",
            value=(back or float("nan")),
            unit="min",
            most=10,
        ),
    ]


def _works_again(setup: ChannelSetup, given: Mapping[str, str]) -> None:
    """Mend what the provider had broken; nobody touched the channel's settings."""
    from shouwang.apps.outbox.sealing import sealed_with, secrets_of

    kept = {**secrets_of(setup), "url": given["url"]}
    ChannelSetup.unscoped.filter(pk=setup.pk).update(sealed=sealed_with(kept))


def play(
    place: Community,
    moved: Moved,
    *,
    minutes: Sequence[int],
    then: Sequence[int] = (),
    back: Sequence[int] = (),
) -> int | None:
    """Run the program by its own clock; return after how many minutes nothing waited.

    In the minutes of ``then`` its clock runs an hour ahead; in those of ``back`` it is
    right again. It is one process all along.
    """
    runner, sender = Runner(), Sender()
    done: int | None = None
    for count, minute in enumerate([*minutes, *then, *back]):
        ahead = timedelta(hours=1) if minute in then else timedelta(0)
        now = DEADLINE + timedelta(minutes=minute) + ahead
        moved.stand(now)
        runner.tick(now=now)
        while sender.turn(now=now, patience=0.05):
            pass
        if done is None and not _waiting(place).exists():
            done = count
    sender.close()
    return done


# --- the clock ------------------------------------------------------------------------


def clock_steps() -> list[Figure]:
    """Set the clock an hour forward for five minutes of a ladder, and back again.

    Beside it the same morning by a clock that goes right.
    """
    moved = Moved()
    with sink(Path(settings.DATA_DIR)) as provider:
        right = _clocked("right", provider)
        play(right, moved, minutes=range(80))
        # A morning that ended does not speak into the next one.
        Alert.objects.of(right).update(next_at=None)
        wrong = _clocked("wrong", provider)
        play(wrong, moved, minutes=range(5), then=range(5, 10), back=range(10, 80))
    found = {alert: _steps(wrong, alert) for alert in _of_homes(wrong)}
    whole = [_steps(right, alert) for alert in _of_homes(right)]
    zeros = {
        "ladders with a step skipped or made twice": sum(
            steps != wanted for steps, wanted in zip(found.values(), whole, strict=True)
        ),
        "messages left": _waiting(wrong).count(),
    }
    words = "the clock goes an hour ahead for five minutes: "
    ends = _moves(wrong).filter(did="exhausted").values_list("recorded_at", flat=True)
    late = max((at - DEADLINE for at in ends), default=timedelta(days=1))
    ended = _moves(right).filter(did="exhausted").values_list("recorded_at", flat=True)
    usual = max((at - DEADLINE for at in ended), default=timedelta(0))
    return [
        Figure(name=f"{words}alerts", value=len(found), unit=""),
        *(
            Figure(name=f"{words}{name}", value=value, unit="", most=0)
            for name, value in zeros.items()
        ),
        Figure(
            name=f"{words}the ladder ended after (otherwise after {_minutes(usual):g})",
            value=_minutes(late),
            unit="min",
            # At most one wait begins anew.
            most=_minutes(usual) + LONGEST_WAIT_MINUTES,
        ),
    ]


def _minutes(span: timedelta) -> float:
    return span / timedelta(minutes=1)


def _of_homes(place: Community) -> Any:
    # The watch also tells of itself: an hour seemed to be missing.
    return Alert.objects.of(place).filter(home__isnull=False).order_by("pk")


def _steps(place: Community, alert: Alert) -> list[tuple[str, int | None]]:
    return [(row.did, row.step) for row in _moves(place).filter(alert=alert)]


def _clocked(name: str, provider: Sink) -> Community:
    place = place_of(name).community
    webhook(place, provider.url("ok", name), now=DEADLINE)
    return place
