"""A neighbour saw a face; a walker looks and answers from the phone, with what signal there is."""

from __future__ import annotations

import pytest
from tests.apps import building as b
from tests.browser.phones import (
    estate,
    phone_of,
    reopened,
    tap,
    wait_until_sent,
    waiting,
)
from tests.browser.steps import logged_in, tick

from shouwang.apps.alerts.models import Alert
from shouwang.apps.neighbours.models import Notice, ReportAct
from shouwang.apps.neighbours.services import ReportDraft, notices_make, report_take
from shouwang.apps.residents.models import Home
from shouwang.apps.watch.models import Sighting

SMALL = (
    "[...document.querySelectorAll('button, a, .photo')].filter((one) => "
    "{ const { width, height } = one.getBoundingClientRect(); "
    "return width < 60 || height < 60; }).map((one) => one.outerHTML)"
)


@pytest.fixture
def place(site):
    made = estate()
    notices_make(community=made, now=b.DAWN)
    tick(site, b.hour("07:35"))
    return made


def reported(place, what="cry", *, building="3", at="07:30", **more):
    draft = ReportDraft(what=what, **(more or {"where": "三楼左边"}))
    notice = Notice.objects.of(place).get(building__label=building)
    return report_take(notice=notice, draft=draft, address=at, now=b.hour(at))


KNOWN = {"unit": "1", "floor": 6, "column": 1}


def home_at(place, address):
    return Home.objects.of(place).get(address=address)


def card(report, name="look"):
    return f"{name}-{report.pk}"


def look_at_the_third_window(place, page, report, picture):
    """Choose on the drawing, choose again in the list, and see it cry."""
    page.clock.set_fixed_time(b.hour("07:41"))
    tap(page, card(report))
    page.wait_for_selector(".facade-choose")
    picture(page, "phone-report-choose-390-zh-Hans")
    page.locator(".facade-choose [data-place]").first.click()
    page.wait_for_selector("[data-key=another]")
    tap(page, "another")
    tap(page, f"pane-{home_at(place, '3-1-601').pk}")
    page.wait_for_selector("[data-key=answer-board-cry]")
    picture(page, "phone-report-answer-390-zh-Hans")
    tap(page, "answer-board-cry")
    page.wait_for_selector(".ask:has-text('赵奶奶')")
    tap(page, "not-going")
    tap(page, "close")
    page.wait_for_selector(".report:has-text('待送')")
    # One tap waits once, though a look and an answer are kept.
    assert waiting(page) == 1


def test_a_walker_confirms_a_crying_face_with_no_network(site, place, page_at, picture):
    report = reported(place)
    page = phone_of(page_at)
    page.wait_for_selector(".report-cry:has-text('5 分钟前')")
    page.context.set_offline(True)
    page.reload()
    page.wait_for_selector(".report-cry")
    look_at_the_third_window(place, page, report, picture)
    page = reopened(page, "07:50")
    page.wait_for_selector(".report:has-text('待送')")
    assert not ReportAct.objects.of(place).exists()

    tick(site, b.hour("07:55"))
    page.clock.set_fixed_time(b.hour("07:55"))
    page.context.set_offline(False)
    wait_until_sent(page)
    page.wait_for_selector(".report:has-text('07:41')")
    act = ReportAct.objects.of(place).get()
    report.refresh_from_db()
    assert (report.state, report.home.address) == ("confirmed", "3-1-601")
    assert act.said_at == b.hour("07:41")
    assert act.sighting == Sighting.objects.of(place).get(
        source="look", seen_at=b.hour("07:41")
    )
    told = Alert.objects.of(place).get()
    assert (told.kind, told.home) == ("help", report.home)
    # It counts on the round, too.
    assert "1 / 4" in page.inner_text("main")
    desk = logged_in(page_at(1280, 800), "chen")
    desk.goto("/neighbours/")
    assert "lin" in desk.inner_text("main")


OLD_STORE = """async () => {
  const { openDB } = await import("/static/vendor/idb-8.0.4.js");
  const names = ["looks", "photos", "goings"];
  const old = await openDB("shouwang-phone", 1, { upgrade(made) {
    for (const name of names) made.createObjectStore(name, { keyPath: "id" });
    made.createObjectStore("meta");
  } });
  await old.put("looks", { id: "x" });
  old.close();
  const { openStore } = await import("/static/phone/store.js");
  const store = await openStore();
  await store.keep({ looks: [{ id: "y" }], answers: [{ id: "z" }] });
  const kept = [await store.all("looks"), await store.all("answers")];
  store.close();
  return kept;
}"""


