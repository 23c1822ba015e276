"""Figures of the service: how soon, how it turned out, how well everybody is seen."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from shouwang.apps.communities.access import for_member, me
from shouwang.apps.desk.figure_files import table_csv, tables_xlsx
from shouwang.apps.desk.figure_tables import Table, table_named, tables_of
from shouwang.apps.desk.selectors.figures import figures_of
from shouwang.apps.desk.selectors.service import FIGURE_ROLES, Service, service_for
from shouwang.apps.desk.spans import WEEKS, SpanForm, span_of_weeks
from shouwang.apps.desk.words import group_words
from shouwang.common import clock
from shouwang.common.errors import NotFoundError, RefusedError

COLUMNS = ("well", "needs", "unseen", "excused")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@for_member(*FIGURE_ROLES)
def figures(request: HttpRequest) -> HttpResponse:
    """Show the figures of a span; a span that cannot be is answered in the form."""
    form = _form(request)
    if not form.is_valid():
        context = {"form": form, "shortcuts": _shortcuts(form)}
        return render(request, "desk/figures.html", context, status=422)
    service = service_for(me(request), span=form.span(), now=clock.now())
    context = {
        "form": SpanForm(today=form.today, initial=_initial(service)),
        "shortcuts": _shortcuts(form),
        "service": service,
        "tables": tables_of(service),
        "query": _query(service),
        **_coverage(request),
    }
    return render(request, "desk/figures.html", context)


@for_member(*FIGURE_ROLES)
def table(request: HttpRequest, key: str) -> HttpResponse:
    """Answer with one table as CSV."""
    service, tables = _asked(request)
    found = table_named(tables, key)
    if found is None:
        raise NotFoundError("unknown_table", _("There is no such table here."))
    return _file(table_csv(found), service, key, "csv", "text/csv; charset=utf-8")


@for_member(*FIGURE_ROLES)
def xlsx(request: HttpRequest) -> HttpResponse:
    """Answer with every table as Excel."""
    service, tables = _asked(request)
    return _file(tables_xlsx(tables), service, "figures", "xlsx", XLSX)


def _asked(request: HttpRequest) -> tuple[Service, list[Table]]:
    form = _form(request)
    if not form.is_valid():
        words = " ".join(str(row) for rows in form.errors.values() for row in rows)
        raise RefusedError("wrong_span", words)
    service = service_for(me(request), span=form.span(), now=clock.now())
    return service, tables_of(service)


def _form(request: HttpRequest) -> SpanForm:
    zone = me(request).community.zone
    return SpanForm(request.GET, today=clock.local_day(clock.now(), zone))


def _initial(service: Service) -> dict[str, object]:
    span = service.span
    return {"first": span.first, "last": span.last, "kind": span.kind}


def _shortcuts(form: SpanForm) -> list[dict[str, object]]:
    """Return the usual spans, and which of them is shown; the kind chosen stays."""
    kind = form.cleaned_data.get("kind", "")
    shown = form.span() if form.is_valid() else None
    spans = [
        (weeks, span_of_weeks(weeks, today=form.today, kind=kind)) for weeks in WEEKS
    ]
    return [
        {"weeks": weeks, "kind": kind, "is_shown": span == shown}
        for weeks, span in spans
    ]


def _query(service: Service) -> str:
    span = service.span
    return f"first={span.first:%Y-%m-%d}&last={span.last:%Y-%m-%d}&kind={span.kind}"


def _coverage(request: HttpRequest) -> dict[str, object]:
    found = figures_of(community=me(request).community, now=clock.now())
    words = group_words()
    rows = [
        {
            "day": day,
            "groups": [day.groups[name] for name in COLUMNS],
            "looked": None
            if day.looked_share is None
            else round(100 * day.looked_share, 1),
        }
        for day in found.days
    ]
    columns = [words[name] for name in COLUMNS]
    return {"figures": found, "columns": columns, "rows": rows}


def _file(
    content: bytes, service: Service, name: str, ending: str, content_type: str
) -> HttpResponse:
    span = service.span
    name = f"shouwang-{name}-{span.first:%Y%m%d}-{span.last:%Y%m%d}.{ending}"
    answer = HttpResponse(content, content_type=content_type)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "no-store"
    return answer
