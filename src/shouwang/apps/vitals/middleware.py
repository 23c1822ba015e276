"""How long each page takes."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

from django.http import HttpRequest, HttpResponse

from shouwang.common.metrics import REQUEST_SECONDS

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class RequestSecondsMiddleware:
    """Times every answer by the name of its page, never by its address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = perf_counter()
        answer = self.get_response(request)
        match = request.resolver_match
        REQUEST_SECONDS.labels(
            page=(match.view_name if match else "") or "none",
            # A stranger may send any word; each would be a row for ever.
            method=request.method if request.method in METHODS else "other",
            status=f"{answer.status_code // 100}xx",
        ).observe(perf_counter() - began)
        return answer
