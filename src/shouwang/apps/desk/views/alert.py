"""The page of an alert, and what people do on it until it is over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.forms import BaseForm, Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shouwang.apps.alerts.models import Alert
from shouwang.apps.alerts.reaching import (
    ASKS_HELP,
    NO_ANSWER,
    SPOKE,
    Tried,
    alert_contact,
)
from shouwang.apps.alerts.selectors import alert_for
from shouwang.apps.alerts.sentences import alert_sentence, ended_sentence, next_sentence
from shouwang.apps.alerts.services import (
    alert_acknowledge,
    alert_close,
    alert_commit,
    alert_decline,
    alert_emergency,
    alert_mute,
)
from shouwang.apps.alerts.words import outcome_words
from shouwang.apps.communities.access import for_member, me
from shouwang.apps.communities.selectors import DESK_ROLES
from shouwang.apps.desk.forms import (
    CloseForm,
    CommitForm,
    HelpForm,
    MuteForm,
    SpokeForm,
)
from shouwang.apps.desk.selectors.alert import habit_of, past_of
from shouwang.apps.desk.selectors.home import people_of, sightings_near
from shouwang.apps.desk.views.alerting import (
    alert_brief,
    going_block,
    ladder_block,
    story_block,
)
from shouwang.apps.desk.views.home import (
    absences_block,
    agreements_block,
    mini_of,
    photos_block,
    sightings_block,
)
from shouwang.apps.privacy.models import Place
from shouwang.apps.residents.models import Home
from shouwang.apps.residents.noting import page_noted
from shouwang.apps.residents.selectors import known_risks
from shouwang.apps.residents.words import known_risk_words
from shouwang.common import clock
from shouwang.common.errors import ConflictError, NotFoundError, RefusedError
from shouwang.common.ids import uuid7

Save = Callable[[], object]


@for_member(*DESK_ROLES)
def alert(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one alert whole; ``?part=1`` only what changes by itself."""
    row = alert_for(me(request), pk)
    if row.home is not None:
        page_noted(request, row.home, place=Place.ALERT, place_id=row.pk)
    return _page(request, row)


def _page(
    request: HttpRequest,
    row: Alert,
    *,
    wrong: dict[str, BaseForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    now = clock.now()
    context = {
        "alert": alert_brief(row, now=now),
        "place": row.home or row.round or row.community,
        "sentence": alert_sentence(row, now=now),
        "next_words": next_sentence(row),
        "ended": ended_sentence(row) if row.state == "closed" else "",
        "going": going_block(row, now=now, me=me(request)),
        "ladder": ladder_block(row, now=now),
        "story": story_block(row),
        **(_home_live(row.home, now) if row.home else {}),
    }
    if "part" in request.GET and request.method == "GET":
        return render(request, "desk/_alert_live.html", context)
    context |= {
        "forms": {**_forms(), **(wrong or {})},
        "refused": next(iter(wrong or {}), ""),
        "once": uuid7(now=now),
        **(_home_still(row, row.home, now) if row.home else {}),
    }
    return render(request, "desk/alert.html", context, status=status)


def _forms() -> dict[str, BaseForm]:
    return {
        "commit": CommitForm(),
        "spoke": SpokeForm(),
        "help": HelpForm(auto_id="id_help_%s"),
        "mute": MuteForm(auto_id="id_mute_%s"),
        "close": CloseForm(auto_id="id_close_%s"),
    }


def _home_live(home: Home, now: datetime) -> dict[str, Any]:
    """Return what may change while somebody looks at the page."""
    return {
        "home": home,
        "known_risks": [known_risk_words(one) for one in known_risks(home=home)],
        "sightings": sightings_block(sightings_near(home=home, now=now), home),
        "photos": photos_block(home, now),
    }


def _home_still(row: Alert, home: Home, now: datetime) -> dict[str, Any]:
    residents, contacts = people_of(home=home)
    past = past_of(row, home)
    return {
        "residents": residents,
        "contacts": contacts,
        "agreements": agreements_block(home),
        "absences": absences_block(home, now),
        "habit": _habit(row),
        "past": past,
        "past_rows": [
            {**alert_brief(one, now=now), "outcome": outcome_words()[one.outcome]}
            for one in past.rows
        ],
    }


def _habit(row: Alert) -> dict[str, Any] | None:
    habit = habit_of(row)
    if habit is None:
        return None
    return {
        "label": habit.check.label,
        "usual": habit.usual,
        "days": [
            {"on": on, "mark": mini_of(check) if check else "", "at": at}
            for on, check, at in habit.days
        ],
    }


@require_POST
@for_member(*DESK_ROLES)
def alert_act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Act on an alert; afterwards its page says what came of it."""
    row = alert_for(me(request), pk)
    form, save = _act(request, row, act)
    if not form.is_valid():
        return _page(request, row, wrong={act: form}, status=422)
    try:
        save()
    except RefusedError as error:
        form.add_error(None, str(error))
        return _page(request, row, wrong={act: form}, status=422)
    except ConflictError as error:
        form.add_error(None, str(error))
        fresh = alert_for(me(request), pk)
        return _page(request, fresh, wrong={act: form}, status=409)
    return redirect("desk:alert", pk=row.pk)


def _act(request: HttpRequest, row: Alert, act: str) -> tuple[BaseForm, Save]:
    now = clock.now()
    who: dict[str, Any] = {"alert": row, "by": me(request), "now": now}
    plain: dict[str, Callable[..., object]] = {
        "acknowledge": alert_acknowledge,
        "cannot": alert_decline,
        "emergency": alert_emergency,
    }
    if act in plain:
        return Form({}), lambda: plain[act](**who)
    match act:
        case "commit":
            commit = CommitForm(request.POST)
            return commit, lambda: alert_commit(
                **who,
                until=now + timedelta(minutes=commit.cleaned_data["minutes"]),
                seen=request.POST.getlist("seen"),
            )
        case "mute":
            mute = MuteForm(request.POST, auto_id="id_mute_%s")
            return mute, lambda: alert_mute(
                **who,
                until=now + timedelta(hours=mute.cleaned_data["hours"]),
                reason=mute.cleaned_data["reason"],
            )
        case "close":
            close = CloseForm(request.POST, auto_id="id_close_%s")
            return close, lambda: alert_close(**who, closing=close.closing())
        case _:
            return _tried(request, act, who)


def _tried(
    request: HttpRequest, act: str, who: dict[str, Any]
) -> tuple[BaseForm, Save]:
    """Return the form and the service of an act that tries to reach her."""
    results = {"no_answer": NO_ANSWER, "spoke": SPOKE, "help": ASKS_HELP}
    forms: dict[str, Callable[[], BaseForm]] = {
        "no_answer": lambda: Form({}),
        "spoke": lambda: SpokeForm(request.POST),
        "help": lambda: HelpForm(request.POST, auto_id="id_help_%s"),
    }
    if act not in results:
        raise NotFoundError("unknown_act", _("There is no such act."))
    form = forms[act]()

    def save() -> None:
        given = form.cleaned_data
        tried = Tried(
            result=results[act],
            how="phone" if act == "no_answer" else given.get("how", ""),
            note=given.get("note", ""),
            id=once_of(request),
        )
        alert_contact(**who, tried=tried)

    return form, save


def once_of(request: HttpRequest) -> UUID | None:
    """Return the id made with the page, so that a second tap is the same act."""
    try:
        return UUID(request.POST.get("once", ""))
    except ValueError:
        return None
