"""Whoever leaves is forgotten after a time; how often and when something was stays."""

from __future__ import annotations

import json
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.core import serializers
from django.urls import reverse
from django.utils.module_loading import import_string
from tests.apps import building as b

from shouwang.apps.alerts.models import Alert
from shouwang.apps.alerts.services import ClosingIn, alert_close
from shouwang.apps.care.models import Need
from shouwang.apps.care.services import MoveIn, NeedDraft, need_move, need_open
from shouwang.apps.communities.scoping import UnscopedQueryError
from shouwang.apps.desk.selectors.cases import cases_between
from shouwang.apps.family.models import FamilyLink
from shouwang.apps.family.services import link_make
from shouwang.apps.outbox.models import OutboxMessage
from shouwang.apps.privacy import services as privacy
from shouwang.apps.privacy.models import Leaving, LeavingMove, Why
from shouwang.apps.reports.models import Digest
from shouwang.apps.residents import services as homes
from shouwang.apps.residents.models import Home, Resident
from shouwang.apps.rounds.models import RoundHome
from shouwang.apps.visits.models import Visit
from shouwang.apps.visits.services import VisitIn, visit_record
from shouwang.apps.watch import services as watch
from shouwang.apps.watch.models import Check, Photo, Sighting, StatusChange
from shouwang.apps.watch.rebuild import rebuild_compare
from shouwang.common.errors import ConflictError, RefusedError
from shouwang.domain.needs import Act
from shouwang.domain.visits import Answer

pytestmark = pytest.mark.django_db
# Every word that may say who she was.
WORDS = (
    "王桂兰",
    "桂兰奶奶",
    "王奶奶",
    "李玉珍",
    "13900000001",
    "13900000002",
    "她耳背",
    "钥匙在赵姐",
    "吃错了药",
    "去找护士",
    "门口说的",
    "纸一号",
    "3-2-401",
    "住院的话",
)
LEFT = b.hour("12:00")
OVER = LEFT + timedelta(days=181)


