"""The phone app: its page, and the worker that keeps it on the phone."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

from csp.decorators import csp_update
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_safe

PAGE = "rounds/phone.html"
FILES = (
    "phone/app.js",
    "phone/core.js",
    "phone/draw.js",
    "phone/photo.js",
    "phone/pictures.js",
    "phone/reporting.js",
    "phone/reports.js",
    "phone/reportsui.js",
    "phone/push.js",
    "phone/roundsui.js",
    "phone/saving.js",
    "phone/screens.js",
    "phone/settingsui.js",
    "phone/stopui.js",
    "phone/store.js",
    "phone/sync.js",
    "phone/ui.js",
    "phone/visiting.js",
    "phone/visits.js",
    "phone/visitsui.js",
    "phone/walking.js",
    "phone/words.js",
    "phone/phone.css",
    "phone/manifest.webmanifest",
    "phone/icon-192.png",
    "phone/icon-512.png",
    "vendor/idb-8.0.4.js",
    "css/tokens.css",
    "css/facade.css",
    "favicon.svg",
)
WORKER = "phone/sw.js"


# A picture kept on the phone is shown from the phone's own memory.
@csp_update({"img-src": ["blob:"]})
@require_safe
def phone(request: HttpRequest) -> HttpResponse:
    """Serve the page of the app: the same for everybody, so that a phone may keep it."""
    return _fresh(HttpResponse(_page()))


@require_safe
def phone_worker(request: HttpRequest) -> HttpResponse:
    """Serve the worker; another version of any file makes it another worker."""
    paths = [reverse("rounds:phone"), *(static(name) for name in FILES)]
    head = f"const VERSION = {json.dumps(_version())};\nconst FILES = {json.dumps(paths)};\n"
    text = head + _file(WORKER).read_text(encoding="utf-8")
    return _fresh(HttpResponse(text, content_type="text/javascript; charset=utf-8"))


def _page() -> str:
    return render_to_string(PAGE)


def _version() -> str:
    """Return what changes with any file of the app (hex)."""
    digest = hashlib.sha256(_page().encode())
    for name in (*FILES, WORKER):
        digest.update(_file(name).read_bytes())
    return digest.hexdigest()[:16]


@cache
def _file(name: str) -> Path:
    found = finders.find(name)
    if not isinstance(found, str):
        raise FileNotFoundError(name)
    return Path(found)


def _fresh(answer: HttpResponse) -> HttpResponse:
    add_never_cache_headers(answer)
    return answer
