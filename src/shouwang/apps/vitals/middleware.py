"""How long each page takes."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from shouwang.common import clock
from shouwang.common.metrics import REQUEST_SECONDS

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class RequestSecondsMiddleware:
    """Times every answer by the name of its page, never by its address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = clock.steady()
        answer = self.get_response(request)
        match = request.resolver_match
        REQUEST_SECONDS.labels(
            page=(match.view_name if match else "") or "none",
            # A stranger may send any word; each would be a row for ever.
            method=request.method if request.method in METHODS else "other",
            status=f"{answer.status_code // 100}xx",
        ).observe(clock.steady() - began)
        return answer
