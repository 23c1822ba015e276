"""A need is offered in waves by the runner, and kept as a promise."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from django.db import IntegrityError, transaction
from tests.apps import building as b
from tests.apps.dispatch.helping import (
    DAY,
    NINE,
    a_need,
    asked,
    messages,
    notices,
    texts,
    the_run,
    volunteer,
)

from shouwang.apps.care.models import Need, NeedMove
from shouwang.apps.care.services import MoveIn, need_change, need_move
from shouwang.apps.care.services.opening import NeedDraft
from shouwang.apps.dispatch.models import Ask, Task
from shouwang.apps.dispatch.services import (
    DoneIn,
    kind_skills_set,
    need_begin,
    need_finish,
    need_give_back,
    need_maybe,
    need_refuse,
    need_take,
    no_show,
    reminders_tell_due,
    run_hurry,
    run_start,
    run_stop,
    running,
    runs_move_due,
)
from shouwang.apps.residents.models import Consent
from shouwang.apps.residents.services import consent_withdraw
from shouwang.apps.visits.selectors.company import last_met
from shouwang.apps.volunteers.models import HoursRow
from shouwang.common.errors import ConflictError, RefusedError
from shouwang.domain.needs import Act, Asked

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return b.community()


@pytest.fixture
def home(place):
    return b.watched(place)


@pytest.fixture
def duty(place):
    return b.member(place, "duty", "duty_officer")


@pytest.fixture
def people(place, home):
    """Five who help; the first is known to her, the last carries nothing else."""
    known = volunteer(place, "known", knows=[home])
    near = volunteer(place, "near", buildings=[home.building])
    rest = [volunteer(place, f"helper{n}") for n in range(1, 4)]
    return [known, near, *rest]


@pytest.fixture
def need(home, duty):
    return a_need(home, duty)


def start(need, duty, now=NINE, **more):
    return run_start(need=need, by=duty, now=now, **more)


def code(kind, call, *args, **kwargs):
    with pytest.raises(kind) as told:
        call(*args, **kwargs)
    return told.value.code


def test_the_best_few_are_asked_first_and_the_reasons_are_kept(need, duty, people):
    start(need, duty)
    assert asked(need)[:2] == ["known", "near"]
    assert len(asked(need)) == 3
    first = the_run(need).asks.order_by("pk").first()
    assert first.reasons == [["knows_her", 1]]
    need.refresh_from_db()
    assert need.stage == "offered"
    [move] = NeedMove.objects.of(need.community).filter(act="offer")
    assert "known" in move.note


def test_each_wave_waits_and_widens_until_the_desk_is_told(need, duty, people):
    run = start(need, duty)
    assert runs_move_due(now=NINE + timedelta(minutes=119)) == 0
    assert runs_move_due(now=NINE + timedelta(hours=2)) == 1
    assert len(asked(need)) == 5
    run.refresh_from_db()
    assert run.state == "running"
    assert runs_move_due(now=NINE + timedelta(hours=8)) == 1
    run.refresh_from_db()
    assert (run.state, run.next_at) == ("nobody", None)
    assert notices(need) == [("nobody", "duty")]
    assert runs_move_due(now=NINE + DAY) == 0


def test_a_second_runner_in_the_same_moment_asks_nobody_twice(
    need, duty, people, monkeypatch
):
    start(need, duty)
    later = NINE + timedelta(hours=2)
    stale = the_run(need)
    assert runs_move_due(now=later) == 1
    count = Ask.objects.of(need.community).count()
    # The other had read the row before it moved.
    assert running._move_due(stale, later) == 0
    assert Ask.objects.of(need.community).count() == count


def test_the_trouble_of_one_offering_never_stops_the_others(
    need, duty, home, people, monkeypatch, caplog
):
    other = a_need(home, duty, kind="meal")
    start(need, duty)
    start(other, duty)
    broken = the_run(need)
    broken.plan = [{"nonsense": True}] * 3
    broken.save()
    assert runs_move_due(now=NINE + timedelta(hours=2)) == 1
    assert "pushed back" in caplog.text
    assert the_run(need).next_at == NINE + timedelta(hours=2, minutes=1)


def test_when_all_who_were_asked_say_no_the_next_are_asked_at_once(need, duty, people):
    start(need, duty)
    for name in asked(need):
        who = next(row for row in [*people, duty] if str(row) == name)
        need_refuse(need=need, who=who, now=NINE)
    assert runs_move_due(now=NINE) == 1
    assert len(asked(need)) == 5


def test_a_maybe_is_kept_and_holds_nothing(need, duty, people):
    start(need, duty)
    known, near, *_rest = people
    need_maybe(need=need, who=known, now=NINE)
    need.refresh_from_db()
    assert need.stage == "offered"
    assert the_run(need).asks.get(member=known).reply == "maybe"
    need_take(need=need, who=near, now=NINE)
    assert ("taken", "known") in notices(need)
    assert the_run(need).state == "taken"


def test_a_maybe_may_become_a_yes(need, duty, people):
    start(need, duty)
    need_maybe(need=need, who=people[0], now=NINE)
    need_take(need=need, who=people[0], now=NINE)
    assert the_run(need).asks.get(member=people[0]).reply == "yes"


def test_of_two_who_take_it_at_once_one_has_it_and_the_other_is_told_who(
    need, duty, people
):
    start(need, duty)
    stale = Need.objects.of(need.community).get(pk=need.pk)
    need_take(need=need, who=people[0], now=NINE)
    with pytest.raises(ConflictError) as told:
        need_take(need=stale, who=people[1], now=NINE)
    assert told.value.code == "already_taken"
    assert "known" in str(told.value)
    assert Task.objects.of(need.community).get().member == people[0]
    need_take(need=stale, who=people[0], now=NINE)
    assert Task.objects.of(need.community).count() == 1


def test_one_need_is_never_promised_by_two(need, duty, people):
    need_take(need=need, who=people[0], now=NINE)
    with pytest.raises(IntegrityError), transaction.atomic():
        Task.objects.of(need.community).create(
            community=need.community, need=need, member=people[1], taken_at=NINE
        )


def test_overlapping_promises_are_refused_and_the_other_is_named(
    home, duty, people, place
):
    ten = b.hour("15:00")
    first = a_need(home, duty, kind="hospital", wanted_by=ten)
    other_home = b.home(place, "5-1-101")
    second = a_need(other_home, duty, wanted_by=ten + timedelta(hours=1))
    need_take(need=first, who=people[0], now=NINE)
    with pytest.raises(RefusedError) as told:
        need_take(need=second, who=people[0], now=NINE)
    assert told.value.code == "promised_then"
    assert "15:00" in str(told.value)
    second.refresh_from_db()
    assert second.stage == "new"
    give = MoveIn(act=Act.TAKE, who=people[0])
    assert (
        code(RefusedError, need_move, need=second, move=give, by=duty, now=NINE)
        == "promised_then"
    )
    start(second, duty)
    assert "known" not in asked(second)


def test_who_drops_out_frees_it_others_are_asked_and_the_desk_is_told(
    need, duty, people
):
    start(need, duty)
    need_take(need=need, who=people[0], now=NINE)
    need_give_back(need=need, who=people[0], note="孩子病了", now=b.hour("10:00"))
    need.refresh_from_db()
    assert need.stage == "offered"
    assert Task.objects.of(need.community).get().ending == "gave_back"
    assert ("gave_back", "duty") in notices(need)
    assert "known" not in asked(need)
    assert asked(need)[0] == "near"


def test_what_was_asked_by_hand_stays_with_the_desk_when_it_comes_back(
    need, duty, people
):
    give = MoveIn(act=Act.TAKE, who=people[0])
    need_move(need=need, move=give, by=duty, now=NINE)
    need_give_back(need=need, who=people[0], note="", now=NINE)
    need.refresh_from_db()
    assert need.stage == "new"
    assert notices(need) == [("gave_back", "duty")]


def test_a_no_show_is_noted_kindly_weighs_a_little_and_frees_the_need(
    need, duty, people, home
):
    start(need, duty)
    need_take(need=need, who=people[0], now=NINE)
    late = b.hour("12:00")
    assert (
        code(RefusedError, no_show, need=need, note=" ", by=duty, now=late)
        == "say_what_happened"
    )
    no_show(need=need, note="公交没来", by=duty, now=late)
    need.refresh_from_db()
    assert need.stage == "offered"
    assert "known" not in asked(need)
    other = a_need(home, duty, kind="meal")
    run = start(other, duty, now=late)
    kept = {row["id"]: row["reasons"] for w in run.plan for row in w["members"]}
    assert ["did_not_come", 1] in kept[people[0].pk]
    assert asked(other)[0] == "known"
    assert (
        code(ConflictError, no_show, need=need, note="again", by=duty, now=late)
        == "nobody_promised"
    )


def test_a_done_task_counts_its_time_once_and_leaves_a_note(need, duty, people, home):
    need_take(need=need, who=people[0], now=NINE)
    need_begin(need=need, who=people[0], now=b.hour("10:00"))
    done = DoneIn(minutes=45, note="都好", for_next="敲门要重")
    need_finish(need=need, who=people[0], done=done, now=b.hour("11:00"))
    assert HoursRow.objects.of(need.community).get().minutes == 45
    task = Task.objects.of(need.community).get()
    assert (task.ending, task.note, task.minutes) == ("done", "敲门要重", 45)
    assert (
        code(
            ConflictError,
            need_finish,
            need=need,
            who=people[0],
            done=done,
            now=b.hour("11:05"),
        )
        == "not_yours"
    )
    # She has met them now.
    other = a_need(home, duty, kind="meal")
    run = start(other, duty)
    reasons = {row["id"]: row["reasons"] for w in run.plan for row in w["members"]}
    assert ["was_here", 1] in reasons[people[0].pk]


@pytest.mark.parametrize("minutes", [0, -5, 1441])
def test_a_length_that_cannot_be_changes_nothing(need, duty, people, minutes):
    need_take(need=need, who=people[0], now=NINE)
    done = DoneIn(minutes=minutes)
    assert (
        code(RefusedError, need_finish, need=need, who=people[0], done=done, now=NINE)
        == "no_such_length"
    )
    need.refresh_from_db()
    assert need.stage == "taken"


@pytest.mark.parametrize(
    "act",
    [
        need_begin,
        partial(need_finish, done=DoneIn()),
        partial(need_give_back, note=""),
    ],
)
def test_only_who_has_it_begins_ends_or_gives_it_back(need, duty, people, act):
    need_take(need=need, who=people[0], now=NINE)
    assert code(ConflictError, act, need=need, who=people[1], now=NINE) == "not_yours"


def test_nobody_is_asked_where_the_home_withdrew_its_consent(need, home, duty, people):
    start(need, duty)
    consent = Consent.objects.of(home.community).get()
    consent_withdraw(consent=consent, said_by="王奶奶", by=duty, now=NINE)
    assert runs_move_due(now=NINE + timedelta(hours=2)) == 1
    assert the_run(need).state == "stopped"
    assert texts(need.community, people[0], NINE) == []
    assert (
        code(RefusedError, need_take, need=need, who=people[0], now=NINE)
        == "consent_withdrawn"
    )
    assert code(RefusedError, start, need, duty) == "consent_withdrawn"


def test_somebody_in_danger_is_sought_for_all_the_same(home, duty, people):
    urgent = a_need(home, duty, urgency="urgent")
    consent = Consent.objects.of(home.community).get()
    consent_withdraw(consent=consent, said_by="王奶奶", by=duty, now=NINE)
    start(urgent, duty)
    assert need_take(need=urgent, who=people[0], now=NINE).stage == "taken"


def test_what_is_called_off_tells_who_had_promised(need, duty, people):
    start(need, duty)
    need_take(need=need, who=people[0], now=NINE)
    stop = MoveIn(act=Act.CANCEL, note="女儿送来了")
    need_move(need=need, move=stop, by=duty, now=NINE)
    assert ("called_off", "known") in notices(need)
    assert Task.objects.of(need.community).get().ending == "called_off"


def test_a_cancelled_offering_asks_nobody_further(need, duty, people):
    start(need, duty)
    stop = MoveIn(act=Act.CANCEL, note="不用了")
    need_move(need=need, move=stop, by=duty, now=NINE)
    assert the_run(need).state == "stopped"
    assert runs_move_due(now=NINE + DAY) == 0


def test_who_waits_for_their_promise_is_reminded_twice_and_never_again(
    home, duty, people
):
    tomorrow_ten = b.hour("10:00") + DAY
    need = a_need(home, duty, wanted_by=tomorrow_ten)
    need_take(need=need, who=people[0], now=NINE)
    evening = b.hour("19:00")
    assert reminders_tell_due(now=evening - timedelta(minutes=1)) == 0
    assert reminders_tell_due(now=evening) == 1
    assert reminders_tell_due(now=evening) == 0
    assert reminders_tell_due(now=tomorrow_ten - timedelta(hours=1)) == 1
    assert [says for says, _who in notices(need)] == ["evening_before", "hour_before"]
    assert reminders_tell_due(now=tomorrow_ten) == 0


def test_a_need_put_right_is_reminded_of_by_its_new_hour(home, duty, people):
    need = a_need(home, duty, wanted_by=b.hour("10:00") + DAY)
    need_take(need=need, who=people[0], now=NINE)
    draft = NeedDraft(
        kind="medicine", urgency="difficult", wanted_by=b.hour("15:00") + 2 * DAY
    )
    need_change(need=need, draft=draft, by=duty, now=NINE)
    assert Task.objects.of(need.community).get().remind_at == b.hour("19:00") + DAY


def test_at_night_only_what_is_urgent_is_asked(home, duty, people):
    eleven = b.hour("23:00")
    calm = a_need(home, duty, now=b.hour("22:00"))
    start(calm, duty, now=eleven)
    assert asked(calm) == []
    assert runs_move_due(now=b.hour("08:00") + DAY) == 1
    assert len(asked(calm)) == 3
    urgent = a_need(home, duty, now=b.hour("22:00"), urgency="urgent")
    start(urgent, duty, now=eleven)
    assert len(asked(urgent)) == 3


def test_whom_the_desk_chose_is_asked_alone_first(need, duty, people):
    run = start(need, duty, first=[people[4].pk])
    assert asked(need) == ["helper3"]
    assert run.plan[0]["members"][0]["reasons"][0] == ["chosen", 1]
    run_hurry(need=need, now=NINE)
    assert len(asked(need)) == 4


def test_who_cannot_be_asked_is_not_chosen(home, duty, people):
    need = a_need(home, duty, kind="haircut")
    assert code(RefusedError, start, need, duty) == "nobody_fits"
    assert code(RefusedError, start, need, duty, first=[people[0].pk]) == "does_not_fit"


def test_a_community_says_which_skill_its_own_kind_takes(need, duty, people, place):
    kind_skills_set(community=place, skills={"medicine": "nurse"})
    assert code(RefusedError, start, need, duty) == "nobody_fits"
    kind_skills_set(community=place, skills={"medicine": None})
    start(need, duty)
    assert asked(need)


def test_a_need_is_offered_once_at_a_time(need, duty, people):
    start(need, duty)
    assert code(ConflictError, start, need, duty) == "run_stands"
    run_stop(need=need, now=NINE)
    run_stop(need=need, now=NINE)
    assert the_run(need).state == "stopped"
    need_take(need=need, who=people[0], now=NINE)
    assert code(ConflictError, start, need, duty) == "not_to_offer"


def test_before_it_is_taken_a_message_names_neither_her_nor_her_door(
    need, home, duty, people, settings
):
    settings.PUBLIC_URL = "https://127.0.0.1"
    home.shown_name, home.phone = "王奶奶", "13900000000"
    home.save()
    start(need, duty)
    [offer] = texts(need.community, people[0], NINE)
    assert "/t/" in offer.link
    for told in ("王奶奶", "3-2-401", "13900000000"):
        assert told not in offer.text
    need_take(need=need, who=people[1], now=NINE)
    assert texts(need.community, people[0], NINE) == []


def test_without_a_public_address_the_message_says_whom_to_phone(
    need, duty, people, place
):
    place.desk_phone = "0351-0000000"
    place.save()
    start(need, duty)
    [offer] = texts(place, people[0], NINE)
    assert offer.link == ""
    assert "0351-0000000" in offer.text


def test_every_message_has_one_row_and_one_key(need, duty, people):
    start(need, duty)
    rows = messages(need.community)
    assert len({row.key for row in rows}) == len(rows) == 3


def test_who_has_asked_her_closes_it_and_nothing_moves_on(need, duty, people):
    start(need, duty)
    need_take(need=need, who=people[0], now=NINE)
    need_finish(need=need, who=people[0], done=DoneIn(minutes=30), now=NINE)
    right = MoveIn(act=Act.RIGHT, asked=Asked.PHONE)
    assert need_move(need=need, move=right, by=duty, now=NINE).stage == "checked"
    assert runs_move_due(now=NINE + DAY) == 0


@pytest.mark.parametrize(("kind", "counts"), [("company", True), ("medicine", False)])
def test_who_was_kept_company_by_promise_has_had_company(
    place, home, duty, people, kind, counts
):
    need, eleven = a_need(home, duty, kind=kind), b.hour("11:00")
    need_take(need=need, who=people[0], now=NINE)
    assert last_met(place) == {}
    need_finish(need=need, who=people[0], done=DoneIn(minutes=60), now=eleven)
    assert last_met(place) == ({home.pk: eleven} if counts else {})
