"""The group report: one message and one picture, ready to be forwarded."""

from __future__ import annotations

from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from shouwang.apps.communities.access import for_member, me
from shouwang.apps.communities.models import Member
from shouwang.apps.communities.selectors import DESK_ROLES
from shouwang.apps.desk.report_drawing import digest_drawing
from shouwang.apps.desk.selectors.board import board_today
from shouwang.apps.desk.selectors.digest import DigestToday, digest_today
from shouwang.apps.desk.words import digest_text
from shouwang.common import clock


@for_member(*DESK_ROLES)
def report(request: HttpRequest) -> HttpResponse:
    """Show the report of now as text and as a picture; ``?photos=1`` with its photos."""
    member, now = me(request), clock.now()
    text = digest_text(_today(member), community=member.community, now=now)
    local = clock.local(now, member.community.zone)
    context = {
        "text": text,
        "rows": text.count("\n") + 2,
        "local_now": local,
        "with_photos": _with_photos(request),
    }
    return render(request, "desk/report.html", context)


# Its colours and photos stand in the picture itself, which loads and runs nothing.
@csp_replace(
    {
        "default-src": ["'none'"],
        "style-src": ["'unsafe-inline'"],
        "img-src": ["data:"],
    }
)
@for_member(*DESK_ROLES)
def picture(request: HttpRequest) -> HttpResponse:
    """Serve the contact sheet of now: drawings, nobody's room.

    With ``?photos=1`` the named windows stand beside their drawings as they were
    photographed today, where somebody has marked them.
    """
    member, now = me(request), clock.now()
    drawn = digest_drawing(
        _today(member),
        community=member.community,
        now=now,
        with_photos=_with_photos(request),
    )
    return HttpResponse(
        drawn, content_type="image/svg+xml", headers={"Cache-Control": "no-store"}
    )


def _with_photos(request: HttpRequest) -> bool:
    return request.GET.get("photos") == "1"


def _today(member: Member) -> DigestToday:
    board = board_today(community=member.community, now=clock.now())
    return digest_today(board)