def test_a_phone_of_an_older_version_keeps_what_waits(site, page_at):
    page = page_at(expected=("401",))
    page.goto("/login/")
    assert page.evaluate(OLD_STORE) == [[{"id": "x"}, {"id": "y"}], [{"id": "z"}]]


def test_an_answer_that_is_lost_is_sent_again_and_kept_once(place, page_at):
    report = reported(place, **KNOWN)
    page = phone_of(page_at)
    lost = []

    def lose_the_answer(route):
        if route.request.method != "POST":
            route.continue_()
            return
        lost.append(1)
        if len(lost) == 1:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route("**/api/v1/phone/reports", lose_the_answer)
    tap(page, card(report))
    tap(page, "answer-board-smile")
    page.wait_for_selector(".note-calm")
    assert waiting(page) == 1
    tap(page, "waiting")
    tap(page, "send")
    wait_until_sent(page)
    assert len(lost) == 2
    assert ReportAct.objects.of(place).count() == 1
    assert Sighting.objects.of(place).filter(source="look").count() == 1


def test_two_walkers_and_one_report(site, place, page_at):
    report = reported(place)
    lin, ma = phone_of(page_at), phone_of(page_at, "ma")
    tap(lin, card(report, "cannot"))
    lin.wait_for_selector(".report:has-text('您去不了')")
    wait_until_sent(lin)
    ma.evaluate("dispatchEvent(new Event('online'))")
    ma.wait_for_selector(".report-cry:has-text('lin去不了')")
    tap(ma, card(report))
    tap(ma, "nothing")
    wait_until_sent(ma)
    lin.evaluate("dispatchEvent(new Event('online'))")
    lin.wait_for_selector(".report:has-text('ma看过')")
    assert lin.query_selector(".report-cry") is None
    dids = ReportAct.objects.of(place).order_by("received_at")
    assert [*dids.values_list("did", "by__display_name")] == [
        ("cannot", "lin"),
        ("nothing", "ma"),
    ]


def test_logged_out_in_the_middle_the_answer_stays(place, page_at):
    report = reported(place)
    page = phone_of(page_at, expected=("401",))
    page.context.clear_cookies()
    tap(page, card(report, "cannot"))
    page.wait_for_selector("a[href*=login]")
    assert waiting(page) == 1
    logged_in(page, "lin")
    page.goto("/phone/")
    page.wait_for_selector(".bar")
    wait_until_sent(page)
    assert ReportAct.objects.of(place).get().did == "cannot"


def test_a_crying_face_is_said_on_a_stop_and_a_file_takes_answers_along(place, page_at):
    report = reported(place)
    page = phone_of(page_at)
    tap(page, page.get_attribute("[data-key^=round-]", "data-key"))
    page.wait_for_selector(".note-grave:has-text('哭脸')")
    tap(page, "report-notice")
    page.context.set_offline(True)
    tap(page, card(report))
    tap(page, f"pane-{home_at(place, '3-2-401').pk}")
    tap(page, "reason-glare")
    page.wait_for_selector(".report:has-text('待送')")
    # Who could not see is asked again, and so are the others.
    assert page.query_selector(".report-cry")
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
    page.context.set_offline(False)
    wait_until_sent(page)
    assert ReportAct.objects.of(place).count() == 1
    report.refresh_from_db()
    assert (report.state, report.home.address) == ("new", "3-2-401")


@pytest.mark.parametrize(("language", "size"), [("zh-Hans", 18), ("en", 30)])
def test_no_screen_of_a_report_shuts_anybody_out(
    place, page_at, axe, picture, language, size
):
    report = reported(place)
    reported(
        place,
        "other",
        building="12",
        at="07:20",
        where="窗户破了",
        note="我是 13800001111",
    )
    page = phone_of(page_at, language=language)
    tap(page, "settings")
    tap(page, f"size-{size}")
    tap(page, "back")
    page.wait_for_selector(".report-cry")
    for name, key in (
        ("card", None),
        ("choose", card(report)),
        ("answer", f"pane-{home_at(place, '3-1-601').pk}"),
    ):
        if key:
            tap(page, key)
        axe(page)
        picture(page, f"phone-report-{name}-{size}-{language}")
        assert page.evaluate(SMALL) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert "1380000" not in page.content()
