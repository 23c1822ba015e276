"""What one sees from a standpoint: its picture, and the windows marked on it."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from tests.apps import building as b
from tests.apps.facades import facade_jpeg, window_box

from shouwang.apps.rounds.models import ReferencePicture
from shouwang.apps.rounds.selectors.pictures import beginning_for, homes_on, picture_of
from shouwang.apps.rounds.services import RoundDraft, round_add
from shouwang.apps.rounds.services.pictures import picture_store
from shouwang.apps.rounds.services.standpoints import StandpointDraft, standpoint_add
from shouwang.apps.watch.models import Marking, Photo, WindowMark
from shouwang.apps.watch.selectors import boxes_on
from shouwang.apps.watch.services import PhotoIn, photo_store, windows_mark
from shouwang.common.errors import NotFoundError, RefusedError
from shouwang.domain.marks import Box
from shouwang.domain.schedule import EVERY_DAY

pytestmark = pytest.mark.django_db
LATER = b.DAWN + timedelta(days=1)


@pytest.fixture(autouse=True)
def _photos_elsewhere(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def place():
    return b.community()


@pytest.fixture
def chen(place):
    return b.member(place, "chen", "coordinator")


@pytest.fixture
def homes(place):
    return [b.watched(place, row) for row in ("3-2-401", "3-2-402")]


@pytest.fixture
def gate(place, homes):
    draft = StandpointDraft(name="南门", home_ids=[row.pk for row in homes])
    return standpoint_add(community=place, draft=draft)


@pytest.fixture
def desk(client, chen):
    client.force_login(chen.user)
    return client


def stored(gate, chen, now=b.DAWN):
    return picture_store(standpoint=gate, content=facade_jpeg(), by=chen, now=now)


def taken(place, home, standpoint="南门", now=LATER):
    photo = PhotoIn(
        content=facade_jpeg(shift=20),
        home_ids=[home.pk],
        taken_at=now,
        standpoint=standpoint,
    )
    return photo_store(community=place, photo=photo, by=None, now=now)[0]


def boxes(place, photo):
    return boxes_on(community=place, photo_ids=[photo.pk]).get(photo.pk, {})


def test_another_picture_ends_the_one_before_and_keeps_it(place, gate, chen):
    first = stored(gate, chen)
    second = stored(gate, chen, LATER)
    first.refresh_from_db()
    assert picture_of(standpoint=gate) == second
    assert first.ended_at == LATER
    assert Photo.objects.of(place).count() == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        ReferencePicture.objects.of(place).filter(pk=first.pk).update(ended_at=None)


def test_what_is_no_picture_leaves_the_one_that_is_there(gate, chen):
    first = stored(gate, chen)
    with pytest.raises(RefusedError) as refusal:
        picture_store(standpoint=gate, content=b"<svg/>", by=chen, now=LATER)
    assert refusal.value.code == "not_a_photo"
    assert picture_of(standpoint=gate) == first


def test_marks_drawn_anew_count_and_the_old_ones_are_kept(place, gate, homes, chen):
    photo = stored(gate, chen).photo
    one, other = (row.pk for row in homes)
    old = {one: window_box(4, 1), other: window_box(4, 2)}
    windows_mark(photo=photo, boxes=old, by=chen, now=b.DAWN)
    windows_mark(photo=photo, boxes={one: window_box(5, 1)}, by=chen, now=LATER)
    assert boxes(place, photo) == {one: window_box(5, 1)}
    assert WindowMark.objects.of(place).count() == 3
    told = Marking.objects.of(place).order_by("pk").values_list("marked_at", flat=True)
    assert [*told] == [b.DAWN, LATER]
    windows_mark(photo=photo, boxes={}, by=chen, now=LATER)
    assert boxes(place, photo) == {}


def test_a_bad_box_is_refused_and_nothing_is_recorded(place, gate, homes, chen):
    photo = stored(gate, chen).photo
    one, other = (row.pk for row in homes)
    wrong = {one: window_box(4, 1), other: window_box(4, 1)}
    with pytest.raises(RefusedError) as refusal:
        windows_mark(photo=photo, boxes=wrong, by=chen, now=b.DAWN)
    assert set(refusal.value.fields) == {f"home_{one}", f"home_{other}"}
    with pytest.raises(RefusedError) as refusal:
        windows_mark(photo=photo, boxes={}, by=chen, now=b.DAWN)
    assert refusal.value.code == "nothing_marked"
    theirs = b.watched(b.community("槐树社区"))
    with pytest.raises(NotFoundError):
        windows_mark(
            photo=photo, boxes={theirs.pk: window_box(1, 1)}, by=chen, now=b.DAWN
        )
    assert not Marking.objects.of(place).exists()


def test_the_database_itself_keeps_a_mark_inside(place, gate, homes, chen):
    photo = stored(gate, chen).photo
    row = windows_mark(
        photo=photo, boxes={homes[0].pk: window_box(1, 1)}, by=chen, now=b.DAWN
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        WindowMark.objects.of(place).create(
            community=place,
            marking=row,
            home=homes[1],
            x=0.9,
            y=0.1,
            width=0.2,
            height=0.1,
        )


def test_a_photo_begins_with_the_marks_of_the_standpoints_picture(
    place, gate, homes, chen
):
    photo = taken(place, homes[0])
    assert beginning_for(photo=photo) is None
    marks = {homes[0].pk: window_box(4, 1)}
    earlier = taken(place, homes[0], now=b.DAWN)
    windows_mark(photo=earlier, boxes=marks, by=chen, now=b.DAWN)
    beginning = beginning_for(photo=photo)
    assert beginning is not None
    assert (beginning.boxes, beginning.is_reference) == (marks, False)

    reference = stored(gate, chen).photo
    marked = {homes[1].pk: window_box(4, 2)}
    windows_mark(photo=reference, boxes=marked, by=chen, now=LATER)
    beginning = beginning_for(photo=photo)
    assert beginning is not None
    assert (beginning.boxes, beginning.is_reference) == (marked, True)
    # Offered, and not taken for confirmed.
    assert boxes(place, photo) == {}
    assert homes_on(photo=photo) == homes
    # Another standpoint is another view.
    assert beginning_for(photo=taken(place, homes[0], "北门")) is None


def test_a_new_picture_begins_with_the_marks_of_the_one_before(gate, homes, chen):
    marks = {homes[0].pk: window_box(4, 1)}
    windows_mark(photo=stored(gate, chen).photo, boxes=marks, by=chen, now=b.DAWN)
    beginning = beginning_for(photo=stored(gate, chen, LATER).photo)
    assert beginning is not None
    assert beginning.boxes == marks


def fields(home, box):
    return {
        f"{side}_{home.pk}": f"{getattr(box, side) * 100:.2f}"
        for side in ("x", "y", "width", "height")
    }


def test_a_coordinator_marks_by_numbers(desk, place, gate, homes, chen):
    url = reverse("rounds:standpoint_picture", args=[gate.pk])
    assert desk.get(url).status_code == 302
    stored(gate, chen)
    given = fields(homes[0], window_box(4, 1)) | fields(homes[1], window_box(4, 2))
    assert desk.post(url, given).status_code == 302
    found = boxes(place, stored_photo(gate))
    assert set(found) == {row.pk for row in homes}
    assert found[homes[0].pk].x == pytest.approx(window_box(4, 1).x, abs=1e-4)
    page = desk.get(url).content.decode()
    assert page.count('class="mark-line"') == 2
    assert f'value="{given[f"x_{homes[0].pk}"]}"' in page


def stored_photo(gate):
    picture = picture_of(standpoint=gate)
    assert picture is not None
    return picture.photo


def test_every_wrong_box_is_told_at_once_and_what_was_typed_stays(
    desk, place, gate, homes, chen
):
    stored(gate, chen)
    url = reverse("rounds:standpoint_picture", args=[gate.pk])
    wrong = fields(homes[0], Box(x=0.95, y=0.1, width=0.2, height=0.1))
    wrong |= fields(homes[1], Box(x=0.1, y=0.1, width=0.001, height=0.1))
    answer = desk.post(url, wrong, headers={"accept-language": "en"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "goes over the edge" in page
    assert "too small" in page
    assert 'value="95.00"' in page
    part = {f"x_{homes[0].pk}": "10", f"y_{homes[1].pk}": "abc"}
    answer = desk.post(url, part, headers={"accept-language": "en"})
    assert answer.status_code == 422
    assert "all four numbers" in answer.content.decode()
    assert not Marking.objects.of(place).exists()


def walks(place, gate, who):
    draft = RoundDraft(
        name="早一",
        at=time(8, 30),
        days=EVERY_DAY,
        walker_ids=[who.pk],
        home_ids=[],
        standpoint_ids=[gate.pk],
    )
    return round_add(community=place, draft=draft)


@pytest.mark.parametrize(
    ("role", "is_walking", "status"),
    [
        ("walker", True, 200),
        ("walker", False, 404),
        ("volunteer", True, 200),
        ("duty_officer", False, 200),
        ("supervisor", False, 404),
    ],
)
def test_only_who_stands_there_today_and_the_desk_get_the_picture(
    client, place, gate, chen, role, is_walking, status
):
    row = stored(gate, chen)
    url = reverse("rounds:phone_picture", args=[row.pk])
    somebody = b.member(place, "somebody", role)
    if is_walking:
        walks(place, gate, somebody)
    client.force_login(somebody.user)
    assert client.get(url).status_code == status
    stored(gate, chen, LATER)
    assert client.get(url).status_code == 404
    elsewhere = b.community("槐树社区")
    client.force_login(b.member(elsewhere, "outsider", "walker").user)
    picture = picture_of(standpoint=gate)
    assert picture is not None
    url = reverse("rounds:phone_picture", args=[picture.pk])
    assert client.get(url).status_code == 404
