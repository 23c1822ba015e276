"""The group report is copied and its picture saved, in a real browser."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from tests.apps import building as b
from tests.browser.phones import estate
from tests.browser.steps import logged_in, tick

from shouwang.apps.residents.models import Home
from shouwang.apps.watch import services


@pytest.mark.parametrize(("language", "width"), [("zh-Hans", 390), ("en", 1280)])
def test_text_and_picture_are_ready_for_the_group(
    site, page_at, axe, picture, language, width
):
    place = estate()
    looks = [b.look(row, "08:00") for row in Home.objects.of(place).exclude(unit="1")]
    tick(site, b.hour("07:30"))
    services.sightings_record(
        community=place, items=looks, by=None, now=b.hour("08:01")
    )
    tick(site, b.hour("09:15"))
    page = logged_in(page_at(width, 844, language), "chen")
    page.click("a[href='/group-report/']")
    page.wait_for_selector("[data-save]:not([hidden])")
    axe(page)
    picture(page, f"report-{width}-{language}")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.click("[data-copy]")
    assert "3-1-601" in page.evaluate("navigator.clipboard.readText()")
    with page.expect_download() as saved:
        page.click("[data-save]")
    kept = saved.value.path().read_bytes()
    with Image.open(io.BytesIO(kept)) as made:
        assert made.format == "PNG"
        assert made.width == 1080
        colours = made.convert("RGB").getcolors(1 << 20)
    assert colours is not None
    # Drawn, with its own colours: not a blank sheet.
    assert len(colours) > 20
