"""A resident walks by, scans the code, and tells what they saw."""

from __future__ import annotations

import pytest
from tests.apps import building as b
from tests.browser.phones import estate
from tests.browser.steps import logged_in, tick

from shouwang.apps.alerts.models import Alert
from shouwang.apps.neighbours.models import Notice


@pytest.fixture
def place(site):
    made = estate()
    tick(site, b.hour("10:00"))
    return made


@pytest.mark.parametrize(("language", "width"), [("zh-Hans", 390), ("en", 1280)])
@pytest.mark.parametrize("java_script", [True, False])
def test_a_crying_face_reaches_the_desk_in_two_taps(
    place, page_at, axe, picture, language, width, java_script
):
    desk = logged_in(page_at(width, 844, language), "chen")
    desk.goto("/neighbours/notices/")
    desk.click("main form button")
    desk.wait_for_selector(".notice")
    axe(desk)
    picture(desk, f"notices-{width}-{language}")
    notice = Notice.objects.of(place).get(building__label="3")

    page = page_at(width, 844, language, java_script=java_script)
    page.goto(f"/see/{notice.code}/")
    if java_script:
        axe(page)
    page.click(".what-cry")
    page.click("input[name=window][value='1|6|1']", force=True)
    picture(page, f"see-{width}-{language}")
    page.click(".send")
    page.wait_for_url("**/thanks/")
    if java_script:
        axe(page)
    told = Alert.objects.of(place).filter(kind="help")
    assert [*told.values_list("home__address", flat=True)] == ["3-1-601"]

    desk.goto("/")
    desk.wait_for_selector(".uncovered")
    axe(desk)
    desk.click(".uncovered a")
    desk.wait_for_selector("button[value=confirm]")
    axe(desk)
    picture(desk, f"reports-{width}-{language}")
    desk.click("button[value=confirm]")
    desk.wait_for_selector(".told")
    assert desk.query_selector("button[value=confirm]") is None
