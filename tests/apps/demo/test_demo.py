"""The invented community: whole, invented, consistent, like real mornings."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from random import Random
from statistics import quantiles
from typing import Any

import pytest

from shouwang.apps.alerts.models import Alert
from shouwang.apps.communities.models import Community, Member, User
from shouwang.apps.demo.people import GIVEN, SURNAMES, called, invented_name
from shouwang.apps.demo.services import demo_fill, demo_logins
from shouwang.apps.residents.models import Home, Resident
from shouwang.apps.watch.models import Check
from shouwang.apps.watch.rebuild import rebuild_compare
from shouwang.common.errors import ConflictError

pytestmark = pytest.mark.django_db

# Hours of one day in Shanghai: deep in the night, and inside or after each window.
HOURS = {
    "03:00": datetime(2026, 11, 23, 19, tzinfo=UTC),
    "08:20": datetime(2026, 11, 24, 0, 20, tzinfo=UTC),
    "12:00": datetime(2026, 11, 24, 4, tzinfo=UTC),
    "19:00": datetime(2026, 11, 24, 11, tzinfo=UTC),
}
MORNING = HOURS["08:20"]


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


@pytest.mark.parametrize("hour", HOURS)
def test_at_any_hour_what_is_stored_is_what_the_facts_say(hour: str) -> None:
    now = HOURS[hour]
    demo_fill(now=now, homes=16)
    compared = rebuild_compare(community=Community.objects.get(), now=now)
    assert compared.count > 16 * 40
    assert compared.differences == ()


def test_no_check_is_left_undecided_after_its_deadline() -> None:
    demo_fill(now=MORNING, homes=16)
    late = Check.objects.of(Community.objects.get()).filter(
        alert_at__lte=MORNING, status__in=("scheduled", "open", "grace")
    )
    assert not late.exists()
