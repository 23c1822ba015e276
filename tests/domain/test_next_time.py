from __future__ import annotations

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from shouwang.domain.digest import next_time

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("after", "zone", "found"),
    [
        # 9:15 in Shanghai is 1:15 in Greenwich.
        (
            datetime(2026, 3, 2, 1, 14, tzinfo=UTC),
            SHANGHAI,
            datetime(2026, 3, 2, 1, 15, tzinfo=UTC),
        ),
        (
            datetime(2026, 3, 2, 1, 15, tzinfo=UTC),
            SHANGHAI,
            datetime(2026, 3, 3, 1, 15, tzinfo=UTC),
        ),
        (
            datetime(2026, 3, 2, 23, 0, tzinfo=UTC),
            SHANGHAI,
            datetime(2026, 3, 3, 1, 15, tzinfo=UTC),
        ),
        # The day on which an hour is skipped is shorter.
        (
            datetime(2026, 3, 28, 8, 15, tzinfo=UTC),
            BERLIN,
            datetime(2026, 3, 29, 7, 15, tzinfo=UTC),
        ),
    ],
)
def test_the_next_time_is_later_and_local(after, zone, found):
    assert next_time(time(9, 15), after=after, zone=zone) == found


def test_a_time_that_is_skipped_comes_at_the_skip():
    after = datetime(2026, 3, 28, 12, tzinfo=UTC)
    assert next_time(time(2, 30), after=after, zone=BERLIN) == datetime(
        2026, 3, 29, 1, tzinfo=UTC
    )
