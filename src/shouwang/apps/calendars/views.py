"""The calendar behind a private link, and the page on which one makes that link."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shouwang.apps.calendars.feeds import digest_of, feed_of
from shouwang.apps.calendars.guessing import guesses_too_often, miss_note
from shouwang.apps.calendars.models import CalendarLink
from shouwang.apps.calendars.selectors import (
    calendar_of,
    language_of,
    link_by,
    link_of,
)
from shouwang.apps.calendars.services import link_end, link_make, link_read
from shouwang.apps.communities.access import for_member, me
from shouwang.apps.communities.models import Member, Role
from shouwang.apps.communities.selectors import LOOKING_ROLES, has_role
from shouwang.common import clock
from shouwang.common.errors import NotFoundError
from shouwang.common.qr import qr_svg

MINE, COMMUNITY = "mine", "community"
HEADERS = {
    "Cache-Control": "private, no-cache",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}


@require_safe
def feed(request: HttpRequest, code: str) -> HttpResponse:
    """Answer with a calendar; a link that is none gets what every wrong address gets."""
    now, sender = clock.now(), request.META.get("REMOTE_ADDR", "")
    if guesses_too_often(sender, now=now):
        raise _nothing()
    try:
        link = link_by(code)
    except NotFoundError:
        miss_note(sender, now=now)
        raise
    with (
        translation.override(language_of(link)),
        timezone.override(link.community.zone),
    ):
        answer = _answer(request, link, now)
        answer.headers["Content-Language"] = translation.get_language()
    for name, value in HEADERS.items():
        answer.headers[name] = value
    return answer


def _nothing() -> NotFoundError:
    return NotFoundError("unknown_link", _("There is nothing at this address."))


def _answer(request: HttpRequest, link: CalendarLink, now: datetime) -> HttpResponse:
    entries = calendar_of(link, now=now)
    name = _name(link)
    base = settings.PUBLIC_URL or request.build_absolute_uri("/").rstrip("/")
    digest = digest_of(entries, name=name, base=base)
    changed_at = link_read(link=link, digest=digest, now=now)
    etag, modified = f'"{digest}"', int(changed_at.timestamp())
    unchanged = get_conditional_response(request, etag, modified)
    if unchanged is not None and unchanged.status_code == 304:
        answer = HttpResponse(status=304)
    else:
        answer = HttpResponse(
            feed_of(entries, name=name, base=base, now=now),
            content_type="text/calendar; charset=utf-8",
        )
        answer.headers["Content-Disposition"] = 'inline; filename="shouwang.ics"'
    answer.headers["ETag"] = etag
    answer.headers["Last-Modified"] = http_date(modified)
    return answer


def _name(link: CalendarLink) -> str:
    place = link.community.name
    if link.member is None:
        return _("Shouwang · %(community)s · all") % {"community": place}
    return _("Shouwang · %(community)s") % {"community": place}


@for_member(*LOOKING_ROLES)
def calendars(request: HttpRequest) -> HttpResponse:
    """Show whether one's own calendar link stands, and the community's."""
    return _page(request)


def _page(request: HttpRequest, *, whose: str = "", code: str = "") -> HttpResponse:
    member = me(request)
    community = member.community
    address = (
        request.build_absolute_uri(reverse("calendars:feed", args=[code]))
        if code
        else ""
    )
    links = [(MINE, link_of(community=community, member=member))]
    if has_role(member, {Role.COORDINATOR}):
        links.append((COMMUNITY, link_of(community=community, member=None)))
    context = {
        "links": [
            {"whose": key, "link": link, "is_new": key == whose} for key, link in links
        ],
        "address": address,
        "webcal": f"webcal:{address.partition(':')[2]}" if code else "",
        "qr": qr_svg(address) if code else "",
    }
    answer = render(request, "calendars/calendars.html", context)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@require_POST
@for_member(*LOOKING_ROLES)
def make(request: HttpRequest, whose: str) -> HttpResponse:
    """Make a link and show it, this once; the one before ends."""
    by = me(request)
    code = link_make(
        community=by.community,
        member=_whose(by, whose),
        by=by,
        now=clock.now(),
    )
    return _page(request, whose=whose, code=code)


@require_POST
@for_member(*LOOKING_ROLES)
def end(request: HttpRequest, whose: str) -> HttpResponse:
    """End a link: whoever has it reads nothing more."""
    by = me(request)
    link_end(community=by.community, member=_whose(by, whose), now=clock.now())
    return redirect("calendars:calendars")


def _whose(by: Member, whose: str) -> Member | None:
    if whose == MINE:
        return by
    if whose == COMMUNITY and has_role(by, {Role.COORDINATOR}):
        return None
    raise NotFoundError("not_here", _("There is no such page for you."))
