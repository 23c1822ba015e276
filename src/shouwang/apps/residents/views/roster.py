"""Pages of the roster: choose a file, look at what it would change, bring it in."""

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
from shouwang.apps.privacy.models import Place, What
from shouwang.apps.privacy.services import Looked, access_note
from shouwang.apps.residents import services
from shouwang.apps.residents.forms.roster import RosterForm
from shouwang.apps.residents.roster.columns import HEADINGS, Column
from shouwang.apps.residents.roster.comparing import RosterPreview, RowPreview
from shouwang.apps.residents.selectors import roster_upload_for
from shouwang.apps.residents.words import column_words, risk_words
from shouwang.common import clock
from shouwang.common.errors import ConflictError, NotFoundError, RefusedError

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN_MOST = 300


@for_member(Role.COORDINATOR)
def roster(request: HttpRequest) -> HttpResponse:
    """Choose a file to bring in; get the template or what is stored."""
    member = me(request)
    form = RosterForm(request.POST or None, request.FILES or None)

    def save() -> HttpResponse:
        given = form.cleaned_data["file"]
        kept = services.roster_upload(
            community=member.community,
            content=given.read(),
            filename=given.name,
            by=member,
            now=clock.now(),
        )
        return redirect("residents:roster_preview", pk=kept.pk)

    page = FormPage(
        title=_("Bring in a roster"),
        send=_("Look at what it would change"),
        back=reverse("residents:homes"),
        template="residents/roster.html",
        more={"columns": [(row.zh[0], row.en[0]) for row in HEADINGS.values()]},
    )
    return form_page(request, form, page, save)


@for_member(Role.COORDINATOR)
def roster_preview(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show what a roster would change, cell by cell; nothing is written."""
    member = me(request)
    kept = roster_upload_for(member, pk)
    found = services.roster_preview(
        community=member.community,
        content=bytes(kept.content),
        filename=kept.filename,
        now=clock.now(),
    )
    context = {"upload": kept, "preview": found, **_rows(found)}
    return render(request, "residents/roster_preview.html", context)


def _rows(found: RosterPreview) -> dict[str, Any]:
    order = ("refused", "changed", "new")
    rows = [row for name in order for row in found.rows if row.outcome == name]
    mended = [
        note for row in found.rows if row.outcome == "unchanged" for note in row.notes
    ]
    counts = found.counts
    return {
        "counts": counts,
        "rows": [_row(row) for row in rows[:SHOWN_MOST]],
        "more_count": max(len(rows) - SHOWN_MOST, 0),
        "mended": mended,
        "writes": counts["new"] + counts["changed"],
    }


def _row(row: RowPreview) -> dict[str, Any]:
    names = column_words()
    return {
        "row": row,
        "name": row.address,
        "notes": [{"note": note, "column": names[note.column]} for note in row.notes],
        "changes": [
            {
                "column": names[change.column],
                "old": _shown(change.column, change.old),
                "new": _shown(change.column, change.new),
            }
            for change in row.changes
        ],
    }


def _shown(column: Column, text: str) -> str:
    return risk_words().get(text, text) if column is Column.RISK else text


@require_POST
@for_member(Role.COORDINATOR)
def roster_apply(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Bring a roster in, whole or not at all."""
    member = me(request)
    kept = roster_upload_for(member, pk)
    try:
        applied = services.roster_apply(
            community=member.community,
            content=bytes(kept.content),
            filename=kept.filename,
            expected=request.POST.get("digest", ""),
            by=member,
            now=clock.now(),
        )
    except (ConflictError, RefusedError) as error:
        messages.error(request, str(error))
        return redirect("residents:roster_preview", pk=kept.pk)
    kept.delete()
    words = _("%(new)s homes are new, %(changed)s changed. The watch knows them now.")
    messages.success(
        request, words % {"new": applied.new_count, "changed": applied.changed_count}
    )
    return redirect("residents:homes")


@for_member(Role.COORDINATOR)
def roster_template(request: HttpRequest) -> HttpResponse:
    """Answer with an empty roster to fill in."""
    return _file(services.roster_template(), "shouwang-roster.xlsx", XLSX)


@for_member(Role.COORDINATOR)
def roster_export(request: HttpRequest, kind: str) -> HttpResponse:
    """Answer with everything stored, as a roster."""
    types = {"xlsx": XLSX, "csv": "text/csv; charset=utf-8"}
    if kind not in types:
        raise NotFoundError("unknown_kind", _("There is no such kind of file."))
    looked = Looked(what=What.EXPORT, place=Place.ROSTER)
    access_note(by=me(request), looked=looked, now=clock.now())
    content = services.roster_export(
        community=me(request).community, as_csv=kind == "csv", now=clock.now()
    )
    return _file(content, f"shouwang-roster.{kind}", types[kind])


def _file(content: bytes, name: str, content_type: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=content_type)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "no-store"
    return answer
