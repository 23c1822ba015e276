"""From a ladder to its preview and its drill, and the rota, in a real browser."""

from __future__ import annotations

from datetime import time

import pytest
from tests.apps import building as b
from tests.browser.steps import logged_in

from shouwang.apps.alerts.models import EscalationPolicy
from shouwang.apps.communities.models import Member
from shouwang.apps.duty import services as duty
from shouwang.apps.residents import services as homes
from shouwang.apps.rounds.services import RoundDraft, round_add
from shouwang.domain.schedule import EVERY_DAY


@pytest.fixture
def place(site):
    made = b.community()
    b.member(made, "chen", "coordinator", "duty_officer")
    lin = b.member(made, "lin", "duty_officer")
    walker = b.member(made, "ma", "walker")
    Member.objects.of(made).filter(pk__in=[lin.pk, walker.pk]).update(phone="000-0001")
    home = b.watched(made)
    b.watched(made, "5-1-201")
    homes.contact_add(
        home=home,
        draft=homes.ContactDraft(name="李玉珍", phone="000-0002", is_family=True),
    )
    draft = RoundDraft(
        name="早一",
        at=time(7),
        days=EVERY_DAY,
        walker_ids=[walker.pk],
        home_ids=[home.pk],
    )
    round_add(community=made, draft=draft)
    turn = duty.TurnDraft(
        member_id=lin.pk,
        days=EVERY_DAY,
        begins=time(8),
        ends=time(21),
        valid_from=b.TODAY,
    )
    duty.turn_add(community=made, draft=turn)
    site.clock_at(b.hour("08:00"))
    return made


SIZES = [("zh-Hans", 390, 844, True), ("en", 1440, 900, False)]


def copied_and_changed(page, look):
    """Copy a built-in ladder, move a step, and save it after the warning."""
    page.goto("/policies/")
    look("ladders")
    page.click('a[href$="?from=missed"]')
    look("ladder")
    # Keyholders reach nobody yet: the warning names the step, and is read.
    page.click(".step >> nth=3 >> button[value=up-3]")
    moved = "[name=step-2-ask] option[value=keyholder][selected]"
    page.wait_for_selector(moved, state="attached")
    page.click("section button[value=save]")
    page.wait_for_selector(".ladder-gap")
    look("ladder-warned")
    page.check("[name=anyway]")
    page.click("section button[value=save]")
    page.wait_for_url("**/policies/")
    look("ladders-own")


@pytest.mark.parametrize(("language", "width", "height", "dark"), SIZES)
def test_a_ladder_is_copied_changed_foreseen_and_played(
    place, page_at, axe, picture, language, width, height, dark
):
    page = logged_in(page_at(width, height, language, dark=dark, expected=("422",)))

    def look(name):
        axe(page)
        picture(page, f"{name}-{width}-{language}")

    copied_and_changed(page, look)
    row = EscalationPolicy.objects.of(place).get()
    assert [step["ask"] for step in row.steps][2] == "keyholder"
    page.goto("/policies/preview/")
    look("preview-risks")
    page.select_option("[name=home]", index=1)
    page.click("form.filters-ladder button")
    page.wait_for_selector(".steps-ahead")
    look("preview")
    page.set_default_timeout(120_000)
    page.click("form[action='/drills/play'] button")
    page.wait_for_selector(".timeline")
    look("drill")
    assert "lin" in page.inner_text(".timeline")
    with page.expect_download() as kept:
        page.click("a[href^='/drills/file.yaml']")
    assert kept.value.suggested_filename == "drill-missed-2100.yaml"


@pytest.mark.parametrize(("language", "width", "height", "dark"), SIZES)
def test_a_turn_is_given_away_in_two_clicks(
    place, page_at, axe, picture, language, width, height, dark
):
    page = logged_in(page_at(width, height, language, dark=dark), "lin")
    axe(page)
    picture(page, f"board-duty-{width}-{language}")
    page.goto("/duty/")
    axe(page)
    picture(page, f"duty-{width}-{language}")
    page.click("summary >> nth=0")
    page.click(".give[open] button")
    page.wait_for_selector(".told")
    axe(page)
    picture(page, f"duty-given-{width}-{language}")
    assert "chen" in page.inner_text(".duty-today")
    page = logged_in(page_at(width, height, language, dark=dark))
    page.goto("/duty/turns/add/")
    axe(page)
    picture(page, f"duty-add-{width}-{language}")


def test_without_a_script_the_buttons_move_steps_all_the_same(place, page_at):
    page = logged_in(page_at(1280, 800, "en", java_script=False))
    page.goto("/policies/add/?from=watch")
    page.fill("[name=name]", "Ours")
    page.click("button[value=add]")
    page.click("button[value=up-2]")
    assert page.locator(".step").count() == 3
    page.click(".step >> nth=0 >> button[value=remove-0]")
    assert page.input_value("[name=name]") == "Ours"
    asks = page.eval_on_selector_all(".step select", "rows => rows.map(r => r.value)")
    assert asks == ["phone", "look_again"]
