"""Who is asking, in which community, in which language; errors in plain words."""

from __future__ import annotations

from collections.abc import Callable

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from shouwang.apps.communities.models import Member, User
from shouwang.apps.communities.selectors import members_of
from shouwang.common.errors import ShouwangError

GetResponse = Callable[[HttpRequest], HttpResponse]
SESSION_COMMUNITY = "community"


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
            words = _(
                "The record cannot be written just now; nothing was half written. "
                "Please try again in a moment."
            )
            return _page(request, 503, words)
        return None


def _page(request: HttpRequest, status: int, words: str) -> HttpResponse:
    return render(request, "errors/told.html", {"words": words}, status=status)
