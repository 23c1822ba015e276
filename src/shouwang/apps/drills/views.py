"""The drill button: a case like one's own, played through the real machinery."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext as _
from django.views.decorators.http import require_POST

from shouwang.apps.alerts.forms import PreviewForm
from shouwang.apps.alerts.previewing import next_at
from shouwang.apps.alerts.words import kind_words
from shouwang.apps.communities.access import for_member, me
from shouwang.apps.communities.models import Member
from shouwang.apps.communities.selectors import DESK_ROLES
from shouwang.apps.drills.running import drill_run
from shouwang.apps.drills.telling import timeline
from shouwang.apps.drills.writing import PLAYABLE, DrillFile, drill_write
from shouwang.apps.residents.selectors import home_for
from shouwang.common import clock
from shouwang.common.errors import RefusedError, ShouwangError
from shouwang.domain.alerts import AlertKind


@require_POST
@for_member(*DESK_ROLES)
def play(request: HttpRequest) -> HttpResponse:
    """Play what would happen, and show it as a timeline."""
    file, kind, at = _file(me(request), request.POST)
    problem, moments, status = "", [], 200
    try:
        played = drill_run(file.text, language=get_language() or "en")
        moments = timeline(played.lines, file.names)
    except ShouwangError as error:
        problem, status = str(error), error.status
    asked = {name: request.POST.get(name, "") for name in ("home", "kind", "at")}
    context = {
        "problem": problem,
        "moments": moments,
        "people": file.names.items(),
        "kind": kind_words()[kind.value],
        "at": at,
        "file": f"{reverse('drills:file')}?{urlencode(asked)}",
        "back": f"{reverse('policies:preview')}?{urlencode(asked)}",
    }
    return render(request, "drills/played.html", context, status=status)


@for_member(*DESK_ROLES)
def file(request: HttpRequest) -> HttpResponse:
    """Give the same drill as a file, to go on with ``shouwang drill``."""
    written, kind, at = _file(me(request), request.GET)
    name = f"drill-{kind.value}-{at:%H%M}.yaml"
    return HttpResponse(
        written.text,
        content_type="application/yaml; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        },
    )


def _file(member: Member, asked: QueryDict) -> tuple[DrillFile, AlertKind, datetime]:
    community = member.community
    form = PreviewForm(asked, community=community)
    if not form.is_valid():
        raise RefusedError("unknown_case", _("Choose a home, an alert and an hour."))
    given = form.cleaned_data
    kind = AlertKind(given["kind"])
    if kind not in PLAYABLE:
        words = _("This alert cannot be played: no single day brings it about.")
        raise RefusedError("not_playable", words)
    home = home_for(member, given["home"]) if given["home"] else None
    at = clock.local(next_at(given["at"], community, clock.now()), community.zone)
    written = drill_write(community=community, home=home, kind=kind, at=at)
    return written, kind, at
