"""The group report: one message and one picture, ready to be forwarded."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from shouwang.apps.communities.access import for_member, me
from shouwang.apps.communities.models import Member
from shouwang.apps.communities.selectors import DESK_ROLES
from shouwang.apps.desk.contact_sheet import Cell, Cutting, contact_sheet_svg
from shouwang.apps.desk.panes import glass_of
from shouwang.apps.desk.selectors.board import board_today
from shouwang.apps.desk.selectors.digest import DigestToday, digest_today
from shouwang.apps.desk.selectors.photos import Crop, crops_today
from shouwang.apps.desk.words import digest_sentence, digest_text, shown_words
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
    today, words = _today(member), shown_words()
    named = {key for key, _part in today.digest.named}
    crops = _crops(member, named, now) if _with_photos(request) else {}

    def cell(key: int) -> Cell:
        row = today.homes[key]
        if key not in named:
            label = row.home.address
            return Cell(glass=glass_of(row, now), title=label)
        return Cell(
            glass=glass_of(row, now),
            title=f"{row.home.address} {row.home.shown_name}".strip(),
            words=words[row.shown],
            cutting=_cutting(crops.get(key), member),
        )

    ordered = [key for key, _part in today.digest.parts]
    local = clock.local(now, member.community.zone)
    drawn = contact_sheet_svg(
        title=f"{member.community.name} {local:%m-%d %H:%M}",
        summary=digest_sentence(today.digest),
        named=[cell(key) for key in ordered if key in named],
        others=[cell(key) for key in ordered if key not in named],
    )
    return HttpResponse(
        drawn, content_type="image/svg+xml", headers={"Cache-Control": "no-store"}
    )


def _with_photos(request: HttpRequest) -> bool:
    return request.GET.get("photos") == "1"


def _crops(member: Member, keys: Collection[int], now: datetime) -> dict[int, Crop]:
    return crops_today(community=member.community, home_ids=keys, now=now)


def _cutting(crop: Crop | None, member: Member) -> Cutting | None:
    if crop is None:
        return None
    at = clock.local(crop.taken_at, member.community.zone)
    return Cutting(jpeg=crop.jpeg, words=f"{at:%H:%M}")


def _today(member: Member) -> DigestToday:
    board = board_today(community=member.community, now=clock.now())
    return digest_today(board)
