"""Windows marked on pictures, seen on the phone, and forwarded, in a real browser."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from tests.apps import building as b
from tests.apps.facades import facade_jpeg, window_box
from tests.browser.phones import estate, phone_of, reopened, tap, wait_until_sent
from tests.browser.steps import logged_in, tick

from shouwang.apps.communities.models import Member
from shouwang.apps.residents.models import Home
from shouwang.apps.rounds.models import Round
from shouwang.apps.rounds.selectors.pictures import picture_of
from shouwang.apps.rounds.services import RoundDraft, round_change
from shouwang.apps.rounds.services.pictures import picture_store
from shouwang.apps.rounds.services.standpoints import StandpointDraft, standpoint_add
from shouwang.apps.watch import services
from shouwang.apps.watch.models import Sighting
from shouwang.apps.watch.selectors import boxes_on
from shouwang.domain.schedule import EVERY_DAY

PLACES = {"3-2-401": (4, 5), "3-2-302": (3, 6), "3-1-601": (6, 1)}


@pytest.fixture
def place(site, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    made = estate()
    tick(site, b.hour("07:35"))
    return made


@pytest.fixture
def homes(place):
    rows = Home.objects.of(place).filter(address__in=PLACES)
    return sorted(rows, key=lambda row: [*PLACES].index(row.address))


@pytest.fixture
def gate(place, homes):
    """A standpoint from which three homes are seen; the round stops there."""
    draft = StandpointDraft(name="南门", home_ids=[row.pk for row in homes])
    made = standpoint_add(community=place, draft=draft)
    walked = Round.objects.of(place).get()
    plan = RoundDraft(
        name=walked.name,
        at=walked.at,
        days=EVERY_DAY,
        walker_ids=[row.member_id for row in walked.walkers.all()],
        standpoint_ids=[made.pk],
        home_ids=[row.home_id for row in walked.homes.all()],
    )
    round_change(row=walked, draft=plan)
    return made


def chen_of(place):
    return Member.objects.of(place).get(display_name="chen")


def stored(gate, place, homes=()):
    chen = chen_of(place)
    row = picture_store(standpoint=gate, content=facade_jpeg(), by=chen, now=b.DAWN)
    if homes:
        marks = {home.pk: window_box(*PLACES[home.address]) for home in homes}
        services.windows_mark(photo=row.photo, boxes=marks, by=chen, now=b.DAWN)
    return row


def drag(page, box):
    """Draw a box with the mouse on the picture."""
    page.locator("[data-picture]").evaluate("(picture) => picture.scrollIntoView()")
    on = page.locator("[data-picture]").bounding_box()
    page.mouse.move(on["x"] + box.x * on["width"], on["y"] + box.y * on["height"])
    page.mouse.down()
    page.mouse.move(
        on["x"] + (box.x + box.width) * on["width"],
        on["y"] + (box.y + box.height) * on["height"],
        steps=3,
    )
    page.mouse.up()


@pytest.mark.parametrize(
    ("language", "width", "dark"), [("zh-Hans", 390, True), ("en", 1440, False)]
)
def test_windows_are_marked_with_the_mouse_and_the_keyboard(
    place, gate, homes, page_at, axe, picture, language, width, dark
):
    page = logged_in(page_at(width, 900, language, dark=dark))
    page.goto(f"/standpoints/{gate.pk}/picture/new/")
    file = {"name": "p.jpg", "mimeType": "image/jpeg", "buffer": facade_jpeg()}
    page.set_input_files("[type=file]", file)
    page.click("main form.card button")
    page.wait_for_selector(".marking-open")
    page.locator("[data-picture]").scroll_into_view_if_needed()
    for home in homes[:2]:
        page.check(f"[data-choose][value='{home.pk}']")
        drag(page, window_box(*PLACES[home.address]))
    # The third by keyboard alone.
    page.check(f"[data-choose][value='{homes[2].pk}']")
    page.locator("[data-choose]:checked").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Shift+ArrowRight")
    assert page.locator(".mark").count() == 3
    axe(page)
    picture(page, f"marking-{width}-{language}")
    page.click(".marking form[method=post] [type=submit]")
    page.wait_for_selector(".told")
    row = picture_of(standpoint=gate)
    assert row is not None
    found = boxes_on(community=place, photo_ids=[row.photo_id])[row.photo_id]
    drawn, wanted = found[homes[0].pk], window_box(*PLACES[homes[0].address])
    for side in ("x", "y", "width", "height"):
        assert getattr(drawn, side) == pytest.approx(getattr(wanted, side), abs=0.01)
    keyed = found[homes[2].pk]
    assert keyed.x == pytest.approx(0.435)
    assert keyed.width == pytest.approx(0.125)
    page.goto("/standpoints/")
    axe(page)
    picture(page, f"standpoints-pictures-{width}-{language}")


def test_without_a_script_the_windows_are_marked_by_numbers(
    place, gate, homes, page_at
):
    stored(gate, place)
    page = logged_in(page_at(1280, 800, java_script=False))
    page.goto(f"/standpoints/{gate.pk}/picture/")
    for side, value in (("x", "10"), ("y", "20"), ("width", "8"), ("height", "9")):
        page.fill(f"[name={side}_{homes[0].pk}]", value)
    page.click(".marking form[method=post] [type=submit]")
    page.wait_for_selector(".told")
    assert page.locator(".mark-line").count() == 1


HAS_PICTURE = """async () => {
  const { openStore } = await import("/static/phone/store.js");
  const store = await openStore();
  while ((await store.keys("pictures")).length === 0) await new Promise((go) => setTimeout(go, 50));
  const keys = await store.keys("pictures");
  store.close();
  return keys;
}"""


def open_round(page):
    tap(page, page.get_attribute("[data-key^=round-]", "data-key"))
    page.wait_for_selector(".asked")


@pytest.mark.parametrize(("language", "dark"), [("zh-Hans", False), ("en", True)])
def test_the_phone_shows_the_marked_picture_with_the_network_cut(
    place, gate, homes, page_at, axe, picture, language, dark
):
    row = stored(gate, place, homes[:2])
    page = phone_of(page_at, language=language)
    page.emulate_media(color_scheme="dark" if dark else "light")
    assert page.evaluate(HAS_PICTURE) == [row.pk]
    page.context.set_offline(True)
    page.reload()
    open_round(page)
    page.wait_for_selector(".seen-from image")
    shown = [
        page.locator(f".seen-{name}").count() for name in ("here", "arrow", "other")
    ]
    assert shown == [2, 1, 2]
    axe(page)
    picture(page, f"phone-picture-390-{language}")
    tap(page, "near")
    axe(page)
    picture(page, f"phone-picture-near-390-{language}")
    # A window that is not marked is found on the drawing.
    tap(page, "chip-2")
    page.wait_for_selector(".pane-here")
    assert page.query_selector(".seen-from") is None
    tap(page, "chip-0")
    tap(page, "sight-drawing")
    page.wait_for_selector(".pane-here")
    page = reopened(page, "07:36")
    page.wait_for_selector(".pane-here")
    tap(page, "sight-picture")
    page.wait_for_selector(".seen-from")
    tap(page, "answer-open")
    page.wait_for_selector("h2:has-text('李爷爷')")
    page.context.set_offline(False)
    wait_until_sent(page)
    assert Sighting.objects.of(place).count() == 1


def test_a_picture_that_fails_never_stops_the_sending(place, gate, homes, page_at):
    row = stored(gate, place, homes)
    page = page_at(390, 844, expected=("500", "ERR_FAILED"))
    asked = []

    def down(route):
        asked.append(1)
        route.fulfill(status=500, body="down")

    page.context.route("**/phone/pictures/**", down)
    page.clock.set_fixed_time(b.hour("07:35"))
    logged_in(page, "lin")
    page.goto("/phone/")
    page.wait_for_selector("[data-key^=round-]")
    open_round(page)
    page.wait_for_selector(".pane-here")
    tap(page, "answer-open")
    page.wait_for_selector("h2:has-text('李爷爷')")
    wait_until_sent(page)
    assert asked
    page.context.unroute("**/phone/pictures/**")
    page.evaluate("dispatchEvent(new Event('online'))")
    assert page.evaluate(HAS_PICTURE) == [row.pk]
    page.wait_for_selector(".seen-from")
    # Another picture takes its place; the one before is not kept.
    other = stored(gate, place, homes)
    page.evaluate("dispatchEvent(new Event('online'))")
    page.wait_for_function(
        "async (key) => { const { openStore } = await import('/static/phone/store.js');"
        " const store = await openStore(); const keys = await store.keys('pictures');"
        " store.close(); return keys.join() === String(key); }",
        arg=other.pk,
    )


OLD_DATABASE = """async (look) => {
  await new Promise((done, fail) => {
    const asked = indexedDB.open("shouwang-phone", 1);
    asked.onupgradeneeded = () => {
      for (const name of ["looks", "photos", "goings"]) asked.result.createObjectStore(name, { keyPath: "id" });
      asked.result.createObjectStore("meta");
    };
    asked.onsuccess = () => {
      const change = asked.result.transaction("looks", "readwrite");
      change.objectStore("looks").put(look);
      change.oncomplete = () => { asked.result.close(); done(); };
    };
    asked.onerror = fail;
  });
}"""


def test_what_waits_in_an_earlier_version_of_the_phone_is_still_sent(
    place, homes, page_at
):
    page = logged_in(page_at(390, 844), "lin")
    look = {
        "id": "01890000-0000-7000-8000-000000000001",
        "member": Member.objects.of(place).get(display_name="lin").pk,
        "round": "1:2026-03-02",
        "home": homes[0].pk,
        "signal": "curtain",
        "state": "open",
        "could_not_see": "",
        "standpoint": "",
        "made_at": int(b.hour("07:31").timestamp() * 1000),
        "held_until": 0,
        "replaces": None,
        "refused": "",
    }
    page.evaluate(OLD_DATABASE, look)
    page.clock.set_fixed_time(b.hour("07:35"))
    page.goto("/phone/")
    page.wait_for_selector("[data-key^=round-]")
    wait_until_sent(page)
    assert Sighting.objects.of(place).get().home == homes[0]


@pytest.mark.parametrize(
    ("language", "width", "dark"), [("zh-Hans", 390, False), ("en", 1440, True)]
)
def test_the_forwarded_copy_shows_the_marked_window_only(
    site, place, gate, homes, page_at, axe, picture, language, width, dark
):
    stored(gate, place, homes[:2])
    given = services.PhotoIn(
        content=facade_jpeg(),
        home_ids=[homes[0].pk],
        taken_at=b.hour("07:34"),
        standpoint="南门",
    )
    photo, _ = services.photo_store(
        community=place, photo=given, by=chen_of(place), now=b.hour("07:35")
    )
    page = logged_in(page_at(width, 900, language, dark=dark))
    page.goto(f"/homes/{homes[0].pk}/")
    page.click(".photos a")
    page.wait_for_selector(".marking-open .mark >> nth=1")
    axe(page)
    picture(page, f"photo-{width}-{language}")
    assert boxes_on(community=place, photo_ids=[photo.pk]) == {}
    page.click(".marking form[method=post] [type=submit]")
    page.wait_for_selector(".told")
    picture(page, f"photo-marked-{width}-{language}")
    with page.expect_download() as saved:
        page.click(f".copy a[href$='?home={homes[0].pk}']")
    copy = Image.open(io.BytesIO(saved.value.path().read_bytes())).convert("L")
    assert saved.value.suggested_filename == "shouwang-0302-0734.jpg"
    assert contrast(copy, homes[0]) > 80
    assert contrast(copy, homes[1]) < 40

    tick(site, b.hour("09:15"))
    page.goto("/group-report/")
    page.click("a[href$='?photos=1']")
    page.wait_for_selector("[data-save]:not([hidden])")
    axe(page)
    picture(page, f"report-photos-{width}-{language}")
    with page.expect_download() as saved:
        page.click("[data-save]")
    with_photos = Image.open(io.BytesIO(saved.value.path().read_bytes())).convert("RGB")
    # The curtain of the photographed window, which no drawing has.
    curtain = photo_colour(homes[0])
    assert any(near(one, curtain) for _, one in with_photos.getcolors(1 << 22) or [])


def edges_of(home):
    box = window_box(*PLACES[home.address])
    return (
        round(box.x * 1600),
        round(box.y * 1200),
        round((box.x + box.width) * 1600),
        round((box.y + box.height) * 1200),
    )


def contrast(copy, home):
    least, most = copy.crop(edges_of(home)).getextrema()
    return most - least


def photo_colour(home):
    left, top, _, bottom = edges_of(home)
    photo = Image.open(io.BytesIO(facade_jpeg())).convert("RGB")
    return photo.getpixel((left + 20, (top + bottom) // 2))


def near(one, other):
    return all(abs(x - y) <= 4 for x, y in zip(one, other, strict=True))
