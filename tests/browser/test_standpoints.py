"""Standpoints on the plan of the estate, in a real browser."""

from __future__ import annotations

import pytest
from tests.apps import building as b
from tests.browser.steps import logged_in

from shouwang.apps.demo.estate import estate_jpeg
from shouwang.apps.rounds.models import Standpoint
from shouwang.apps.rounds.services.standpoints import (
    StandpointDraft,
    plan_store,
    standpoint_add,
)


@pytest.fixture
def place(site, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    made = b.community()
    b.member(made, "chen", "coordinator", "duty_officer")
    home = b.watched(made)
    b.watched(made, "12-1-501")
    draft = StandpointDraft(name="3 号楼南", home_ids=[home.pk], x=0.6, y=0.3)
    standpoint_add(community=made, draft=draft)
    plan_store(community=made, content=estate_jpeg(), now=b.DAWN)
    site.clock_at(b.hour("08:00"))
    return made


@pytest.mark.parametrize(("language", "width"), [("zh-Hans", 390), ("en", 1440)])
def test_a_standpoint_is_marked_by_a_click(
    place, page_at, axe, picture, language, width
):
    page = logged_in(page_at(width, 844, language))
    page.goto("/standpoints/")
    page.wait_for_selector(".plan-point")
    axe(page)
    picture(page, f"standpoints-{width}-{language}")
    page.goto("/standpoints/add/")
    page.wait_for_selector(".plan-point")
    page.fill("[name=name]", "12 号楼南")
    page.check("text=12-1-501")
    page.click(".plan", position={"x": 100, "y": 120})
    page.wait_for_selector(".plan-here")
    axe(page)
    picture(page, f"standpoint-{width}-{language}")
    page.click("main form.card button")
    page.wait_for_selector(".plan-point >> nth=1")
    row = Standpoint.objects.of(place).get(name="12 号楼南")
    assert row.x is not None
    assert 0 < row.x < 0.6
    page.click(".plan-point >> nth=0")
    page.wait_for_url("**/standpoints/*/")
