"""A day's tasks at once: a proposal with its reasons, changed by hand, offered to all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from shouwang.apps.care.models import Need
from shouwang.apps.care.selectors import need_to_act
from shouwang.apps.care.words import title_of, urgency_words
from shouwang.apps.communities.access import for_member, me
from shouwang.apps.communities.selectors import DESK_ROLES
from shouwang.apps.dispatch.selectors import People, people_of, tasks_standing
from shouwang.apps.dispatch.selectors.day import DayFacts, day_facts
from shouwang.apps.dispatch.services import run_start
from shouwang.apps.dispatch.words import (
    cost_words,
    kind_of,
    left_words,
    when_words,
)
from shouwang.common import clock
from shouwang.common.errors import ConflictError, NotFoundError, RefusedError
from shouwang.domain.needs import Act
from shouwang.planning.assigning import assign
from shouwang.planning.days import Day, able

PIN = "who-"
NOBODY = "0"


@dataclass(kw_only=True)
class DayPage:
    """A day as it is proposed, and as somebody at the desk has changed it."""

    people: People
    facts: DayFacts
    pins: Mapping[int, int | None]

    @cached_property
    def proposed(self) -> Day:
        """Return the best day there is."""
        return assign(self.facts.jobs, self.facts.hands, self.facts.walk)

    @cached_property
    def day(self) -> Day:
        """Return the day with what was changed by hand."""
        if not self.pins:
            return self.proposed
        facts = self.facts
        return assign(facts.jobs, facts.hands, facts.walk, pins=self.pins)

    @cached_property
    def names(self) -> Mapping[int, str]:
        """Return everybody's name by number."""
        return {row.member: row.name for row in self.people.helpers}

    def rows(self) -> list[dict[str, Any]]:
        """Return a row for every need, those that stay undone last."""
        given = {row.job: row for row in self.day.given}
        left = {row.job: row for row in self.day.left}
        clashing = {key for some in self.day.clashes for key in some}
        rows = []
        for key, need in self.facts.needs.items():
            row = given.get(key)
            rows.append(
                {
                    **self._of_need(need),
                    "hand": row.hand if row else None,
                    "cost": row.cost if row else left[key].cost,
                    "why": cost_words(row) if row else left_words(left[key].why),
                    "clashes": key in clashing,
                    "is_pinned": key in self.pins,
                    "choices": self._choices(key, row.hand if row else None),
                }
            )
        return sorted(rows, key=lambda row: (row["hand"] is None, row["order"]))

    def _of_need(self, need: Need) -> dict[str, Any]:
        return {
            "need": need,
            "title": title_of(need, {need.kind: kind_of(need)}),
            "kind": kind_of(need),
            "urgency": urgency_words()[need.urgency],
            "when": when_words(need, now=self.people.now),
            "order": (need.wanted_by or self.people.now, need.pk),
        }

    def _choices(self, key: int, chosen: int | None) -> list[dict[str, Any]]:
        job = next(row for row in self.facts.jobs if row.key == key)
        found = [
            {"id": hand.key, "name": self.names[hand.key], "chosen": hand.key == chosen}
            for hand in self.facts.hands
            if hand.key == chosen or able(job, hand, self.facts.walk)
        ]
        return sorted(found, key=lambda row: str(row["name"]))


@for_member(*DESK_ROLES)
def tasks(request: HttpRequest) -> HttpResponse:
    """Show who could do what on a day, and what a change by hand would cost."""
    member, now = me(request), clock.now()
    today = clock.local_day(now, member.community.zone)
    on = today + timedelta(days=request.GET.get("day") == "tomorrow")
    page = _page(request, request.GET, on, now)
    rows = page.rows()
    context = {
        "on": on,
        "is_today": on == today,
        "rows": rows,
        "given_count": sum(row["hand"] is not None for row in rows),
        "left_count": sum(row["hand"] is None for row in rows),
        "effort": page.day.effort,
        "more_effort": page.day.effort - page.proposed.effort,
        "more_left_count": len(page.day.left) - len(page.proposed.left),
        "is_changed": bool(page.pins),
        "is_optimal": page.day.is_optimal,
        "standing": [
            {
                "task": row,
                "kind": kind_of(row.need),
                "when": when_words(row.need, now=now),
            }
            for row in tasks_standing(community=member.community, now=now)
        ],
    }
    return render(request, "dispatch/day.html", context)


def _page(request: HttpRequest, given: QueryDict, on: date, now: datetime) -> DayPage:
    people = people_of(community=me(request).community, now=now)
    facts = day_facts(people, on=on)
    return DayPage(people=people, facts=facts, pins=_pins(given, facts))


def _pins(given: QueryDict, facts: DayFacts) -> dict[int, int | None]:
    """Return what was chosen by hand; what is no longer there is left out."""
    hands = {row.key for row in facts.hands}
    found: dict[int, int | None] = {}
    for key in facts.needs:
        said = given.get(f"{PIN}{key}", "")
        if said == NOBODY:
            found[key] = None
        elif said.isascii() and said.isdecimal() and int(said[:12]) in hands:
            found[key] = int(said)
    return found


@require_POST
@for_member(*DESK_ROLES)
def tasks_offer(request: HttpRequest) -> HttpResponse:
    """Offer every need to whoever the day gives it; each still has to say yes."""
    member, now = me(request), clock.now()
    offered, refused = 0, []
    for need_id, hand in _offers(request.POST):
        try:
            need = need_to_act(member, need_id, Act.OFFER)
        except NotFoundError:
            continue
        try:
            run_start(need=need, by=member, now=now, first=[hand])
        except (RefusedError, ConflictError) as error:
            refused.append(f"{need.home.address}: {error}")
        else:
            offered += 1
    words = ngettext(
        "%(count)s need is being offered; they still have to say yes.",
        "%(count)s needs are being offered; each still has to say yes.",
        offered,
    )
    messages.success(request, words % {"count": offered})
    for told in refused:
        messages.error(request, told)
    return redirect(reverse("dispatch:day"))


def _offers(given: QueryDict) -> list[tuple[int, int]]:
    found = []
    for name, said in given.items():
        key = name.removeprefix(PIN)
        is_pair = name.startswith(PIN) and isinstance(said, str)
        if is_pair and _is_number(key) and _is_number(str(said)) and said != NOBODY:
            found.append((int(key), int(str(said))))
    return sorted(found)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 12
