"""The paper sheet of a round: printed in the morning, typed in at noon."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _, ngettext

from shouwang.apps.communities.access import for_member, me
from shouwang.apps.communities.forming import FormPage, form_page
from shouwang.apps.communities.selectors import DESK_ROLES
from shouwang.apps.residents.selectors import signal_kinds
from shouwang.apps.residents.words import signal_words_of, state_words_of
from shouwang.apps.rounds.forms.sheets import SheetForm
from shouwang.apps.rounds.models import Round
from shouwang.apps.rounds.selectors import round_for
from shouwang.apps.rounds.selectors.sheets import sheet_of
from shouwang.apps.rounds.services.sheets import sheet_record
from shouwang.common import clock
from shouwang.common.errors import NotFoundError
from shouwang.common.ids import uuid7
from shouwang.common.qr import qr_svg


@for_member(*DESK_ROLES)
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the sheet of a day to be printed, with boxes to tick."""
    row = round_for(me(request), pk)
    on = _day(request, row)
    made = sheet_of(walked=row, on=on)
    kinds = signal_kinds(row.community)
    states = state_words_of(row.community)
    boxes = {
        name: [states[name, state] for state in kind.states]
        for name, kind in kinds.items()
    }
    names = signal_words_of(row.community)
    context = {
        "sheet": made,
        "stops": [
            {
                "stop": stop,
                "lines": [
                    (line, names[line.signal], boxes[line.signal])
                    for line in stop.lines
                ],
            }
            for stop in made.stops
        ],
        "walkers": [str(one.member) for one in row.walkers.select_related("member")],
        "community": row.community,
        "entry": _entry(row, on),
        "qr": qr_svg(request.build_absolute_uri(_entry(row, on))),
    }
    return render(request, "rounds/sheet.html", context)


@for_member(*DESK_ROLES)
def sheet_entry(request: HttpRequest, pk: int) -> HttpResponse:
    """Type in a sheet that came back: a key for each line, a time for each stop."""
    member, now = me(request), clock.now()
    row = round_for(member, pk)
    on = _day(request, row)
    made = sheet_of(walked=row, on=on)
    form = SheetForm(
        request.POST or None, sheet=made, now=now, initial={"key": uuid7(now=now)}
    )

    def save() -> HttpResponse:
        count = sheet_record(
            walked=row,
            key=form.cleaned_data["key"],
            ticks=form.ticks(),
            walker=form.walker(),
            typed_by=member,
            now=now,
        )
        words = ngettext(
            "%(count)s window is recorded.", "%(count)s windows are recorded.", count
        )
        messages.success(request, words % {"count": count})
        return redirect(_entry(row, on))

    page = FormPage(
        title=_("Type in a sheet"),
        send=_("Record what is ticked"),
        back=reverse("rounds:rounds"),
        template="rounds/sheet_entry.html",
        more={"sheet": made},
    )
    return form_page(request, form, page, save)


def _entry(row: Round, on: date) -> str:
    return f"{reverse('rounds:sheet_entry', args=[row.pk])}?on={on.isoformat()}"


def _day(request: HttpRequest, row: Round) -> date:
    """Return the local date that is asked for, today where none is."""
    given = request.GET.get("on", "")
    if not given:
        return clock.local_day(clock.now(), row.community.zone)
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise NotFoundError("no_such_day", _("There is no such day.")) from None
