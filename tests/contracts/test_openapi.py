"""The document of the API is true: whatever is sent, the answer is as it says."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
import schemathesis
import time_machine
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from tests.apps import building as b

from shouwang.apps.care.services import NeedDraft, need_open
from shouwang.apps.communities.services import token_make
from shouwang.apps.watch import services
from shouwang.config.api import api

ROOT = Path(__file__).parents[2]
DOCUMENT = api.get_openapi_schema()
CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)
schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())


def operations():
    for path, methods in DOCUMENT["paths"].items():
        for method, row in methods.items():
            yield path, method, row


def test_the_document_is_openapi_3_1_and_open_to_all(client):
    answer = client.get("/api/v1/openapi.json")
    assert answer.status_code == 200
    assert answer.json()["openapi"].startswith("3.1")


def test_every_operation_is_described_and_says_its_errors():
    for _path, _method, row in operations():
        assert row["description"]
        assert {"401", "404", "422", "503"} <= {str(key) for key in row["responses"]}


def test_every_address_is_in_the_reference():
    page = (ROOT / "docs/reference/api.md").read_text(encoding="utf-8")
    for path, method, _row in operations():
        assert f"`{method.upper()} {path.removeprefix('/api/v1')}`" in page


@pytest.fixture
def _one_connection():
    """Keep the test's own connection, and with it its transaction, between requests."""
    told = (request_started, request_finished)
    for moment in told:
        moment.disconnect(close_old_connections)
    yield
    for moment in told:
        moment.connect(close_old_connections)


@pytest.fixture
def key(db, _one_connection):
    place = b.community()
    home = b.watched(place)
    services.checks_make(community=place, now=b.DAWN)
    services.absence_declare(home=home, draft=b.away(), by=None, now=b.DAWN)
    services.checks_decide_due(now=b.hour("09:10"))
    member = b.member(place, "machine", "coordinator", "duty_officer")
    draft = NeedDraft(kind="haircut", urgency="everyday")
    need_open(home=home, draft=draft, by=member, now=b.DAWN)
    with time_machine.travel(datetime(2026, 3, 2, 4, tzinfo=UTC), tick=False):
        yield token_make(member=member, name="m", now=b.DAWN)[1]


@schema.parametrize()
@settings(
    max_examples=12,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_whatever_is_sent_is_answered_as_documented(case, key):
    answer = case.call(headers={"Authorization": f"Bearer {key}"})
    case.validate_response(answer, checks=CHECKS)
