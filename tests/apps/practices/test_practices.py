"""Practices: six come along, ours go out without anybody in them, others' come in."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation
from tests.apps import building as b

from shouwang.apps.alerts.models import EscalationPolicy
from shouwang.apps.alerts.policies import policies_own, policy_of
from shouwang.apps.practices.catalogue import BUILT_IN, built_in, built_in_file
from shouwang.apps.practices.models import PracticeRow, PracticeUse
from shouwang.apps.practices.reading import BYTES_MOST, practice_read, said
from shouwang.apps.practices.saving import practice_save
from shouwang.apps.practices.selectors import plan_of, practice_for, windows_of
from shouwang.apps.practices.services import (
    OwnPractice,
    practice_keep,
    practice_use,
)
from shouwang.apps.residents import services as homes
from shouwang.apps.residents.models import SignalKindRow
from shouwang.apps.residents.selectors import signal_kinds
from shouwang.apps.rounds.models import Round
from shouwang.apps.rounds.services import RoundDraft, round_add
from shouwang.apps.visits.selectors.form import form_now, own_questions
from shouwang.apps.visits.services import QuestionDraft, question_add
from shouwang.common.errors import ConflictError, RefusedError
from shouwang.domain.policies import policy_problems
from shouwang.domain.schedule import EVERY_DAY, Terms, terms_problems

OWN = OwnPractice(
    name="看灯笼",
    purpose="给晚上在家的老人",
    how="门口挂灯笼",
    proves="有人点过",
    proves_not="一直亮着不算",
    signal="light",
)
NAMES = ("王桂兰", "李玉珍", "13900000001", "3-2-401", "林师傅")


@pytest.fixture
def place(db):
    made = b.community()
    windows = windows_of(built_in("lights-at-seven"))
    home = b.watched(made, signal="light", windows=windows)
    homes.resident_add(home=home, draft=homes.ResidentDraft(name="王桂兰"))
    draft = homes.ContactDraft(name="李玉珍", phone="13900000001")
    homes.contact_add(home=home, draft=draft)
    return made


@pytest.fixture
def boss(place):
    return b.member(place, "林师傅", "coordinator")


def use(place, boss, key):
    found = practice_for(boss, key)
    return practice_use(community=place, found=found, by=boss, now=b.DAWN)


def refused(content):
    with pytest.raises(RefusedError) as error:
        practice_read(content)
    assert str(error.value)
    return error.value.code


# --- the six ------------------------------------------------------------------------


@pytest.mark.parametrize("key", BUILT_IN)
def test_each_of_the_six_is_whole_in_both_languages(key):
    row = built_in(key)
    for text in (row.name, row.purpose, row.how, row.proves, row.proves_not):
        assert text.zh
        assert text.en
        assert text.zh != text.en
    assert row.source
    assert row.policy
    assert row.rounds
    windows = windows_of(row)
    terms = Terms(signal=row.signal, expectations=windows, valid_from=b.TODAY)
    assert terms_problems(terms) == []


@pytest.mark.django_db
@pytest.mark.parametrize("key", BUILT_IN)
def test_each_of_the_six_can_be_used_and_its_ladder_is_sound(place, boss, key):
    done = use(place, boss, key)
    assert done.signal in signal_kinds(place)
    assert Round.objects.of(place).count() == len(built_in(key).rounds)
    (policy,) = policies_own(community=place)
    assert policy_problems(policy_of(policy)) == []
    states = signal_kinds(place)[done.signal].states
    assert {state for row in windows_of(built_in(key)) for state in row.well} <= set(
        states
    )


def test_a_practice_speaks_the_readers_language():
    with translation.override("en"):
        assert said(built_in("doorbell").name) == "The doorbell once a day"
    with translation.override("zh-hans"):
        assert said(built_in("doorbell").name) == "每天按一次门铃"


# --- clashes ------------------------------------------------------------------------


@pytest.mark.django_db
def test_what_has_the_same_name_here_is_renamed_and_never_overwritten(place, boss):
    state = homes.StateDraft
    own = homes.SignalKindDraft(
        kind="flag",
        name="红旗",
        states=(state(name="有", meaning="well"), state(name="无", meaning="neutral")),
    )
    homes.signal_kind_add(community=place, draft=own)
    done = use(place, boss, "flag-with-decoys")
    assert done.signal == "flag-2"
    kinds = {row.kind: row.name for row in SignalKindRow.objects.of(place)}
    assert kinds["flag"] == "红旗"
    assert len(kinds) == 2


@pytest.mark.django_db
def test_using_a_practice_twice_adds_no_second_kind_and_renames_the_rest(place, boss):
    use(place, boss, "rubbish-bag")
    plan = plan_of(community=place, practice=built_in("rubbish-bag"))
    assert not plan.adds_kind
    use(place, boss, "rubbish-bag")
    assert SignalKindRow.objects.of(place).count() == 1
    names = list(Round.objects.of(place).values_list("name", flat=True))
    assert len(names) == len(set(names)) == 2
    assert EscalationPolicy.objects.of(place).count() == 2


@pytest.mark.django_db
def test_new_agreements_can_begin_with_the_windows_of_a_practice(client, place, boss):
    use(place, boss, "lights-at-seven")
    client.force_login(boss.user)
    url = reverse("residents:agreement_add", args=[b.home(place, "3-2-402").pk])
    choosing = client.get(url).content.decode()
    assert "preset=light%3Alights-at-seven" in choosing
    page = client.get(url, {"signal": "light", "preset": "light:lights-at-seven"})
    assert "19:30" in page.content.decode()
    # A preset nobody knows leads to what is usual.
    assert client.get(url, {"signal": "light", "preset": "x"}).status_code == 200


# --- ours ---------------------------------------------------------------------------


@pytest.mark.django_db
def test_ours_goes_out_and_is_the_same_elsewhere_with_its_source(place, boss):
    draft = RoundDraft(
        name="看灯",
        at=time(19),
        days=EVERY_DAY,
        walker_ids=[boss.pk],
        home_ids=[],
    )
    walked = round_add(community=place, draft=draft)
    own = OwnPractice(**{**OWN.__dict__, "round_ids": (walked.pk,)})
    row = practice_save(community=place, own=own, by=boss, now=b.DAWN)
    for name in NAMES:
        assert name not in row.file
    other = b.community("槐树社区")
    there = b.member(other, "there", "coordinator")
    kept = practice_keep(
        community=other, content=row.file.encode(), by=there, now=b.DAWN
    )
    assert kept.source == "梧桐里社区"
    done = use(other, there, str(kept.pk))
    assert done.practice == kept
    assert [x.name for x in Round.objects.of(other)] == ["看灯"]
    assert practice_read(done.file.encode()).source == "梧桐里社区"


@pytest.mark.django_db
@pytest.mark.parametrize("field", ["name", "purpose", "how", "proves", "proves_not"])
@pytest.mark.parametrize("name", [*NAMES, "139 0000 0001"])
def test_what_names_somebody_is_refused_with_the_field(place, boss, field, name):
    own = OwnPractice(**{**OWN.__dict__, field: f"去问 {name} 吧"})
    with pytest.raises(RefusedError) as error:
        practice_save(community=place, own=own, by=boss, now=b.DAWN)
    assert error.value.code == "names_somebody"
    assert field in error.value.fields
    assert PracticeRow.objects.of(place).count() == 0


@pytest.mark.django_db
def test_a_round_named_after_somebody_does_not_go_out(place, boss):
    draft = RoundDraft(
        name="王桂兰那边", at=time(7), days=EVERY_DAY, walker_ids=[], home_ids=[]
    )
    walked = round_add(community=place, draft=draft)
    own = OwnPractice(**{**OWN.__dict__, "round_ids": (walked.pk,)})
    with pytest.raises(RefusedError):
        practice_save(community=place, own=own, by=boss, now=b.DAWN)


@pytest.mark.django_db
def test_a_named_person_of_a_ladder_goes_out_as_whoever_is_on_duty(place, boss):
    policy = EscalationPolicy.objects.of(place).create(
        community=place,
        name="灯",
        kinds=["missed"],
        steps=[{"tell": [f"member:{boss.pk}"], "ask": "phone", "wait": 5}],
    )
    own = OwnPractice(**{**OWN.__dict__, "policy_id": policy.pk})
    row = practice_save(community=place, own=own, by=boss, now=b.DAWN)
    practice = practice_read(row.file.encode())
    assert practice.policy is not None
    assert practice.policy.steps[0].tell == ["duty_officer"]
    assert "member" not in row.file


# --- bad files ------------------------------------------------------------------------

GOOD = built_in_file("curtain").decode()
BOMB = "a: &a [x]\n" + "\n".join(f"b{n}: [*a, *a]" for n in range(9))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "not_a_practice"),
        (b"{", "not_yaml"),
        (b"just words", "not_a_practice"),
        (b"\xff\xfe\x00", "not_text"),
        (b"a: \x00", "not_yaml"),
        (b"x" * (BYTES_MOST + 1), "file_too_big"),
        (BOMB.encode(), "references"),
        (b"[" * 5000, "too_deep"),
        (b"a: !!python/object/apply:os.system ['true']", "not_yaml"),
        (b"---\na: 1\n---\nb: 2", "not_yaml"),
        (GOOD.replace("version: 1", "version: 2", 1).encode(), "unknown_version"),
        (GOOD.replace("version: 1", "version: true", 1).encode(), "unknown_version"),
        (GOOD.replace("signal: curtain", "signal: smoke").encode(), "practice_wrong"),
        (GOOD.replace("signal: curtain", "signal: sticker").encode(), "practice_wrong"),
        (GOOD.replace("ask: phone", "ask: shout").encode(), "practice_wrong"),
        (GOOD.replace('opens: "07:00"', 'opens: "27:00"').encode(), "practice_wrong"),
        (GOOD.replace("[duty_officer]", '["member:1"]').encode(), "practice_wrong"),
        ((GOOD + "\nwalkers: [1]\n").encode(), "practice_wrong"),
        (GOOD.replace("well: [open]", "well: [ajar]").encode(), "practice_wrong"),
    ],
)
def test_a_bad_file_is_answered_with_what_is_wrong(content, code):
    assert refused(content) == code


def test_a_practice_can_be_json_as_well():
    practice = built_in("lights-at-seven")
    given = practice.model_dump(mode="json", by_alias=True, exclude_none=True)
    assert practice_read(json.dumps(given).encode()) == practice


@pytest.mark.django_db
def test_the_page_says_what_is_wrong_with_a_file_and_keeps_nothing(client, place, boss):
    client.force_login(boss.user)
    url = reverse("practices:practice_add")
    english = {"accept-language": "en"}
    bad = SimpleUploadedFile(
        "p.yaml", GOOD.replace("version: 1", "version: 9").encode()
    )
    answer = client.post(url, {"file": bad}, headers=english)
    assert answer.status_code == 422
    assert "saved in version 9" in answer.content.decode()
    assert PracticeRow.objects.of(place).count() == 0
    good = SimpleUploadedFile("p.yaml", GOOD.encode())
    assert client.post(url, {"file": good}, headers=english).status_code == 302
    again = SimpleUploadedFile("p.yaml", GOOD.encode())
    assert client.post(url, {"file": again}, headers=english).status_code == 422


@pytest.mark.django_db
def test_the_very_same_practice_is_kept_once(place, boss):
    content = built_in_file("curtain")
    practice_keep(community=place, content=content, by=boss, now=b.DAWN)
    with pytest.raises(ConflictError):
        practice_keep(community=place, content=content, by=boss, now=b.DAWN)


@pytest.mark.django_db
def test_the_pages_lead_from_the_gallery_to_using_one(client, place, boss):
    client.force_login(boss.user)
    gallery = client.get(reverse("practices:practices")).content.decode()
    assert "七点亮灯" in gallery
    client.post(reverse("practices:practice_use", args=["lights-at-seven"]))
    assert PracticeUse.objects.of(place).get().used_by == boss
    saved = client.post(
        reverse("practices:practice_save"),
        {**{k: v for k, v in OWN.__dict__.items() if isinstance(v, str)}, "policy": ""},
        follow=True,
    ).content.decode()
    assert "看灯笼" in saved
    file = client.get(reverse("practices:practice_file", args=["curtain"]))
    assert practice_read(file.content) == built_in("curtain")


# --- questions at visits ---------------------------------------------------------------


def asks(place, boss, words="灯泡有人换吗", **more):
    draft = QuestionDraft(words=words, **{"kind": "yes_no", **more})
    question_add(community=place, draft=draft, by=boss, now=b.DAWN)
    return own_questions(form_now(place))[-1].code


def saved_with(place, boss, *codes):
    own = replace(OWN, question_codes=codes)
    return practice_save(community=place, own=own, by=boss, now=b.DAWN)


def test_questions_go_along_and_are_asked_elsewhere_too(place, boss):
    first = asks(place, boss, required=True)
    second = asks(place, boss, "灯在哪里", kind="choice", choices=["门口", "窗边"])
    asks(place, boss, "不带走的问题")
    row = saved_with(place, boss, first, second)
    other = b.community(name="竹园社区")
    chen = b.member(other, "chen", "coordinator")
    kept = practice_keep(
        community=other, content=row.file.encode(), by=chen, now=b.DAWN
    )
    found = practice_for(chen, str(kept.pk))
    use = practice_use(community=other, found=found, by=chen, now=b.DAWN)
    told = [
        (one.words, one.kind.value, one.choices, one.required)
        for one in own_questions(form_now(other))
    ]
    assert told == [
        ("灯泡有人换吗", "yes_no", (), True),
        ("灯在哪里", "choice", ("门口", "窗边"), False),
    ]
    assert sum("灯" in words for words in use.made) == 2


def test_what_is_asked_already_is_not_asked_twice(place, boss):
    row = saved_with(place, boss, asks(place, boss))
    found = practice_for(boss, str(row.pk))
    assert plan_of(community=place, practice=found.practice).questions == ()
    practice_use(community=place, found=found, by=boss, now=b.DAWN)
    assert len(own_questions(form_now(place))) == 1


def test_a_question_that_names_somebody_stays_here(place, boss):
    code = asks(place, boss, "王桂兰的灯亮吗")
    with pytest.raises(RefusedError) as caught:
        saved_with(place, boss, code)
    assert caught.value.code == "names_somebody"


@pytest.mark.parametrize(
    "question",
    [
        {"text": "灯", "kind": "choice", "choices": ["一个"]},
        {"text": "灯", "kind": "yes_no", "choices": ["是", "否"]},
        {"text": "灯", "kind": "drawing"},
        {"text": ""},
    ],
)
def test_a_question_nobody_can_answer_is_refused(question):
    given = built_in("curtain").model_dump(mode="json", by_alias=True)
    given["questions"] = [question]
    with pytest.raises(RefusedError) as caught:
        practice_read(json.dumps(given).encode())
    assert caught.value.code == "practice_wrong"


def test_the_page_says_what_visits_would_ask(client, place, boss):
    code = asks(place, boss, "灯泡有人换吗")
    client.force_login(boss.user)
    page = client.get(reverse("practices:practice_save")).content.decode()
    assert "灯泡有人换吗" in page
    row = saved_with(place, boss, code)
    page = client.get(reverse("practices:practice", args=[row.pk])).content.decode()
    assert "灯泡有人换吗" in page
