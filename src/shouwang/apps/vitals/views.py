"""What an outside monitor asks: whether it lives, and how it is."""

from __future__ import annotations

import hmac
from functools import cache
from importlib.metadata import version
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from shouwang.apps.vitals.bounded import Bounded, NoAnswerError
from shouwang.apps.vitals.readings import Readings
from shouwang.apps.vitals.selectors.pulse import (
    Counts,
    Pulse,
    counts_read,
    pulse_read,
)
from shouwang.common import clock
from shouwang.common.errors import NotFoundError
from shouwang.common.metrics import REGISTRY

ANSWER_WITHIN_SECONDS = 2.0
HERE = frozenset({"127.0.0.1", "::1"})
# What a proxy adds: then the request only seems to come from this machine.
PROXIED = frozenset({"X-Forwarded-For", "X-Real-Ip", "Forwarded", "Via"})


def _pulse() -> Pulse:
    return pulse_read(now=clock.now())


def _counts() -> Counts:
    return counts_read(now=clock.now())


PULSE = Bounded(_pulse, seconds=ANSWER_WITHIN_SECONDS)
COUNTS = Bounded(_counts, seconds=ANSWER_WITHIN_SECONDS)


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer 200 when all is well, else 503 with what is wrong, within seconds."""
    began = clock.steady()
    try:
        told = _told(PULSE.ask())
    except NoAnswerError:
        told = {"database": {"ok": False, "error": "no answer"}}
    except DatabaseError as error:
        # Its words may name the machine or the database: only its kind is told.
        told = {"database": {"ok": False, "error": type(error).__name__}}
    told["database"]["seconds"] = round(clock.steady() - began, 3)
    wrong = [name for name, part in told.items() if not part["ok"]]
    answer = {"ok": not wrong, "wrong": wrong, "version": _version(), **told}
    return JsonResponse(
        answer,
        status=503 if wrong else 200,
        headers={"Cache-Control": "no-store"},
    )


def _told(pulse: Pulse) -> dict[str, dict[str, Any]]:
    age = pulse.heart_age
    return {
        "database": {"ok": True},
        "heart": {
            "ok": pulse.is_heart_well,
            "age_seconds": None if age is None else round(age.total_seconds(), 1),
        },
        "outbox": {
            "ok": pulse.is_outbox_well,
            "overdue_seconds": round(pulse.outbox.overdue.total_seconds(), 1),
            "waiting": sum(pulse.outbox.by_state.values()),
        },
    }


@cache
def _version() -> str:
    return version("shouwang")


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer with everything counted; to this machine, or to who has the token."""
    if not _may_read(request):
        raise NotFoundError("not_here", _("There is no such page for you."))
    try:
        counts = COUNTS.ask()
    except (NoAnswerError, DatabaseError):
        counts = None
    fresh = CollectorRegistry()
    fresh.register(Readings(counts, version=_version()))
    return HttpResponse(
        generate_latest(REGISTRY) + generate_latest(fresh),
        content_type=CONTENT_TYPE_LATEST,
        headers={"Cache-Control": "no-store"},
    )


def _may_read(request: HttpRequest) -> bool:
    token = settings.METRICS_TOKEN
    scheme, _space, given = request.headers.get("Authorization", "").partition(" ")
    if token and scheme.lower() == "bearer":
        return hmac.compare_digest(given.strip().encode(), token.encode())
    is_proxied = any(name in request.headers for name in PROXIED)
    return request.META.get("REMOTE_ADDR") in HERE and not is_proxied
