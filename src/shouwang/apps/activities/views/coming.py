"""What is on, one activity, and who has not come to anything for long."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from shouwang.apps.activities.forms.holding import ToldFor
from shouwang.apps.activities.models import Activity
from shouwang.apps.activities.selectors import (
    Listed,
    activities_between,
    activities_with,
    activity_for,
    guests_listed,
    helpers_of,
    homes_long_unseen,
    may_hold,
    photos_of,
    seats_of,
    series_running,
)
from shouwang.apps.activities.showing import (
    WEEKS_SHOWN,
    counts_of,
    guest_line,
    line,
    weeks_of,
)
from shouwang.apps.activities.words import (
    places_sentence,
    rhythm_sentence,
    why_not_words,
)
from shouwang.apps.communities.access import for_member, me
from shouwang.apps.communities.selectors import DESK_ROLES, LOOKING_ROLES, has_role
from shouwang.apps.residents.words import risk_words
from shouwang.common import clock
from shouwang.domain.schedule import instant

NEXT_SHOWN = 4
STEP = timedelta(weeks=4)


@for_member(*LOOKING_ROLES)
def activities(request: HttpRequest) -> HttpResponse:
    """Show five weeks of what is on, from this one unless another is asked for."""
    member, now = me(request), clock.now()
    community = member.community
    today = clock.local_day(now, community.zone)
    first = _monday(_asked(request) or today)
    span = {
        "since": instant(first, time(0), community.zone),
        "until": instant(first + timedelta(weeks=WEEKS_SHOWN), time(0), community.zone),
    }
    rows = list(activities_between(community=community, **span))
    theirs = set(activities_with(member=member, **span).values_list("pk", flat=True))
    is_desk = has_role(member, DESK_ROLES)
    context = {
        "weeks": weeks_of(rows, first=first, today=today, theirs=theirs),
        "has_rows": bool(rows),
        "first": first,
        "last": first + timedelta(weeks=WEEKS_SHOWN, days=-1),
        "before": first - STEP,
        "after": first + STEP,
        "is_now": first == _monday(today),
        "series": [
            {"row": row, "rhythm": rhythm_sentence(row)}
            for row in series_running(community=community)
            if row.until_on >= today
        ]
        if is_desk
        else [],
        "is_desk": is_desk,
    }
    return render(request, "activities/activities.html", context)


def _asked(request: HttpRequest) -> date | None:
    try:
        asked = date.fromisoformat(request.GET.get("from", ""))
    except ValueError:
        return None
    return asked if 2000 <= asked.year < 2100 else None


def _monday(on: date) -> date:
    return on - timedelta(days=on.weekday())


@for_member(*LOOKING_ROLES)
def activity(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an activity, and of its guests those whom the reader may see."""
    return activity_page(request, activity_for(me(request), pk))


def activity_page(
    request: HttpRequest, row: Activity, *, problem: str = ""
) -> HttpResponse:
    """Return the page of an activity; ``problem`` is what was refused."""
    member, now = me(request), clock.now()
    guests = guests_listed(member, row, now=now)
    is_desk = has_role(member, DESK_ROLES)
    context = {
        "activity": {
            **line(row),
            "series": rhythm_sentence(row.series) if row.series else "",
            "is_over": row.ends_at <= now,
            "has_begun": row.begins_at <= now,
        },
        "guests": [guest_line(one) for one in guests],
        "form": ToldFor(
            community=row.community_id, guest_ids=[one.row.pk for one in guests]
        ),
        "problem": problem,
        "is_desk": is_desk,
        "holds": may_hold(member, row, now=now),
        **_told(row, guests, now),
        "photos": photos_of(row) if is_desk else [],
    }
    return render(
        request, "activities/activity.html", context, status=422 if problem else 200
    )


def _told(row: Activity, guests: list[Listed], now: datetime) -> dict[str, Any]:
    seats = seats_of(row)
    names = {one.row.pk: str(one.row) for one in guests}
    return {
        "helpers": helpers_of(row),
        "places": places_sentence(seats, row.places),
        "waiting": [names[key] for key in seats.waiting if key in names],
        "unarmed": [guest_line(one) for one in guests if one.lacks_an_arm],
        "counts": counts_of([one.row for one in guests], now=now, activity=row),
    }


@for_member(*DESK_ROLES)
def long_unseen(request: HttpRequest) -> HttpResponse:
    """Show who has not come to anything for long, and what they can be asked to next."""
    member, now = me(request), clock.now()
    community = member.community
    coming = activities_between(
        community=community, since=now, until=now + timedelta(weeks=WEEKS_SHOWN)
    ).filter(cancelled_at__isnull=True)
    found = homes_long_unseen(community=community, now=now)
    context = {
        "rows": [
            {
                "home": one.home,
                "risk": risk_words()[one.home.risk],
                "last": clock.local(one.last_at, community.zone)
                if one.last_at
                else None,
                "weeks": (now - one.last_at).days // 7 if one.last_at else 0,
                "invited_count": one.invited_count,
                "why_not": why_not_words()[one.why_not.value] if one.why_not else "",
            }
            for one in found
        ],
        "coming": [line(row) for row in coming[:NEXT_SHOWN]],
    }
    return render(request, "activities/long_unseen.html", context)
