"""A morning on the walker's phone, with the network that there is."""

from __future__ import annotations

import io
import uuid
from datetime import timedelta

import pytest
from PIL import Image
from tests.apps import building as b
from tests.browser.phones import (
    KEPT,
    estate,
    phone_of,
    reopened,
    tap,
    wait_until_sent,
    waiting,
)
from tests.browser.steps import logged_in, tick

from shouwang.apps.alerts.models import Alert
from shouwang.apps.communities.models import Member
from shouwang.apps.residents.models import Home
from shouwang.apps.rounds.views import phone as phone_views
from shouwang.apps.watch.models import Photo, Sighting
from shouwang.common.ids import uuid7

DAY = timedelta(days=1)


@pytest.fixture
def place(site):
    made = estate()
    tick(site, b.hour("07:35"))
    return made


def seen_of(place):
    rows = Sighting.objects.of(place).order_by("seen_at", "home__address")
    told = rows.values_list("home__address", "state", "could_not_see", "seen_at")
    return [(home, state or unseen, at) for home, state, unseen, at in told]


def walk_the_first_stop(page, picture):
    """See one window open and one not at all, and a crying face."""
    page.clock.set_fixed_time(b.hour("07:41"))
    tap(page, "answer-open")
    page.wait_for_selector("text=李爷爷")
    tap(page, "reason-glare")
    page.wait_for_selector("h2:has-text('赵奶奶')")
    tap(page, "answer-cry")
    page.wait_for_selector(".ask")
    picture(page, "phone-ask-390-zh-Hans")
    assert page.get_attribute(".ask a", "href") == "tel:000-0000"
    tap(page, "going")
    tap(page, "close")
    assert waiting(page) == 4


def walk_the_second_stop(page):
    """Say that all are well, take it back, and say it again."""
    tap(page, "next")
    page.wait_for_selector("h2:has-text('孙奶奶')")
    tap(page, "all-well")
    tap(page, "undo")
    page.wait_for_selector("[data-key=all-well]")
    assert waiting(page) == 4
    tap(page, "all-well")
    page.wait_for_selector(".note-well")
    assert waiting(page) == 5


def test_a_whole_morning_without_a_network(site, place, page_at, picture):
    page = phone_of(page_at)
    picture(page, "phone-rounds-390-zh-Hans")
    page.context.set_offline(True)
    page.reload()
    open_round(page)
    picture(page, "phone-stop-390-zh-Hans")
    walk_the_first_stop(page, picture)
    page = reopened(page, "07:50")
    assert waiting(page) == 4
    page.wait_for_selector(".stop")
    walk_the_second_stop(page)
    assert seen_of(place) == []

    tick(site, b.hour("07:55"))
    page.clock.set_fixed_time(b.hour("07:55"))
    page.context.set_offline(False)
    wait_until_sent(page)
    assert seen_of(place) == [
        ("3-1-601", "cry", b.hour("07:41")),
        ("3-2-302", "glare", b.hour("07:41")),
        ("3-2-401", "open", b.hour("07:41")),
        ("12-1-501", "open", b.hour("07:50")),
    ]
    told = Alert.objects.of(place).values_list("home__address", "kind", "opened_at")
    assert [*told] == [("3-1-601", "help", b.hour("07:41"))]
    assert Alert.objects.of(place).get().state == "committed"
    desk = logged_in(page_at(1280, 800), "chen")
    assert desk.inner_text(".count-well strong") == "2"
    assert desk.inner_text(".count-needs strong") == "1"
    assert desk.inner_text(".count-waiting strong") == "1"


def member_named(place, name):
    return Member.objects.of(place).get(display_name=name)


def open_round(page):
    tap(page, page.get_attribute("[data-key^=round-]", "data-key"))
    page.wait_for_selector(".asked")


@pytest.mark.parametrize(("language", "size"), [("zh-Hans", 18), ("en", 30)])
def test_no_screen_shuts_anybody_out(place, page_at, axe, picture, language, size):
    page = phone_of(page_at, language=language)
    tap(page, "settings")
    tap(page, f"size-{size}")
    axe(page)
    tap(page, "back")
    axe(page)
    open_round(page)
    axe(page)
    picture(page, f"phone-stop-{size}-{language}")
    too_small = page.evaluate(
        "[...document.querySelectorAll('button, a, .photo')].filter((one) => "
        "{ const { width, height } = one.getBoundingClientRect(); "
        "return width < 60 || height < 60; }).map((one) => one.outerHTML)"
    )
    assert too_small == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.click("[data-key=chip-2]")
    assert page.evaluate("scrollY") == 0
    tap(page, "answer-cry")
    page.wait_for_selector(".ask")
    axe(page)
    tap(page, "not-going")
    axe(page)
    tap(page, "close")
    tap(page, "waiting")
    page.wait_for_selector("[data-key=send]")
    axe(page)


