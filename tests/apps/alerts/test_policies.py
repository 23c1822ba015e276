"""Policies as people read, change and try them."""

from __future__ import annotations

from datetime import time

import pytest
from django.urls import reverse
from tests.apps import building as b

from shouwang.apps.alerts.models import Alert, EscalationPolicy
from shouwang.apps.communities.services import member_leave
from shouwang.apps.duty import services as duty
from shouwang.apps.residents import services as homes
from shouwang.apps.watch import services
from shouwang.common import clock
from shouwang.domain.schedule import EVERY_DAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return b.community()


@pytest.fixture
def chen(place):
    return b.member(place, "chen", "coordinator", "duty_officer")


@pytest.fixture
def page(client, chen):
    def ask(name, *args, send=None, query=""):
        client.force_login(chen.user)
        url = reverse(f"policies:{name}", args=args) + query
        with clock.set_to(b.DAWN):
            if send is None:
                return client.get(url, headers={"accept-language": "en"})
            headers = {"accept-language": "en"}
            return client.post(url, send, headers=headers, follow=True)

    return ask


def ladder(*steps, **more):
    """Return what the page of a ladder sends."""
    sent = {"name": "Ours", "kinds": ["missed"], "steps": len(steps), "do": "save"}
    for place, (tell, ask, wait) in enumerate(steps):
        sent |= {
            f"step-{place}-tell": tell,
            f"step-{place}-ask": ask,
            f"step-{place}-wait": wait,
            f"step-{place}-channels": "",
        }
    return {**sent, **more}


CALL = (["duty_officer"], "phone", 10)
KEY = (["keyholder"], "keyholder", 5)


def own(place):
    return EscalationPolicy.objects.of(place).get(ended_at__isnull=True)


def text_of(answer):
    return " ".join(answer.content.decode().split())


def test_the_built_in_ladders_are_told_as_sentences(page):
    text = text_of(page("policies"))
    assert "First the walker of the round: look again, wait 10 minutes." in text
    assert "Then whoever is on duty: phone, wait 5 minutes." in text
    assert "call 120 or 110" in text


def test_all_ladders_are_told_with_one_reading_of_who_is_there(
    page, place, django_assert_max_num_queries
):
    with django_assert_max_num_queries(40):
        page("policies")


def test_a_built_in_ladder_is_copied_and_changed(page, place):
    answer = page("policy_add", query="?from=help")
    assert len(answer.context["form"].steps) == 6
    page("policy_add", send=ladder(CALL, (["duty_officer"], "emergency", 0)))
    row = own(place)
    assert row.kinds == ["missed"]
    assert [step["ask"] for step in row.steps] == ["phone", "emergency"]
    assert "At last whoever is on duty: call 120 or 110" in text_of(page("policies"))


def test_a_step_that_reaches_nobody_is_named_before_it_is_saved(page, place):
    b.watched(place)
    answer = page("policy_add", send=ladder(CALL, KEY))
    assert answer.status_code == 422
    assert "Nobody is reached by step 2." in text_of(answer)
    assert not EscalationPolicy.objects.of(place).exists()
    page("policy_add", send=ladder(CALL, KEY, anyway="2"))
    assert own(place).steps[1]["tell"] == ["keyholder"]


def test_what_was_read_of_one_step_does_not_cover_another(page, place):
    b.watched(place)
    answer = page("policy_add", send=ladder(CALL, KEY, KEY, anyway="2"))
    assert answer.status_code == 422


def test_a_ladder_that_reaches_nobody_at_all_says_so(page, place):
    b.watched(place)
    answer = page("policy_add", send=ladder(KEY))
    assert "nobody would ever be told" in text_of(answer)


def test_a_keyholder_in_one_home_is_enough_to_save_and_the_preview_names_the_other(
    page, place
):
    home = b.watched(place)
    b.watched(place, "5-1-201")
    draft = homes.ContactDraft(name="李玉珍", is_keyholder=True)
    homes.contact_add(home=home, draft=draft)
    page("policy_add", send=ladder(CALL, KEY))
    assert own(place)
    text = text_of(page("preview"))
    assert "It reaches nobody at 1 place: 5-1-201" in text
    assert "李玉珍 has no phone number." in text


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"kinds": []}, "kinds"),
        ({"kinds": ["nothing"]}, "kinds"),
        ({"hours_from": "08:00"}, "hours_to"),
        ({"hours_from": "08:00", "hours_to": "08:00"}, "hours_to"),
        ({"hours_from": "late", "hours_to": "08:00"}, "hours_from"),
        ({"risks": ["huge"]}, "risks"),
        ({"kinds": ["watch_stalled"], "risks": ["high"]}, "risks"),
        ({"steps": 0}, "__all__"),
        ({"steps": "many"}, "__all__"),
        ({"steps": "９９９９９９"}, "__all__"),
        ({"step-0-wait": "-1"}, "__all__"),
        ({"step-0-wait": "soon"}, "__all__"),
        ({"step-0-tell": []}, "__all__"),
        ({"step-0-tell": ["member:1000000"]}, "__all__"),
        ({"step-0-tell": ["member:x"]}, "__all__"),
        ({"step-0-ask": "dance"}, "__all__"),
    ],
)
def test_bad_input_is_named_and_nothing_is_written(page, place, wrong, field):
    answer = page("policy_add", send=ladder(CALL, **wrong))
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not EscalationPolicy.objects.of(place).exists()


