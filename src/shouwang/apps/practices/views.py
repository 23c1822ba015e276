"""Pages of practices: the gallery, one practice, bringing in, saving one's own."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shouwang.apps.alerts.words import ask_words
from shouwang.apps.communities.access import for_member, me
from shouwang.apps.communities.forming import FormPage, form_page
from shouwang.apps.communities.models import Community, Role
from shouwang.apps.communities.selectors import DESK_ROLES, has_role
from shouwang.apps.practices.catalogue import built_in_file
from shouwang.apps.practices.forms import OwnPracticeForm, PracticeFileForm
from shouwang.apps.practices.reading import Practice, said
from shouwang.apps.practices.saving import practice_save as save_practice
from shouwang.apps.practices.selectors import (
    Found,
    plan_of,
    practice_for,
    practice_row_for,
    practices_list,
    states_here,
    uses_of,
    windows_of,
)
from shouwang.apps.practices.services import (
    practice_end as end_practice,
    practice_keep,
    practice_use as use_practice,
)
from shouwang.apps.practices.words import tell_words
from shouwang.apps.residents.strip import bands_of, strip_svg
from shouwang.apps.residents.words import (
    expectation_sentence,
    signal_words,
    state_words,
)
from shouwang.common import clock


@for_member(*DESK_ROLES)
def practices(request: HttpRequest) -> HttpResponse:
    """Show what other communities do, what was kept here, and what is used."""
    member = me(request)
    found = practices_list(community=member.community_id)
    context = {
        "cards": [_card(row) for row in found],
        "uses": [
            {"row": use, "name": _name_of(use, found)}
            for use in uses_of(community=member.community_id)
        ],
        "may_change": has_role(member, {Role.COORDINATOR}),
    }
    return render(request, "practices/practices.html", context)


def _name_of(use: Any, found: list[Found]) -> str:
    for row in found:
        if use.built_in and row.built_in == use.built_in:
            return said(row.practice.name)
    return str(use.practice or use.built_in)


def _card(found: Found) -> dict[str, Any]:
    return {
        "key": found.built_in or (found.row.pk if found.row else ""),
        "name": said(found.practice.name),
        "purpose": said(found.practice.purpose),
        "source": found.practice.source,
        "is_built_in": bool(found.built_in),
    }


@for_member(*DESK_ROLES)
def practice(request: HttpRequest, key: str) -> HttpResponse:
    """Show one practice, and what taking it over would add here."""
    member = me(request)
    found = practice_for(member, key)
    context = {
        **_card(found),
        "key": key,
        "row": found.row,
        "practice": found.practice,
        "texts": _texts(found.practice),
        **_windows(found.practice),
        "steps": _steps(found.practice),
        "plan": plan_of(community=member.community_id, practice=found.practice),
        "kind_name": said(found.practice.kind.name) if found.practice.kind else "",
        "may_change": has_role(member, {Role.COORDINATOR}),
    }
    return render(request, "practices/practice.html", context)


def _texts(row: Practice) -> list[tuple[str, str]]:
    return [
        (_("What it is for"), said(row.purpose)),
        (_("How it is done"), said(row.how)),
        (_("What it proves"), said(row.proves)),
        (_("What it does not prove"), said(row.proves_not)),
    ]


def _windows(row: Practice) -> dict[str, Any]:
    windows = windows_of(row)
    here = states_here(row)
    named = {one.code: said(one.name) for one in row.kind.states} if row.kind else {}
    states = {
        (row.signal, here[code]): named.get(code) or state_words().get(code, code)
        for code in row.states
    }
    sentences = [
        expectation_sentence(one, signal=row.signal, states=states) for one in windows
    ]
    return {
        "signal": said(row.kind.name) if row.kind else signal_words()[row.signal],
        "sentences": sentences,
        "strip": strip_svg(bands_of(windows), words=" ".join(sentences)),
    }


def _steps(row: Practice) -> list[dict[str, Any]]:
    if row.policy is None:
        return []
    names = tell_words()
    return [
        {
            "tell": [names[one] for one in step.tell],
            "ask": ask_words()[step.ask.value],
            "wait": step.wait,
        }
        for step in row.policy.steps
    ]


@require_POST
@for_member(Role.COORDINATOR)
def practice_use(request: HttpRequest, key: str) -> HttpResponse:
    """Take a practice over."""
    member = me(request)
    found = practice_for(member, key)
    use = use_practice(
        community=member.community, found=found, by=member, now=clock.now()
    )
    made = ", ".join(use.made) or _("nothing new was needed")
    words = _("Taken over: %(made)s. New agreements can begin with its windows.")
    messages.success(request, words % {"made": made})
    return redirect("practices:practices")


@require_POST
@for_member(Role.COORDINATOR)
def practice_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a kept practice out of the list; what comes with the program stays."""
    end_practice(row=practice_row_for(me(request), pk), now=clock.now())
    return redirect("practices:practices")


@for_member(*DESK_ROLES)
def practice_file(request: HttpRequest, key: str) -> HttpResponse:
    """Answer with the file of a practice, to give to others."""
    found = practice_for(me(request), key)
    content = found.row.file.encode() if found.row else built_in_file(key)
    answer = HttpResponse(content, content_type="application/yaml; charset=utf-8")
    answer["Content-Disposition"] = (
        f'attachment; filename="shouwang-practice-{key}.yaml"'
    )
    answer["Cache-Control"] = "no-store"
    return answer


@for_member(Role.COORDINATOR)
def practice_add(request: HttpRequest) -> HttpResponse:
    """Bring in the practice file of another community."""
    member = me(request)
    form = PracticeFileForm(request.POST or None, request.FILES or None)

    def save() -> HttpResponse:
        row = practice_keep(
            community=member.community,
            content=form.cleaned_data["file"].read(),
            by=member,
            now=clock.now(),
        )
        return redirect("practices:practice", key=row.pk)

    page = FormPage(
        title=_("Bring in a practice"),
        send=_("Look at it"),
        back=reverse("practices:practices"),
        intro=_("Nothing is added before you have looked and said so."),
    )
    return form_page(request, form, page, save)


@for_member(Role.COORDINATOR)
def practice_save(request: HttpRequest) -> HttpResponse:
    """Save what works here as a practice."""
    member = me(request)
    community: Community = member.community
    form = OwnPracticeForm(request.POST or None, community=community)

    def save() -> HttpResponse:
        row = save_practice(
            community=community, own=form.own(), by=member, now=clock.now()
        )
        return redirect("practices:practice", key=row.pk)

    page = FormPage(
        title=_("Save ours as a practice"),
        send=_("Save"),
        back=reverse("practices:practices"),
        intro=_(
            "Others get the signal, its windows, the ladder and the rounds, and what you "
            "write here: nobody's name, no home, no number."
        ),
    )
    return form_page(request, form, page, save)
