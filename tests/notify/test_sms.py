from __future__ import annotations

import pytest
from tests.notify.texting import LINK, message

from shouwang.notify.message import SendingError
from shouwang.notify.settings import Fault, Wrong
from shouwang.notify.sms import CHARACTERS_MOST, filled, mobile_of, wrong_of
from shouwang.notify.sms_aliyun.channel import SmsAliyunChannel

SETTINGS = {
    "key_id": "k",
    "key_secret": "s",
    "sign": "守望",
    "template": "SMS_1",
    "parameters": "place,words,asked,link",
    "template_text": "",
    "longest": "35",
}


@pytest.mark.parametrize(
    "typed",
    [
        "13900000001",
        "+86 139 0000 0001",
        "0086-139-0000-0001",
        "8613900000001",
        "１３９ ００００ ０００１",
        "(139) 0000·0001",
    ],
)
def test_a_mobile_number_is_the_same_however_it_was_typed(typed):
    assert mobile_of(typed) == "+8613900000001"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("0351-0000000", "landline"),
        ("010 0000 0000", "landline"),
        ("7000000", "landline"),
        ("", "not_a_mobile"),
        ("139000000", "not_a_mobile"),
        ("139000000012", "not_a_mobile"),
        ("+1 555 0100", "not_a_mobile"),
        ("小林", "not_a_mobile"),
    ],
)
def test_what_takes_no_text_message_is_refused_for_good(typed, code):
    with pytest.raises(SendingError) as refused:
        mobile_of(typed)
    assert (refused.value.permanent, refused.value.code) == (True, code)
    assert not typed or typed not in str(refused.value)


def whole(given, settings):
    return len(settings["sign"]) + 2 + sum(len(value) for _, value in given)


def test_what_fits_is_not_touched():
    given = filled(message(), SETTINGS)
    assert dict(given) == {
        "place": "3-2-401",
        "words": "窗帘未拉开",
        "asked": "请去看看",
        "link": LINK,
    }


def test_a_long_text_is_cut_and_the_link_is_not():
    given = filled(message(words="没有动静" * 40, place="幸福里" * 20), SETTINGS)
    assert whole(given, SETTINGS) <= CHARACTERS_MOST
    assert dict(given)["link"] == LINK
    assert dict(given)["words"].endswith("…")
    assert dict(given)["place"].startswith("幸福里")
    assert dict(given)["asked"] == "请去看看"


def test_the_words_of_the_template_take_their_room():
    text = "守望提醒：${place}${words}，${asked}，详情见${link}请尽快处理谢谢您"
    settings = {**SETTINGS, "template_text": text}
    given = filled(message(words="没有动静" * 40), settings)
    fixed = text
    for name, _ in given:
        fixed = fixed.replace(f"${{{name}}}", "")
    assert whole(given, settings) + len(fixed) <= CHARACTERS_MOST


def test_a_link_longer_than_a_whole_message_is_still_whole():
    link = "https://watch.example/" + "a" * 90
    given = dict(filled(message(link=link), SETTINGS))
    assert given["link"] == link
    assert given["words"] == "窗帘未…"


def test_no_parameter_is_longer_than_the_provider_grants():
    settings = {**SETTINGS, "longest": "6", "parameters": "place,words"}
    given = filled(message(words="一二三四五六七"), settings)
    assert given == [("place", "3-2-4…"), ("words", "一二三四五…")]


def test_the_template_may_call_a_part_by_another_name():
    settings = {**SETTINGS, "parameters": "where=place, more=link_tail"}
    assert filled(message(), settings) == [("where", "3-2-401"), ("more", "t/abc?x=1")]


def test_what_is_not_known_leaves_no_hole():
    settings = {**SETTINGS, "parameters": "place,nothing"}
    assert filled(message(place=""), settings) == [("place", "—"), ("nothing", "—")]


def test_lines_and_the_brackets_of_the_sign_do_not_get_through():
    settings = {**SETTINGS, "parameters": "words"}
    given = filled(message(words="【别家】\n您好\t吗"), settings)
    assert given == [("words", "[别家] 您好 吗")]


@pytest.mark.parametrize(
    ("changed", "name", "fault"),
    [
        ({"key_secret": ""}, "key_secret", Fault.MISSING),
        ({"parameters": "place;words"}, "parameters", Fault.UNKNOWN_FORM),
        ({"parameters": "place,,words"}, "parameters", Fault.UNKNOWN_FORM),
        ({"template_text": "${a}${b}"}, "parameters", Fault.UNKNOWN_FORM),
        ({"longest": "many"}, "longest", Fault.NOT_A_NUMBER),
        ({"longest": "0"}, "longest", Fault.NOT_A_NUMBER),
    ],
)
def test_a_wrong_setting_is_named(changed, name, fault):
    wanted = SmsAliyunChannel.settings
    assert wrong_of(wanted, {**SETTINGS, **changed}) == (Wrong(name=name, fault=fault),)


def test_good_settings_are_right():
    assert wrong_of(SmsAliyunChannel.settings, SETTINGS) == ()