def test_an_answer_that_is_lost_is_sent_again_and_stored_once(place, page_at):
    page = phone_of(page_at)
    lost = []

    def lose_the_answer(route):
        route.fetch()
        lost.append(1)
        route.abort() if len(lost) == 1 else route.fulfill(response=route.fetch())

    page.route("**/api/v1/sightings", lose_the_answer)
    open_round(page)
    tap(page, "answer-open")
    page.wait_for_selector(".note-calm")
    assert waiting(page) == 1
    assert len(seen_of(place)) == 1
    tap(page, "waiting")
    tap(page, "send")
    wait_until_sent(page)
    assert len(lost) == 2
    assert len(seen_of(place)) == 1


def test_a_clock_three_hours_wrong_is_put_right(site, place, page_at):
    site.clock_at(b.hour("07:40"))
    page = phone_of(page_at, at="10:40")
    open_round(page)
    tap(page, "answer-open")
    page.wait_for_selector("h2:has-text('李爷爷')")
    wait_until_sent(page)
    row = Sighting.objects.of(place).get()
    assert (row.seen_at, row.claimed_at) == (b.hour("07:40"), b.hour("10:40"))
    assert row.clock_flagged
    tap(page, "chip-0")
    assert "07:40" in page.inner_text(".seen")


def reset_clock(page, at):
    """Set the clock of the phone; its ticks go on."""
    page.clock.set_fixed_time(b.hour(at))


@pytest.mark.parametrize("is_killed", [False, True])
@pytest.mark.parametrize("later", ["10:45", "04:45"])
def test_a_clock_set_between_a_look_and_its_sending_is_put_right(
    site, place, page_at, later, is_killed
):
    page = phone_of(page_at)
    open_round(page)
    page.context.set_offline(True)
    reset_clock(page, "07:41")
    tap(page, "answer-open")
    page.wait_for_selector("h2:has-text('李爷爷')")
    # Three hours on, or back; the real time is a quarter to eight.
    page = reopened(page, later) if is_killed else page
    reset_clock(page, later)
    site.clock_at(b.hour("07:45"))
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    wait_until_sent(page)
    row = Sighting.objects.of(place).get()
    assert (row.seen_at, row.claimed_at) == (b.hour("07:41"), b.hour("07:41"))
    assert row.clock_flagged
    page.wait_for_selector(".chip-done")
    tap(page, "chip-0")
    assert "07:41" in page.inner_text(".seen")


def test_a_clock_set_before_a_look_is_put_right(site, place, page_at):
    page = phone_of(page_at)
    open_round(page)
    page.context.set_offline(True)
    reset_clock(page, "10:41")
    tap(page, "answer-open")
    page.wait_for_selector("h2:has-text('李爷爷')")
    site.clock_at(b.hour("07:45"))
    reset_clock(page, "10:45")
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    wait_until_sent(page)
    row = Sighting.objects.of(place).get()
    assert (row.seen_at, row.claimed_at) == (b.hour("07:41"), b.hour("10:41"))
    assert row.clock_flagged


def test_a_clock_set_on_and_back_again_never_sees_into_the_future(site, place, page_at):
    page = phone_of(page_at)
    open_round(page)
    page.context.set_offline(True)
    reset_clock(page, "10:41")
    tap(page, "answer-open")
    page.wait_for_selector("h2:has-text('李爷爷')")
    reset_clock(page, "07:36")
    site.clock_at(b.hour("07:36"))
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    wait_until_sent(page)
    row = Sighting.objects.of(place).get()
    assert b.hour("07:35") <= row.seen_at <= b.hour("07:36")
    assert row.claimed_at == b.hour("10:41")
    assert row.clock_flagged


