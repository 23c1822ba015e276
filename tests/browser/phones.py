"""A walker's phone in a real browser: its clock, its network, and what is tapped."""

from __future__ import annotations

import dataclasses
from datetime import time

from tests.apps import building as b
from tests.browser.steps import logged_in
from tests.domain.building import MORNING

from shouwang.apps.rounds.services import RoundDraft, round_add
from shouwang.apps.watch import services
from shouwang.domain.schedule import EVERY_DAY

SMILES = dataclasses.replace(MORNING, well=frozenset({"smile"}))
# What the browser says itself when the network is gone.
CUT = ("ERR_INTERNET_DISCONNECTED", "ERR_FAILED", "ERR_CONNECTION")


KEPT = """async () => {
  await navigator.serviceWorker.ready;
  while (navigator.serviceWorker.controller === null)
    await new Promise((go) => setTimeout(go, 50));
}"""


def estate():
    """Make a community with a morning round of four homes that Lin and Ma walk."""
    place = b.community()
    place.desk_phone = "000-0000"
    place.save()
    b.member(place, "chen", "coordinator", "duty_officer")
    lin, ma = b.member(place, "lin", "walker"), b.member(place, "ma", "walker")
    homes = [
        b.watched(place, "3-2-401"),
        b.watched(place, "3-2-302"),
        b.watched(place, "3-1-601", signal="board", windows=(SMILES,)),
        b.watched(place, "12-1-501"),
    ]
    for row, unit, floor, column, name in zip(
        homes,
        "2211",
        (4, 3, 6, 5),
        (1, 2, 1, 1),
        ("王奶奶", "李爷爷", "赵奶奶", "孙奶奶"),
        strict=True,
    ):
        row.unit, row.floor, row.column, row.shown_name = unit, floor, column, name
        row.building.units = [
            {"label": "1", "columns": 2},
            {"label": "2", "columns": 2},
            {"label": "3", "columns": 2},
        ]
        row.building.save()
        row.save()
    draft = RoundDraft(
        name="早一",
        at=time(7, 30),
        days=EVERY_DAY,
        walker_ids=[lin.pk, ma.pk],
        home_ids=[row.pk for row in homes],
    )
    round_add(community=place, draft=draft)
    services.checks_make(community=place, now=b.DAWN)
    return place


def phone_of(
    page_at,
    name="lin",
    *,
    at="07:35",
    width=390,
    language="zh-Hans",
    expected=(),
    landing="[data-key^=round-]",
):
    """Log in on a phone and open the app; it is kept on the phone when this returns."""
    page = page_at(width, 844, language, expected=(*CUT, *expected))
    page.clock.set_fixed_time(b.hour(at))
    logged_in(page, name)
    page.goto("/phone/")
    page.wait_for_selector(landing)
    page.evaluate(KEPT)
    return page


def tap(page, key):
    page.click(f'[data-key="{key}"]')


def waiting(page):
    return int(page.get_attribute("[data-key=waiting]", "data-count"))


def wait_until_sent(page):
    page.wait_for_selector('[data-key=waiting][data-count="0"]')


def reopened(page, at):
    """Kill the tab and open the app again on the same phone."""
    context = page.context
    page.close(run_before_unload=False)
    fresh = context.new_page()
    fresh.clock.set_fixed_time(b.hour(at))
    fresh.goto("/phone/")
    fresh.wait_for_selector(".bar")
    return fresh
