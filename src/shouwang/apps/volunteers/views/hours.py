"""Hours: a month of everybody, written down, corrected, and as a file."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from shouwang.apps.communities.access import for_member, me
from shouwang.apps.communities.forming import FormPage, form_page
from shouwang.apps.communities.models import Member, Role
from shouwang.apps.communities.selectors import (
    DESK_ROLES,
    LOOKING_ROLES,
    has_role,
)
from shouwang.apps.volunteers import services
from shouwang.apps.volunteers.forms.hours import HoursForm, hours_initial
from shouwang.apps.volunteers.models import HoursRow
from shouwang.apps.volunteers.selectors.hours import (
    hours_by_person,
    hours_for,
    hours_of_month,
    hours_sum,
    month_after,
    month_before,
    month_of,
)
from shouwang.apps.volunteers.selectors.people import (
    volunteer_of,
    volunteer_to_keep,
)
from shouwang.apps.volunteers.sheets.writing import hours_xlsx
from shouwang.apps.volunteers.views.people import today_of
from shouwang.apps.volunteers.views.places import page_of
from shouwang.common import clock

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@for_member(*DESK_ROLES)
def hours(request: HttpRequest) -> HttpResponse:
    """Show what everybody gave in a month."""
    member = me(request)
    month = _month(request, today_of(member))
    rows = hours_of_month(community=member.community, month=month)
    context = {
        "month": month,
        "before": month_before(month),
        "after": month_after(month),
        "rows": hours_by_person(rows),
        "count": len(rows),
        "total": hours_sum(rows),
        "may_keep": has_role(member, {Role.COORDINATOR}),
    }
    return render(request, "volunteers/hours.html", context)


def _month(request: HttpRequest, today: date) -> date:
    try:
        month = date.fromisoformat(f"{request.GET.get('month', '')}-01")
    except ValueError:
        return month_of(today)
    # Far from today there is nothing to see, and no month before the first of all.
    far = abs(month - today) > timedelta(days=3660)
    return month_of(today) if far else month


@for_member(Role.COORDINATOR)
def export(request: HttpRequest) -> HttpResponse:
    """Answer with a month as a spreadsheet, a line for each time somebody gave."""
    member = me(request)
    month = _month(request, today_of(member))
    rows = hours_of_month(community=member.community, month=month)
    answer = HttpResponse(hours_xlsx(rows, month=month), content_type=XLSX)
    answer["Content-Disposition"] = (
        f'attachment; filename="shouwang-hours-{month:%Y-%m}.xlsx"'
    )
    answer["Cache-Control"] = "no-store"
    return answer


@for_member(*LOOKING_ROLES)
def hours_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down time somebody gave; one may do so oneself."""
    member = me(request)
    row = volunteer_to_keep(member, pk)
    form = HoursForm(request.POST or None, initial={"on": today_of(member)})

    def save() -> HttpResponse:
        services.hours_say(
            member=row.member, draft=form.draft(), by=member, now=clock.now()
        )
        messages.success(request, _("Written down. Thank you."))
        return redirect(page_of(member, row))

    page = FormPage(
        title=_("Time that %(name)s gave") % {"name": row.member.display_name},
        send=_("Write down"),
        back=page_of(member, row),
    )
    return form_page(request, form, page, save)


@for_member(*LOOKING_ROLES)
def hours_correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct hours, or take them back; what was wrong stays in the record."""
    member = me(request)
    row = hours_for(member, pk)
    back = _page_of_hours(member, row)
    takes_back = "take_back" in request.POST
    form = HoursForm(request.POST or None, initial=hours_initial(row))

    def save() -> HttpResponse:
        services.hours_correct(row=row, draft=form.draft(), by=member, now=clock.now())
        return redirect(back)

    if takes_back:
        services.hours_correct(row=row, draft=None, by=member, now=clock.now())
        return redirect(back)
    page = FormPage(
        title=_("Correct the hours of %(name)s") % {"name": row.member.display_name},
        send=_("Correct"),
        back=back,
        template="volunteers/hours_correct.html",
    )
    return form_page(request, form, page, save)


def _page_of_hours(member: Member, row: HoursRow) -> str:
    kept = volunteer_of(row.member)
    if kept:
        return page_of(member, kept)
    own = member.pk == row.member_id
    return reverse("volunteers:own" if own else "volunteers:hours")
