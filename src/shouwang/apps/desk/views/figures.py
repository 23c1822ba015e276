"""Figures for supervisors and the desk: counts and minutes, never a name."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from shouwang.apps.communities.access import for_member, me
from shouwang.apps.communities.models import Role
from shouwang.apps.communities.selectors import DESK_ROLES
from shouwang.apps.desk.selectors.figures import figures_of
from shouwang.apps.desk.words import group_words
from shouwang.common import clock

COLUMNS = ("well", "needs", "unseen", "excused")


@for_member(*DESK_ROLES, Role.SUPERVISOR)
def figures(request: HttpRequest) -> HttpResponse:
    """Show two weeks of coverage and response."""
    found = figures_of(community=me(request).community, now=clock.now())
    words = group_words()
    context = {
        "figures": found,
        "columns": [words[name] for name in COLUMNS],
        "rows": [
            {
                "day": day,
                "groups": [day.groups[name] for name in COLUMNS],
                "looked": None
                if day.looked_share is None
                else round(100 * day.looked_share, 1),
            }
            for day in found.days
        ],
    }
    return render(request, "desk/figures.html", context)
