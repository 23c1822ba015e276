"""A visit typed in, from paper or at once; it works without JavaScript."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from shouwang.apps.communities.access import for_member, me
from shouwang.apps.communities.models import Member
from shouwang.apps.communities.selectors import DESK_ROLES, LOOKING_ROLES, has_role
from shouwang.apps.residents.models import Home
from shouwang.apps.residents.words import known_risk_words
from shouwang.apps.visits.forms.filling import FillForm, initial_of
from shouwang.apps.visits.selectors.form import form_now
from shouwang.apps.visits.selectors.planning import (
    at_the_door,
    consents_withdrawn,
    home_to_visit,
)
from shouwang.apps.visits.services import visit_record
from shouwang.common import clock
from shouwang.common.errors import ConflictError, RefusedError


@for_member(*LOOKING_ROLES)
def visit_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Fill in the form of a visit."""
    member, now = me(request), clock.now()
    home = home_to_visit(member, pk, now=now)
    if consents_withdrawn(home.community_id, [home.pk]):
        messages.error(
            request, _("This home has withdrawn its consent and is left in peace.")
        )
        return redirect("visits:visits")
    asked = form_now(home.community_id)
    version = asked.version if asked else 0
    form = FillForm(
        request.POST or None,
        community=home.community,
        reader=member,
        version=version,
        may_name=has_role(member, DESK_ROLES),
        initial=initial_of(
            community=home.community, reader=member, version=version, now=now
        ),
    )
    if request.method == "POST" and form.is_valid():
        try:
            return _record(request, home, member, form)
        except (RefusedError, ConflictError) as error:
            _note(form, error)
    door = at_the_door(home.community_id, [home]).get(home.pk, [])
    context = {
        "home": home,
        "form": form,
        "known_risks": [known_risk_words(row) for row in door],
    }
    status = 422 if form.errors else 200
    return render(request, "visits/visit_add.html", context, status=status)


def _record(
    request: HttpRequest, home: Home, member: Member, form: FillForm
) -> HttpResponse:
    by = form.visitor()
    visit_record(
        community=home.community,
        visit=form.visit(home.pk),
        by=by,
        typed_by=member if by != member else None,
        now=clock.now(),
    )
    words = _("Written down for %(home)s.") % {"home": home}
    messages.success(request, words)
    return redirect("visits:visits")


def _note(form: FillForm, error: RefusedError | ConflictError) -> None:
    names = {"visited_at": "at"}
    placed = False
    for code, told in error.fields.items():
        name = names.get(code, f"q_{code}")
        if name in form.fields:
            placed = True
            form.add_error(name, told)
    if not placed:
        form.add_error(None, str(error))
