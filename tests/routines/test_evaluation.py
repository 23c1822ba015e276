"""Own times against a fixed deadline, on days whose true times are known."""

from __future__ import annotations

import json

import numpy as np
import pytest
from tests.routines.days import invented
from typer.testing import CliRunner

from shouwang.cli import app
from shouwang.routines.days_file import DaysFileError, days_read
from shouwang.routines.evaluation import Days, evaluate

PASSES = (435, 480, 530)


@pytest.fixture(scope="module")
def found():
    return evaluate(invented(60, 7), passes=PASSES, seed=3)


def test_own_times_give_fewer_false_alarms_at_the_same_mean_time(found):
    assert found.all.own_false < 0.8 * found.all.fixed_false
    assert found.all.mean_alarm == pytest.approx(120, abs=8)
    assert found.all.earlier > 0


def test_the_fixed_deadline_is_counted_as_it_falls(found):
    days = invented(60, 7)
    assert found.all.fixed_false == pytest.approx(365.25 * (days.minute > 540).mean())
    assert found.homes == 60
    assert found.days == 420


def test_the_same_seed_gives_the_same_figures(found):
    assert evaluate(invented(60, 7), passes=PASSES, seed=3) == found
    assert evaluate(invented(60, 7), passes=PASSES, seed=4) != found


def test_the_scored_day_is_not_used_to_tell_it():
    days = invented(40, 6)
    moved = Days(
        home=days.home, weekday=days.weekday, minute=np.array(days.minute, copy=True)
    )
    # One day of one home moves far away: its own other-days' median must not.
    moved.minute[3] = 1000
    assert moved.others_median()[3] == days.others_median()[3]
    assert moved.others_median()[4] >= days.others_median()[4]


def test_the_median_of_the_others_is_that():
    minute = np.array([400.0, 500, 450, 470, 400, 410])
    days = Days(home=np.array([0, 0, 0, 0, 1, 1]), weekday=np.arange(6), minute=minute)
    expected = [470, 450, 470, 450, 410, 400]
    assert days.others_median().tolist() == expected


def test_one_home_cannot_be_told_from_others():
    with pytest.raises(ValueError, match="two homes"):
        evaluate(invented(1, 7), passes=PASSES, seed=1)


def test_a_group_without_a_day_says_nothing():
    days = invented(6, 5)
    late = Days(home=days.home, weekday=days.weekday, minute=days.minute + 300)
    assert evaluate(late, passes=PASSES, seed=1).fit.own_false is None


def written(tmp_path, rows, header="home,day,weekday,status,first_activity_min"):
    path = tmp_path / "days.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def days_file(tmp_path, homes=12, days=6):
    known = invented(homes, days)
    rows = [
        f"h{home},{place % days + 1},{weekday},ok,{minute}"
        for place, (home, weekday, minute) in enumerate(
            zip(known.home, known.weekday, known.minute, strict=True)
        )
    ]
    return written(tmp_path, [*rows, "h0,9,1,short_wear,", "few,1,1,ok,480"])


def test_only_usable_days_of_homes_with_four_are_read(tmp_path):
    days = days_read(days_file(tmp_path))
    assert days.home_count == 12
    assert days.count == 72


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("h1,1,9,ok,480", "Line 2: weekday"),
        ("h1,1,1,ok,nan", "Line 2: first_activity_min"),
        ("h1,1,1,ok,-5", "Line 2: first_activity_min"),
        ("h1,1,1,ok,1440", "Line 2: first_activity_min"),
        ("h1,1,1,ok,early", "Line 2: first_activity_min"),
        (",1,1,ok,480", "Line 2: home is empty"),
        ("h1,1,1,ok,480", "Two homes"),
    ],
)
def test_a_file_that_cannot_be_taken_says_why(tmp_path, row, words):
    with pytest.raises(DaysFileError, match=words):
        days_read(written(tmp_path, [row]))


def test_all_faults_are_told_at_once_but_not_a_thousand(tmp_path):
    rows = [f"h{n},1,9,ok,x" for n in range(1000)]
    with pytest.raises(DaysFileError) as caught:
        days_read(written(tmp_path, rows))
    assert len(caught.value.problems) == 11
    assert "1990 more" in caught.value.problems[-1]


def test_a_column_that_is_missing_is_named(tmp_path):
    with pytest.raises(DaysFileError, match="weekday, first_activity_min"):
        days_read(written(tmp_path, ["a,ok"], header="home,status"))


def test_no_file_and_no_text_are_told(tmp_path):
    with pytest.raises(DaysFileError, match="cannot be read"):
        days_read(tmp_path / "none.csv")
    path = tmp_path / "days.csv"
    path.write_bytes(b"\xff\xfe\x00home")
    with pytest.raises(DaysFileError, match="UTF-8"):
        days_read(path)


def run(*words):
    return CliRunner().invoke(app, ["routines", "evaluate", *map(str, words)])


def test_the_command_prints_what_was_promised(tmp_path):
    file = days_file(tmp_path)
    done = run(file, "--passes", "7:15,8:00,8:50", "--seed", "2", "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["homes"] == 12
    assert told["days"] == 72
    for group in ("all", "fit"):
        assert {
            "fixed_fa_per_home_year",
            "own_fa_per_home_year",
            "mean_alarm_min_after_7",
            "minutes_earlier_at_equal_fa",
        } <= set(told[group])
    assert "12 homes, 72 days" in run(file).output


def test_the_command_refuses_clearly(tmp_path):
    missing = run(tmp_path / "none.csv")
    assert missing.exit_code == 2
    assert "cannot be read" in missing.output
    for passes in ("25:00", "", "7:15,7:15", "7.15"):
        assert run(days_file(tmp_path), "--passes", passes).exit_code == 2
