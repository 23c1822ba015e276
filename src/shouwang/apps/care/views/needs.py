"""The page of a need: what it is, what can be done with it, what happened."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shouwang.apps.care.followers import panels_of
from shouwang.apps.care.forms.acting import (
    AskedForm,
    ChaseForm,
    GiveForm,
    HandOnForm,
    NoteForm,
    PlainForm,
)
from shouwang.apps.care.forms.raising import ChangeForm
from shouwang.apps.care.models import Need
from shouwang.apps.care.selectors import (
    CARRIER_ACTS,
    carries,
    consent_state,
    need_for,
    need_to_act,
    offers_of,
    office_of,
)
from shouwang.apps.care.services import need_change as change_need, need_move
from shouwang.apps.care.showing import card, story
from shouwang.apps.care.words import kind_words_of, source_words
from shouwang.apps.communities.access import for_member, me
from shouwang.apps.communities.forming import FormPage, form_page
from shouwang.apps.communities.selectors import DESK_ROLES, LOOKING_ROLES, has_role
from shouwang.apps.privacy.models import Place
from shouwang.apps.residents.noting import page_noted
from shouwang.apps.residents.selectors import residents_of
from shouwang.common import clock
from shouwang.common.errors import ConflictError, NotFoundError, RefusedError
from shouwang.domain.needs import MOVES, Act, Stage

# What each act asks for; whom it is given to is asked only where a person is named.
FORMS: dict[Act, type[BaseForm]] = {
    Act.TAKE: PlainForm,
    Act.DECLINE: PlainForm,
    Act.BEGIN: PlainForm,
    Act.FINISH: NoteForm,
    Act.GIVE_BACK: NoteForm,
    Act.RIGHT: AskedForm,
    Act.WRONG: AskedForm,
    Act.HAND_ON: HandOnForm,
    Act.CHASE: ChaseForm,
    Act.TAKE_BACK: NoteForm,
    Act.CANCEL: NoteForm,
}
# Acts that share one form on the page.
GROUP = {Act.OFFER: "give", Act.RIGHT: "asked", Act.WRONG: "asked"}


@for_member(*LOOKING_ROLES)
def need(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a need."""
    row = need_for(me(request), pk)
    page_noted(request, row.home, place=Place.NEED, place_id=row.pk)
    return need_page(request, row)


def need_page(
    request: HttpRequest,
    row: Need,
    *,
    wrong: dict[str, BaseForm] | None = None,
) -> HttpResponse:
    """Return the page of a need; ``wrong`` holds the form that was refused."""
    member, now = me(request), clock.now()
    kinds = kind_words_of(row.community_id)
    is_desk, carried = has_role(member, DESK_ROLES), carries(row, member)
    acts = set(MOVES[Stage(row.stage)])
    context = {
        "need": card(row, kinds=kinds, now=now, carried=carried),
        "source": source_words()[row.source],
        "office": office_of(row),
        "story": story(row, carried=carried),
        "panels": panels_of(row, member, now=now),
        "acts": {act.value for act in (acts if is_desk else acts & CARRIER_ACTS)},
        "forms": {**_forms(row), **(wrong or {})},
        "refused": next(iter(wrong or {}), ""),
        "is_desk": is_desk,
        # Who was only asked needs to know where, not yet what is behind the door.
        "sees_door": carried,
        "residents": residents_of(home=row.home) if carried else [],
        "is_mine": row.taken_by_id == member.pk,
        "is_asked": any(one.member_id == member.pk for one in offers_of(row)),
        "consent": consent_state(row.home).value,
    }
    return render(request, "care/need.html", context, status=422 if wrong else 200)


def _forms(row: Need) -> dict[str, BaseForm]:
    return {
        "give": GiveForm(need=row),
        "finish": NoteForm(),
        "give_back": NoteForm(),
        "asked": AskedForm(),
        "hand_on": HandOnForm(),
        "chase": ChaseForm(),
        "take_back": NoteForm(),
        "cancel": NoteForm(),
    }


@require_POST
@for_member(*LOOKING_ROLES)
def need_act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Move a need on."""
    member, now = me(request), clock.now()
    step = _act(act)
    row = need_to_act(member, pk, step)
    form = _form(request, row, step)
    if form.is_valid():
        try:
            need_move(need=row, move=form.move(step), by=member, now=now)
        except RefusedError as error:
            _note(form, error)
        except ConflictError as error:
            messages.error(request, str(error))
            return _after(request, row)
        else:
            return _after(request, row)
    return need_page(request, row, wrong={GROUP.get(step, _group(form, act)): form})


def _act(act: str) -> Act:
    if act in set(Act) and (Act(act) in FORMS or Act(act) is Act.OFFER):
        return Act(act)
    raise NotFoundError("unknown_act", _("There is no such act."))


def _form(request: HttpRequest, row: Need, act: Act) -> Any:
    gives = act is Act.OFFER or (act is Act.TAKE and "who" in request.POST)
    if gives and has_role(me(request), DESK_ROLES):
        return GiveForm(request.POST, need=row)
    return FORMS[act](request.POST)


def _group(form: BaseForm, act: str) -> str:
    return "give" if isinstance(form, GiveForm) else act


def _note(form: BaseForm, error: RefusedError) -> None:
    placed = [name for name in error.fields if name in form.fields]
    for name in placed:
        form.add_error(name, str(error))
    if not placed:
        form.add_error(None, str(error))


def _after(request: HttpRequest, row: Need) -> HttpResponse:
    """Go back to the need, or to the list when it is no longer the reader's."""
    try:
        need_for(me(request), row.pk)
    except NotFoundError:
        return redirect("care:needs")
    return redirect("care:need", pk=row.pk)


@for_member(*DESK_ROLES)
def need_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a need right: its words, its kind, how urgent, by when."""
    member = me(request)
    row = need_for(member, pk)
    form = ChangeForm(request.POST or None, need=row)

    def save() -> HttpResponse:
        try:
            change_need(need=row, draft=form.need(), by=member, now=clock.now())
        except RefusedError as error:
            if "wanted_by" in error.fields:
                error.fields["wanted_on"] = error.fields.pop("wanted_by")
            raise
        return redirect("care:need", pk=row.pk)

    page = FormPage(
        title=_("Put the need right"),
        send=_("Save"),
        back=reverse("care:need", args=[row.pk]),
    )
    return form_page(request, form, page, save)
