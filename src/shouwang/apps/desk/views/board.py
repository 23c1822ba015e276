"""The board: who is well, who is not, and who nobody has looked at."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import datetime, time, tzinfo
from typing import Any
from urllib.parse import urlencode

from asgiref.sync import sync_to_async
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

from shouwang.apps.alerts.models import Alert
from shouwang.apps.alerts.words import doer_words, kind_words
from shouwang.apps.communities.access import for_member, me
from shouwang.apps.communities.models import Community, Role
from shouwang.apps.communities.selectors import (
    DESK_ROLES,
    LOOKING_ROLES,
    has_role,
    roles_of,
)
from shouwang.apps.desk.facade import Facade, Window, facade_svg
from shouwang.apps.desk.glass import mini
from shouwang.apps.desk.panes import glass_of, minutes_between
from shouwang.apps.desk.selectors.board import (
    GROUPS,
    WORST_FIRST,
    Board,
    Chosen,
    HomeToday,
    board_today,
)
from shouwang.apps.desk.words import (
    group_words,
    headline,
    shown_words,
    span_words,
    state_title,
)
from shouwang.apps.duty.selectors import DutyToday
from shouwang.apps.duty.words import gap_words, now_words
from shouwang.apps.neighbours.words import place_words, what_words
from shouwang.apps.residents.models import Building
from shouwang.apps.residents.selectors import homes_carried
from shouwang.common import clock
from shouwang.domain.duty import DutyState

LOOK_EVERY_SECONDS = 1.0
SAY_SOMETHING_EVERY = 15
# From here to there the drawing is a night drawing: lit windows glow.
NIGHT = (time(17, 30), time(6))
VIEWS = ("facades", "list")


def board(request: HttpRequest) -> HttpResponseBase:
    """Show the board; a supervisor, who sees no names, is led to the figures."""
    member = getattr(request, "member", None)
    if member is not None and roles_of(member) == {Role.SUPERVISOR}:
        return redirect("desk:figures")
    return _board(request)


@for_member(*LOOKING_ROLES)
def _board(request: HttpRequest) -> HttpResponse:
    member = me(request)
    now = clock.now()
    shown = board_today(community=member.community, now=now)
    may_open = has_role(member, DESK_ROLES)
    if not may_open:
        shown = shown.only(homes_carried(member, now=now))
    chosen = _chosen(request)
    kept = [row for row in shown.homes if shown.fits(row, chosen)]
    view = request.GET.get("view", "")
    local_now = clock.local(now, member.community.zone)
    words = shown_words()
    view = view if view in VIEWS else "facades"
    context = {
        "headline": headline(shown),
        "counts": _counts(shown, chosen),
        "urgent": [_card(row, now, may_open=may_open) for row in shown.alerts],
        "rounds": shown.rounds,
        "uncovered": shown.uncovered,
        "duty": _duty(shown.duty, member.community.zone) if may_open else None,
        "may_open": may_open,
        "reports": [
            (row, what_words()[row.what], place_words(row)) for row in shown.reports
        ]
        if may_open
        else [],
        "facades": _facades(shown, chosen, words, may_open=may_open)
        if view == "facades"
        else [],
        "is_night": local_now.time() >= NIGHT[0] or local_now.time() < NIGHT[1],
        "rows": [
            _row(row, member.community.zone, words, may_open=may_open) for row in kept
        ]
        if view == "list"
        else [],
        "legend": _legend(shown, words),
        "chosen": chosen,
        "buildings": shown.buildings,
        "round_choices": shown.plan.rounds,
        "view": view,
        "query": _query(request),
        "local_now": local_now,
        "has_homes": bool(shown.homes),
    }
    part = "desk/_board.html" if "part" in request.GET else "desk/board.html"
    return render(request, part, context)


def _duty(today: DutyToday, zone: tzinfo) -> dict[str, Any]:
    return {
        "now": now_words(today, zone),
        "is_gap": today.now.state is DutyState.GAP,
        "is_kept": today.now.state is not DutyState.NO_ROTA,
        "coming": [gap_words(row, zone) for row in today.coming],
    }


def _chosen(request: HttpRequest) -> Chosen:
    group = request.GET.get("status", "")
    round_id = request.GET.get("round", "")
    return Chosen(
        building=request.GET.get("building", ""),
        round_id=int(round_id) if round_id.isdecimal() else None,
        group=group if group in GROUPS else "",
    )


def _query(request: HttpRequest) -> str:
    """Return what the reader chose, for the address of the part that renews itself."""
    names = ("view", "building", "round", "status")
    return urlencode({row: request.GET[row] for row in names if request.GET.get(row)})


def _counts(shown: Board, chosen: Chosen) -> list[dict[str, Any]]:
    counts, words = shown.counts, group_words()
    return [
        {
            "key": key,
            "words": words[key],
            "number": counts[key],
            "is_chosen": chosen.group == key,
        }
        for key in ("needs", "unseen", "waiting", "well", "excused")
    ]


def _card(alert: Alert, now: datetime, *, may_open: bool) -> dict[str, Any]:
    going = [
        _("%(name)s is on the way, %(minutes)s min")
        % {
            "name": doer_words(row.actor, row.via),
            "minutes": minutes_between(row.until, now),
        }
        for row in alert.commitments.all()
    ]
    return {
        "place": str(alert.home or alert.round or alert.community),
        "name": alert.home.shown_name if alert.home else "",
        "kind": alert.kind,
        "words": kind_words()[alert.kind],
        "state": state_title(alert),
        "is_exhausted": alert.state == "exhausted",
        "since": clock.local(alert.opened_at, alert.community.zone),
        "ago": span_words(now - alert.opened_at),
        "going": going,
        "url": reverse("desk:alert", args=[alert.pk]) if may_open else "",
    }


def _facades(
    shown: Board, chosen: Chosen, words: Mapping[str, str], *, may_open: bool
) -> list[tuple[str, Any]]:
    found = []
    for label, rows in shown.by_building().items():
        fitting = {row.home.pk for row in rows if shown.fits(row, chosen)}
        if fitting:
            windows = _windows(rows, fitting, shown.now, words, may_open=may_open)
            drawn = _facade(label, rows[0].home.building, windows)
            found.append((label, facade_svg(drawn)))
    return found


def _windows(
    rows: list[HomeToday],
    fitting: set[int],
    now: datetime,
    words: Mapping[str, str],
    *,
    may_open: bool,
) -> list[Window]:
    starts = dict(_starts(rows[0].home.building))
    return [
        Window(
            floor=row.home.floor or 1,
            place=starts.get(row.home.unit, 0) + (row.home.column or 1) - 1,
            label=row.home.address.split("-")[-1],
            words=words[row.shown],
            url=_home_url(row, may_open=may_open),
            glass=glass_of(row, now),
            is_aside=row.home.pk not in fitting,
        )
        for row in rows
    ]


def _starts(building: Building) -> Iterator[tuple[str, int]]:
    """Yield each entrance and the place of its first window from the left."""
    columns = 0
    for unit in building.units:
        yield unit["label"], columns
        columns += unit["columns"]


def _facade(label: str, building: Building, windows: list[Window]) -> Facade:
    columns = sum(unit["columns"] for unit in building.units) or 2
    return Facade(
        label=label,
        name=_("Building %(label)s") % {"label": label},
        floors=max([building.floors, *(row.floor for row in windows)]),
        columns=max([columns, *(row.place + 1 for row in windows)]),
        windows=tuple(windows),
    )


def _home_url(row: HomeToday, *, may_open: bool) -> str:
    return reverse("desk:home", args=[row.home.pk]) if may_open else ""


def _row(
    row: HomeToday, zone: tzinfo, words: Mapping[str, str], *, may_open: bool
) -> dict[str, Any]:
    return {
        "address": row.home.address,
        "name": row.home.shown_name,
        "shown": row.shown,
        "mini": mini(row.shown),
        "words": words[row.shown],
        "seen": clock.local(row.look.at, zone) if row.look else None,
        "url": _home_url(row, may_open=may_open),
    }


def _legend(shown: Board, words: Mapping[str, str]) -> list[tuple[Any, str]]:
    """Return what each drawing means, of those that are on the board now."""
    there = {row.shown for row in shown.homes}
    return [(mini(name), words[name]) for name in WORST_FIRST if name in there]


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
    return me(request).community_id


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
