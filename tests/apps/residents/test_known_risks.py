"""What one must know at the door is noted, read there, and kept when it is over."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from tests.apps import building as b

from shouwang.apps.residents.models import KnownRisk
from shouwang.apps.residents.selectors import known_risks, known_risks_ended
from shouwang.apps.residents.services import KnownRiskDraft, known_risks_set
from shouwang.common.errors import RefusedError

pytestmark = pytest.mark.django_db
DOG = KnownRiskDraft(kind="dog")
KEY = KnownRiskDraft(kind="key_with", words="402 赵姐")


@pytest.fixture
def home():
    return b.home(b.community())


def put(home, *drafts, by=None):
    known_risks_set(home=home, drafts=drafts, by=by, now=b.hour("10:00"))


def test_what_is_no_longer_so_is_kept_with_its_end(home):
    put(home, DOG, KEY)
    put(home, KEY)
    assert [row.kind for row in known_risks(home=home)] == ["key_with"]
    assert [row.kind for row in known_risks_ended(home=home)] == ["dog"]


def test_saving_the_same_again_writes_nothing(home):
    put(home, DOG, KEY)
    before = set(KnownRisk.objects.of(home.community).values_list("pk", flat=True))
    put(home, KEY, DOG, DOG)
    after = set(KnownRisk.objects.of(home.community).values_list("pk", flat=True))
    assert after == before


@pytest.mark.parametrize(
    ("kind", "words", "code"),
    [
        ("cat", "", "unknown_risk_kind"),
        ("key_with", " ", "risk_needs_words"),
        ("other", "", "risk_needs_words"),
        ("other", "x" * 121, "risk_words_too_long"),
    ],
)
def test_what_says_nothing_is_refused_and_nothing_is_half_written(
    home, kind, words, code
):
    put(home, DOG)
    with pytest.raises(RefusedError) as refused:
        put(home, KnownRiskDraft(kind=kind, words=words))
    assert refused.value.code == code
    assert [row.kind for row in known_risks(home=home)] == ["dog"]


def test_a_key_is_with_somebody(home):
    with pytest.raises(IntegrityError), transaction.atomic():
        KnownRisk.objects.of(home.community).create(
            community=home.community,
            home=home,
            kind="key_with",
            noted_at=b.DAWN,
        )


def test_the_page_shows_what_stands_and_takes_what_is_new(client, home):
    duty = b.member(home.community, "duty", "duty_officer")
    client.force_login(duty.user)
    put(home, DOG, KEY)
    url = reverse("residents:home_risks", args=[home.pk])
    assert "402 赵姐" in client.get(url).content.decode()
    values = {"kinds": ["no_lift", "heart"], "other": "门铃坏了\n\n 在院子里喊一声 "}
    assert client.post(url, values).status_code == 302
    rows = known_risks(home=home)
    assert [row.kind for row in rows] == ["heart", "no_lift", "other", "other"]
    assert {row.words for row in rows} == {"", "门铃坏了", "在院子里喊一声"}
    assert {row.ended_by for row in known_risks_ended(home=home)} == {duty}
    page = client.get(reverse("desk:home", args=[home.pk])).content.decode()
    assert "门铃坏了" in page


@pytest.mark.parametrize(
    "values", [{"kinds": ["cat"]}, {"other": "x" * 121}, {"key_with": "x" * 121}]
)
def test_bad_input_is_told_beside_its_field(client, home, values):
    client.force_login(b.member(home.community, "duty", "duty_officer").user)
    url = reverse("residents:home_risks", args=[home.pk])
    answer = client.post(url, values)
    assert answer.status_code == 422
    assert "errorlist" in answer.content.decode()
    assert not known_risks(home=home)


def test_nothing_ticked_means_that_nothing_is_known(client, home):
    client.force_login(b.member(home.community, "duty", "duty_officer").user)
    put(home, DOG)
    assert (
        client.post(reverse("residents:home_risks", args=[home.pk])).status_code == 302
    )
    assert not known_risks(home=home)
