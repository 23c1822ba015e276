"""Pages of company: whom nobody has sat with for long, and a chat in ten seconds."""

from __future__ import annotations

from itertools import groupby

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from shouwang.apps.communities.access import for_member, me
from shouwang.apps.communities.selectors import DESK_ROLES, LOOKING_ROLES, has_role
from shouwang.apps.visits.forms.asking import ChatForm
from shouwang.apps.visits.selectors.company import (
    company_list,
    home_to_chat_for,
    homes_to_chat_for,
)
from shouwang.apps.visits.services import ChatIn, chat_record
from shouwang.apps.visits.words import alone_words
from shouwang.common import clock
from shouwang.common.errors import ConflictError, RefusedError
from shouwang.common.ids import uuid7

SHOWN_MOST = 100


@for_member(*DESK_ROLES)
def company(request: HttpRequest) -> HttpResponse:
    """Show whom nobody has sat with for long."""
    member, now = me(request), clock.now()
    rows = company_list(community=member.community, now=now)
    context = {
        "rows": [
            {"row": row, "words": alone_words(row.met_at, now=now)}
            for row in rows[:SHOWN_MOST]
        ],
        "more_count": max(len(rows) - SHOWN_MOST, 0),
    }
    return render(request, "visits/company.html", context)


@for_member(*LOOKING_ROLES)
def home_choose(request: HttpRequest) -> HttpResponse:
    """First tap: with whom."""
    wanted = request.GET.get("q", "").strip().lower()
    homes = homes_to_chat_for(me(request), now=clock.now())
    fitting = [
        row
        for row in homes
        if wanted in row.address.lower() or wanted in row.shown_name.lower()
    ]
    context = {
        "wanted": wanted,
        "has_homes": bool(homes),
        "buildings": [
            (label, list(rows))
            for label, rows in groupby(fitting, key=lambda row: row.building.label)
        ],
    }
    return render(request, "visits/chat_choose.html", context)


@for_member(*LOOKING_ROLES)
def chat_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Second tap: sat with her; words if there are any."""
    member, now = me(request), clock.now()
    home = home_to_chat_for(member, pk, now=now)
    form = ChatForm(request.POST or None, initial={"id": uuid7(now=now)})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        chat = ChatIn(id=given["id"], home_id=home.pk, at=now, words=given["words"])
        try:
            chat_record(community=home.community, chat=chat, by=member, now=now)
        except (RefusedError, ConflictError) as error:
            form.add_error(None, str(error))
        else:
            messages.success(
                request, _("Written down: you sat with %(home)s.") % {"home": home}
            )
            is_desk = has_role(member, DESK_ROLES)
            return redirect("visits:company" if is_desk else "visits:chat_choose")
    context = {"home": home, "form": form}
    status = 422 if form.errors else 200
    return render(request, "visits/chat_add.html", context, status=status)
