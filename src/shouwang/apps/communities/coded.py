"""Pages whose address is the key: no login, no cookie, and no other site hears of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from shouwang.apps.communities.models import Language

_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}
View = Callable[[HttpRequest, str], HttpResponse]


def by_code(view: View) -> View:
    """Answer under a code, in the language asked for on the page; nobody keeps a copy.

    Without a cookie there is nothing for another site to misuse, so no token is asked.
    """

    @csrf_exempt
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def answered(request: HttpRequest, code: str) -> HttpResponse:
        asked = _asked(request)
        with translation.override(asked or translation.get_language()):
            answer = view(request, code)
            answer.headers["Content-Language"] = translation.get_language()
        for name, value in _HEADERS.items():
            answer.headers[name] = value
        return answer

    return answered


def kept_address(request: HttpRequest, path: str = "", **more: str) -> str:
    """Return an address of such a page, this one unless said; its language stays."""
    asked = _asked(request)
    said = {**({"language": asked} if asked else {}), **more}
    return f"{path or request.path}{'?' if said else ''}{urlencode(said)}"


def _asked(request: HttpRequest) -> str:
    asked = request.GET.get("language", "")
    return asked if asked in Language.values else ""
