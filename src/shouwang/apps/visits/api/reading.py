"""Visits, what is due, and company, for machines and for other programs."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Schema

from shouwang.apps.communities.api import (
    ERRORS,
    Key,
    PageIn,
    page_of,
    reader,
)
from shouwang.apps.communities.models import Member
from shouwang.apps.communities.selectors import DESK_ROLES
from shouwang.apps.residents.selectors import home_for
from shouwang.apps.visits.api.router import visits
from shouwang.apps.visits.models import PlannedVisit, Visit
from shouwang.apps.visits.selectors import visit_for, visits_visible
from shouwang.apps.visits.selectors.company import company_list
from shouwang.apps.visits.selectors.due import DueRow, due_list
from shouwang.apps.visits.words import why
from shouwang.common import clock

OutcomeWord = Literal["spoke", "nobody_opened", "not_now"]


class VisitOut(Schema):
    """A visit or a try; ``held`` and not ``counts`` while nobody has judged it."""

    id: UUID
    home: int
    outcome: OutcomeWord
    visited_at: datetime
    received_at: datetime
    by: int
    typed_by: int | None
    form: int
    answers: dict[str, dict[str, str]]
    needs: list[int]
    note: str
    held: str
    counts: bool


class VisitsOut(Schema):
    """Some visits; ``next_offset`` is empty at the end."""

    items: list[VisitOut]
    next_offset: int | None


class VisitsIn(PageIn):
    """Which visits."""

    home: Key | None = None


@visits.get("/visits", response={200: VisitsOut, **ERRORS}, operation_id="visits_list")
def visits_of(request: HttpRequest, asked: Query[VisitsIn]) -> dict[str, Any]:
    """Return the visits of the community, the newest first; for the desk."""
    member = reader(request, DESK_ROLES)
    rows = visits_visible(member)
    if asked.home is not None:
        rows = rows.filter(home=home_for(member, asked.home))
    return page_of(rows, asked, _visit)


class DueOut(Schema):
    """A home whose visit is due or overdue, and why."""

    home: int
    state: Literal["due", "overdue"]
    cause: Literal["change", "raised", "never", "routine"]
    why: str
    by: datetime
    last_visit_at: datetime | None
    last_visit_by: int | None
    planned_on: date | None
    planned_for: int | None


class DueListOut(Schema):
    """The homes to visit, most pressing first."""

    items: list[DueOut]


@visits.get(
    "/visits/due", response={200: DueListOut, **ERRORS}, operation_id="visits_due"
)
def visits_due(request: HttpRequest) -> dict[str, Any]:
    """Return whose visit is due or overdue, most pressing first; for the desk."""
    member, now = reader(request, DESK_ROLES), clock.now()
    rows = due_list(community=member.community, now=now)
    return {"items": [_due(row, member) for row in rows]}


@visits.get(
    "/visits/{visit_id}", response={200: VisitOut, **ERRORS}, operation_id="visit_get"
)
def visit_of(request: HttpRequest, visit_id: UUID) -> dict[str, Any]:
    """Return one visit; for the desk."""
    return _visit(visit_for(reader(request, DESK_ROLES), visit_id))


class CompanyOut(Schema):
    """A home, and when somebody last sat with her, by all that is known."""

    home: int
    met_at: datetime | None
    away: bool


class CompanyListOut(Schema):
    """Those first with whom nobody has sat for longest."""

    items: list[CompanyOut]


@visits.get(
    "/company", response={200: CompanyListOut, **ERRORS}, operation_id="company_list"
)
def company(request: HttpRequest) -> dict[str, Any]:
    """Return whom nobody has sat with for long; for the desk."""
    member = reader(request, DESK_ROLES)
    rows = company_list(community=member.community, now=clock.now())
    return {
        "items": [
            {"home": row.home.pk, "met_at": row.met_at, "away": row.is_away}
            for row in rows
        ]
    }


def _visit(row: Visit) -> dict[str, Any]:
    judged = getattr(row, "judgement", None)
    names = ("outcome", "visited_at", "received_at", "note", "held", "answers")
    return {
        **{name: getattr(row, name) for name in names},
        "id": row.pk,
        "home": row.home_id,
        "by": row.by_id,
        "typed_by": row.typed_by_id,
        "form": row.form.version if row.form else 0,
        "needs": [made.need_id for made in row.needs.all()],
        "counts": not row.held or bool(judged and judged.counts),
    }


def _due(row: DueRow, member: Member) -> dict[str, Any]:
    planned: PlannedVisit | None = row.planned
    return {
        "home": row.home.pk,
        "state": row.state.value,
        "cause": row.call.cause.value,
        "why": why(row.call, zone=member.community.zone),
        "by": row.call.by,
        "last_visit_at": row.last.visited_at if row.last else None,
        "last_visit_by": row.last.by_id if row.last else None,
        "planned_on": planned.on if planned else None,
        "planned_for": planned.member_id if planned else None,
    }
