"""What every page shows: where one is, and whether the watch is awake."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from shouwang.apps.watch.selectors import heartbeat
from shouwang.common import clock


def desk(request: HttpRequest) -> dict[str, Any]:
    """Return navigation, community and heart-beat for the base template."""
    member = getattr(request, "member", None)
    if member is None:
        return {"nav": [], "community": None, "heartbeat": {"stale": False}}
    return {
        "nav": [_page(request, name, label) for name, label in pages()],
        "community": member.community,
        "member": member,
        "heartbeat": heartbeat(now=clock.now()),
    }


def pages() -> list[tuple[str, str]]:
    """Return the main pages by URL name, in the reader's language."""
    return [
        ("desk:board", _("Board")),
    ]


def _page(request: HttpRequest, name: str, label: str) -> dict[str, Any]:
    url = reverse(name)
    active = request.path == url or (url != "/" and request.path.startswith(url))
    return {"label": label, "url": url, "active": active}
