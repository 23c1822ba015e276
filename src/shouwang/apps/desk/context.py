"""What every page shows: where one is, and whether the watch is awake."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from shouwang.apps.desk.menu import menu_for
from shouwang.apps.watch.selectors import heartbeat
from shouwang.common import clock


def desk(request: HttpRequest) -> dict[str, Any]:
    """Return the menu, community and heart-beat for the base template."""
    member = getattr(request, "member", None)
    if member is None:
        return {"menu": None, "community": None, "heartbeat": {"stale": False}}
    return {
        "menu": menu_for(member, request),
        "community": member.community,
        "member": member,
        "heartbeat": heartbeat(now=clock.now()),
    }