@pytest.mark.parametrize(
    ("act", "asks"),
    [
        ("add", ["phone", "go_up", "phone"]),
        ("up-1", ["go_up", "phone"]),
        ("down-0", ["go_up", "phone"]),
        ("remove-0", ["go_up"]),
        ("up-0", ["phone", "go_up"]),
        ("down-1", ["phone", "go_up"]),
        ("remove-9", ["phone", "go_up"]),
        ("up-x", ["phone", "go_up"]),
        ("dance", ["phone", "go_up"]),
    ],
)
def test_buttons_move_steps_and_keep_what_was_typed(page, place, act, asks):
    sent = ladder(CALL, (["coordinator"], "go_up", 7), name="half a na", do=act)
    answer = page("policy_add", send=sent)
    form = answer.context["form"]
    assert [row.initial["ask"] for row in form.steps] == asks
    assert 'value="half a na"' in answer.content.decode()
    assert not EscalationPolicy.objects.of(place).exists()


def test_two_who_change_a_ladder_at_once_do_not_overwrite_each_other(page, place):
    page("policy_add", send=ladder(CALL))
    row = own(place)
    version = page("policy_change", row.pk).context["form"].initial["version"]
    first = ladder(CALL, name="First", version=version)
    page("policy_change", row.pk, send=first)
    second = ladder(CALL, name="Second", version=version)
    answer = page("policy_change", row.pk, send=second)
    assert "changed this ladder meanwhile" in text_of(answer)
    assert own(place).name == "First"
    assert row.history.count() == 2


def test_a_running_alert_keeps_its_ladder_and_ending_brings_the_built_in_back(
    page, place, chen
):
    page("policy_add", send=ladder(CALL, kinds=["not_looked"]))
    b.watched(place)
    services.checks_make(community=place, now=b.DAWN)
    services.checks_decide_due(now=b.hour("09:10"))
    row = own(place)
    page("policy_end", row.pk, send={})
    text = text_of(page("policies"))
    assert "1 alert is running; it keeps the ladder it began with." in text
    assert "replaced by your own" not in text
    alert = Alert.objects.of(place).get()
    assert (alert.policy_name, len(alert.steps)) == ("Ours", 1)


def test_channels_that_were_stored_are_kept(page, place):
    page("policy_add", send={**ladder(CALL), "step-0-channels": "sms,wecom"})
    assert own(place).steps[0]["channels"] == ["sms", "wecom"]


def test_whoever_was_named_and_left_stays_in_sight(page, place):
    lin = b.member(place, "lin", "walker")
    page("policy_add", send=ladder(([f"member:{lin.pk}"], "phone", 5)))
    assert "First lin: phone" in text_of(page("policies"))
    member_leave(member=lin, now=b.DAWN)
    text = text_of(page("policies"))
    assert "First somebody who has left: phone" in text
    assert "nobody would ever be told" in text
    assert "somebody who has left" in text_of(page("policy_change", own(place).pk))


# --- preview -------------------------------------------------------------------------


def test_the_preview_names_people_and_times_from_the_deadline(page, place, chen):
    home = b.watched(place)
    answer = page("preview", query=f"?home={home.pk}&kind=missed&at=21:00")
    text = text_of(answer)
    assert "21:00, if nobody answers" in text
    (row,) = answer.context["rows"]
    steps = {step["number"]: step for step in row["steps"]}
    assert steps[1]["at"] is None
    assert [one.name for one in steps[2]["people"]] == ["chen"]
    assert (steps[2]["minutes"], steps[3]["minutes"]) == (0, 5)
    assert reverse("residents:contact_add", args=[home.pk]) in text
    assert "Put it on a round that somebody walks" in text
    assert "chen has no phone number." in text


def test_an_hour_at_which_nobody_is_on_duty_is_red(page, place, chen):
    b.watched(place)
    draft = duty.TurnDraft(
        member_id=chen.pk,
        days=EVERY_DAY,
        begins=time(8),
        ends=time(20),
        valid_from=b.TODAY,
    )
    duty.turn_add(community=place, draft=draft)
    red = "The rota names nobody at this hour"
    assert red in text_of(page("preview", query="?kind=missed&at=21:00"))
    assert red not in text_of(page("preview", query="?kind=missed&at=10:00"))


def test_a_ladder_that_comes_to_the_door_late_is_red(page, place):
    b.watched(place)
    late = ladder((["duty_officer"], "phone", 31), (["coordinator"], "go_up", 5))
    page("policy_add", send=late)
    assert "within half an hour" in text_of(page("preview"))


@pytest.mark.parametrize("kind", ["round_missed", "watch_stalled", "return_check"])
def test_alerts_of_no_home_and_quiet_ones_are_foreseen_too(page, place, kind):
    answer = page("preview", query=f"?kind={kind}&at=07:00")
    assert answer.status_code == 200
    assert answer.context["rows"]


@pytest.mark.parametrize(
    "query", ["?kind=x&at=21:00", "?kind=missed&at=25:00", "?kind=missed&at=&home=7"]
)
def test_a_preview_of_nothing_is_answered_in_words(page, query):
    assert page("preview", query=query).status_code == 422