@pytest.fixture(autouse=True)
def _photos_elsewhere(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def place():
    return b.community()


@pytest.fixture
def boss(place):
    return b.member(place, "boss", "coordinator")


@pytest.fixture
def home(place, boss):
    """Return a home with a life: seen, alarmed, needy, photographed, named everywhere."""
    made = b.watched(place)
    draft = homes.HomeDraft(
        address="3-2-401",
        shown_name="王奶奶",
        phone="13900000001",
        at_the_door="她耳背",
        risk="high",
    )
    homes.home_change(home=made, draft=draft)
    made.consents.update(agreed_by="王桂兰", paper="纸一号")
    homes.known_risks_set(
        home=made,
        drafts=[homes.KnownRiskDraft(kind="key_with", words="钥匙在赵姐")],
        by=boss,
        now=b.DAWN,
    )
    her = homes.ResidentDraft(name="王桂兰", called="桂兰奶奶", birth_year=1940)
    homes.resident_add(home=made, draft=her)
    daughter = homes.ContactDraft(
        name="李玉珍", relation="女儿", phone="13900000002", is_family=True
    )
    link_make(contact=homes.contact_add(home=made, draft=daughter), by=boss, now=b.DAWN)
    watch.checks_make(community=place, now=b.DAWN)
    photo, _new = watch.photo_store(
        community=place,
        photo=watch.PhotoIn(content=b.picture(), home_ids=[made.pk]),
        by=boss,
        now=b.hour("08:50"),
    )
    shut = b.look(made, "08:50", state="closed", note="门口说的", photo_id=photo.pk)
    watch.sightings_record(community=place, items=[shut], by=boss, now=b.hour("08:50"))
    watch.checks_decide_due(now=b.hour("09:10"))
    alert = Alert.objects.of(place).get()
    closing = ClosingIn(outcome="needs_help", verified="spoke", override="吃错了药")
    alert_close(alert=alert, closing=closing, by=boss, now=b.hour("09:30"))
    need = Need.objects.of(place).get()
    step = MoveIn(act=Act.OFFER, who=boss, note="去找护士")
    need_move(need=need, move=step, by=boss, now=b.hour("09:40"))
    Digest.objects.of(place).create(
        community=place,
        due_at=b.DAWN,
        written_at=b.DAWN,
        has_exceptions=True,
        drawing="<svg>3-2-401</svg>",
        text="梧桐里社区 03-02\n2户：1户平安\n· 3-2-401 王奶奶 求助\n· 3-2-4012 别人 平安",
    )
    visit = VisitIn(
        id=uuid.uuid4(),
        home_id=made.pk,
        outcome="spoke",
        visited_at=b.hour("10:30"),
        note="住院的话",
        answers={"how_is_she": Answer(value="well")},
    )
    visit_record(community=place, visit=visit, by=boss, now=b.hour("11:00"))
    made.refresh_from_db()
    return made


def archive(home, boss, why=Why.MOVED, now=LEFT):
    return homes.home_archive(home=home, why=why, by=boss, now=now)


def forget(now=OVER):
    return privacy.leavings_forget_due(now=now)


def everything():
    """Return every row of every table as one text."""
    rows = [
        row
        for model in apps.get_models()
        if model._meta.managed and not model._meta.proxy
        for row in model._base_manager.all()
    ]
    stored = json.loads(serializers.serialize("json", rows))
    # The desk's own people and the community are not hers.
    return json.dumps(stored, ensure_ascii=False)


def figures(place):
    cases = cases_between(
        community_ids=[place.pk],
        first=b.TODAY - timedelta(days=30),
        last=b.TODAY + timedelta(days=300),
        now=OVER,
    )
    counts = {
        model.__name__: model.objects.of(place).count()
        for model in (Check, Sighting, StatusChange, Alert, Need, OutboxMessage, Visit)
    }
    statuses = sorted(
        Check.objects.of(place).values_list("on", "label", "status", "strength")
    )
    return cases, counts, statuses


# --- leaving ---------------------------------------------------------------------


def test_when_she_has_died_nothing_planned_for_her_stays(place, home, boss):
    archive(home, boss, Why.DIED)
    assert home.agreements.filter(ended_at__isnull=True).count() == 0
    assert set(Need.objects.of(place).values_list("stage", flat=True)) == {"cancelled"}
    assert FamilyLink.objects.of(place).get().ended_at == LEFT
    assert not RoundHome.objects.of(place).filter(home=home).exists()
    watch.checks_make(community=place, now=LEFT)
    watch.checks_decide_due(now=LEFT + timedelta(days=3))
    assert not Alert.objects.of(place).exclude(state="closed").exists()


def test_an_alert_that_stands_is_closed_with_what_happened(place, boss):
    home = b.watched(place)
    watch.checks_make(community=place, now=b.DAWN)
    watch.checks_decide_due(now=b.hour("09:10"))
    archive(home, boss, Why.DIED)
    alert = Alert.objects.of(place).get()
    assert (alert.state, alert.outcome) == ("closed", "died")


def test_what_was_done_and_not_yet_asked_about_ends_with_her(place, home, boss):
    need = Need.objects.of(place).get()
    for act in (Act.TAKE, Act.BEGIN, Act.FINISH):
        need_move(need=need, move=MoveIn(act=act), by=boss, now=b.hour("10:00"))
    archive(home, boss, Why.DIED)
    need.refresh_from_db()
    assert need.stage == "cancelled"
    assert need.moves.order_by("pk").values_list("note", flat=True).last()


def test_the_last_one_to_leave_takes_the_home_along(place, home, boss):
    her = Resident.objects.of(place).get()
    him = homes.resident_add(home=home, draft=homes.ResidentDraft(name="陈树生"))
    one = homes.resident_move_out(resident=him, why=Why.CARED, by=boss, now=LEFT)
    assert one.resident == him
    home.refresh_from_db()
    assert home.archived_at is None
    both = homes.resident_move_out(resident=her, why=Why.DIED, by=boss, now=LEFT)
    assert both.resident is None
    home.refresh_from_db()
    assert home.archived_at == LEFT


# --- forgetting --------------------------------------------------------------------


def test_before_the_day_every_word_is_there_and_after_it_none(place, home, boss):
    before = everything()
    assert [word for word in WORDS if word not in before] == []
    archive(home, boss)
    assert forget(now=OVER - timedelta(days=2)) == 0
    assert forget() == 1
    after = everything()
    # Another home's line stays in the report.
    assert "3-2-4012 别人 平安" in after
    after = after.replace("3-2-4012", "")
    assert [word for word in WORDS if word in after] == []


def test_the_figures_stay_the_same_to_the_number_and_rebuild_is_clean(
    place, home, boss
):
    archive(home, boss)
    # The runner stops what was agreed, as it does within a second.
    watch.checks_make(community=place, now=LEFT)
    before = figures(place)
    forget()
    assert figures(place) == before
    assert rebuild_compare(community=place, now=OVER).differences == ()


def test_her_photo_is_gone_and_one_that_shows_others_stays(place, home, boss):
    other = b.home(place, "3-2-402")
    both, _new = watch.photo_store(
        community=place,
        photo=watch.PhotoIn(
            content=b.picture(colour="red"), home_ids=[home.pk, other.pk]
        ),
        by=boss,
        now=b.hour("11:00"),
    )
    hers = Photo.objects.of(place).exclude(pk=both.pk).get()
    archive(home, boss)
    forget()
    assert [row.pk for row in Photo.objects.of(place)] == [both.pk]
    assert not hers.file.storage.exists(str(hers.file.name))
    assert list(both.homes.values_list("home_id", flat=True)) == [other.pk]


def test_forgetting_twice_changes_nothing_and_is_noted_once(place, home, boss):
    archive(home, boss)
    forget()
    told = everything()
    assert forget(now=OVER + timedelta(days=1)) == 0
    assert everything() == told
    did = list(LeavingMove.objects.of(place).values_list("did", flat=True))
    assert did == ["began", "forgot"]


def test_a_pass_that_was_killed_goes_on_where_it_was(
    place, home, boss, settings, monkeypatch
):
    archive(home, boss)
    with monkeypatch.context() as patch:
        patch.setattr(
            "shouwang.apps.care.forgetting.Need.objects.of",
            lambda _of: (_ for _ in ()).throw(RuntimeError("killed")),
        )
        with pytest.raises(RuntimeError):
            forget()
    half = Leaving.objects.of(place).get()
    assert half.forgotten_at is None
    assert half.done
    assert forget() == 1
    assert len(Leaving.objects.of(place).get().done) == len(settings.FORGETTERS)
    after = everything().replace("3-2-4012", "")
    assert [word for word in WORDS if word in after] == []


def test_of_two_who_lived_there_only_the_one_who_left_is_forgotten(place, home, boss):
    him = homes.resident_add(
        home=home, draft=homes.ResidentDraft(name="陈树生", note="爱下棋")
    )
    homes.resident_move_out(resident=him, why=Why.CARED, by=boss, now=LEFT)
    forget()
    after = everything()
    assert "陈树生" not in after
    assert "爱下棋" not in after
    assert "王桂兰" in after
    assert "13900000002" in after


def test_the_flat_is_written_down_anew_when_somebody_else_moves_in(place, home, boss):
    archive(home, boss)
    forget()
    draft = homes.HomeDraft(address="3-2-401")
    fresh = homes.home_add(community=place, draft=draft, now=OVER, by=boss)
    assert fresh.pk != home.pk
    assert Home.objects.of(place).count() == 2


# --- stopping the clock -------------------------------------------------------------


def test_coming_back_stops_the_clock(place, home, boss):
    archive(home, boss)
    draft = homes.HomeDraft(address="3-2-401", shown_name="王奶奶")
    back = homes.home_add(community=place, draft=draft, now=OVER, by=boss)
    assert back.pk == home.pk
    assert forget() == 0
    assert "王桂兰" in everything()


def test_a_clock_that_is_held_does_not_run_out_until_it_is_let_go(place, home, boss):
    row = archive(home, boss)
    privacy.leaving_hold(leaving=row, reason="法院要", by=boss, now=LEFT)
    assert forget(now=OVER + timedelta(days=900)) == 0
    later = OVER + timedelta(days=900)
    privacy.leaving_let_go(leaving=row, by=boss, now=later)
    assert forget(now=later) == 0
    assert forget(now=later + timedelta(days=1)) == 1


def test_who_keeps_names_longer_says_why_and_for_a_later_day(home, boss):
    row = archive(home, boss)
    with pytest.raises(RefusedError, match=r"."):
        privacy.leaving_hold(leaving=row, reason=" ", by=boss, now=LEFT)
    with pytest.raises(RefusedError) as earlier:
        privacy.leaving_put_off(
            leaving=row, until=LEFT, reason="账没结", by=boss, now=LEFT
        )
    assert earlier.value.code == "not_later"
    until = OVER + timedelta(days=30)
    privacy.leaving_put_off(
        leaving=row, until=until, reason="账没结", by=boss, now=LEFT
    )
    assert forget() == 0
    assert forget(now=until) == 1


def test_there_is_no_way_back_from_what_is_forgotten(home, boss):
    row = archive(home, boss)
    forget()
    with pytest.raises(ConflictError):
        privacy.leaving_hold(leaving=row, reason="太晚", by=boss, now=OVER)


def test_the_days_are_the_communitys_own_within_bounds(place, home, boss):
    privacy.retention_set(community=place, days=30)
    with pytest.raises(RefusedError):
        privacy.retention_set(community=place, days=5)
    row = archive(home, boss)
    assert row.forget_at == LEFT + timedelta(days=30)


# --- pages -------------------------------------------------------------------------


def test_the_page_asks_why_and_then_shows_the_day(client, home, boss):
    client.force_login(boss.user)
    url = reverse("residents:home_archive", args=[home.pk])
    english = {"accept-language": "en"}
    assert client.post(url, {"why": ""}, headers=english).status_code == 422
    answer = client.post(url, {"why": "moved"}, follow=True, headers=english)
    words = answer.content.decode()
    assert "Names and words will be forgotten on" in words
    assert "has moved away" in words
    page = client.get(reverse("residents:leavings"), headers=english).content.decode()
    assert "3-2-401" in page


def test_holding_by_the_page_needs_a_reason(client, place, home, boss):
    row = archive(home, boss)
    client.force_login(boss.user)
    url = reverse("residents:leaving", args=[row.pk])
    assert client.post(url, {"reason": ""}).status_code == 422
    client.post(url, {"reason": "法院要"})
    assert Leaving.objects.of(place).get().forget_at is None
    client.post(reverse("residents:leaving_let_go", args=[row.pk]))
    assert Leaving.objects.of(place).get().forget_at is not None


def test_a_need_for_a_home_that_left_is_refused(place, home, boss):
    archive(home, boss)
    home.refresh_from_db()
    with pytest.raises(RefusedError):
        need_open(
            home=home,
            draft=NeedDraft(kind="haircut", urgency="everyday"),
            by=boss,
            now=OVER,
        )


# --- the door in append-only tables -------------------------------------------------


def test_only_what_forgets_goes_through_the_door_of_append_only_tables():
    source = Path(privacy.__file__).parents[3]
    through = {
        path.relative_to(source).as_posix()
        for path in source.rglob("*.py")
        if ".to_forget(" in path.read_text(encoding="utf-8")
    }
    others = {path for path in through if not path.endswith("/forgetting.py")}
    assert others == {"apps/privacy/services/leavings.py"}


def test_the_door_is_not_opened_without_a_reason(place):
    with pytest.raises(UnscopedQueryError):
        Sighting.objects.to_forget(place, "")


def test_everything_that_forgets_and_follows_is_there(settings):
    for path in (*settings.FORGETTERS, *settings.LEAVING_FOLLOWERS):
        assert callable(import_string(path))
    assert settings.FORGETTERS[-1].startswith("shouwang.apps.residents.")
