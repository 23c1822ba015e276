"""Pages of the reports: when they write themselves, and those that were written."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shouwang.apps.communities.access import for_member, me
from shouwang.apps.communities.answering import picture_answer
from shouwang.apps.communities.forming import FormPage, form_page
from shouwang.apps.communities.models import Role
from shouwang.apps.communities.selectors import DESK_ROLES, has_role
from shouwang.apps.outbox.words import message_state_words
from shouwang.apps.reports.forms import DigestTimeForm
from shouwang.apps.reports.models import Digest
from shouwang.apps.reports.selectors import (
    digest_for,
    digest_time_for,
    digest_times,
    digests_list,
)
from shouwang.apps.reports.services import (
    digest_time_add as add_time,
    digest_time_end as end_time,
)
from shouwang.common import clock
from shouwang.common.errors import NotFoundError


@for_member(*DESK_ROLES)
def digests(request: HttpRequest) -> HttpResponse:
    """Show when the report writes itself, and the last ones."""
    member = me(request)
    context = {
        "times": digest_times(community=member.community),
        "may_change": has_role(member, {Role.COORDINATOR}),
        "rows": [_shown(row) for row in digests_list(community=member.community)],
    }
    return render(request, "reports/digests.html", context)


def _shown(row: Digest) -> dict[str, Any]:
    words, sent = message_state_words(), list(row.messages.all())
    return {
        "row": row,
        "due_at": clock.local(row.due_at, row.community.zone),
        "state": words[sent[0].state] if sent else _("to be forwarded by hand"),
        "is_bad": bool(sent) and sent[0].state in {"failed", "given_up"},
    }


@for_member(Role.COORDINATOR)
def digest_time_add(request: HttpRequest) -> HttpResponse:
    """Let the report write itself at another time."""
    community = me(request).community
    form = DigestTimeForm(request.POST or None, community=community)

    def save() -> HttpResponse:
        add_time(community=community, draft=form.draft(), now=clock.now())
        return redirect("reports:digests")

    page = FormPage(
        title=_("A time for the report"),
        intro=_(
            "At this time the report is written by itself. A day on which all is well "
            "is one line; otherwise the picture comes along."
        ),
        send=_("Save"),
        back=reverse("reports:digests"),
    )
    return form_page(request, form, page, save)


@require_POST
@for_member(Role.COORDINATOR)
def digest_time_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Write no report at this time any more."""
    end_time(row=digest_time_for(me(request), pk), now=clock.now())
    return redirect("reports:digests")


@for_member(*DESK_ROLES)
def digest_picture(request: HttpRequest, pk: int) -> HttpResponse:
    """Serve the picture of a report that was written."""
    row = digest_for(me(request), pk)
    if not row.picture:
        raise NotFoundError("no_picture", _("This report has no picture."))
    return picture_answer(row.picture, "image/png")
