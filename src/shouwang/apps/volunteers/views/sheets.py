"""Pages of sheets: choose a file, look at what it would change, bring it in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shouwang.apps.communities.access import for_member, me
from shouwang.apps.communities.forming import FormPage, form_page
from shouwang.apps.communities.models import Role
from shouwang.apps.residents.roster.outcomes import CHANGED, NEW, REFUSED
from shouwang.apps.volunteers import services
from shouwang.apps.volunteers.forms.keeping import SheetForm
from shouwang.apps.volunteers.selectors.people import upload_for
from shouwang.apps.volunteers.sheets.columns import HEADINGS
from shouwang.apps.volunteers.sheets.comparing import SheetPreview
from shouwang.apps.volunteers.sheets.known import known_of
from shouwang.apps.volunteers.sheets.words import column_words
from shouwang.apps.volunteers.sheets.writing import volunteers_xlsx
from shouwang.apps.volunteers.views.hours import XLSX
from shouwang.apps.volunteers.views.people import today_of
from shouwang.common import clock
from shouwang.common.errors import ConflictError, RefusedError

SHOWN_MOST = 300


@for_member(Role.COORDINATOR)
def sheet(request: HttpRequest) -> HttpResponse:
    """Choose a file to bring in; get the template or who is here."""
    member = me(request)
    form = SheetForm(request.POST or None, request.FILES or None)

    def save() -> HttpResponse:
        given = form.cleaned_data["file"]
        kept = services.import_upload(
            community=member.community,
            content=given.read(),
            filename=given.name,
            by=member,
            now=clock.now(),
        )
        return redirect("volunteers:sheet_preview", pk=kept.pk)

    page = FormPage(
        title=_("Bring in volunteers"),
        send=_("Look at what it would change"),
        back=reverse("volunteers:volunteers"),
        template="volunteers/sheet.html",
        more={"columns": [(row.zh[0], row.en[0]) for row in HEADINGS.values()]},
    )
    return form_page(request, form, page, save)


@for_member(Role.COORDINATOR)
def preview(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show what a sheet would change, cell by cell; nothing is written."""
    member = me(request)
    kept = upload_for(member, pk)
    found = services.import_preview(
        community=member.community,
        content=bytes(kept.content),
        filename=kept.filename,
        now=clock.now(),
    )
    context = {"upload": kept, "preview": found, **_rows(found)}
    return render(request, "volunteers/sheet_preview.html", context)


def _rows(found: SheetPreview) -> dict[str, Any]:
    order = (REFUSED, CHANGED, NEW)
    rows = [row for name in order for row in found.rows if row.outcome == name]
    counts, names = found.counts, column_words()
    return {
        "counts": counts,
        "rows": [
            {
                "row": row,
                "name": row.name,
                "notes": [
                    {"note": note, "column": names[note.column]} for note in row.notes
                ],
                "changes": [
                    {"column": names[one.column], "old": one.old, "new": one.new}
                    for one in row.changes
                ],
            }
            for row in rows[:SHOWN_MOST]
        ],
        "more_count": max(len(rows) - SHOWN_MOST, 0),
        "writes": counts[NEW] + counts[CHANGED],
    }


@require_POST
@for_member(Role.COORDINATOR)
def apply(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Bring a sheet in, whole or not at all."""
    member = me(request)
    kept = upload_for(member, pk)
    try:
        applied = services.import_apply(
            community=member.community,
            content=bytes(kept.content),
            filename=kept.filename,
            expected=request.POST.get("digest", ""),
            by=member,
            now=clock.now(),
        )
    except (ConflictError, RefusedError) as error:
        messages.error(request, str(error))
        return redirect("volunteers:sheet_preview", pk=kept.pk)
    kept.delete()
    words = _("%(new)s volunteers are new, %(changed)s changed.")
    messages.success(
        request, words % {"new": applied.new_count, "changed": applied.changed_count}
    )
    return redirect("volunteers:volunteers")


@for_member(Role.COORDINATOR)
def template(_request: HttpRequest) -> HttpResponse:
    """Answer with an empty sheet to fill in."""
    return _file(services.import_template(), "shouwang-volunteers-empty.xlsx")


@for_member(Role.COORDINATOR)
def stored(request: HttpRequest) -> HttpResponse:
    """Answer with who is here, as a sheet that can be brought in again."""
    member = me(request)
    known = known_of(member.community, today=today_of(member))
    return _file(volunteers_xlsx(known), "shouwang-volunteers.xlsx")


def _file(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "no-store"
    return answer
