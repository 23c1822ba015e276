"""Pages of habits: whose changed, and what is done when a home is late for its own."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from shouwang.apps.communities.access import for_member, me
from shouwang.apps.communities.forming import FormPage, form_page
from shouwang.apps.communities.models import Role
from shouwang.apps.communities.selectors import DESK_ROLES, has_role
from shouwang.apps.habits.forms import HabitSettingsForm
from shouwang.apps.habits.selectors import (
    habits_drifting,
    habits_running,
    settings_of,
)
from shouwang.apps.habits.services import DAYS_LEAST, settings_change
from shouwang.apps.habits.showing import habit_cards
from shouwang.apps.habits.words import mode_words
from shouwang.common import clock


@for_member(*DESK_ROLES)
def habits(request: HttpRequest) -> HttpResponse:
    """Show whose habits change, and what is done when a home is late for its own."""
    member = me(request)
    now = clock.now()
    running = habits_running(community=member.community)
    homes = {
        row.home_id: row.home for row in habits_drifting(community=member.community)
    }
    kept = settings_of(member.community)
    context = {
        "homes": [
            {
                "home": home,
                "cards": [c for c in habit_cards(home, now=now) if c["drift"]],
            }
            for home in homes.values()
        ],
        "known_count": sum(row.day_count >= DAYS_LEAST for row in running),
        "count": len(running),
        "kept": kept,
        "mode": mode_words()[kept.mode],
        "may_change": has_role(member, {Role.COORDINATOR}),
    }
    return render(request, "habits/habits.html", context)


@for_member(Role.COORDINATOR)
def settings(request: HttpRequest) -> HttpResponse:
    """Change what is done when a home is late for its own habit."""
    member = me(request)
    kept = settings_of(member.community)
    form = HabitSettingsForm(
        request.POST or None,
        initial={
            "mode": kept.mode,
            "most_a_year": kept.most_a_year,
            "latitude": kept.latitude,
            "longitude": kept.longitude,
        },
    )

    def save() -> HttpResponse:
        settings_change(community=member.community, draft=form.draft(), by=member)
        return redirect("habits:habits")

    page = FormPage(
        title=_("Late for her own habit"),
        intro=_(
            "Asking early may find somebody sooner, and may disturb somebody who slept "
            "in. The agreed deadline always stays."
        ),
        send=_("Save"),
        back=reverse("habits:habits"),
    )
    return form_page(request, form, page, save)
