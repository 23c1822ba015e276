"""The board and the home: parse, read, render."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from asgiref.sync import sync_to_async
from django.contrib.auth.decorators import login_required
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
    StreamingHttpResponse,
)
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shouwang.apps.alerts import words as alert_words
from shouwang.apps.alerts.models import Alert
from shouwang.apps.alerts.selectors import alert_for, alerts_of_home
from shouwang.apps.alerts.services import (
    ClosingIn,
    alert_acknowledge,
    alert_close,
    alert_commit,
    alert_decline,
)
from shouwang.apps.communities.models import Community, Member
from shouwang.apps.communities.selectors import DESK_ROLES, LOOKING_ROLES, has_role
from shouwang.apps.desk.facade import Facade, Window, facade_svg
from shouwang.apps.desk.selectors import Board, HomeToday, board_today, shown_as
from shouwang.apps.residents.models import Home
from shouwang.apps.residents.selectors import home_for, signal_kinds
from shouwang.apps.residents.words import (
    could_not_see_words,
    signal_words,
    state_words,
)
from shouwang.apps.watch.models import Check, Sighting
from shouwang.apps.watch.services import (
    ContactIn,
    SightingIn,
    contact_record,
    sightings_record,
)
from shouwang.apps.watch.words import status_words, why_sentence
from shouwang.common import clock
from shouwang.common.errors import NotFoundError, RefusedError
from shouwang.common.ids import uuid7
from shouwang.domain.alerts import BY_THE_RULES, Outcome, Verified

LOOK_EVERY_SECONDS = 1.0
SAY_SOMETHING_EVERY = 15
COMMIT_FOR = timedelta(minutes=20)
DAYS_SHOWN = 42

View = Callable[..., HttpResponseBase]


def for_member(*roles: str) -> Callable[[View], View]:
    """Let only members with one of ``roles`` in; to others the page is not there."""

    def wrap(view: View) -> View:
        @login_required
        @wraps(view)
        def guarded(
            request: HttpRequest, *args: Any, **kwargs: Any
        ) -> HttpResponseBase:
            member = _member(request)
            if member is None or not has_role(member, roles):
                raise NotFoundError("not_here", _("There is no such page for you."))
            return view(request, *args, **kwargs)

        return guarded

    return wrap


def _member(request: HttpRequest) -> Member | None:
    return getattr(request, "member", None)


def _me(request: HttpRequest) -> Member:
    member = _member(request)
    if member is None:
        raise NotFoundError("not_here", _("There is no such page for you."))
    return member


def healthz(request: HttpRequest) -> HttpResponse:
    """Answer 200 once the program serves."""
    return HttpResponse("ok", content_type="text/plain")


@for_member(*LOOKING_ROLES)
def board(request: HttpRequest) -> HttpResponse:
    """Show who is well, who is not, and who nobody has looked at."""
    member = _me(request)
    now = clock.now()
    shown = board_today(community=member.community, now=now)
    context = {
        "board": shown,
        "counts": _counts(shown),
        "urgent": [_card(row, now) for row in shown.alerts],
        "facades": [
            (label, facade_svg(_facade(label, rows)))
            for label, rows in shown.by_building.items()
        ],
        "rows": [_row(row) for row in shown.homes],
        "view": "list" if request.GET.get("view") == "list" else "facades",
        "local_now": clock.local(now, member.community.zone),
        "revision": member.community.board_revision,
    }
    part = "desk/_board.html" if "part" in request.GET else "desk/board.html"
    return render(request, part, context)


def _counts(shown: Board) -> list[dict[str, Any]]:
    words = {
        "well": _("well"),
        "waiting": _("waiting"),
        "unseen": _("not looked at"),
        "needs": _("needs someone now"),
        "excused": _("away"),
    }
    return [
        {"key": key, "words": words[key], "number": shown.counts[key]} for key in words
    ]


def _card(alert: Alert, now: datetime) -> dict[str, Any]:
    place = alert.home or alert.round
    going = [
        _("%(name)s is on the way, %(minutes)s min")
        % {
            "name": row.member.display_name,
            "minutes": max(0, round((row.until - now).total_seconds() / 60)),
        }
        for row in alert.commitments.all()
    ]
    return {
        "place": str(place),
        "name": alert.home.shown_name if alert.home else "",
        "kind": alert.kind,
        "words": alert_words.kind_words()[alert.kind],
        "state": alert_words.state_words()[alert.state],
        "is_exhausted": alert.state == "exhausted",
        "since": clock.local(alert.opened_at, alert.community.zone),
        "going": going,
        "url": reverse("desk:home", args=[alert.home_id]) if alert.home_id else "",
    }


def _facade(label: str, rows: list[HomeToday]) -> Facade:
    building = rows[0].home.building
    units = {unit["label"]: unit["columns"] for unit in building.units} or {"1": 2}
    starts, columns = {}, 0
    for unit, count in units.items():
        starts[unit], columns = columns, columns + count
    windows = [
        Window(
            floor=row.home.floor or 1,
            place=starts.get(row.home.unit, 0) + (row.home.column or 1) - 1,
            label=row.home.address.split("-")[-1],
            words=_shown_words(row),
            shown=row.shown,
            url=reverse("desk:home", args=[row.home.pk]),
        )
        for row in rows
    ]
    return Facade(
        label=label,
        floors=max([building.floors, *(row.floor for row in windows)]),
        columns=max([columns, *(row.place + 1 for row in windows)]),
        windows=tuple(windows),
    )


def _shown_words(row: HomeToday) -> str:
    special = {"presumed": _("presumed well"), "unwatched": _("not watched")}
    return special.get(row.shown) or status_words()[row.shown]


def _row(row: HomeToday) -> dict[str, Any]:
    return {
        "address": row.home.address,
        "name": row.home.shown_name,
        "shown": row.shown,
        "words": _shown_words(row),
        "url": reverse("desk:home", args=[row.home.pk]),
    }


async def live(request: HttpRequest) -> HttpResponseBase:
    """Tell an open board that something changed: a stream, or one number."""
    community_id = await sync_to_async(_community_id)(request)
    if "poll" in request.GET:
        return JsonResponse({"revision": await _revision(community_id)})
    stream = StreamingHttpResponse(
        _changes(community_id), content_type="text/event-stream"
    )
    stream["Cache-Control"] = "no-store"
    return stream


def _community_id(request: HttpRequest) -> int:
    return _me(request).community_id


async def _revision(community_id: int) -> int:
    return await Community.objects.values_list("board_revision", flat=True).aget(
        pk=community_id
    )


async def _changes(community_id: int) -> AsyncIterator[str]:
    told, silent = None, 0
    while True:
        revision = await _revision(community_id)
        if revision != told:
            told, silent = revision, 0
            yield f"event: board\ndata: {revision}\n\n"
        elif silent >= SAY_SOMETHING_EVERY:
            silent = 0
            yield ": still here\n\n"
        silent += 1
        await asyncio.sleep(LOOK_EVERY_SECONDS)


@for_member(*DESK_ROLES)
def home(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a home: today with its proofs, its alert, its days."""
    member = _me(request)
    now = clock.now()
    row = home_for(member, pk)
    zone = row.community.zone
    sightings = list(
        Sighting.objects.of(row.community)
        .filter(home=row, seen_at__gte=now - timedelta(days=2))
        .select_related("by")
        .order_by("-seen_at")
    )
    context = {
        "home": row,
        "today": _today(row, now),
        "sightings": [_sighting(look, zone) for look in sightings],
        "alerts": [
            {
                "row": alert,
                "words": alert_words.kind_words()[alert.kind],
                "state": alert_words.state_words()[alert.state],
                "since": clock.local(alert.opened_at, zone),
                "events": [
                    {
                        "at": clock.local(event.at, zone),
                        "words": alert_words.did_words()[event.did],
                        "by": event.by,
                    }
                    for event in alert.events.all()
                ],
            }
            for alert in alerts_of_home(community=row.community, home_id=row.pk)[:3]
        ],
        "days": _days(row, now),
        "signals": _signal_choices(row),
        "outcomes": [
            (outcome.value, alert_words.outcome_words()[outcome.value])
            for outcome in Outcome
            if outcome not in BY_THE_RULES
        ],
        "verified": [
            (way.value, alert_words.verified_words()[way.value]) for way in Verified
        ],
        "could_not_see": could_not_see_words().items(),
    }
    return render(request, "desk/home.html", context)


