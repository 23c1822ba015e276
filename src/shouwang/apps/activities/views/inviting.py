"""Who is invited: by hand or by group, on paper, what they say and who brings them."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _, ngettext, pgettext
from django.views.decorators.http import require_POST

from shouwang.apps.activities.forms.holding import InviteForm, ToldFor
from shouwang.apps.activities.models import Activity, Guest
from shouwang.apps.activities.selectors import (
    activity_for,
    activity_to_plan,
    guest_to_mark,
    guests_listed,
    homes_of_group,
)
from shouwang.apps.activities.services import (
    Answered,
    Invited,
    guest_bring,
    guest_remove,
    guest_reply,
    guests_invite,
)
from shouwang.apps.activities.showing import guest_line, line
from shouwang.apps.activities.views.coming import activity_page
from shouwang.apps.activities.words import (
    day_phrase,
    full_sentence,
    hour_words,
    why_not_words,
)
from shouwang.apps.communities.access import for_member, me
from shouwang.apps.communities.forming import FormPage, form_page
from shouwang.apps.communities.selectors import DESK_ROLES, LOOKING_ROLES
from shouwang.common import clock
from shouwang.common.errors import ConflictError, NotFoundError, RefusedError
from shouwang.domain.activities import Group, Reply

REPLIES = {"yes": Reply.YES, "no": Reply.NO}
ACTS = {"bring", "remove", *REPLIES}


@for_member(*DESK_ROLES)
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Invite homes by hand, or a whole group."""
    member, now = me(request), clock.now()
    row = activity_to_plan(member, pk)
    group = request.GET.get("group", "")
    initial = {"group": group if group in set(Group) else Group.HOMES.value}
    form = InviteForm(request.POST or None, activity=row, initial=initial)

    def save() -> HttpResponse:
        homes = homes_of_group(community=row.community, chosen=form.chosen(), now=now)
        found = guests_invite(
            activity=row,
            homes=homes,
            by=member,
            now=now,
            with_coming=form.cleaned_data.get("with_coming", False),
        )
        _tell(request, found)
        return redirect("activities:activity", pk=row.pk)

    page = FormPage(
        title=_("Invite to %(what)s") % {"what": row},
        send=_("Invite"),
        back=reverse("activities:activity", args=[row.pk]),
        intro=line(row)["day"],
    )
    return form_page(request, form, page, save)


def _tell(request: HttpRequest, found: Invited) -> None:
    words = ngettext(
        "%(count)d person is invited anew.",
        "%(count)d people are invited anew.",
        found.count,
    )
    messages.success(request, words % {"count": found.count})
    for home, reason in found.left_out:
        place = f"{home.address} {home.shown_name}".strip()
        words = pgettext("a home that is not invited", "Not invited: %(home)s %(why)s.")
        messages.warning(
            request, words % {"home": place, "why": why_not_words()[reason.value]}
        )


@for_member(*DESK_ROLES)
def papers(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the paper invitations to print, two on a sheet."""
    member, now = me(request), clock.now()
    row = activity_to_plan(member, pk)
    zone = row.community.zone
    guests = [guest_line(one) for one in guests_listed(member, row, now=now)]
    context = {
        "activity": line(row),
        "day": day_phrase(clock.local_day(row.begins_at, zone)),
        "begins": hour_words(row.begins_at, zone),
        "ends": hour_words(row.ends_at, zone),
        "guests": [one for one in guests if one["is_expected"]],
        "left_out": [one for one in guests if not one["is_expected"]],
        "community": row.community,
    }
    return render(request, "activities/papers.html", context)


@require_POST
@for_member(*LOOKING_ROLES)
def guests_act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Write down what was said of those ticked: they come, or not, or who brings them."""
    member, now = me(request), clock.now()
    row = activity_for(member, pk)
    if act not in ACTS:
        raise NotFoundError("unknown_act", _("There is no such act."))
    listed = guests_listed(member, row, now=now)
    form = ToldFor(
        request.POST,
        community=row.community_id,
        guest_ids=[one.row.pk for one in listed],
    )
    if not form.is_valid() or not form.cleaned_data["guest"]:
        return activity_page(request, row, problem=_("Tick somebody first."))
    keys = form.cleaned_data["guest"]
    guests = [guest_to_mark(member, key, now=now) for key in keys]
    try:
        _act(request, act, guests, form, now)
    except (RefusedError, ConflictError) as error:
        return activity_page(request, row, problem=str(error))
    return redirect("activities:activity", pk=row.pk)


def _act(
    request: HttpRequest, act: str, guests: list[Guest], form: ToldFor, now: datetime
) -> None:
    match act:
        case "bring":
            activity_to_plan(me(request), guests[0].activity_id)
            guest_bring(
                guests=guests,
                member=form.member(),
                now=now,
                with_coming=form.cleaned_data["with_coming"],
            )
        case "remove":
            activity_to_plan(me(request), guests[0].activity_id)
            for guest in guests:
                _moved_up(request, guest_remove(guest=guest, now=now))
        case _:
            for guest in guests:
                found = guest_reply(guest=guest, reply=REPLIES[act], now=now)
                _answered(request, guest.activity, guest, found)


def _answered(
    request: HttpRequest, activity: Activity, guest: Guest, found: Answered
) -> None:
    if found.waits is not None and activity.places is not None:
        words = full_sentence(str(guest), found.waits, activity.places)
        messages.warning(request, words)
    _moved_up(request, found.moved_up)


def _moved_up(request: HttpRequest, guests: tuple[Guest, ...]) -> None:
    for one in guests:
        words = _(
            "%(name)s moves up from the waiting list: tell her that she can come."
        )
        messages.success(request, words % {"name": one})
