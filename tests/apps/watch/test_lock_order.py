"""The tick and a look at the same home: whoever comes second waits, and that is all."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction
from tests.apps import building as b

from shouwang.apps.alerts.models import Alert
from shouwang.apps.residents.models import Home
from shouwang.apps.watch import services
from shouwang.apps.watch.models import Check

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        not connection.features.has_select_for_update,
        reason="SQLite has one writer at a time",
    ),
]


def tick():
    services.checks_decide_due(now=b.hour("09:10"))
    connection.close()


def wait_until_somebody_waits():
    with connection.cursor() as cursor:
        while True:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return


def test_a_tick_that_waits_for_a_home_holds_none_of_its_checks(caplog):
    place = b.community()
    made = b.watched(place)
    services.checks_make(community=place, now=b.DAWN)
    ticking = threading.Thread(target=tick)
    with transaction.atomic():
        Home.objects.of(place).select_for_update().get(pk=made.pk)
        ticking.start()
        wait_until_somebody_waits()
        Check.objects.of(place).filter(home=made).update(trouble_count=0)
    ticking.join()
    assert caplog.records == []
    assert Alert.objects.of(place).filter(home=made).exists()
