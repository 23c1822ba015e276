"""Logging in, the very first start, one's own account, and the people here."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shouwang.apps.communities.access import for_member, me
from shouwang.apps.communities.forming import FormPage, form_page
from shouwang.apps.communities.forms import AccountForm, CommunityForm, MemberForm
from shouwang.apps.communities.middleware import SESSION_COMMUNITY
from shouwang.apps.communities.models import Community, Member, Role, User
from shouwang.apps.communities.selectors import (
    LOOKING_ROLES,
    community_for,
    has_role,
    member_for,
    members_at_work,
    members_of,
    roles_of,
)
from shouwang.apps.communities.services import (
    FirstStart,
    MemberMade,
    account_change,
    community_add as add_community,
    community_change as change_community,
    first_start,
    member_add as add_member,
    member_change as change_member,
    member_leave as let_member_leave,
    member_password_new,
)
from shouwang.apps.communities.words import role_words
from shouwang.common import clock
from shouwang.common.errors import NotFoundError, RefusedError


class Login(LoginView):
    """The login page; where nobody is known yet, the first start."""

    def dispatch(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        if not User.objects.exists():
            return redirect("start")
        return super().dispatch(request, *args, **kwargs)


def start(request: HttpRequest) -> HttpResponse:
    """Make the first community and its coordinator."""
    if User.objects.exists():
        return redirect("login")
    problem = ""
    if request.method == "POST":
        given = FirstStart(
            community=request.POST.get("community", "").strip(),
            name=request.POST.get("name", "").strip(),
            username=request.POST.get("username", "").strip(),
            password=request.POST.get("password", ""),
        )
        try:
            user = first_start(given=given, now=clock.now())
        except RefusedError as error:
            problem = str(error)
        else:
            login(request, user, "django.contrib.auth.backends.ModelBackend")
            return redirect("desk:board")
    return render(
        request,
        "communities/start.html",
        {"problem": problem, "given": request.POST},
        status=422 if problem else 200,
    )


@login_required
def account(request: HttpRequest) -> HttpResponse:
    """Change one's own name and language; see where one works."""
    user = _user(request)
    initial = {"display_name": user.display_name, "language": user.language}
    form = AccountForm(request.POST or None, initial=initial)

    def save() -> HttpResponse:
        account_change(user=user, **form.cleaned_data)
        return redirect("account")

    page = FormPage(
        title=_("Your account"),
        send=_("Save"),
        back=reverse("desk:board"),
        template="communities/account.html",
        more={"memberships": members_of(user), "is_looking": _is_looking(request)},
    )
    return form_page(request, form, page, save)


def _is_looking(request: HttpRequest) -> bool:
    """Whether somebody has messages and a calendar: whoever works here, not who oversees."""
    member: Member | None = getattr(request, "member", None)
    return member is not None and has_role(member, LOOKING_ROLES)


def _user(request: HttpRequest) -> User:
    """Return the login of a request that passed ``login_required``."""
    user = request.user
    if not isinstance(user, User):
        raise NotFoundError("not_here", _("There is no such page for you."))
    return user


@require_POST
@login_required
def community_switch(request: HttpRequest, pk: int) -> HttpResponse:
    """Go on in another community of the reader's own."""
    request.session[SESSION_COMMUNITY] = community_for(_user(request), pk).pk
    return redirect("desk:board")


@for_member(Role.COORDINATOR)
def community_change(request: HttpRequest) -> HttpResponse:
    """Change what the community is called and where it lies."""
    community = me(request).community
    names = ("name", "street", "district", "desk_phone", "time_zone")
    initial = {name: getattr(community, name) for name in names}
    form = CommunityForm(request.POST or None, initial=initial)

    def save() -> HttpResponse:
        change_community(community=community, draft=form.draft())
        return redirect("members")

    page = FormPage(title=community.name, send=_("Save"), back=reverse("members"))
    return form_page(request, form, page, save)


@for_member(Role.COORDINATOR)
def community_add(request: HttpRequest) -> HttpResponse:
    """Begin another community, with the reader as its coordinator."""
    form = CommunityForm(request.POST or None)

    def save() -> HttpResponse:
        made: Community = add_community(
            draft=form.draft(), by=_user(request), now=clock.now()
        )
        request.session[SESSION_COMMUNITY] = made.pk
        return redirect("desk:board")

    page = FormPage(
        title=_("Another community"), send=_("Begin"), back=reverse("members")
    )
    return form_page(request, form, page, save)


@for_member(Role.COORDINATOR)
def members(request: HttpRequest) -> HttpResponse:
    """List who works in the community; who only volunteers has a list of their own."""
    words = role_words()
    people, volunteer_count = members_at_work(community=me(request).community)
    rows = [
        {"row": row, "roles": [words[role] for role in Role if role in roles_of(row)]}
        for row in people
    ]
    context = {"rows": rows, "volunteer_count": volunteer_count}
    return render(request, "communities/members.html", context)


@for_member(Role.COORDINATOR)
def member_add(request: HttpRequest) -> HttpResponse:
    """Write down a person, with a login or without one."""
    by = me(request)
    form = MemberForm(request.POST or None, initial={"roles": [Role.WALKER]})

    def save() -> HttpResponse:
        made = add_member(by=by, draft=form.draft(), now=clock.now())
        return _made(request, made)

    page = FormPage(title=_("A new person"), send=_("Save"), back=reverse("members"))
    return form_page(request, form, page, save)


@for_member(Role.COORDINATOR)
def member_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a person's name, phone, roles; add a login."""
    by = me(request)
    member = member_for(by, pk)
    initial = {
        "display_name": member.display_name,
        "phone": member.phone,
        "roles": sorted(roles_of(member)),
    }
    has_login = member.user_id is not None
    form = MemberForm(request.POST or None, initial=initial, has_login=has_login)

    def save() -> HttpResponse:
        return _made(request, change_member(member=member, by=by, draft=form.draft()))

    page = FormPage(
        title=str(member),
        send=_("Save"),
        back=reverse("members"),
        template="communities/member.html",
        more={"row": member},
    )
    return form_page(request, form, page, save)


def _made(request: HttpRequest, made: MemberMade) -> HttpResponse:
    if made.password:
        return _password_page(request, made.member, made.password)
    return redirect("members")


def _password_page(request: HttpRequest, member: Member, password: str) -> HttpResponse:
    context = {"row": member, "password": password}
    answer = render(request, "communities/password_once.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


@require_POST
@for_member(Role.COORDINATOR)
def member_password(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a person a new password, shown once."""
    member = member_for(me(request), pk)
    return _password_page(request, member, member_password_new(member=member))


@require_POST
@for_member(Role.COORDINATOR)
def member_leave(request: HttpRequest, pk: int) -> HttpResponse:
    """End somebody's part in the community."""
    member = member_for(me(request), pk)
    let_member_leave(member=member, now=clock.now())
    messages.info(request, _("%(name)s is no longer here.") % {"name": member})
    return redirect("members")
