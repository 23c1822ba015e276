"""The walker's phone in Chromium with a slowed-down processor, on the whole program."""

from __future__ import annotations

import contextlib
import gzip
import io
import os
import random
import shutil
import time as stopwatch
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import time
from pathlib import Path

from PIL import Image
from playwright.sync_api import BrowserContext, Page, sync_playwright

from benchmarks.parts.filling import Place, community_fill
from benchmarks.parts.report import Figure, quantile
from benchmarks.parts.serving import served
from shouwang.apps.residents.models import Building, Home
from shouwang.apps.rounds.services import RoundDraft, round_add
from shouwang.apps.watch.models import Photo, Sighting
from shouwang.apps.watch.services import checks_make
from shouwang.common import clock
from shouwang.domain.schedule import EVERY_DAY

SLOWER = 6
LOGIN = "bench"
PASSWORD = "a walker of the bench"  # noqa: S105 -- of a database that is thrown away
SHORT, LONG = "thirty", "all"
PHONE = Path(__file__).parents[2] / "src/shouwang/web/static/phone"
# Card, Moran and Newell 1983, keystroke-level model: a tap with homing, and a glance
# with a decision. Older hands are slower; both ways of walking alike.
TAP_SECONDS, GLANCE_SECONDS = 1.3, 1.35
# A photo of each window in a chat: camera, shutter, accept; at the end choose and send.
PHOTO_TAPS_A_WINDOW, PHOTO_TAPS_AT_THE_END = 3, 4

_FIRST_BAR = """
new MutationObserver((_, me) => {
  if (document.querySelector(".bar")) { me.disconnect(); window.startedAt = performance.now(); }
}).observe(document, { childList: true, subtree: true });
"""
_KEPT = """async () => {
  await navigator.serviceWorker.ready;
  while (navigator.serviceWorker.controller === null) await new Promise((go) => setTimeout(go, 50));
}"""
# One tap, until the screen shows it; and by then it must lie in the phone's database.
_ANSWER = """async () => {
  const before = Number(document.querySelector("[data-key=waiting]").dataset.count);
  const begun = performance.now();
  document.querySelector("[data-key=answer-open]").click();
  while (Number(document.querySelector("[data-key=waiting]").dataset.count) === before)
    await new Promise(requestAnimationFrame);
  return performance.now() - begun;
}"""
_SHRINK = """async (address) => {
  const { shrink } = await import("/static/phone/photo.js");
  const file = await (await fetch(address)).blob();
  const begun = performance.now();
  const made = await shrink(file);
  return [performance.now() - begun, made.size];
}"""
_WAITING = "Number(document.querySelector('[data-key=waiting]').dataset.count)"


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """How much is measured: windows, photos, starts, taps."""

    windows: int
    photos: int
    starts: int
    taps: int


def phone(*, sizes: Sizes, seed: int) -> list[Figure]:
    """Fill a community, serve it, and walk it on a slow phone."""
    place = _filled(sizes, random.Random(seed))  # noqa: S311 -- figures must repeat
    with served() as port, _browser(f"http://127.0.0.1:{port}") as context:
        page = _opened(context)
        return [
            *_script_size(),
            *_starts(page, sizes.starts),
            *_taps(page, sizes.taps),
            *_queue(page, place, sizes.photos),
            *_attention(page),
            *_scaling(page, seed),
        ]


def _filled(sizes: Sizes, chance: random.Random) -> Place:
    now = clock.now()
    place = community_fill(
        LOGIN, homes=sizes.windows, due=time(9), chance=chance, now=now
    )
    user = place.member.user
    if user is None:
        raise RuntimeError(LOGIN)
    user.set_password(PASSWORD)
    user.save()
    Building.objects.of(place.community).update(units=[{"label": "1", "columns": 8}])
    ordered = sorted(place.homes, key=lambda row: (int(row.building.label), row.pk))
    _round(place, LONG, ordered)
    _round(place, SHORT, _thirty(ordered))
    checks_make(community=place.community, now=now)
    return place


def _thirty(homes: Sequence[Home]) -> list[Home]:
    """Return five homes of each of six buildings, or fewer where there are fewer."""
    kept: dict[int, list[Home]] = {}
    for row in homes:
        kept.setdefault(row.building_id, []).append(row)
    return [row for rows in list(kept.values())[:6] for row in rows[:5]]


def _round(place: Place, name: str, homes: Sequence[Home]) -> None:
    draft = RoundDraft(
        name=name,
        # Two rounds at one hour: a home of both is carried by the one made last.
        at=time(7, 30),
        days=EVERY_DAY,
        walker_ids=[place.member.pk],
        home_ids=[row.pk for row in homes],
    )
    round_add(community=place.community, draft=draft)


@contextlib.contextmanager
def _browser(address: str) -> Iterator[BrowserContext]:
    named = os.environ.get("SHOUWANG_CHROMIUM") or shutil.which("chromium")
    arguments = ["--disable-gpu", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=named, args=arguments)
        context = browser.new_context(
            base_url=address, viewport={"width": 390, "height": 844}, locale="zh-CN"
        )
        context.add_init_script(_FIRST_BAR)
        yield context
        browser.close()


def _opened(context: BrowserContext) -> Page:
    page = context.new_page()
    page.goto("/login/")
    page.fill("[name=username]", LOGIN)
    page.fill("[name=password]", PASSWORD)
    page.click("main button")
    page.goto("/phone/")
    page.wait_for_selector("[data-key^=round-]")
    page.evaluate(_KEPT)
    slow = context.new_cdp_session(page)
    slow.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return page


def _script_size() -> list[Figure]:
    own = sum(
        len(gzip.compress(path.read_bytes(), 9)) for path in sorted(PHONE.glob("*.js"))
    )
    return [Figure(name="own script, compressed", value=own / 1000, unit="kB", most=60)]


