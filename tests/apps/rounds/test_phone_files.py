"""What a phone could not send is brought in at the desk, once, as it was seen."""

from __future__ import annotations

import base64
import io
import json
import uuid

import pytest
from PIL import Image
from tests.apps import building as b

from shouwang.apps.rounds.services.phone_files import phone_file_record
from shouwang.apps.watch.models import Photo, Sighting
from shouwang.common.errors import RefusedError

pytestmark = pytest.mark.django_db
NOON = b.hour("12:00")


@pytest.fixture
def place():
    return b.community()


@pytest.fixture
def home(place):
    return b.watched(place)


@pytest.fixture
def lin(place):
    return b.member(place, "lin", "walker")


@pytest.fixture
def chen(place):
    return b.member(place, "chen", "duty_officer")


def look(home, member, **more):
    plain = {"id": str(uuid.uuid4()), "member": member.pk, "home": home.pk}
    seen = {
        "signal": "curtain",
        "state": "open",
        "seen_at": "2026-03-02T10:41:00+08:00",
    }
    return {**plain, **seen, **more}


def picture(home, member, **more):
    out = io.BytesIO()
    Image.new("RGB", (40, 30)).save(out, "JPEG")
    plain = {"id": str(uuid.uuid4()), "member": member.pk, "homes": [home.pk]}
    jpeg = base64.b64encode(out.getvalue()).decode()
    return {**plain, "taken_at": "2026-03-02T10:41:00+08:00", "jpeg": jpeg, **more}


def file_of(looks=(), photos=(), **more):
    plain = {"shouwang_phone": 1, "offset_ms": 3 * 3600 * 1000}
    return json.dumps(
        {**plain, "looks": [*looks], "photos": [*photos], **more}
    ).encode()


def test_a_file_counts_as_it_was_seen_and_only_once(place, home, lin, chen):
    content = file_of([look(home, lin)], [picture(home, lin)])
    first = phone_file_record(community=place, content=content, by=chen, now=NOON)
    again = phone_file_record(community=place, content=content, by=chen, now=NOON)
    assert (first.new_count, first.had_count, first.refused) == (2, 0, ())
    assert (again.new_count, again.had_count, again.refused) == (0, 2, ())
    row = Sighting.objects.of(place).get()
    assert (row.seen_at, row.by, row.typed_by) == (b.hour("07:41"), lin, chen)
    assert Photo.objects.of(place).get().taken_at == b.hour("07:41")


def test_one_bad_row_never_takes_the_others_with_it(place, home, lin, chen):
    elsewhere = b.community("槐树社区")
    stranger, theirs = b.member(elsewhere, "x", "walker"), b.watched(elsewhere)
    looks = [look(home, lin), look(home, stranger), look(theirs, lin)]
    photos = [
        picture(home, lin, jpeg="!"),
        picture(home, stranger),
        picture(home, lin, jpeg=base64.b64encode(b"<svg/>").decode()),
        picture(theirs, lin),
    ]
    done = phone_file_record(
        community=place, content=file_of(looks, photos), by=chen, now=NOON
    )
    assert (done.new_count, done.had_count, len(done.refused)) == (1, 0, 6)
    assert Sighting.objects.of(elsewhere).count() == 0


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no json",
        b"[]",
        file_of(shouwang_phone=2),
        file_of(offset_ms=10**15),
        file_of([{"id": "x"}]),
    ],
)
def test_what_is_no_file_of_a_phone_is_refused_whole(place, chen, content):
    with pytest.raises(RefusedError) as refusal:
        phone_file_record(community=place, content=content, by=chen, now=NOON)
    assert refusal.value.code == "not_a_phone_file"
