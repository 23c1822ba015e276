"""Which skill each kind of need takes."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _, pgettext

from shouwang.apps.care.selectors import need_kinds
from shouwang.apps.communities.access import for_member, me
from shouwang.apps.communities.forming import FormPage, form_page
from shouwang.apps.communities.models import Role
from shouwang.apps.dispatch.forms import KindSkillsForm
from shouwang.apps.dispatch.selectors import kind_skills_of
from shouwang.apps.dispatch.services import kind_skills_set
from shouwang.apps.volunteers.selectors.people import skills_open
from shouwang.apps.volunteers.words import skill_names, skill_words_of
from shouwang.domain.dispatch import WISHES


@for_member(Role.COORDINATOR)
def kind_skills(request: HttpRequest) -> HttpResponse:
    """Say which skill each kind of need takes."""
    community = me(request).community
    words = skill_words_of(community)
    form = KindSkillsForm(
        request.POST or None,
        kinds=need_kinds(community),
        skills=skills_open(community=community),
        built_in={
            kind: pgettext("between skills", " or ").join(
                skill_names(sorted(wish.needs), words)
            )
            for kind, wish in WISHES.items()
            if wish.needs
        },
        chosen=kind_skills_of(community=community),
    )

    def save() -> HttpResponse:
        kind_skills_set(community=community, skills=form.skills())
        messages.success(request, _("Noted."))
        return redirect("dispatch:kind_skills")

    page = FormPage(
        title=_("Which skill each kind of need takes"),
        intro=_("Only people with that skill are asked."),
        send=_("Save"),
        back=reverse("care:kinds"),
    )
    return form_page(request, form, page, save)