def _starts(page: Page, times: int) -> list[Figure]:
    page.context.set_offline(True)
    seen = []
    for _ in range(times):
        page.reload()
        page.wait_for_selector("[data-key^=round-]")
        seen.append(page.evaluate("window.startedAt") / 1000)
    page.context.set_offline(False)
    return [
        Figure(
            name="start from cache, offline, slowest",
            value=max(seen),
            unit="s",
            most=1.5,
        )
    ]


def _open_round(page: Page, name: str) -> None:
    back = page.locator("[data-key=back]")
    if back.count():
        # A screen is made anew at any time: a locator finds the button again.
        back.click()
    page.click(f"section:has(h2:has-text('{name}')) [data-key^=round-]")
    page.wait_for_selector(".asked")


def _answer_all(page: Page, count: int) -> list[float]:
    """Answer ``count`` windows, going on to the next stop where one is done."""
    seen = []
    for _ in range(count):
        if page.query_selector(".foot .strong[data-key=next]"):
            page.click("[data-key=next]")
        seen.append(float(page.evaluate(_ANSWER)))
    return seen


def _taps(page: Page, count: int) -> list[Figure]:
    page.context.set_offline(True)
    _open_round(page, LONG)
    seen = _answer_all(page, count)
    return [
        Figure(
            name=f"a window recorded and shown, p95 of {count}",
            value=quantile(seen, 0.95),
            unit="ms",
            most=100,
        )
    ]


def _scaling(page: Page, seed: int) -> list[Figure]:
    page.context.set_offline(False)
    noise = random.Random(seed).randbytes(400 * 300 * 3)  # noqa: S311 -- a picture
    whole = Image.frombytes("RGB", (400, 300), noise).resize((4000, 3000))
    out = io.BytesIO()
    whole.save(out, "JPEG", quality=92)
    page.route(
        "**/twelve.jpg",
        lambda route: route.fulfill(body=out.getvalue(), content_type="image/jpeg"),
    )
    seconds, size = page.evaluate(_SHRINK, "/twelve.jpg")
    return [
        Figure(
            name=f"12 megapixels ({len(out.getvalue()) / 1e6:.1f} MB) scaled",
            value=seconds / 1000,
            unit="s",
            most=2,
        ),
        Figure(name="the scaled photo", value=size / 1000, unit="kB"),
    ]


def _attention(page: Page) -> list[Figure]:
    """Count the taps of a round of thirty, by the buttons that are really there."""
    page.context.set_offline(True)
    _open_round(page, SHORT)
    windows, taps = 0, 1
    while True:
        windows += page.locator(".chip-todo").count()
        page.click("[data-key=all-well]")
        page.wait_for_selector("[data-key=undo]")
        taps += 1
        if not page.query_selector("[data-key=next]"):
            break
        page.click("[data-key=next]")
        page.wait_for_selector("[data-key=all-well]")
        taps += 1
    each = windows + taps // 2
    photos = PHOTO_TAPS_A_WINDOW * windows + PHOTO_TAPS_AT_THE_END
    ways = {"all well at a stop": taps, "window by window": each, "photos": photos}
    looked = GLANCE_SECONDS * windows
    return [
        *(
            Figure(name=f"taps a home, {way}", value=count / windows, unit="taps")
            for way, count in ways.items()
        ),
        *(
            Figure(
                name=f"attention a home, {way} (modelled)",
                value=(looked + count * TAP_SECONDS) / windows,
                unit="s",
            )
            for way, count in ways.items()
        ),
    ]


def _queue(page: Page, place: Place, photos: int) -> list[Figure]:
    """Queue what is left of the round without a network, and see it all arrive once."""
    _answer_all(page, page.evaluate(_LEFT_COUNT, LONG))
    for nth in range(photos):
        picture = io.BytesIO()
        Image.new("RGB", (1600, 1200), (nth, 90, 90)).save(picture, "JPEG")
        before = page.evaluate(_WAITING)
        page.set_input_files(
            "[data-key=photo]",
            {"name": "p.jpg", "mimeType": "image/jpeg", "buffer": picture.getvalue()},
        )
        page.wait_for_selector(f'[data-key=waiting]:not([data-count="{before}"])')
    queued = page.evaluate(_WAITING)
    ids = {*page.evaluate(_LOOK_IDS)}
    begun = stopwatch.perf_counter()
    page.context.set_offline(False)
    page.wait_for_selector('[data-key=waiting][data-count="0"]', timeout=600_000)
    took = stopwatch.perf_counter() - begun
    stored = {
        str(key)
        for key in Sighting.objects.of(place.community).values_list("pk", flat=True)
    }
    return [
        Figure(name="queued without a network", value=queued, unit="rows"),
        Figure(name="delivered after reconnection", value=took, unit="s"),
        Figure(
            name="looks stored more or less than once",
            value=len(ids ^ stored),
            unit="looks",
            most=0,
        ),
        Figure(
            name="photos stored more or less than once",
            value=abs(Photo.objects.of(place.community).count() - photos),
            unit="photos",
            most=0,
        ),
    ]


_LOOK_IDS = """async () => {
  const { openStore } = await import("/static/phone/store.js");
  return (await (await openStore()).all("looks")).map((look) => look.id);
}"""
_LEFT_COUNT = """async (name) => {
  const { openStore } = await import("/static/phone/store.js");
  const store = await openStore();
  const day = await store.meta("day");
  const done = new Set((await store.all("looks")).map((look) => look.home));
  const round = day.rounds.find((row) => row.name === name);
  const windows = round.stops.flatMap((stop) => stop.windows);
  return windows.filter((one) => !done.has(one.home) && one.last === null).length;
}"""