def _today(row: Home, now: datetime) -> list[dict[str, Any]]:
    zone = row.community.zone
    today = clock.local_day(now, zone)
    checks = Check.objects.of(row.community).filter(
        home=row, on__gte=today - timedelta(days=1), on__lte=today
    )
    seen_at = {
        str(key): at
        for key, at in Sighting.objects.of(row.community)
        .filter(home=row, seen_at__gte=now - timedelta(days=16))
        .values_list("pk", "seen_at")
    }
    return [
        {
            "label": check.label,
            "on": check.on,
            "signal": signal_words().get(check.signal, check.signal),
            "opens": clock.local(check.opens_at, zone),
            "due": clock.local(check.due_at, zone),
            "shown": shown_as(check),
            "words": status_words()[check.status],
            "why": [
                why_sentence(
                    reason["why"],
                    [seen_at[key] for key in reason["sightings"] if key in seen_at],
                    zone,
                )
                for reason in check.reasons
            ],
        }
        for check in checks.order_by("-opens_at")
    ]


def _sighting(look: Sighting, zone: Any) -> dict[str, Any]:
    words = state_words().get(look.state) or could_not_see_words().get(
        look.could_not_see, look.state
    )
    return {
        "at": clock.local(look.seen_at, zone),
        "signal": signal_words().get(look.signal, look.signal),
        "words": words,
        "by": look.by or look.by_words,
    }


