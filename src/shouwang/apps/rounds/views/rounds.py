"""Pages of the rounds: who walks when, past which homes."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shouwang.apps.communities.access import for_member, me
from shouwang.apps.communities.forming import FormPage, form_page
from shouwang.apps.communities.models import Role
from shouwang.apps.communities.selectors import DESK_ROLES, has_role, member_for
from shouwang.apps.residents.selectors import days_of
from shouwang.apps.residents.words import days_phrase
from shouwang.apps.rounds.forms.choosing import can_walk
from shouwang.apps.rounds.forms.rounds import PhoneFileForm, RoundForm
from shouwang.apps.rounds.models import Round
from shouwang.apps.rounds.selectors import (
    homes_without_round,
    round_for,
    rounds_list,
)
from shouwang.apps.rounds.selectors.covering import covers_on
from shouwang.apps.rounds.services import (
    round_add as add_round,
    round_change as change_round,
    round_end as end_round,
)
from shouwang.apps.rounds.services.covering import (
    drop_out,
    drop_out_withdraw,
    round_take,
)
from shouwang.apps.rounds.services.phone_files import phone_file_record
from shouwang.common import clock
from shouwang.common.errors import RefusedError


@for_member(*DESK_ROLES)
def rounds(request: HttpRequest) -> HttpResponse:
    """List the rounds, and the watched homes that no round passes."""
    member = me(request)
    today = clock.local_day(clock.now(), member.community.zone)
    covers = {
        one.round.pk: one for one in covers_on(community=member.community_id, on=today)
    }
    context = {
        "rows": [
            {
                "row": row,
                "days": days_phrase(days_of(row.days)),
                "walkers": [str(one.member) for one in row.walkers.all()],
                "home_count": len(row.homes.all()),
                "cover": covers.get(row.pk),
            }
            for row in rounds_list(community=member.community_id)
        ],
        "people": can_walk(member.community),
        "left_out": homes_without_round(community=member.community_id),
        "may_change": has_role(member, {Role.COORDINATOR}),
    }
    return render(request, "rounds/rounds.html", context)


@for_member(Role.COORDINATOR)
def round_add(request: HttpRequest) -> HttpResponse:
    """Plan a round; at first it passes every watched home that no round passes."""
    community = me(request).community
    initial = {
        "homes": [row.pk for row in homes_without_round(community=community)],
    }
    form = RoundForm(request.POST or None, community=community, initial=initial)

    def save() -> HttpResponse:
        add_round(community=community, draft=form.draft())
        return redirect("rounds:rounds")

    page = FormPage(
        title=_("A new round"), send=_("Save"), back=reverse("rounds:rounds")
    )
    return form_page(request, form, page, save)


@for_member(Role.COORDINATOR)
def round_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a round."""
    row = round_for(me(request), pk)
    form = RoundForm(
        request.POST or None, community=row.community, initial=_initial(row)
    )

    def save() -> HttpResponse:
        change_round(row=row, draft=form.draft())
        return redirect("rounds:rounds")

    page = FormPage(
        title=row.name,
        send=_("Save"),
        back=reverse("rounds:rounds"),
        template="rounds/round_change.html",
        more={"row": row},
    )
    return form_page(request, form, page, save)


def _initial(row: Round) -> dict[str, object]:
    return {
        "name": row.name,
        "at": row.at,
        "days": sorted(days_of(row.days)),
        "walkers": [one.member_id for one in row.walkers.all()],
        "stand_in": row.stand_in_id,
        "homes": [one.home_id for one in row.homes.all() if one.standpoint_id is None],
        **{
            f"stop_{key}": place
            for place, key in enumerate(
                dict.fromkeys(
                    one.standpoint_id for one in row.homes.all() if one.standpoint_id
                ),
                start=1,
            )
        },
    }


@require_POST
@for_member(*DESK_ROLES)
def round_cover(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that somebody cannot walk a round today, can after all, or stands in."""
    by, now = me(request), clock.now()
    walked = round_for(by, pk)
    today = clock.local_day(now, walked.community.zone)
    given = request.POST.get("member", "")
    if not given.isdecimal():
        messages.error(request, _("Choose somebody first."))
        return redirect("rounds:rounds")
    who = member_for(by, int(given))
    match request.POST.get("act"):
        case "out":
            try:
                drop_out(walked=walked, on=today, member=who, by=by, now=now)
            except RefusedError as error:
                messages.error(request, str(error))
        case "back":
            drop_out_withdraw(walked=walked, on=today, member=who, now=now)
        case "take":
            round_take(walked=walked, on=today, member=who, by=by, now=now)
        case _:
            messages.error(request, _("Choose what to note first."))
    return redirect("rounds:rounds")


@for_member(*DESK_ROLES)
def phone_file(request: HttpRequest) -> HttpResponse:
    """Bring in what a phone could not send; bringing it in twice is harmless."""
    member = me(request)
    form = PhoneFileForm(request.POST or None, request.FILES or None)

    def save() -> HttpResponse:
        done = phone_file_record(
            community=member.community,
            content=form.cleaned_data["file"].read(),
            by=member,
            now=clock.now(),
        )
        words = _("New: %(new)s. Here already: %(had)s. Not taken: %(refused)s.")
        counts = {
            "new": done.new_count,
            "had": done.had_count,
            "refused": len(done.refused),
        }
        messages.success(request, words % counts)
        for why in dict.fromkeys(done.refused):
            messages.warning(request, why)
        return redirect("rounds:rounds")

    page = FormPage(
        title=_("Bring in a phone's file"),
        intro=_(
            "When a phone cannot send what was recorded on it, it saves a file. "
            "What it holds counts as it was seen; bringing it in twice is harmless."
        ),
        send=_("Bring in"),
        back=reverse("rounds:rounds"),
    )
    return form_page(request, form, page, save)


@require_POST
@for_member(Role.COORDINATOR)
def round_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Walk a round no more."""
    end_round(row=round_for(me(request), pk), now=clock.now())
    return redirect("rounds:rounds")
