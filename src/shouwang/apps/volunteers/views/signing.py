"""The page by which people sign up, and what a coordinator does with who comes."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from shouwang.apps.communities.access import for_member, me
from shouwang.apps.communities.forming import FormPage, form_page
from shouwang.apps.communities.models import Role
from shouwang.apps.communities.selectors import member_for
from shouwang.apps.volunteers import services
from shouwang.apps.volunteers.forms.keeping import LinkForm
from shouwang.apps.volunteers.forms.signing import SignUpForm
from shouwang.apps.volunteers.models import SignUp, SignUpLink
from shouwang.apps.volunteers.selectors.signing import (
    link_by,
    link_for,
    links_list,
    sign_up_for,
    sign_ups_waiting,
)
from shouwang.apps.volunteers.stored import times_of
from shouwang.apps.volunteers.words import (
    skill_names,
    skill_words_of,
    times_words,
)
from shouwang.common import clock
from shouwang.common.errors import ConflictError, RefusedError
from shouwang.common.qr import qr_svg

TOO_MANY = 429


@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, code: str) -> HttpResponse:
    """Take a sign-up; the answer is the same whether the phone is known or not."""
    link = link_by(code)
    form = SignUpForm(request.POST if request.method == "POST" else None, link=link)
    context = {"link": link, "form": form}
    status = 200
    if form.is_valid():
        try:
            services.sign_up_take(
                link=link,
                draft=form.draft(),
                address=request.META.get("REMOTE_ADDR", ""),
                now=clock.now(),
            )
        except RefusedError as error:
            context["words"], status = str(error), TOO_MANY
        else:
            return redirect("volunteers:thanks", code=code)
    elif form.errors:
        status = 422
    return render(request, "volunteers/join.html", context, status=status)


def thanks(request: HttpRequest, code: str) -> HttpResponse:
    """Say thank you, and what happens next."""
    return render(request, "volunteers/thanks.html", {"link": link_by(code)})


@for_member(Role.COORDINATOR)
def links(request: HttpRequest) -> HttpResponse:
    """Show the links in use, and make one."""
    member = me(request)
    form = LinkForm(request.POST or None, community=member.community)

    def save() -> HttpResponse:
        given = form.cleaned_data
        row = services.link_make(
            name=given["name"],
            team=form.teams.get(given["team"]),
            by=member,
            now=clock.now(),
        )
        return redirect("volunteers:link", pk=row.pk)

    page = FormPage(
        title=_("Sign-up by link"),
        send=_("Make the link"),
        back=reverse("volunteers:volunteers"),
        template="volunteers/links.html",
        more={"rows": links_list(community=member.community_id)},
    )
    return form_page(request, form, page, save)


@for_member(Role.COORDINATOR)
def link(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a link to copy, and its code to print."""
    row = link_for(me(request), pk)
    address = _address(request, row)
    context = {
        "link": row,
        "address": address,
        "qr": qr_svg(address),
        "community": row.community,
    }
    return render(request, "volunteers/link.html", context)


def _address(request: HttpRequest, row: SignUpLink) -> str:
    return request.build_absolute_uri(reverse("volunteers:join", args=[row.code]))


@require_POST
@for_member(Role.COORDINATOR)
def link_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a link."""
    services.link_end(link=link_for(me(request), pk), now=clock.now())
    messages.success(request, _("The link leads nowhere any more."))
    return redirect("volunteers:links")


@for_member(Role.COORDINATOR)
def waiting(request: HttpRequest) -> HttpResponse:
    """Show who waits to be taken in, beside who is here by the same phone."""
    member = me(request)
    skills = skill_words_of(member.community_id)
    rows = [
        {
            "row": found.row,
            "here": found.here,
            "twins": found.twins,
            "skills": skill_names(found.row.skills, skills),
            "times": times_words(times_of(found.row.times)),
        }
        for found in sign_ups_waiting(community=member.community_id)
    ]
    return render(request, "volunteers/waiting.html", {"rows": rows})


@require_POST
@for_member(Role.COORDINATOR)
def sign_up_act(request: HttpRequest, pk: int) -> HttpResponse:
    """Take somebody in, join them to who they are already, or decline."""
    row = sign_up_for(me(request), pk)
    name = row.name
    try:
        words = _act(request, row)
    except (ConflictError, RefusedError) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, words % {"name": name})
    return redirect("volunteers:waiting")


def _act(request: HttpRequest, row: SignUp) -> str:
    by, now = me(request), clock.now()
    here = request.POST.get("member", "")
    match request.POST.get("act"):
        case "approve":
            services.sign_up_approve(sign_up=row, by=by, now=now)
            return _("%(name)s is a volunteer now.")
        case "join" if here.isdecimal():
            person = member_for(by, int(here))
            services.sign_up_join(sign_up=row, member=person, by=by, now=now)
            return _("What %(name)s wrote was added.")
        case "decline":
            services.sign_up_decline(sign_up=row, by=by, now=now)
            return _("Declined; what they wrote is deleted.")
        case _:
            raise RefusedError("nothing_chosen", _("Choose something first."))