def _days(row: Home, now: datetime) -> list[dict[str, Any]]:
    today = clock.local_day(now, row.community.zone)
    checks = (
        Check.objects.of(row.community)
        .filter(home=row, on__gt=today - timedelta(days=DAYS_SHOWN), on__lte=today)
        .order_by("on", "opens_at")
    )
    days: dict[Any, list[Check]] = {}
    for check in checks:
        days.setdefault(check.on, []).append(check)
    return [
        {
            "on": on,
            "marks": [
                {"shown": shown_as(check), "words": status_words()[check.status]}
                for check in found
            ],
        }
        for on, found in days.items()
    ]


def _signal_choices(row: Home) -> list[tuple[str, str]]:
    kinds = signal_kinds(row.community)
    return [
        (
            f"{kind.kind}:{state}",
            f"{signal_words().get(kind.kind, kind.kind)}: "
            f"{state_words().get(state, state)}",
        )
        for kind in kinds.values()
        if kind.kind != "contact"
        for state in kind.states
    ]


@require_POST
@for_member(*DESK_ROLES)
def sighting_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Record what somebody saw, from the desk."""
    member = _me(request)
    row = home_for(member, pk)
    now = clock.now()
    signal, _sep, state = request.POST.get("seen", "").partition(":")
    item = SightingIn(
        id=uuid7(now=now), home_id=row.pk, signal=signal, state=state, seen_at=now
    )
    answer = sightings_record(
        community=row.community, items=[item], by=member, now=now
    )[0]
    if answer.outcome == "refused":
        raise RefusedError(answer.code, answer.message)
    return redirect("desk:home", pk=row.pk)


@require_POST
@for_member(*DESK_ROLES)
def contact_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that somebody reached, or tried to reach, the resident."""
    member = _me(request)
    row = home_for(member, pk)
    now = clock.now()
    contact = ContactIn(
        how=request.POST.get("how", "phone"),
        result=request.POST.get("result", ""),
        seen_at=now,
    )
    answer = contact_record(home=row, contact=contact, by=member, now=now)
    if answer.outcome == "refused":
        raise RefusedError(answer.code, answer.message)
    return redirect("desk:home", pk=row.pk)


@require_POST
@for_member(*DESK_ROLES)
def alert_act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Act on an alert: take it, go, decline, or close it with its outcome."""
    member = _me(request)
    alert = alert_for(member, pk)
    now = clock.now()
    match act:
        case "acknowledge":
            alert_acknowledge(alert=alert, by=member, now=now)
        case "commit":
            alert_commit(alert=alert, by=member, until=now + COMMIT_FOR, now=now)
        case "cannot":
            alert_decline(alert=alert, by=member, now=now)
        case "close":
            closing = ClosingIn(
                outcome=request.POST.get("outcome", ""),
                verified=request.POST.get("verified", ""),
                override=request.POST.get("override", ""),
            )
            alert_close(alert=alert, closing=closing, by=member, now=now)
        case _:
            raise NotFoundError("unknown_act", _("There is no such act."))
    if alert.home_id is None:
        return redirect("desk:board")
    return redirect("desk:home", pk=alert.home_id)
