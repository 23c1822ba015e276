"""Who is asking, in which community, in which language; errors in plain words."""

from __future__ import annotations

from collections.abc import Callable

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from shouwang.apps.communities.models import Member, User
from shouwang.apps.communities.selectors import members_of
from shouwang.common.errors import ShouwangError

GetResponse = Callable[[HttpRequest], HttpResponse]
SESSION_COMMUNITY = "community"
API = "/api/"


class LanguageMiddleware:
    """The user's language, then the one chosen here, then the browser's."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = translation.get_language_from_request(request)
        user = request.user
        if isinstance(user, User) and user.language:
            language = user.language
        translation.activate(language)
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", translation.get_language())
        return response


class CommunityMiddleware:
    """Sets ``request.member``: the reader as a person of one community, or ``None``."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.member = self._member(request)  # type: ignore[attr-defined]  # ours
        if request.member is None:  # type: ignore[attr-defined]  # ours
            return self.get_response(request)
        # Pages show the community's own time, wherever the reader is.
        with timezone.override(request.member.community.zone):  # type: ignore[attr-defined]  # ours
            return self.get_response(request)

    def _member(self, request: HttpRequest) -> Member | None:
        if not isinstance(request.user, User):
            return None
        members = members_of(request.user)
        chosen = request.session.get(SESSION_COMMUNITY)
        return next(
            (row for row in members if row.community_id == chosen),
            members[0] if members else None,
        )


class ApiErrorMiddleware:
    """Below ``/api/`` every error has the one shape, also those Django makes itself."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        is_json = answer.headers.get("Content-Type", "").startswith("application/json")
        if not request.path.startswith(API) or answer.status_code < 400 or is_json:
            return answer
        told = JsonResponse(api_error(answer.status_code), status=answer.status_code)
        if "Allow" in answer.headers:
            told.headers["Allow"] = answer.headers["Allow"]
        return told


def api_error(
    status: int,
    code: str = "",
    message: str = "",
    fields: dict[str, list[str]] | None = None,
) -> dict[str, dict[str, object]]:
    """Return an error in the API's shape; without words, those of the HTTP status."""
    known = {
        400: ("bad_request", _("This request cannot be read.")),
        401: ("unauthorized", _("Please log in, or show a valid key.")),
        403: ("forbidden", _("This request lacks the protection of the browser.")),
        404: ("not_found", _("There is nothing at this address.")),
        405: ("method_not_allowed", _("This address does not take that method.")),
        413: ("too_large", _("This is more than can be taken at once.")),
        422: ("invalid", _("Something in it cannot be taken.")),
        503: ("unavailable", unavailable_words()),
    }
    plain = known.get(status, ("error", _("Something went wrong here.")))
    return {
        "error": {
            "code": code or plain[0],
            "message": message or plain[1],
            "fields": fields or {},
        }
    }


def unavailable_words() -> str:
    """Return what is said when the database takes nothing."""
    return _(
        "The record cannot be written just now; nothing was half written. "
        "Please try again in a moment."
    )


class ErrorMiddleware:
    """The one place that turns our errors into pages."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(
        self, request: HttpRequest, error: Exception
    ) -> HttpResponse | None:
        if isinstance(error, ShouwangError):
            return _page(request, error.status, str(error.message))
        if isinstance(error, OperationalError):
            return _page(request, 503, unavailable_words())
        return None


def _page(request: HttpRequest, status: int, words: str) -> HttpResponse:
    return render(request, "errors/told.html", {"words": words}, status=status)
