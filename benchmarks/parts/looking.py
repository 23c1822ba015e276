"""Looking: the board of a large community, and what the program holds in memory."""

from __future__ import annotations

import http.client
import random
import time as stopwatch
from datetime import datetime, time, timedelta
from http import HTTPStatus

from django.test import Client

from benchmarks.parts.filling import (
    checks_fill,
    community_fill,
    look,
    rounds_fill,
)
from benchmarks.parts.report import Figure, quantile
from benchmarks.parts.serving import peak_mb, started
from shouwang.apps.communities.models import User
from shouwang.apps.demo.services import demo_logins
from shouwang.apps.watch.models import Sighting
from shouwang.apps.watch.services import checks_decide_due
from shouwang.common import clock
from shouwang.common.clock import local_day, set_to
from shouwang.config.serving import gc_settle

LATE_MORNING = datetime.fromisoformat("2026-03-02T09:15:00+08:00")
VIEWS = {"facades": "/", "list": "/?view=list"}


def board(*, homes: int, times: int, seed: int) -> list[Figure]:
    """Ask for the board of ``homes`` homes ``times`` times, as a logged-in officer.

    It is a quarter past nine; nine homes of ten were seen well, the others not at all.
    """
    with set_to(LATE_MORNING):
        _fill(homes, seed)
        client = Client()
        client.force_login(User.objects.get(username="board"))
        _asked(client, "/", 1)  # the templates are compiled once, not at each board
        gc_settle()
        return [
            Figure(
                name=f"the board of {homes} homes as {name}: p95",
                value=1000 * quantile(_asked(client, path, times), 0.95),
                unit="ms",
                most=100,
            )
            for name, path in VIEWS.items()
        ]


def _fill(homes: int, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 -- figures must repeat
    now = clock.now()
    place = community_fill("board", homes=homes, due=time(9), chance=chance, now=now)
    rounds_fill(place, at=time(7, 30))
    today = local_day(now, place.community.zone)
    yesterday, last = today - timedelta(days=1), today + timedelta(days=2)
    told = {"status": "well", "strength": "seen", "next_at": None}
    checks_fill(place, first=yesterday, last=yesterday, now=now, **told)
    checks_fill(place, first=today, last=last, now=now - timedelta(hours=4))
    place.community.checks_until_on = last
    place.community.save(update_fields=["checks_until_on"])
    Sighting.objects.of(place.community).bulk_create(
        look(place, row, state="open", at=now - timedelta(hours=1), now=now)
        for row in chance.sample(place.homes, k=homes * 9 // 10)
    )
    checks_decide_due(now=now)


def _asked(client: Client, path: str, times: int) -> list[float]:
    took = []
    for _ in range(times):
        began = stopwatch.perf_counter()
        answer = client.get(path)
        took.append(stopwatch.perf_counter() - began)
        if answer.status_code != HTTPStatus.OK:
            message = f"the board answered {answer.status_code}"
            raise RuntimeError(message)
    return took


def memory(*, times: int) -> list[Figure]:
    """Run the demo in one process, look at its board ``times`` times, ask its peak."""
    username, password, _words = demo_logins_of("duty")
    with started("--demo") as (port, process_id):
        link = http.client.HTTPConnection("127.0.0.1", port)
        cookies = _log_in(link, username, password)
        for _ in range(times):
            link.request("GET", "/", headers={"Cookie": cookies})
            answer = link.getresponse()
            answer.read()
            if answer.status != HTTPStatus.OK:
                message = f"the board answered {answer.status}"
                raise RuntimeError(message)
        peak = peak_mb(process_id)
    name = f"peak memory of the demo, after {times} boards"
    return [Figure(name=name, value=peak, unit="MB", most=250)]


def demo_logins_of(username: str) -> tuple[str, str, str]:
    """Return the demo's login called ``username``."""
    return next(row for row in demo_logins() if row[0] == username)


def _log_in(link: http.client.HTTPConnection, username: str, password: str) -> str:
    link.request("GET", "/login/")
    form = link.getresponse()
    form.read()
    token = _cookie(form, "csrftoken")
    link.request(
        "POST",
        "/login/",
        f"username={username}&password={password}&csrfmiddlewaretoken={token}",
        {
            "Cookie": f"csrftoken={token}",
            "Content-Type": "application/x-www-form-urlencoded",
        },
    )
    answer = link.getresponse()
    answer.read()
    return f"sessionid={_cookie(answer, 'sessionid')}"


def _cookie(answer: http.client.HTTPResponse, name: str) -> str:
    for row in answer.headers.get_all("Set-Cookie", []):
        if row.startswith(f"{name}="):
            return row.split("=", 1)[1].split(";")[0]
    message = f"no cookie {name} was set"
    raise RuntimeError(message)
