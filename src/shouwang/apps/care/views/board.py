"""The board of needs: what is overdue first, then by stage; and all of it as a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from shouwang.apps.care.exporting import needs_xlsx
from shouwang.apps.care.models import Need
from shouwang.apps.care.selectors import carries, needs_by_state, needs_open
from shouwang.apps.care.showing import card
from shouwang.apps.care.words import kind_words_of, stage_words, urgency_words
from shouwang.apps.communities.access import for_member, me
from shouwang.apps.communities.models import Member, Role
from shouwang.apps.communities.selectors import DESK_ROLES, LOOKING_ROLES, has_role
from shouwang.apps.privacy.models import Place, What
from shouwang.apps.privacy.services import Looked, access_note
from shouwang.apps.residents.selectors import buildings_list
from shouwang.common import clock
from shouwang.domain.needs import CLOSED, Stage, Urgency

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
COLUMNS = [stage for stage in Stage if stage not in CLOSED]
SHOWN_MOST = 200
CLOSED_SHOWN = 10


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """What the reader wants to see; empty is everything."""

    urgency: str = ""
    kind: str = ""
    building: str = ""
    mine: bool = False

    @property
    def is_all(self) -> bool:
        """Return whether nothing is left out."""
        return self == Chosen()

    def fits(self, need: Need, member: Member) -> bool:
        """Return whether a need is among what was chosen."""
        return (
            self.urgency in ("", need.urgency)
            and self.kind in ("", need.kind)
            and self.building in ("", need.home.building.label)
            and (not self.mine or need.taken_by_id == member.pk)
        )


@for_member(*LOOKING_ROLES)
def needs(request: HttpRequest) -> HttpResponse:
    """Show the open needs: the desk all of them, others what is theirs."""
    member, now = me(request), clock.now()
    kinds = kind_words_of(member.community_id)
    chosen = _chosen(request)
    is_desk = has_role(member, DESK_ROLES)
    everything = needs_open(member, now=now)
    fitting = [row for row in everything if chosen.fits(row, member)]
    cards = [
        card(row, kinds=kinds, now=now, carried=carries(row, member)) for row in fitting
    ]
    context = {
        "cards": cards[:SHOWN_MOST],
        "more_count": max(len(cards) - SHOWN_MOST, 0),
        "overdue_count": sum(row["is_overdue"] for row in cards),
        "columns": _columns(cards),
        "has_needs": bool(everything),
        "closed": _closed(member, kinds) if is_desk else [],
        "chosen": chosen,
        "kinds": _used(kinds, everything),
        "urgencies": urgency_words(),
        "buildings": [
            row.label for row in buildings_list(community=member.community_id)
        ]
        if is_desk
        else [],
        "is_desk": is_desk,
        "may_manage": has_role(member, {Role.COORDINATOR}),
    }
    return render(request, "care/board.html", context)


def _chosen(request: HttpRequest) -> Chosen:
    urgency = request.GET.get("urgency", "")
    return Chosen(
        urgency=urgency if urgency in set(Urgency) else "",
        kind=request.GET.get("kind", ""),
        building=request.GET.get("building", ""),
        mine="mine" in request.GET,
    )


def _used(kinds: dict[str, str] | Any, rows: list[Need]) -> dict[str, str]:
    """Return the kinds that are there now: nobody looks for what is not."""
    there = {row.kind for row in rows}
    return {key: words for key, words in kinds.items() if key in there}


def _columns(cards: list[dict[str, Any]]) -> list[dict[str, Any]]:
    words = stage_words()
    counts = dict.fromkeys(COLUMNS, 0)
    for row in cards:
        counts[Stage(row["row"].stage)] += 1
    return [
        {"stage": stage.value, "words": words[stage.value], "count": count}
        for stage, count in counts.items()
    ]


def _closed(member: Member, kinds: Any) -> list[dict[str, Any]]:
    rows = needs_by_state(member, state="closed").order_by("-closed_at")
    return [card(row, kinds=kinds, now=clock.now()) for row in rows[:CLOSED_SHOWN]]


@for_member(Role.COORDINATOR)
def export(request: HttpRequest) -> HttpResponse:
    """Answer with every need of the community as a spreadsheet."""
    member = me(request)
    looked = Looked(what=What.EXPORT, place=Place.NEEDS)
    access_note(by=member, looked=looked, now=clock.now())
    rows = needs_by_state(member, state="all")
    content = needs_xlsx(rows, community=member.community, now=clock.now())
    answer = HttpResponse(content, content_type=XLSX)
    answer["Content-Disposition"] = 'attachment; filename="shouwang-needs.xlsx"'
    answer["Cache-Control"] = "no-store"
    return answer
