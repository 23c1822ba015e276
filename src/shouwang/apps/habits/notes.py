"""A slow change is told to the coordinator once, quietly: never an alarm."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from shouwang.apps.communities.models import Community, Role
from shouwang.apps.communities.selectors import members_with_role
from shouwang.apps.habits.models import Habit
from shouwang.apps.habits.words import drift_words
from shouwang.apps.outbox.contents import Content
from shouwang.apps.outbox.models import OutboxMessage
from shouwang.apps.outbox.services import messages_queue

ABOUT = "drift"
# After everything that anybody waits for.
PRIORITY = 300


def drifts_tell(
    community: Community, habits: Iterable[Habit], *, today: date, now: datetime
) -> None:
    """Queue a line to each coordinator about each habit that begins to move."""
    messages_queue(
        OutboxMessage(
            community=community,
            subject=row,
            home_id=row.home_id,
            key=f"drift:{row.pk}:{row.drift}:{today:%Y%m%d}:m{member.pk}",
            to_member=member,
            about=ABOUT,
            priority=PRIORITY,
            queued_at=now,
            next_at=now,
        )
        for member in members_with_role(community, Role.COORDINATOR)
        for row in habits
    )


def drifts_describe(
    rows: Sequence[OutboxMessage], *, now: datetime
) -> Mapping[int, Content | None]:
    """Return the words of each message; none where the habit no longer moves."""
    habits = (
        Habit.objects.across("the sender serves every community")
        .filter(pk__in={row.subject_id for row in rows})
        .select_related("home")
        .in_bulk()
    )
    return {row.pk: _content(habits[row.subject_id]) for row in rows}


def _content(habit: Habit) -> Content | None:
    if not habit.drift:
        return None
    place = habit.home.address
    words = drift_words(habit.drift, habit.drift_since_on)
    return Content(
        text=_("%(place)s, %(window)s: %(words)s")
        % {"place": place, "window": habit.label, "words": words},
        place=place,
        words=words,
        title=place,
        page=settings.PUBLIC_URL + reverse("habits:habits")
        if settings.PUBLIC_URL
        else "",
        values={"place": place, "words": words, "asked": ""},
    )
