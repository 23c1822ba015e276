"""The rota: the week, its turns, and what is changed for one day."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shouwang.apps.communities.access import for_member, me
from shouwang.apps.communities.forming import FormPage, form_page
from shouwang.apps.communities.models import Member, Role
from shouwang.apps.communities.selectors import (
    DESK_ROLES,
    has_role,
    member_for,
    members_with_role,
)
from shouwang.apps.duty import services
from shouwang.apps.duty.forms import (
    CannotForm,
    ExtraForm,
    LastDayForm,
    TurnChangeForm,
    TurnForm,
)
from shouwang.apps.duty.selectors import (
    DutyDay,
    DutyWeek,
    change_for,
    duty_today,
    duty_week,
    may_give,
    turn_for,
    turns_running,
)
from shouwang.apps.duty.words import (
    change_words,
    day_title,
    gap_words,
    now_words,
    span_clock,
    turn_words,
)
from shouwang.apps.residents.selectors import days_of
from shouwang.common import clock
from shouwang.common.errors import ConflictError, RefusedError
from shouwang.domain.duty import DutyState, Gap, Shift

WEEK = timedelta(days=7)
ROTA = "duty:rota"


@for_member(*DESK_ROLES)
def rota(request: HttpRequest) -> HttpResponse:
    """Show a week of the rota, who is on duty now, and every gap ahead."""
    member, now = me(request), clock.now()
    community = member.community
    today = clock.local_day(now, community.zone)
    first = _monday(request.GET.get("week", ""), today)
    week = duty_week(community=community, first=first)
    current = duty_today(community=community, now=now)
    turns = turns_running(community=community, on=today)
    context = {
        "now_words": now_words(current, community.zone),
        "is_gap": current.now.state is DutyState.GAP,
        "coming": [gap_words(row, community.zone) for row in current.coming],
        "days": [_day(row, week, member, now) for row in week.days],
        "changes": [
            {"row": row, "words": change_words(row), "is_mine": _is_mine(row, member)}
            for row in week.changes.values()
        ],
        "turns": [{"row": row, "words": turn_words(row)} for row in turns],
        "first": first,
        "before": first - WEEK,
        "after": first + WEEK,
        "is_this_week": first <= today < first + WEEK,
        "may_change": has_role(member, {Role.COORDINATOR}),
        "may_stand_in": has_role(member, {Role.DUTY_OFFICER}),
    }
    return render(request, "duty/rota.html", context)


def _monday(text: str, today: date) -> date:
    try:
        chosen = date.fromisoformat(text)
    except ValueError:
        chosen = today
    # Far from today there is nothing to see, and at the ends of time no week before.
    if abs(chosen - today) > timedelta(days=3660):
        chosen = today
    return chosen - timedelta(days=chosen.weekday())


def _is_mine(row: Any, member: Member) -> bool:
    holder = row.turn.member_id if row.turn else None
    return member.pk in {row.member_id, row.by_id, holder}


def _day(day: DutyDay, week: DutyWeek, member: Member, now: datetime) -> dict[str, Any]:
    zone = member.community.zone
    lines = [
        *((row.begins_at, 1, _shift(row, week, member, now)) for row in day.shifts),
        *((row.begins_at, 0, _gap(row, day, now, member)) for row in day.gaps),
    ]
    return {
        "title": day_title(day.on),
        "is_today": clock.local_day(now, zone) == day.on,
        "lines": [row[2] for row in sorted(lines, key=lambda row: row[:2])],
    }


def _gap(row: Gap, day: DutyDay, now: datetime, member: Member) -> dict[str, Any]:
    zone = member.community.zone
    begin, end = clock.local(row.begins_at, zone), clock.local(row.ends_at, zone)
    return {
        "is_gap": True,
        "hours": span_clock(row.begins_at, row.ends_at, zone),
        "on": day.on,
        "begins": f"{begin:%H:%M}",
        "ends": f"{end:%H:%M}",
        "is_coming": row.ends_at > now,
    }


def _shift(row: Shift, week: DutyWeek, member: Member, now: datetime) -> dict[str, Any]:
    people, zone = week.people, member.community.zone
    change = week.changes.get(row.change or 0)
    is_coming = row.ends_at > now
    return {
        "hours": span_clock(row.begins_at, row.ends_at, zone),
        "name": people[row.member] if row.member else None,
        "is_mine": row.member == member.pk,
        "is_now": row.begins_at <= now < row.ends_at,
        "planned": people[row.planned] if row.planned != row.member else None,
        "is_extra": row.turn is None,
        "change": change,
        "may_take_back": change is not None and is_coming and _may(change, member),
        "turn": row.turn,
        "on": row.on,
        "held_by": row.member or "",
        "takers": [
            people[key]
            for key in week.rota.officers
            if key != row.member and key not in _cannot(week, row.on)
        ]
        if is_coming and may_give(member, row)
        else [],
    }


def _may(change: Any, member: Member) -> bool:
    return _is_mine(change, member) or has_role(member, {Role.COORDINATOR})


def _cannot(week: DutyWeek, on: date) -> set[int]:
    return {
        row.member for row in week.rota.changes if row.kind == "cannot" and row.on == on
    }


@for_member(Role.COORDINATOR)
def turn_add(request: HttpRequest) -> HttpResponse:
    """Plan a turn for one or several duty officers."""
    community = me(request).community
    today = clock.local_day(clock.now(), community.zone)
    form = TurnForm(
        request.POST or None, community=community, initial={"valid_from": today}
    )

    def save() -> HttpResponse:
        with transaction.atomic():
            for draft in form.drafts():
                services.turn_add(community=community, draft=draft)
        return redirect(ROTA)

    page = FormPage(title=_("A new turn of duty"), send=_("Save"), back=reverse(ROTA))
    return form_page(request, form, page, save)


@for_member(Role.COORDINATOR)
def turn_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a turn from a day on; what was before stays as it was."""
    row = turn_for(me(request), pk)
    now = clock.now()
    today = clock.local_day(now, row.community.zone)
    initial = {
        "member": row.member_id,
        "days": sorted(days_of(row.days)),
        "begins": row.begins,
        "ends": row.ends,
        "valid_from": max(today, row.valid_from),
        "valid_to": row.valid_to,
    }
    form = TurnChangeForm(
        request.POST or None, community=row.community, initial=initial
    )

    def save() -> HttpResponse:
        services.turn_change(row=row, draft=form.drafts()[0], now=now)
        return redirect(ROTA)

    page = FormPage(
        title=str(row.member),
        intro=turn_words(row),
        send=_("Save"),
        back=reverse(ROTA),
        template="duty/turn_change.html",
        more={"row": row},
    )
    return form_page(request, form, page, save)