CLOCKS = """async () => {
  const { clockFacts, isMeasured, madeAt } = await import("/static/phone/core.js");
  const hour = 3600000;
  const minute = 60000;
  const measured = { offset: 0, at: 10 * hour, wall: 10 * hour, tick: 0, page: "a" };
  const look = (made_at, tick) => ({ made_at, clock: clockFacts(measured, { tick, page: "a" }) });
  const sent = (offset, tick, page = "a") => ({ offset, at: 10 * hour + tick, wall: 0, tick, page });
  const told = (row, at) => {
    const { at: seen, unsure } = madeAt(row, at);
    return [(seen - 10 * hour) / minute, unsure];
  };
  const plain = look(10 * hour + 5 * minute, 5 * minute);
  const slept = look(10 * hour + 5 * minute, 1 * minute);
  return {
    plain: told(plain, sent(0, 9 * minute)),
    slept: told(slept, { ...sent(0, 2 * minute), at: 10 * hour + 9 * minute }),
    drifted: told(plain, sent(30000, 9 * minute)),
    setOn: told(plain, sent(3 * hour, 9 * minute)),
    setBack: told(plain, sent(-3 * hour, 9 * minute)),
    otherPage: told(plain, sent(3 * hour, 9 * minute, "b")),
    before: told(look(13 * hour + 5 * minute, 5 * minute), sent(3 * hour, 9 * minute)),
    backBefore: told(look(7 * hour + 5 * minute, 5 * minute), sent(-3 * hour, 9 * minute)),
    onAndBack: told(look(13 * hour + 5 * minute, 5 * minute), sent(0, 9 * minute)),
    backAndOn: told(look(7 * hour + 5 * minute, 5 * minute), sent(0, 9 * minute)),
    old: told({ made_at: 13 * hour }, sent(3 * hour, 9 * minute)),
    holds: isMeasured(measured, { now: 10 * hour + minute, tick: minute, page: "a" }),
    wasSet: isMeasured(measured, { now: 13 * hour, tick: minute, page: "a" }),
    isOld: isMeasured(measured, { now: 11 * hour, tick: hour, page: "a" }),
    ofAnother: isMeasured(measured, { now: 10 * hour, tick: 0, page: "b" }),
    never: isMeasured(null, { now: 0, tick: 0, page: "b" }),
  };
}"""


def test_the_core_tells_when_something_was_made(site, page_at):
    page = page_at(expected=("401",))
    page.goto("/phone/")
    page.evaluate(KEPT)
    found = page.evaluate(CLOCKS)
    assert found == {
        # Minutes after ten, when it was made; and whether that is unsure.
        "plain": [5, False],
        "slept": [5, False],
        "drifted": [5, False],
        "setOn": [5, True],
        "setBack": [5, True],
        "otherPage": [5, True],
        "before": [5, True],
        "backBefore": [5, True],
        "onAndBack": [5, True],
        "backAndOn": [5, True],
        "old": [0, False],
        "holds": True,
        "wasSet": False,
        "isOld": False,
        "ofAnother": False,
        "never": False,
    }


def test_two_walkers_see_what_the_other_did(site, place, page_at):
    one, other = phone_of(page_at), phone_of(page_at, "ma")
    for page in (one, other):
        open_round(page)
    tap(one, "answer-open")
    one.wait_for_selector(".chip-done")
    wait_until_sent(one)
    site.clock_at(b.hour("07:37"))
    other.clock.set_fixed_time(b.hour("07:37"))
    tap(other, "reason-dark")
    other.wait_for_selector(".chip-done:has-text('太暗')")
    wait_until_sent(other)
    one.evaluate("dispatchEvent(new Event('online'))")
    one.wait_for_selector(".chip-done:has-text('太暗')")
    tap(one, "chip-0")
    assert "ma" in one.inner_text(".seen")
    assert {(state, at) for _, state, at in seen_of(place)} == {
        ("open", b.hour("07:35")),
        ("dark", b.hour("07:37")),
    }
    fresh = phone_of(page_at, "ma")
    open_round(fresh)
    assert "李爷爷" in fresh.inner_text(".asked h2")


