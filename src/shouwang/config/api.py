"""The JSON API under ``/api/v1/``: every app's part, and one shape for errors."""

from __future__ import annotations

import logging

from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from shouwang.apps.activities.api import activities
from shouwang.apps.alerts.api import alerts
from shouwang.apps.care.api import needs
from shouwang.apps.communities.api import LoginAuth, TokenAuth
from shouwang.apps.communities.middleware import api_error
from shouwang.apps.neighbours.api import neighbours
from shouwang.apps.outbox.api import push
from shouwang.apps.residents.api import homes
from shouwang.apps.rounds.api import phone
from shouwang.apps.visits.api import visits
from shouwang.apps.volunteers.api import volunteers
from shouwang.apps.watch.api import watch
from shouwang.common.errors import ShouwangError

log = logging.getLogger(__name__)

api = NinjaAPI(
    title="Shouwang 守望",
    version="1",
    description=(
        "Sightings in; checks, alerts, homes and absences out. Times are RFC 3339 with "
        "an offset; dates are the community's own. Every error has one shape."
    ),
    docs_url=None,
    urls_namespace="api",
    auth=[TokenAuth(), LoginAuth()],
)
care = (needs, volunteers, visits, activities)
for router in (watch, homes, alerts, *care, phone, neighbours, push):
    api.add_router("", router)


@api.exception_handler(ShouwangError)
def told(request: HttpRequest, error: ShouwangError) -> HttpResponse:
    """Answer one of our own errors."""
    body = api_error(error.status, error.code, str(error), error.fields)
    return api.create_response(request, body, status=error.status)


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Answer with every wrong field at once, never echoing what was sent."""
    fields: dict[str, list[str]] = {}
    for row in error.errors:
        # ("body", name of the parameter, field…) or ("query", field)
        place = [str(part) for part in row["loc"]]
        inner = place[2:] if place[0] == "body" else place[1:]
        fields.setdefault(".".join(inner or place), []).append(row["msg"])
    return api.create_response(request, api_error(422, fields=fields), status=422)


@api.exception_handler(HttpError)
def refused(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Answer what stopped before any of our code: no login, unreadable JSON."""
    status = error.status_code
    answer = api.create_response(request, api_error(status), status=status)
    if status == 401:
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


@api.exception_handler(Exception)
def broken(request: HttpRequest, error: Exception) -> HttpResponse:
    """Answer everything else without its insides."""
    match error:
        case Http404():
            status = 404
        case RequestDataTooBig():
            status = 413
        case OperationalError():
            status = 503
        case _:
            log.error("the API failed at %s", request.path, exc_info=error)
            status = 500
    return api.create_response(request, api_error(status), status=status)
