"""The rota as people keep it: turns, swaps, gaps, and who may do what."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date, time, timedelta

import pytest
from django.urls import reverse
from django.utils import translation
from tests.apps import building as b

from shouwang.apps.duty import services
from shouwang.apps.duty.models import DutyChange, DutyTurn
from shouwang.apps.duty.selectors import duty_today, gaps, on_duty
from shouwang.apps.outbox.contents import contents_of
from shouwang.apps.outbox.models import OutboxMessage
from shouwang.common import clock
from shouwang.common.errors import NotFoundError, ShouwangError
from shouwang.domain.duty import DutyState
from shouwang.domain.schedule import EVERY_DAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return b.community()


@pytest.fixture
def chen(place):
    return b.member(place, "chen", "coordinator")


@pytest.fixture
def lin(place):
    return b.member(place, "lin", "duty_officer")


@pytest.fixture
def wu(place):
    return b.member(place, "wu", "duty_officer")


@contextmanager
def refused(code):
    with pytest.raises(ShouwangError) as error:
        yield
    assert error.value.code == code


def turn(who, begins=8, ends=20, **more):
    values = {"valid_from": b.TODAY, "days": EVERY_DAY, **more}
    draft = services.TurnDraft(
        member_id=who.pk, begins=time(begins), ends=time(ends), **values
    )
    return services.turn_add(community=who.community, draft=draft)


def give(row, to, by, *, held_by, on=b.TODAY, now=b.DAWN):
    giving = services.Giving(turn=row, on=on, to=to, held_by=held_by.pk)
    return services.turn_give(giving=giving, by=by, now=now)


def who(place, at):
    return {row.pk for row in duty_today(community=place, now=b.hour(at)).people}


def test_a_turn_and_a_swap_say_who_is_on_duty(place, lin, wu):
    row = turn(lin)
    assert who(place, "09:00") == {lin.pk}
    change = give(row, wu, lin, held_by=lin)
    assert who(place, "09:00") == {wu.pk}
    assert (change.member, change.by, change.at) == (wu, lin, b.DAWN)


def test_giving_on_keeps_every_row_and_the_last_one_holds(place, chen, lin, wu):
    row = turn(lin)
    give(row, wu, lin, held_by=lin)
    give(row, lin, wu, held_by=wu)
    assert who(place, "09:00") == {lin.pk}
    assert DutyChange.objects.of(place).count() == 2


def test_two_who_give_the_same_turn_at_once_see_each_other(place, chen, lin, wu):
    row = turn(lin)
    give(row, wu, lin, held_by=lin)
    with refused("given_meanwhile"):
        give(row, wu, chen, held_by=lin)


def test_only_ones_own_turn_can_be_given_but_a_coordinator_gives_any(
    place, chen, lin, wu
):
    row = turn(lin)
    with pytest.raises(NotFoundError):
        give(row, wu, wu, held_by=lin)
    assert give(row, wu, chen, held_by=lin).by == chen


def test_nobody_is_given_a_turn_on_a_day_on_which_they_cannot(place, lin, wu):
    row = turn(lin)
    services.duty_cannot(member=wu, on=b.TODAY, by=wu, now=b.DAWN)
    with refused("cannot_that_day"):
        give(row, wu, lin, held_by=lin)


def test_a_turn_that_is_over_stays_as_it_was(place, lin, wu):
    row = turn(lin)
    with refused("turn_is_over"):
        give(row, wu, lin, held_by=lin, now=b.hour("20:00"))


def test_only_duty_officers_are_on_duty(place, chen):
    with refused("not_a_duty_officer"):
        turn(chen)


def test_who_leaves_or_loses_the_role_leaves_a_gap_and_everybody_is_told(
    place, lin, wu
):
    turn(lin, 0, 0)
    lin.roles.all().delete()
    found = on_duty(place, at=b.hour("09:00"))
    assert (found.state, found.members) == (DutyState.GAP, (wu.pk,))
    assert gaps(place, b.hour("09:00"), b.hour("10:00"))


def test_a_change_of_a_turn_leaves_the_days_before_as_they_were(place, lin, wu):
    row = turn(lin)
    draft = services.TurnDraft(
        member_id=wu.pk,
        days=EVERY_DAY,
        begins=time(9),
        ends=time(21),
        valid_from=b.TODAY + timedelta(days=1),
    )
    services.turn_change(row=row, draft=draft, now=b.DAWN)
    assert who(place, "09:30") == {lin.pk}
    tomorrow = on_duty(place, at=b.hour("09:30") + timedelta(days=1))
    assert tomorrow.members == (wu.pk,)


def test_a_turn_ended_before_it_began_is_struck_out(place, lin):
    row = turn(lin, valid_from=date(2026, 3, 9))
    services.turn_end(row=row, last=date(2026, 3, 8), now=b.DAWN)
    assert on_duty(place, at=b.hour("09:00")).state is DutyState.NO_ROTA
    assert DutyTurn.objects.of(place).get().struck_at == b.DAWN


def test_without_a_rota_any_more_everybody_is_on_duty_again(place, lin, wu):
    turn(lin)
    assert services.rota_end(community=place, now=b.DAWN) == 1
    assert who(place, "09:00") == {lin.pk, wu.pk}


# --- pages ---------------------------------------------------------------------------


@pytest.fixture
def page(client):
    """Return a function that opens or sends a page as somebody at five in the morning."""

    def ask(member, name, *args, send=None, query=""):
        client.force_login(member.user)
        url = reverse(name, args=args) + query
        headers = {"accept-language": "en"}
        with clock.set_to(b.DAWN):
            if send is None:
                return client.get(url, headers=headers)
            return client.post(url, send, headers=headers, follow=True)

    return ask


def test_a_coordinator_plans_a_turn_for_two_at_once(page, place, chen, lin, wu):
    sent = {
        "member": [lin.pk, wu.pk],
        "days": list(range(7)),
        "begins": "20:00",
        "ends": "08:00",
        "valid_from": "2026-03-02",
    }
    answer = page(chen, "duty:turn_add", send=sent)
    assert answer.status_code == 200
    assert who(place, "21:00") == {lin.pk, wu.pk}


def test_every_wrong_field_is_named_and_nothing_is_written(page, place, chen, lin):
    sent = {
        "member": [lin.pk],
        "begins": "soon",
        "ends": "",
        "valid_from": "2026-02-31",
    }
    answer = page(chen, "duty:turn_add", send=sent)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"begins", "ends", "valid_from"}
    assert not DutyTurn.objects.of(place).exists()


def test_the_week_shows_a_gap_in_red_and_the_board_a_day_ahead(page, place, chen, lin):
    turn(lin, 8, 20)
    text = page(chen, "duty:rota").content.decode()
    assert text.count("shift-gap") >= 7
    assert "nobody on duty" in text
    board = page(chen, "desk:board").content.decode()
    assert "nobody is on duty: every duty officer is told" in board


def test_who_is_on_duty_stands_on_the_board(page, place, chen, lin):
    turn(lin, 0, 0)
    board = page(chen, "desk:board").content.decode()
    assert "On duty until 00:00: lin" in board


def test_a_duty_officer_gives_their_own_turn_and_both_see_it(page, place, lin, wu):
    row = turn(lin)
    text = page(lin, "duty:rota").content.decode()
    assert f'value="{wu.pk}">to wu' in text
    assert "to lin" not in page(wu, "duty:rota").content.decode()
    sent = {"on": "2026-03-02", "held_by": lin.pk, "to": wu.pk}
    page(lin, "duty:turn_give", row.pk, send=sent)
    for member in (lin, wu):
        seen = page(member, "duty:rota").content.decode()
        assert "instead of lin" in seen
        assert "about you" in seen
        assert "written 03-02 05:00 by lin" in seen


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"on": "2026-03-02"},
        {"on": "never", "to": "1"},
        {"on": "2026-03-02", "to": "x", "held_by": "x"},
    ],
)
def test_a_swap_that_names_nobody_is_answered_in_words(page, place, lin, sent):
    row = turn(lin)
    answer = page(lin, "duty:turn_give", row.pk, send=sent)
    assert "Choose somebody first." in answer.content.decode()


@pytest.mark.parametrize("week", ["x", "0001-01-01", "9999-12-31", "2026-02-30"])
def test_a_week_that_cannot_be_shown_is_this_week(page, place, lin, week):
    turn(lin)
    answer = page(lin, "duty:rota", query=f"?week={week}")
    assert answer.context["first"] == date(2026, 3, 2)


def test_a_duty_officer_writes_down_only_themselves(page, place, lin, wu):
    turn(lin)
    sent = {"member": wu.pk, "on": "2026-03-02"}
    assert page(lin, "duty:cannot_add", send=sent).status_code == 422
    sent["member"] = lin.pk
    assert page(lin, "duty:cannot_add", send=sent).status_code == 200
    assert on_duty(place, at=b.hour("09:00")).state is DutyState.GAP


def test_a_gap_is_filled_and_the_filling_taken_back(page, place, lin, wu):
    turn(lin)
    sent = {"member": wu.pk, "on": "2026-03-02", "begins": "20:00", "ends": "00:00"}
    page(wu, "duty:extra_add", send=sent)
    assert who(place, "21:00") == {wu.pk}
    change = DutyChange.objects.of(place).get()
    assert page(lin, "duty:change_withdraw", change.pk, send={}).status_code == 404
    page(wu, "duty:change_withdraw", change.pk, send={})
    assert on_duty(place, at=b.hour("21:00")).state is DutyState.GAP
    change.refresh_from_db()
    assert change.withdrawn_by == wu


# --- who is told of a swap -----------------------------------------------------------


def told(place, now=b.DAWN):
    rows = list(OutboxMessage.objects.of(place).order_by("pk"))
    with translation.override("en"):
        contents = contents_of(rows, now=now)
    return [
        (str(row.to_member), content.words)
        for row in rows
        if (content := contents[row.pk]) is not None
    ]


def test_who_takes_over_is_told_what_to_do_if_they_cannot(place, lin, wu, settings):
    settings.PUBLIC_URL = "https://watch.example"
    give(turn(lin), wu, lin, held_by=lin)
    ((name, words),) = told(place)
    assert name == "wu"
    assert "由您替 lin 值班" in words
    assert "要是值不了" in words
    message = OutboxMessage.objects.of(place).get()
    content = contents_of([message], now=b.DAWN)[message.pk]
    assert content is not None
    assert content.link == "https://watch.example/duty/?week=2026-03-02"


def test_who_had_the_turn_is_told_when_a_coordinator_gives_it(place, chen, lin, wu):
    give(turn(lin), wu, chen, held_by=lin)
    assert [name for name, _words in told(place)] == ["lin", "wu"]
    assert "由 wu 替 lin 值班" in told(place)[0][1]


@pytest.mark.parametrize("by", ["wu", "chen"])
def test_both_are_told_that_it_is_back(place, chen, lin, wu, by):
    change = give(turn(lin), wu, lin, held_by=lin)
    answered = {"wu": wu, "chen": chen}[by]
    services.change_withdraw(row=change, by=answered, now=b.DAWN)
    # That wu has it is over, and is not said any more.
    names = {"wu": ["lin"], "chen": ["lin", "wu"]}[by]
    assert [name for name, _words in told(place)] == names
    assert all("又回到 lin" in words for _name, words in told(place))


def test_both_are_told_when_who_took_over_cannot(place, lin, wu):
    give(turn(lin), wu, lin, held_by=lin)
    for _twice in range(2):
        services.duty_cannot(member=wu, on=b.TODAY, by=wu, now=b.DAWN)
    assert [(name, "wu 不能在" in words) for name, words in told(place)] == [
        ("wu", False),
        ("lin", True),
    ]


def test_what_is_past_is_told_to_nobody(place, lin, wu):
    give(turn(lin), wu, lin, held_by=lin)
    assert told(place, now=b.DAWN + timedelta(days=3)) == []
