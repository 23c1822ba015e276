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
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_POST

from shouwang.apps.care.models import Need
from shouwang.apps.care.selectors import need_to_act
from shouwang.apps.care.words import title_of, urgency_words
from shouwang.apps.communities.access import for_member, me
from shouwang.apps.communities.selectors import DESK_ROLES, member_for
from shouwang.apps.dispatch.selectors import People, people_of, tasks_standing
from shouwang.apps.dispatch.selectors.day import DayFacts, day_facts
from shouwang.apps.dispatch.services import run_start
from shouwang.apps.dispatch.words import (
    cost_words,
    kind_of,
    left_words,
    when_words,
)
from shouwang.apps.residents.selectors import home_for
from shouwang.apps.visits.selectors.due import DueRow
from shouwang.apps.visits.selectors.planning import planned_there
from shouwang.apps.visits.services import visits_plan
from shouwang.apps.visits.words import state_words, why
from shouwang.common import clock
from shouwang.common.errors import ConflictError, NotFoundError, RefusedError
from shouwang.domain.needs import Act
from shouwang.planning.assigning import assign
from shouwang.planning.days import Day, able

PIN, VISIT = "who-", "visit-"
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
        """Return a row for every need and visit, those that stay undone last."""
        given = {row.job: row for row in self.day.given}
        left = {row.job: row for row in self.day.left}
        clashing = {key for some in self.day.clashes for key in some}
        rows = []
        for key, what in self._told().items():
            row = given.get(key)
            rows.append(
                {
                    **what,
                    "hand": row.hand if row else None,
                    "cost": row.cost if row else left[key].cost,
                    "why": cost_words(row) if row else left_words(left[key].why),
                    "clashes": key in clashing,
                    "is_pinned": key in self.pins,
                    "choices": self._choices(key, row.hand if row else None),
                }
            )
        return sorted(rows, key=lambda row: (row["hand"] is None, row["order"]))

    def _told(self) -> dict[int, dict[str, Any]]:
        """Return what is said of each thing to be done, by number."""
        facts = self.facts
        return {
            **{key: self._of_need(need) for key, need in facts.needs.items()},
            **{key: self._of_visit(row) for key, row in facts.visits.items()},
        }

    def _of_visit(self, row: DueRow) -> dict[str, Any]:
        home, call = row.home, row.call
        return {
            "name": f"{VISIT}{home.pk}",
            "home": home,
            "url": reverse("visits:home", args=[home.pk]),
            "title": _("Visit"),
            "urgency": state_words()[row.state],
            "urgency_key": "visit",
            "when": why(call, zone=self.people.community.zone),
            "order": (call.by, -home.pk),
        }

    def _of_need(self, need: Need) -> dict[str, Any]:
        return {
            "name": f"{PIN}{need.pk}",
            "home": need.home,
            "url": reverse("care:need", args=[need.pk]),
            "title": title_of(need, {need.kind: kind_of(need)}),
            "urgency": urgency_words()[need.urgency],
            "urgency_key": need.urgency,
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
        "more_visits_count": page.facts.more_visits_count,
        "has_visits": bool(page.facts.visits),
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
    for key in (*facts.needs, *facts.visits):
        said = given.get(f"{PIN}{key}" if key > 0 else f"{VISIT}{-key}", "")
        if said == NOBODY:
            found[key] = None
        elif said.isascii() and said.isdecimal() and int(said[:12]) in hands:
            found[key] = int(said)
    return found


@require_POST
@for_member(*DESK_ROLES)
def tasks_offer(request: HttpRequest) -> HttpResponse:
    """Offer the needs to whoever the day gives them, and plan the visits.

    Who is offered a need still has to say yes; a visit is assigned.
    """
    now, is_tomorrow = clock.now(), request.POST.get("day") == "tomorrow"
    today = clock.local_day(now, me(request).community.zone)
    refused: list[str] = []
    offered = _needs_offer(request, now, refused)
    if offered or not _given(request.POST, VISIT):
        words = ngettext(
            "%(count)s need is being offered; they still have to say yes.",
            "%(count)s needs are being offered; each still has to say yes.",
            offered,
        )
        messages.success(request, words % {"count": offered})
    planned = _visits_plan(request, today + timedelta(days=is_tomorrow), now, refused)
    if planned:
        words = ngettext(
            "%(count)s visit is planned; it stands in their visits of the day.",
            "%(count)s visits are planned; they stand in the visits of the day.",
            planned,
        )
        messages.success(request, words % {"count": planned})
    for told in refused:
        messages.error(request, told)
    return redirect(reverse("dispatch:day") + ("?day=tomorrow" if is_tomorrow else ""))


def _needs_offer(request: HttpRequest, now: datetime, refused: list[str]) -> int:
    """Offer each need; return how many were, and add to ``refused`` why others not."""
    offered = 0
    for need_id, hand in _given(request.POST, PIN):
        try:
            need = need_to_act(me(request), need_id, Act.OFFER)
        except NotFoundError:
            continue
        try:
            run_start(need=need, by=me(request), now=now, first=[hand])
        except (RefusedError, ConflictError) as error:
            refused.append(f"{need.home.address}: {error}")
        else:
            offered += 1
    return offered


def _visits_plan(
    request: HttpRequest, on: date, now: datetime, refused: list[str]
) -> int:
    """Plan each visit; one that somebody else has by now stays theirs."""
    member, planned = me(request), 0
    for home_id, hand in _given(request.POST, VISIT):
        try:
            home, visitor = home_for(member, home_id), member_for(member, hand)
        except NotFoundError:
            continue
        other = planned_there(home=home, on=on)
        if other is not None:
            words = _("%(who)s goes there already.") % {"who": other.member}
            refused.append(f"{home.address}: {words}")
            continue
        try:
            visits_plan(member=visitor, home_ids=[home_id], on=on, by=member, now=now)
        except RefusedError as error:
            refused.append(f"{home.address}: {error}")
        else:
            planned += 1
    return planned


def _given(given: QueryDict, prefix: str) -> list[tuple[int, int]]:
    """Return what was given to whom: the number behind ``prefix``, and the person's."""
    found = []
    for name, said in given.items():
        key = name.removeprefix(prefix)
        is_pair = name.startswith(prefix) and isinstance(said, str)
        if is_pair and _is_number(key) and _is_number(str(said)) and said != NOBODY:
            found.append((int(key), int(str(said))))
    return sorted(found)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 12