@for_member(Role.COORDINATOR)
def turn_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a turn with a day."""
    row = turn_for(me(request), pk)
    now = clock.now()
    today = clock.local_day(now, row.community.zone)
    form = LastDayForm(request.POST or None, initial={"last": today})

    def save() -> HttpResponse:
        services.turn_end(row=row, last=form.cleaned_data["last"], now=now)
        return redirect(ROTA)

    page = FormPage(
        title=_("End the turn of %(name)s") % {"name": row.member},
        intro=turn_words(row),
        send=_("End it"),
        back=reverse("duty:turn_change", args=[row.pk]),
    )
    return form_page(request, form, page, save)


@for_member(Role.COORDINATOR)
def rota_end(request: HttpRequest) -> HttpResponse:
    """Ask once more, then keep no rota any more."""
    community = me(request).community
    if request.method == "POST":
        services.rota_end(community=community, now=clock.now())
        messages.info(request, _("No rota is kept: every duty officer is on duty."))
        return redirect(ROTA)
    return render(request, "duty/rota_end.html", {})


@require_POST
@for_member(*DESK_ROLES)
def turn_give(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a turn of one day to somebody else."""
    by = me(request)
    turn = turn_for(by, pk)
    given = request.POST
    on, to = _date(given.get("on", "")), given.get("to", "")
    if on is None or not to.isdecimal():
        messages.error(request, _("Choose somebody first."))
        return redirect(ROTA)
    held_by = given.get("held_by", "")
    giving = services.Giving(
        turn=turn,
        on=on,
        to=member_for(by, int(to)),
        held_by=int(held_by) if held_by.isdecimal() else None,
    )
    try:
        row = services.turn_give(giving=giving, by=by, now=clock.now())
    except (RefusedError, ConflictError) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, change_words(row))
    return _to_week(on)


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _to_week(on: date) -> HttpResponse:
    return redirect(f"{reverse(ROTA)}?week={on}")


def _speaks_for(member: Member) -> list[Member]:
    """Return whom the reader may write down: a coordinator everybody, else oneself."""
    officers = members_with_role(member.community_id, Role.DUTY_OFFICER)
    if has_role(member, {Role.COORDINATOR}):
        return officers
    return [row for row in officers if row.pk == member.pk]


def _initial(request: HttpRequest, member: Member) -> dict[str, Any]:
    today = clock.local_day(clock.now(), member.community.zone)
    given = {
        name: request.GET[name] for name in ("begins", "ends") if name in request.GET
    }
    return {"member": member.pk, "on": request.GET.get("on", today), **given}


@for_member(*DESK_ROLES)
def cannot_add(request: HttpRequest) -> HttpResponse:
    """Note that somebody cannot on one day."""
    by = me(request)
    form = CannotForm(
        request.POST or None, people=_speaks_for(by), initial=_initial(request, by)
    )

    def save() -> HttpResponse:
        given = form.cleaned_data
        services.duty_cannot(
            member=member_for(by, given["member"]),
            on=given["on"],
            by=by,
            now=clock.now(),
        )
        return _to_week(given["on"])

    page = FormPage(
        title=_("Somebody cannot on a day"),
        intro=_(
            "Their turns of that day stand empty until somebody takes them; "
            "the page shows them in red."
        ),
        send=_("Note it"),
        back=reverse(ROTA),
    )
    return form_page(request, form, page, save)


@for_member(*DESK_ROLES)
def extra_add(request: HttpRequest) -> HttpResponse:
    """Put somebody on duty for one day."""
    by = me(request)
    form = ExtraForm(
        request.POST or None, people=_speaks_for(by), initial=_initial(request, by)
    )

    def save() -> HttpResponse:
        given = form.cleaned_data
        draft = services.ExtraDraft(
            member=member_for(by, given["member"]),
            on=given["on"],
            begins=given["begins"],
            ends=given["ends"],
        )
        services.duty_extra(draft=draft, by=by, now=clock.now())
        return _to_week(given["on"])

    page = FormPage(
        title=_("On duty besides, on one day"), send=_("Save"), back=reverse(ROTA)
    )
    return form_page(request, form, page, save)


@require_POST
@for_member(*DESK_ROLES)
def change_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back what was changed for one day."""
    by = me(request)
    row = change_for(by, pk)
    try:
        services.change_withdraw(row=row, by=by, now=clock.now())
    except RefusedError as error:
        messages.error(request, str(error))
    return _to_week(row.on)