def test_logged_out_in_the_middle_nothing_is_lost(place, page_at):
    page = phone_of(page_at, expected=("401", "409"))
    open_round(page)
    page.context.clear_cookies()
    tap(page, "answer-open")
    page.wait_for_selector("a[href*=login]")
    assert waiting(page) == 1
    # Somebody else logs in on this phone: what Lin saw is Lin's to send.
    logged_in(page, "ma")
    page.goto("/phone/")
    page.wait_for_selector("[data-key^=round-]")
    page.wait_for_selector("text=ma")
    assert waiting(page) == 1
    tap(page, "waiting")
    page.wait_for_selector("main .note-grave:has-text('lin')")
    page.context.clear_cookies()
    logged_in(page, "lin")
    page.goto("/phone/")
    page.wait_for_selector(".bar")
    wait_until_sent(page)
    assert Sighting.objects.of(place).get().by == member_named(place, "lin")


def test_a_server_that_is_down_for_a_day(site, place, page_at):
    page = phone_of(page_at, expected=("503", "502"))
    page.route("**/api/v1/**", lambda route: route.fulfill(status=502, body="down"))
    open_round(page)
    tap(page, "answer-open")
    page.wait_for_selector("h2:has-text('李爷爷')")
    page.clock.set_fixed_time(b.hour("07:40") + DAY)
    page.reload()
    page.wait_for_selector(".bar")
    tap(page, "back") if page.query_selector("[data-key=back]") else None
    page.wait_for_selector("text=2026-03-02")
    open_round(page)
    assert waiting(page) == 1
    assert "王奶奶" in page.inner_text(".asked h2")
    tap(page, "answer-open")
    page.wait_for_selector("h2:has-text('李爷爷')")
    tick(site, b.hour("07:41") + DAY)
    page.clock.set_fixed_time(b.hour("07:41") + DAY)
    page.unroute_all()
    page.evaluate("dispatchEvent(new Event('online'))")
    wait_until_sent(page)
    assert [row[1:] for row in seen_of(place)] == [
        ("open", b.hour("07:35")),
        ("open", b.hour("07:40") + DAY),
    ]


UPDATED = """async () => {
  const worker = await navigator.serviceWorker.ready;
  await worker.update();
  while (worker.waiting === null) await new Promise((go) => setTimeout(go, 50));
}"""


def test_a_new_version_never_takes_over_under_an_open_round(
    place, page_at, monkeypatch
):
    page = phone_of(page_at)
    open_round(page)
    page.context.set_offline(True)
    tap(page, "answer-open")
    page.wait_for_selector("h2:has-text('李爷爷')")
    page.context.set_offline(False)
    monkeypatch.setattr(phone_views, "_version", lambda: "newer")
    page.evaluate(UPDATED)
    page.reload()
    page.wait_for_selector(".asked")
    assert page.query_selector("text=有新版本") is None
    tap(page, "back")
    page.wait_for_selector("text=有新版本")
    with page.expect_navigation():
        page.click("text=现在换上")
    page.wait_for_selector(".bar")
    wait_until_sent(page)
    assert len(seen_of(place)) == 1
    assert page.evaluate("caches.keys()") == ["shouwang-phone-newer"]


def test_a_phone_that_cannot_send_saves_a_file_for_the_desk(place, page_at):
    page = phone_of(page_at)
    open_round(page)
    page.context.set_offline(True)
    tap(page, "answer-open")
    page.wait_for_selector("h2:has-text('李爷爷')")
    page.set_input_files("[type=file]", picture_file(1200, 800))
    page.wait_for_selector('[data-count="2"]')
    tap(page, "waiting")
    with page.expect_download() as saved:
        tap(page, "export")
    desk = logged_in(page_at(1280, 800), "chen")
    for counts in (("新的 2", "已有 0"), ("新的 0", "已有 2")):
        desk.goto("/rounds/phone-file/")
        desk.set_input_files("[type=file]", saved.value.path())
        desk.click("main button")
        desk.wait_for_selector(".told")
        for words in counts:
            assert words in desk.inner_text(".told")
    row = Sighting.objects.of(place).get()
    assert row.by == member_named(place, "lin")
    assert row.typed_by == member_named(place, "chen")
    page.context.set_offline(False)
    wait_until_sent(page)
    assert Sighting.objects.of(place).count() == 1
    assert Photo.objects.of(place).count() == 1


def picture_file(width, height, *, name="p.jpg", exif=False):
    out = io.BytesIO()
    words = Image.Exif()
    if exif:
        words[0x0112] = 6
        words.get_ifd(0x8825)[1] = "N"
        words[0x010E] = "3-2-401"
    Image.new("RGB", (width, height), "white").save(out, "JPEG", exif=words)
    return {"name": name, "mimeType": "image/jpeg", "buffer": out.getvalue()}


