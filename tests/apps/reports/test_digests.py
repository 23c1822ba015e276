from __future__ import annotations

import io
from datetime import time, timedelta

import pytest
from PIL import Image
from tests.apps import building as b
from tests.apps.outbox.channels import Invented, estate, missed, set_up

from shouwang.apps.outbox.models import MessageState, OutboxMessage
from shouwang.apps.outbox.sending import outbox_send_due
from shouwang.apps.reports.drawing import png_of
from shouwang.apps.reports.models import Digest, DigestTime
from shouwang.apps.reports.services import (
    TOO_LATE,
    TimeDraft,
    digest_time_add,
    digest_time_end,
    digests_draw_due,
    digests_write_due,
)
from shouwang.apps.residents.models import Home
from shouwang.apps.watch.services import sightings_record
from shouwang.common.errors import RefusedError
from shouwang.notify import channels
from shouwang.notify.settings import Reaches

pytestmark = pytest.mark.django_db
NINE = b.hour("09:15")


@pytest.fixture(autouse=True)
def _pictures_elsewhere(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def group(monkeypatch):
    made = Invented(kind="group", reaches=Reaches.GROUP)
    monkeypatch.setitem(channels.CHANNELS, "group", made)
    return made


@pytest.fixture
def place(group):
    made = estate("3-2-401")
    via = set_up(made, group)
    draft = TimeDraft(at=time(9, 15), via=via)
    digest_time_add(community=made, draft=draft, now=b.DAWN)
    return made


def the_hour(now=NINE):
    """Let the runner and the sender do what they do at this moment."""
    written = digests_write_due(now=now)
    digests_draw_due(now=now)
    outbox_send_due(now=now)
    return written


def seen_well(place):
    home = Home.objects.of(place).get()
    for state, clock, day in (("closed", "19:00", -1), ("open", "08:00", 0)):
        seen_at = b.hour(clock) + timedelta(days=day)
        look = b.look(home, clock, state=state, seen_at=seen_at)
        sightings_record(community=place, items=[look], by=None, now=b.hour("08:01"))


def posted(group):
    return [row for row in group.took if row.about == "digest"]


def test_at_its_time_the_report_is_written_drawn_and_posted(place, group):
    missed(place)
    assert the_hour() == 1
    [message] = posted(group)
    assert "3-2-401" in message.text
    with Image.open(io.BytesIO(message.picture.content)) as picture:
        assert picture.width == 1080
    row = Digest.objects.of(place).get()
    assert row.drawing == ""
    assert row.due_at == NINE


def test_a_day_on_which_all_is_well_is_one_line_without_a_picture(place, group):
    seen_well(place)
    the_hour()
    [message] = posted(group)
    assert message.picture is None
    assert len(message.text.splitlines()) == 2


def test_it_is_written_once_however_often_the_runner_comes(place, group):
    missed(place)
    assert [the_hour(), the_hour(NINE + timedelta(minutes=1))] == [1, 0]
    assert len(posted(group)) == 1
    assert DigestTime.objects.of(place).get().next_at == NINE + timedelta(days=1)


def test_before_its_time_nothing_is_written(place, group):
    assert the_hour(NINE - timedelta(seconds=1)) == 0


def test_a_report_long_after_its_time_is_left_out(place, group):
    assert the_hour(NINE + TOO_LATE + timedelta(seconds=1)) == 0
    assert DigestTime.objects.of(place).get().next_at == NINE + timedelta(days=1)


def test_a_report_that_could_not_be_posted_in_time_is_posted_no_more(place, group):
    missed(place)
    digests_write_due(now=NINE)
    digests_draw_due(now=NINE)
    outbox_send_due(now=NINE + TOO_LATE + timedelta(seconds=1))
    assert posted(group) == []
    row = OutboxMessage.objects.of(place).get(about="digest")
    assert row.state == MessageState.OVER


def test_without_a_group_it_waits_to_be_forwarded_by_hand(group):
    made = estate("3-2-401")
    digest_time_add(community=made, draft=TimeDraft(at=time(9, 15)), now=b.DAWN)
    missed(made)
    the_hour()
    row = Digest.objects.of(made).get()
    assert row.picture
    assert not OutboxMessage.objects.of(made).filter(about="digest").exists()


def test_a_time_that_was_ended_is_silent(place, group):
    digest_time_end(row=DigestTime.objects.of(place).get(), now=b.DAWN)
    assert the_hour() == 0


def test_two_reports_at_one_time_are_refused(place):
    with pytest.raises(RefusedError) as refused:
        digest_time_add(community=place, draft=TimeDraft(at=time(9, 15)), now=b.DAWN)
    assert refused.value.code == "time_taken"


def test_letters_are_drawn_without_any_font_of_this_machine():
    def drawn(text):
        svg = (
            '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="80">'
            f'<text x="10" y="60" font-size="48" font-family="x, sans-serif">{text}</text>'
            "</svg>"
        )
        with Image.open(io.BytesIO(png_of(svg))) as picture:
            return picture.convert("RGBA").getbbox()

    assert drawn("") is None
    assert drawn("王奶奶")[2] > 120
    # Each rare letter of a name is one of its own, not an empty box like another.
    assert png_of_word("喆") != png_of_word("堃")


def png_of_word(word):
    return png_of(
        '<svg xmlns="http://www.w3.org/2000/svg" width="80" height="80">'
        f'<text x="10" y="60" font-size="48" font-family="sans-serif">{word}</text></svg>'
    )
