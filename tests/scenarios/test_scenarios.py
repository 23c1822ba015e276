"""Whole days through the real services, runner, ladder and outbox."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest

from shouwang.apps.drills.player import play
from shouwang.apps.drills.reading import DrillFileError, read_drill

pytestmark = pytest.mark.django_db

HERE = Path(__file__).parent
EXAMPLES = HERE.parents[1] / "docs" / "examples"
EVERY = sorted([*HERE.glob("*.yaml"), *EXAMPLES.glob("*.yaml")])


@cache
def played(path):
    """Play a day once: what it told is the same for every test of it."""
    return [json.loads(row) for row in play(path, as_json=True, language="en")]


def day(name):
    return played(HERE / f"{name}.yaml")


def did(lines, *, home="h1"):
    return [
        (row["at"][11:16], row["did"], row["step"])
        for row in lines
        if row["kind"] == "alert" and row["home"] == home
    ]


def alert_of(lines, home="h1"):
    return next(row for row in lines[-1]["alerts"] if row["home"] == home)


@pytest.mark.parametrize("path", EVERY, ids=lambda path: path.stem)
def test_every_day_is_told_in_order_and_without_gaps(path):
    lines = played(path)
    assert [row["at"] for row in lines] == sorted(row["at"] for row in lines)
    last: dict[tuple[str, ...], str] = {}
    for row in lines:
        if row["kind"] == "status":
            key = (row["home"], row["signal"], row["label"], row["date"])
            assert last.setdefault(key, row["from"]) == row["from"]
            last[key] = row["to"]
    assert lines[-1]["kind"] == "final"


def test_a_ladder_skips_whom_nobody_can_tell_and_ends_exhausted():
    lines = day("ladder-climbs-to-its-end")
    assert did(lines)[:7] == [
        ("01:10", "opened", None),
        ("01:10", "step", 1),
        ("01:20", "nobody_told", 2),
        ("01:20", "step", 3),
        ("01:30", "step", 4),
        ("01:45", "exhausted", None),
        ("02:00", "repeated", 4),
    ]
    told = [row["to"] for row in lines if row["kind"] == "message"]
    assert told[:3] == ["lin", "duty", "daughter"]


def test_a_commitment_without_a_result_lapses_and_the_ladder_moves_on():
    events = did(day("commitment-lapses"))
    assert ("01:12", "committed", None) in events
    assert ("01:32", "lapsed", None) in events
    assert ("01:32", "step", 3) in events


def test_an_acknowledgement_stops_the_ladder():
    lines = day("acknowledged-rests")
    assert did(lines)[-1] == ("01:12", "acknowledged", None)
    assert alert_of(lines)["state"] == "acknowledged"


def test_who_cannot_go_moves_it_on_now():
    assert ("01:12", "step", 3) in did(day("cannot-moves-on"))


def test_missed_closes_only_on_a_contact():
    lines = day("closing-needs-a-contact")
    assert [row["event"] for row in lines if row["kind"] == "refused"] == [2]
    assert alert_of(lines)["outcome"] == "overslept"
    morning = lines[-1]["checks"][0]
    assert (morning["status"], morning["strength"]) == ("well", "contact")


def test_muting_needs_a_reason():
    lines = day("mute-needs-a-reason")
    assert [row["event"] for row in lines if row["kind"] == "refused"] == [2]
    assert alert_of(lines)["state"] != "muted"


def test_evidence_seen_in_time_but_late_retracts_and_closes():
    lines = day("late-evidence-retracts")
    assert [row[1] for row in did(lines)][-2:] == ["retracted", "closed"]
    assert alert_of(lines)["outcome"] == "seen_in_time_arrived_late"


def test_who_is_on_the_way_is_told_and_closes_it_themselves():
    lines = day("late-evidence-tells-who-is-going")
    assert "retracted" in [row[1] for row in did(lines)]
    assert alert_of(lines)["state"] == "committed"
    assert [row["to"] for row in lines if row["kind"] == "message"][-1] == "duty"


def test_a_home_looked_at_after_all_needs_nobody_any_more():
    assert alert_of(day("seen-after-all"))["outcome"] == "seen_after_all"


def test_a_missed_round_is_one_alert_and_its_homes_follow_twenty_minutes_later():
    lines = day("round-missed")
    opened = [
        (row["at"][11:16], row["home"], row.get("round"))
        for row in lines
        if row["kind"] == "alert" and row["did"] == "opened"
    ]
    assert opened == [
        ("01:10", None, "am"),
        *[("01:30", f"h{number}", None) for number in (2, 3, 4, 5)],
    ]


def test_a_round_walked_late_spares_its_homes_their_alerts():
    lines = day("round-walked-late")
    assert [row["home"] for row in lines[-1]["alerts"]] == [None]
    assert lines[-1]["alerts"][0]["outcome"] == "round_walked"


def test_help_is_told_at_once_outside_every_window():
    lines = day("help-at-any-hour")
    assert did(lines)[0] == ("06:00", "opened", None)
    assert alert_of(lines)["type"] == "help"
    assert lines[-1]["checks"][0]["status"] == "help"


def test_a_message_that_failed_is_sent_when_the_channel_recovers():
    lines = day("channel-fails-and-recovers")
    states = [row["state"] for row in lines if row["kind"] == "message"]
    assert states[0] == "failed"
    assert "sent" in states


def test_the_built_in_ladder_begins_with_the_walker():
    lines = day("built-in-ladder")
    assert next(row for row in lines if row["kind"] == "message")["to"] == "lin"


def test_each_step_reaches_who_is_on_duty_when_it_is_told():
    lines = day("rota-hands-over")
    told = [(row["at"][11:16], row["to"]) for row in lines if row["kind"] == "message"]
    assert told[:4] == [
        ("01:10", "early"),
        ("01:20", "late"),
        ("01:30", "neighbour"),
        ("01:30", "daughter"),
    ]


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("person: late", "person: nobody"),
        ("person: late", "person: neighbour"),
        ('hours: "09:15-05:00"', 'hours: "late"'),
        ('hours: "09:00-10:00"', 'hours: "09:00-09:00"'),
        ("risks: [high]", "risks: [huge]"),
        ("also: [coordinator]", "also: [wizard]"),
        ("role: keyholder, of: h1", "role: keyholder"),
        ("key: true", "key: perhaps"),
    ],
)
def test_a_wrong_rota_or_policy_names_the_line(tmp_path, right, wrong):
    text = (HERE / "rota-hands-over.yaml").read_text(encoding="utf-8")
    path = tmp_path / "wrong.yaml"
    path.write_text(text.replace(right, wrong, 1), encoding="utf-8")
    with pytest.raises(DrillFileError) as error:
        read_drill(path)
    line = 1 + text[: text.index(right)].count("\n")
    assert [row.split(":")[0] for row in error.value.problems] == [f"line {line}"]


def test_a_file_with_errors_names_every_line_and_plays_nothing(tmp_path):
    text = (HERE / "seen-after-all.yaml").read_text(encoding="utf-8")
    path = tmp_path / "wrong.yaml"
    wrong = text.replace("state: open, by: lin", "state: ajar, by: nobody")
    path.write_text(wrong, encoding="utf-8")
    with pytest.raises(DrillFileError) as error:
        read_drill(path)
    line = 1 + wrong[: wrong.index("ajar")].count("\n")
    assert all(words.startswith(f"line {line}: ") for words in error.value.problems)
    assert [word in str(error.value) for word in ("ajar", "nobody")] == [True, True]


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("wait: 30", "wait: .nan"),
        ("wait: 30", "wait: -1"),
        ("wait: 30", "wait: .inf"),
        ("wait: 30", "wait: 99999999"),
        ("wait: 30", "wait: soon"),
        ("grace: 10, well: [open]", "grace: -5, well: [open]"),
        ('window: "07:00-09:00"', 'window: "07:00-07:00"'),
        ('window: "07:00-09:00"', 'window: "7 to 9"'),
        ("signal: curtain\n        exp", "signal: smoke\n        exp"),
        ("role: walker", "role: wizard"),
        ("walkers: [lin]", "walkers: [merlin]"),
        ("timezone: Asia/Shanghai", "timezone: Asia/Nowhere"),
        ('at: "2026-03-02T14:00:00"', 'at: "2026-03-02T06:00:00"'),
        ('at: "2026-03-02T14:00:00"', 'at: "yesterday"'),
        ("address: 3-2-101", "adress: 3-2-101"),
        ("- {id: lin, role: walker}", "- {id: duty, role: walker}"),
    ],
)
def test_a_wrong_drill_names_the_line_and_plays_nothing(tmp_path, right, wrong):
    text = (HERE / "help-at-any-hour.yaml").read_text(encoding="utf-8")
    assert right in text
    path = tmp_path / "wrong.yaml"
    path.write_text(text.replace(right, wrong, 1), encoding="utf-8")
    with pytest.raises(DrillFileError) as error:
        read_drill(path)
    line = 1 + text[: text.index(right)].count("\n")
    named = {words.split(":")[0] for words in error.value.problems}
    # What is missing is told where its surroundings begin.
    assert named & {f"line {line}", f"line {line - 1}"}, error.value.problems


# What each check of a day has come to: (label, date) of the morning unless said.
ENDED = {
    "proven-morning": ("well", "seen"),
    "presumed-morning": ("well", "presumed"),
    "require-change": ("unproven", None),
    "unchanged-overnight": ("unproven", None),
    "could-not-see": ("unclear", None),
    "nobody-looked": ("not_looked", None),
    "too-early-proves-nothing": ("not_looked", None),
    "contact-before-the-window": ("well", "contact"),
    "correction-retells": ("missed", None),
    "photo-not-sure": ("unclear", None),
    "photo-sure": ("well", "photo"),
    "away-is-excused": ("excused", None),
    "help-while-away": ("help", None),
    "board-never-taken-in": ("unproven", None),
    "own-kind-of-signal": ("help", None),
}


def check_of(lines, label="morning", on="2026-03-02"):
    return next(
        (row["status"], row["strength"])
        for row in lines[-1]["checks"]
        if (row["label"], row["date"]) == (label, on)
    )


@pytest.mark.parametrize("name", ENDED)
def test_a_morning_comes_to_what_the_rules_say(name):
    assert check_of(day(name)) == ENDED[name]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("require-change", "unproven"),
        ("unchanged-overnight", "unproven"),
        ("could-not-see", "unclear"),
        ("nobody-looked", "not_looked"),
        ("correction-retells", "missed"),
        ("help-while-away", "help"),
        ("own-kind-of-signal", "help"),
        ("back-on-the-last-day", "return_check"),
        ("somebody-there-while-away", "pattern"),
        ("lamp-on-behind-the-curtain", "pattern"),
    ],
)
def test_what_is_not_well_opens_an_alert_of_its_kind(name, kind):
    assert kind in {row["type"] for row in day(name) if row["kind"] == "alert"}


@pytest.mark.parametrize("name", ["proven-morning", "presumed-morning"])
def test_who_is_well_disturbs_nobody(name):
    assert [row for row in day(name) if row["kind"] in {"alert", "message"}] == []


def test_a_window_across_midnight_belongs_to_the_day_it_opens():
    lines = day("window-across-midnight")
    assert check_of(lines, "night", "2026-03-01") == ("well", "presumed")


def test_the_return_is_asked_about_at_nine_of_the_last_day():
    lines = day("back-on-the-last-day")
    asked = [row for row in lines if row.get("type") == "return_check"]
    assert (asked[0]["at"], asked[0]["did"]) == ("2026-03-02T01:00:00Z", "opened")


def test_nobody_asks_about_whom_somebody_has_reached():
    assert day("back-and-known")[-1]["alerts"] == []


def test_a_window_in_the_hour_that_is_skipped_opens_at_the_skip():
    lines = day("hour-that-is-skipped")
    opened = [
        row["at"]
        for row in lines
        if row["kind"] == "status"
        and (row["to"], row["date"]) == ("open", "2026-03-29")
    ]
    assert opened == ["2026-03-29T01:00:00Z"]
