"""What every page shows: where one is, and whether the watch is awake."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from shouwang.apps.communities.models import Role
from shouwang.apps.communities.selectors import DESK_ROLES, LOOKING_ROLES, has_role
from shouwang.apps.watch.selectors import heartbeat
from shouwang.common import clock


def desk(request: HttpRequest) -> dict[str, Any]:
    """Return navigation, community and heart-beat for the base template."""
    member = getattr(request, "member", None)
    if member is None:
        return {"nav": [], "community": None, "heartbeat": {"stale": False}}
    return {
        "nav": [
            _page(request, name, label)
            for name, label, roles in pages()
            if has_role(member, roles)
        ],
        "community": member.community,
        "member": member,
        "heartbeat": heartbeat(now=clock.now()),
    }


def pages() -> list[tuple[str, str, frozenset[str]]]:
    """Return the main pages: URL name, words in the reader's language, for whom."""
    coordinators = frozenset({Role.COORDINATOR})
    return [
        ("desk:board", _("Board"), LOOKING_ROLES),
        ("rounds:phone", _("Walk"), LOOKING_ROLES),
        ("care:needs", _("Needs"), LOOKING_ROLES),
        ("volunteers:volunteers", _("Volunteers"), DESK_ROLES),
        ("volunteers:own", _("My part"), frozenset({Role.VOLUNTEER})),
        ("visits:visits", _("Visits"), LOOKING_ROLES),
        ("activities:activities", _("Activities"), LOOKING_ROLES),
        ("residents:homes", _("Homes"), DESK_ROLES),
        ("rounds:rounds", _("Rounds"), DESK_ROLES),
        ("duty:rota", _("Duty"), DESK_ROLES),
        ("policies:policies", _("Ladders"), DESK_ROLES),
        ("members", _("People"), coordinators),
        ("desk:figures", _("Figures"), DESK_ROLES | {Role.SUPERVISOR}),
    ]


def _page(request: HttpRequest, name: str, label: str) -> dict[str, Any]:
    url = reverse(name)
    is_here = request.path == url or (url != "/" and request.path.startswith(url))
    return {"label": label, "url": url, "active": is_here}
