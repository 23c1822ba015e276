"""A bad morning, killed again and again: what was lost, skipped, or told twice.

The parent keeps no connection to the database; each child is forked from it, plays the
morning from the minute that the one before had begun, and is killed after a moment left
to chance. What the parent knows it reads from the database as the dead child left it,
and from the provider, which notes which child a message came from.
"""

from __future__ import annotations

import logging
import mmap
import os
import random
import shutil
import signal
import sqlite3
import struct
import time as stopwatch
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, NoReturn

from django.conf import settings
from django.db import connections

from benchmarks.parts.morning import (
    BEGIN,
    MINUTES,
    morning_act,
    morning_fill,
)
from benchmarks.parts.moving import Moved
from benchmarks.parts.report import Figure
from benchmarks.parts.sink import Sink, Taken, sink
from benchmarks.parts.telling import channels_use
from shouwang.apps.outbox.sending import Sender
from shouwang.apps.watch.runner import Runner
from shouwang.notify import outgoing

# A child lives so long at most; a minute of the morning takes about a tenth of it.
LIVES_SECONDS_MOST = 0.25
PATIENCE_SECONDS = 0.05
OVER, UNREACHED = ("sent", "over"), "given_up"
Moves = tuple[tuple[str, int | None], ...]


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What a morning left in the database."""

    alerts: Mapping[tuple[Any, ...], Moves]
    messages: Mapping[str, str]


@dataclass(kw_only=True)
class Found:
    """What was found over all mornings."""

    kills: int = 0
    mornings: int = 0
    alerts: int = 0
    messages: int = 0
    unreached: int = 0
    taken: int = 0
    repeats: int = 0
    unexplained: int = 0
    lost: int = 0
    unsent: int = 0
    skipped: int = 0
    notes: list[str] = field(default_factory=list)


def kills(*, count: int, seed: int) -> list[Figure]:
    """Kill mornings ``count`` times and compare each with one nobody killed."""
    chance = random.Random(seed)  # noqa: S311 -- figures must repeat
    folder = Path(settings.DATA_DIR)
    with sink(folder) as provider:
        morning_fill(provider)
        connections.close_all()
        stage = Stage(provider=provider, folder=folder)
        stage.begin()
        stage.play(0)
        stage.wait()
        whole, found = stage.kept(), Found()
        while found.kills < count:
            _morning(stage, whole, found, chance, count)
    return _figures(found, len(whole.alerts))


class Stage:
    """One database, its clean copy, and the child that plays on it."""

    def __init__(self, *, provider: Sink, folder: Path) -> None:
        self.provider = provider
        self._database = Path(str(settings.DATABASES["default"]["NAME"]))
        self._clean = folder / "clean.sqlite3"
        shutil.copyfile(self._database, self._clean)
        # Shared with the children, so that it outlives them.
        self._minute = mmap.mmap(-1, 4)
        self._child = 0

    def begin(self) -> None:
        """Put everything as it was in the morning."""
        for more in ("-wal", "-shm"):
            Path(f"{self._database}{more}").unlink(missing_ok=True)
        shutil.copyfile(self._clean, self._database)
        self.provider.forget()
        self._minute[:4] = struct.pack("i", 0)

    def play(self, number: int) -> None:
        """Start child ``number``, from the minute at which the one before stood."""
        self._child = os.fork()
        if not self._child:
            _child(number, self._minute)

    def kill(self) -> bool:
        """Kill the child; return whether it lived."""
        done, _status = os.waitpid(self._child, os.WNOHANG)
        if done:
            _require(_status)
            return False
        os.kill(self._child, signal.SIGKILL)
        _done, status = os.waitpid(self._child, 0)
        if os.WIFSIGNALED(status):
            return True
        _require(status)
        return False

    def wait(self) -> None:
        """Wait until the child has played to the end."""
        _done, status = os.waitpid(self._child, 0)
        _require(status)

    def sent(self) -> frozenset[str]:
        """Return the keys of what is noted as sent."""
        rows = self._ask("SELECT key FROM outbox_outboxmessage WHERE state = 'sent'")
        return frozenset(row[0] for row in rows)

    def kept(self) -> Kept:
        """Return what the morning left."""
        moves: defaultdict[int, list[tuple[str, int | None]]] = defaultdict(list)
        for alert, did, step in self._ask(
            "SELECT alert_id, did, step FROM alerts_alertevent ORDER BY id"
        ):
            moves[alert].append((did, step))
        alerts = self._ask(
            "SELECT id, home_id, round_id, kind, opened_at, state, outcome"
            " FROM alerts_alert"
        )
        messages = self._ask("SELECT key, state FROM outbox_outboxmessage")
        return Kept(
            alerts={tuple(row[1:]): tuple(moves[row[0]]) for row in alerts},
            messages=dict(messages),
        )

    def _ask(self, question: str) -> list[Any]:
        with closing(sqlite3.connect(self._database)) as link:
            return list(link.execute(question))


def _require(status: int) -> None:
    if status:
        message = f"a morning ended by itself, with status {status}"
        raise RuntimeError(message)


def _morning(
    stage: Stage, whole: Kept, found: Found, chance: random.Random, most: int
) -> None:
    stage.begin()
    noted: dict[int, frozenset[str]] = {}
    for number in range(1, most + 2):
        stage.play(number)
        if found.kills >= most:
            stage.wait()
            break
        stopwatch.sleep(chance.uniform(0, LIVES_SECONDS_MOST))
        if not stage.kill():
            break
        found.kills += 1
        noted[number] = stage.sent()
    _judge(found, stage.kept(), whole, stage.provider.taken(), noted)


def _judge(
    found: Found,
    kept: Kept,
    whole: Kept,
    taken: list[Taken],
    noted: Mapping[int, frozenset[str]],
) -> None:
    found.mornings += 1
    found.alerts += len(kept.alerts)
    found.messages += len(kept.messages)
    lost = [
        *(whole.alerts.keys() - kept.alerts.keys()),
        *(whole.messages.keys() - kept.messages.keys()),
    ]
    found.lost += len(lost)
    found.notes += [f"{one} is lost" for one in lost]
    for key, state in kept.messages.items():
        # Whoever has no phone at all is never reached, killed or not; the ladder knows.
        nobody = state == UNREACHED and whole.messages.get(key) == UNREACHED
        found.unreached += nobody
        found.unsent += state not in OVER and not nobody
    for alert, moves in whole.alerts.items():
        if kept.alerts.get(alert, moves) != moves:
            found.skipped += 1
            found.notes.append(f"{alert}: {moves} became {kept.alerts[alert]}")
    took = [row for row in taken if row.status == 200]
    found.taken += len(took)
    for row, is_explained in repeats(took, noted):
        found.repeats += 1
        if not is_explained:
            found.unexplained += 1
            found.notes.append(f"{row.key} came again from child {row.child}")


def repeats(
    took: list[Taken], noted: Mapping[int, frozenset[str]]
) -> Iterator[tuple[Taken, bool]]:
    """Return each message that came again, and whether its answer had been lost.

    It was if the child that sent it before was killed, and had not noted it.
    """
    before: dict[str, int] = {}
    for row in took:
        key = row.key.partition("+")[0]
        if key in before:
            sender = before[key]
            yield row, sender != row.child and key not in noted.get(sender, {key})
        before[key] = row.child


def _child(number: int, minute: mmap.mmap) -> NoReturn:
    """Play on from the minute that was begun last; never return to the parent."""
    status = 1
    try:
        _play(number, minute)
        status = 0
    except Exception:
        logging.getLogger(__name__).critical("A morning broke off", exc_info=True)
    finally:
        os._exit(status)


def _play(number: int, minute: mmap.mmap) -> None:
    def post(url: str, **more: Any) -> outgoing.Answer:
        return outgoing.post(f"{url}?child={number}", **more)

    channels_use(post)
    moved, runner, sender = Moved(), Runner(), Sender()
    (begun,) = struct.unpack("i", minute[:4])
    for place in range(begun, MINUTES):
        minute[:4] = struct.pack("i", place)
        now = BEGIN + timedelta(minutes=place)
        moved.stand(now)
        morning_act(place, now)
        if not runner.tick(now=now):
            raise RuntimeError(f"a tick failed at {now}")
        while sender.turn(now=now, patience=PATIENCE_SECONDS):
            pass
    sender.close()


def _figures(found: Found, alerts: int) -> list[Figure]:
    counts = {
        "times killed (SIGKILL)": found.kills,
        f"mornings of {alerts} alerts": found.mornings,
        "alerts": found.alerts,
        "messages queued": found.messages,
        "messages to people without a phone": found.unreached,
        "messages taken": found.taken,
        "of these taken again, after their answer was lost": (
            found.repeats - found.unexplained
        ),
    }
    zeros = {
        "alerts or messages lost": found.lost,
        "messages unsent": found.unsent,
        "ladders with a step skipped, added or moved": found.skipped,
        "taken again without such a reason": found.unexplained,
    }
    for note, times in Counter(found.notes).most_common(5):
        logging.getLogger(__name__).critical("%s× %s", times, note)
    return [
        *(
            Figure(name=f"kills: {name}", value=value, unit="")
            for name, value in counts.items()
        ),
        *(
            Figure(name=f"kills: {name}", value=value, unit="", most=0)
            for name, value in zeros.items()
        ),
    ]