PHOTO_KEPT = """async () => {
  const { openStore } = await import("/static/phone/store.js");
  const [row] = await (await openStore()).all("photos");
  const made = await createImageBitmap(row.blob);
  const text = await row.blob.text();
  return { width: made.width, height: made.height, exif: text.includes("Exif"), size: row.blob.size };
}"""


def test_a_photo_is_small_upright_and_tells_no_place(place, page_at):
    page = phone_of(page_at)
    open_round(page)
    page.context.set_offline(True)
    # 50 megapixels, held sideways, with the place in it.
    page.set_input_files("[type=file]", picture_file(8160, 6128, exif=True))
    page.wait_for_selector('[data-count="1"]')
    kept = page.evaluate(PHOTO_KEPT)
    assert (kept["width"], kept["height"], kept["exif"]) == (1202, 1600, False)
    page.context.set_offline(False)
    wait_until_sent(page)
    row = Photo.objects.of(place).get()
    assert (row.width, row.height, row.standpoint) == (1202, 1600, "3 号楼")
    assert row.taken_at == b.hour("07:35")
    desk = logged_in(page_at(1280, 800), "chen")
    home = Home.objects.of(place).get(address="3-2-302")
    desk.goto(f"/homes/{home.pk}/")
    shown = desk.request.get(str(desk.get_attribute(".photos img", "src")))
    assert (shown.status, shown.headers["content-type"]) == (200, "image/jpeg")
    assert {one.home.address for one in row.homes.all()} == {
        "3-2-401",
        "3-2-302",
        "3-1-601",
    }


