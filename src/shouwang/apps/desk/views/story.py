"""A home's story: one month of it, in time order, with why each thing happened."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from shouwang.apps.communities.access import for_member, me
from shouwang.apps.communities.selectors import DESK_ROLES
from shouwang.apps.desk.glass import mini
from shouwang.apps.desk.selectors.board import shown_as
from shouwang.apps.desk.selectors.story import StoryMonth, story_month
from shouwang.apps.desk.words import shown_words, story_kind_words
from shouwang.apps.residents.models import Home
from shouwang.apps.residents.noting import page_noted
from shouwang.apps.residents.selectors import home_for
from shouwang.apps.watch.models import Check
from shouwang.common import clock
from shouwang.domain.story import Entry, QuietDays, StoryDay, StoryKind


@for_member(*DESK_ROLES)
def story(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a month of a home's story, of one kind if asked; printing hides numbers."""
    home = home_for(me(request), pk)
    page_noted(request, home)
    month, kind = _month(request), _kind(request)
    context = {"home": home, **story_block(home, month=month, kind=kind)}
    return render(request, "desk/story.html", context)


def _month(request: HttpRequest) -> date | None:
    try:
        return datetime.strptime(request.GET.get("month", ""), "%Y-%m").date()  # noqa: DTZ007 -- a month of the community's own calendar, not an instant
    except ValueError:
        return None


def _kind(request: HttpRequest) -> StoryKind | None:
    asked = request.GET.get("kind", "")
    return StoryKind(asked) if asked in set(StoryKind) else None


def story_block(
    home: Home, *, month: date | None = None, kind: StoryKind | None = None
) -> dict[str, Any]:
    """Return a month of a home's story, as its pages show it."""
    told = story_month(
        home=home, month=month, kinds=[kind] if kind else [], now=clock.now()
    )
    return {
        "story_days": [_part(part, told, home) for part in told.days],
        "story_month": told.first_on,
        "story_earlier": told.earlier,
        "story_later": told.later,
        "story_kind": kind.value if kind else "",
        "story_kinds": story_kind_words(),
    }


def _part(part: StoryDay | QuietDays, told: StoryMonth, home: Home) -> dict[str, Any]:
    if isinstance(part, QuietDays):
        return {"quiet": part, "is_one": part.count == 1}
    return {
        "on": part.on,
        "marks": [_mark(check) for check in told.checks.get(part.on, ())],
        "entries": [_entry(row, told, home) for row in part.entries],
    }


def _mark(check: Check) -> Any:
    shown = shown_as(check)
    state = "" if shown == "missed" else check.well[0]
    words = f"{check.label}: {shown_words()[shown]}"
    return mini(shown, words=words, signal=check.signal, state=state)


def _entry(row: Entry, told: StoryMonth, home: Home) -> dict[str, Any]:
    return {
        "anchor": _anchor(row.key),
        "kind": row.kind.value,
        "kind_words": story_kind_words()[row.kind.value],
        "at": clock.local(row.at, home.community.zone),
        "title": row.title,
        "detail": row.detail,
        "by": row.by,
        "url": row.url,
        "because": [
            # What is on this page is pointed at; what is of another month is opened.
            (
                cause.words,
                f"#{_anchor(cause.key)}" if cause.key in told.keys else cause.url,
            )
            for cause in row.because
        ],
    }


def _anchor(key: str) -> str:
    return "s-" + key.replace(":", "-")