@pytest.mark.parametrize(
    "content",
    [b"no picture", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>"],
)
def test_what_is_no_photo_is_said_and_not_kept(place, page_at, content):
    page = phone_of(page_at)
    open_round(page)
    name = {"name": "p.jpg", "mimeType": "image/jpeg", "buffer": content}
    page.set_input_files("[type=file]", name)
    page.wait_for_selector(".note-grave:has-text('照片')")
    assert waiting(page) == 0


def test_the_network_is_lost_in_the_middle_of_an_upload(place, page_at):
    page = phone_of(page_at)
    cut = []

    def once(route):
        cut.append(1)
        route.abort() if len(cut) == 1 else route.continue_()

    page.route("**/api/v1/photos", once)
    open_round(page)
    page.set_input_files("[type=file]", picture_file(1200, 800))
    page.wait_for_selector(".note-calm")
    tap(page, "answer-open")
    wait_until_sent(page)
    assert Photo.objects.of(place).count() == 1


def test_without_a_service_worker_the_page_says_that_it_needs_signal(place, page_at):
    page = page_at(390, 844)
    page.add_init_script("delete Navigator.prototype.serviceWorker")
    page.clock.set_fixed_time(b.hour("07:35"))
    logged_in(page, "lin")
    page.goto("/phone/")
    page.wait_for_selector("text=请保持网络")
    open_round(page)
    tap(page, "answer-open")
    page.wait_for_selector("h2:has-text('李爷爷')")
    wait_until_sent(page)
    assert len(seen_of(place)) == 1


CORE = """async () => {
  const core = await import("/static/phone/core.js");
  const { WORDS } = await import("/static/phone/words.js");
  const keys = (name) => Object.keys(WORDS[name]).sort().join();
  const holes = (name) => Object.entries(WORDS[name])
    .map(([key, text]) => key + [...new Set(text.match(/\\{\\w+\\}/g))].sort().join()).sort().join();
  const window = { home: 1, signal: "curtain", well: ["open"], due_at: 5000, away: false, last: null };
  const signals = { curtain: { answers: [
    { state: "open", meaning: "neutral" }, { state: "closed", meaning: "neutral" } ] },
    board: { answers: [{ state: "cry", meaning: "help" }] } };
  const mine = (at, waiting) => ({ id: "x", mine: true, at, waiting });
  const look = (seen, now, offset) => core.lookOf({ id: "y", member: 1, round: { key: "r" },
    stop: { name: "s" }, window, answer: "open", seen, now, offset }).replaces;
  return {
    sameWords: keys("en") === keys("zh-hans"), sameHoles: holes("en") === holes("zh-hans"),
    id: core.makeId(Date.UTC(2026, 2, 2), new Uint8Array(10).fill(255)),
    slip: look(mine(1000, true), 60000, 0), later: look(mine(1000, true), 200000, 0),
    slipOfServer: look(mine(1000, false), 10801000, 10800000), others: look({ id: "x", mine: false, at: 1 }, 2, 0),
    early: core.asksAtOnce(window, "closed", signals, 4999), late: core.asksAtOnce(window, "closed", signals, 5000),
    well: core.asksAtOnce(window, "open", signals, 9000),
    cry: core.asksAtOnce({ ...window, signal: "board" }, "cry", signals, 0),
    waits: [1, 2, 20].map(core.backOff),
    settled: core.settle([{ id: "a" }, { id: "b" }], [{ index: 1, outcome: "refused", code: "c", message: "" },
      { index: 0, outcome: "already_had" }]),
  };
}"""


def test_the_core_decides_by_itself(site, page_at):
    page = page_at(expected=("401",))
    page.goto("/phone/")
    page.evaluate(KEPT)
    found = page.evaluate(CORE)
    assert found["sameWords"]
    assert found["sameHoles"]
    assert uuid.UUID(found["id"]).version == 7
    assert found["id"] < str(uuid7(now=b.DAWN.replace(year=2027)))
    # A slip is put right; another look at the same window is a look of its own.
    assert (found["slip"], found["later"]) == ("x", None)
    assert (found["slipOfServer"], found["others"]) == ("x", None)
    assert (found["early"], found["late"], found["well"]) == (False, True, False)
    assert found["cry"]
    assert found["waits"] == [3000, 6000, 300000]
    assert [row["id"] for row in found["settled"]["had"]] == ["a"]
    assert found["settled"]["refused"] == [{"id": "b", "refused": "c"}]


def test_a_walker_drops_out_in_one_tap_and_another_takes_the_round(
    site, place, page_at, axe, picture
):
    lin = phone_of(page_at)
    b.member(place, "xu", "volunteer")
    out = lin.get_attribute("[data-key^=out-]", "data-key")
    tap(lin, out)
    lin.wait_for_selector("text=正在找人替")
    # Ma still walks it: nobody is asked until Ma cannot either.
    tick(site, b.hour("07:36"))
    ma = phone_of(page_at, "ma", at="07:36")
    tap(ma, ma.get_attribute("[data-key^=out-]", "data-key"))
    ma.wait_for_selector("text=正在找人替")
    tick(site, b.hour("07:37"))
    desk = logged_in(page_at(1280, 800), "chen")
    assert "xu" in desk.inner_text(".uncovered")
    axe(desk)
    desk.goto("/rounds/")
    axe(desk)
    picture(desk, "rounds-uncovered-1280-zh-Hans")
    xu = phone_of(page_at, "xu", at="07:37", landing="[data-key^=walk-]")
    axe(xu)
    picture(xu, "phone-offer-390-zh-Hans")
    tap(xu, xu.get_attribute("[data-key^=walk-]", "data-key"))
    open_round(xu)
    desk.goto("/")
    assert desk.query_selector(".uncovered") is None


def test_without_signal_nobody_is_told_and_the_phone_says_so(place, page_at):
    page = phone_of(page_at)
    page.context.set_offline(True)
    tap(page, page.get_attribute("[data-key^=out-]", "data-key"))
    page.wait_for_selector("text=没有告诉成")
    assert page.query_selector("[data-key^=out-]")


def test_what_the_phone_cannot_keep_is_said_at_once(place, page_at):
    page = phone_of(page_at, expected=("QuotaExceededError",))
    open_round(page)
    page.evaluate(
        "() => { IDBObjectStore.prototype.put = () => "
        "{ throw new DOMException('full', 'QuotaExceededError'); } }"
    )
    tap(page, "answer-open")
    page.wait_for_selector(".note-grave:has-text('没有存下来')")
    assert page.query_selector(".chip-done") is None
    assert "王奶奶" in page.inner_text(".asked h2")


def test_who_comes_too_early_is_told_from_when_it_counts(site, place, page_at):
    site.clock_at(b.hour("06:40"))
    page = phone_of(page_at, at="06:40")
    open_round(page)
    assert "07:00" in page.inner_text(".stop .note-calm")
