"""Whoever leads, helps or brings somebody is told: cancelled, moved, and the evening before.

A message names nobody who is fetched: groups read it too. Who they are stands behind the
link, for whoever may see it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _, ngettext

from shouwang.apps.activities.models import Activity, ActivityWord, Guest, Helper, Says
from shouwang.apps.activities.selectors.guests import guests_of, listed
from shouwang.apps.activities.words import hours_phrase, short_day
from shouwang.apps.communities.models import Member
from shouwang.apps.outbox.contents import Content
from shouwang.apps.outbox.models import OutboxMessage
from shouwang.apps.outbox.services import messages_queue
from shouwang.common.clock import local_day

ABOUT = "activity"
# Behind everything about an alert and a round, before the words to families.
PRIORITY = 150


@transaction.atomic
def eves_tell_due(*, now: datetime) -> int:
    """Remind, from the evening before on, whoever brings or helps; return how many.

    What was cancelled is said again, so that nobody stands before a closed room.
    """
    due = (
        Activity.objects.across("the runner serves every community")
        .filter(eve_at__lte=now)
        .select_related("community", "leader")
        .order_by("eve_at", "pk")
    )
    return sum(_eve_tell(row, now) for row in due)


def _eve_tell(row: Activity, now: datetime) -> int:
    """Claim one activity, so that two runners never remind twice."""
    rows = Activity.objects.of(row.community_id).filter(pk=row.pk, eve_at=row.eve_at)
    if not rows.update(eve_at=None):
        return 0
    return words_say(activity=row, says=Says.EVE, now=now)


def late_tell(activity: Activity, *, now: datetime) -> int:
    """Remind at once who was asked only after the others were reminded."""
    is_past = Activity.objects.of(activity.community_id).filter(
        pk=activity.pk, eve_at__isnull=True, cancelled_at__isnull=True
    )
    if not is_past.exists():
        return 0
    return words_say(activity=activity, says=Says.EVE, now=now)


def words_say(*, activity: Activity, says: Says, now: datetime) -> int:
    """Queue a message to each who leads, helps or brings; return how many are told.

    In the caller's transaction. What is over is told to nobody, and the evening before
    is told once.
    """
    if activity.begins_at <= now:
        return 0
    on = local_day(activity.begins_at, activity.community.zone)
    told: set[int] = set()
    if says is Says.EVE:
        told = set(
            ActivityWord.objects.of(activity.community_id)
            .filter(activity=activity, says=says, on=on)
            .values_list("member_id", flat=True)
        )
    words = [
        ActivityWord.objects.of(activity.community_id).create(
            community_id=activity.community_id,
            activity=activity,
            member=member,
            says=says,
            on=on,
            said_at=now,
        )
        for member in people_of(activity)
        if member.pk not in told
    ]
    messages_queue(_message(row) for row in words)
    return len(words)


def people_of(activity: Activity) -> list[Member]:
    """Return who leads, helps or brings somebody, each once, and is still there."""
    helpers = Helper.objects.of(activity.community_id).filter(
        activity=activity, ended_at__isnull=True
    )
    brought = guests_of(activity).filter(brought_by__isnull=False)
    ids = {
        *helpers.values_list("member_id", flat=True),
        *brought.values_list("brought_by_id", flat=True),
        activity.leader_id,
    }
    rows = Member.objects.of(activity.community_id).filter(
        pk__in=[key for key in ids if key is not None], left_at__isnull=True
    )
    return list(rows.order_by("pk"))


def _message(row: ActivityWord) -> OutboxMessage:
    return OutboxMessage(
        community_id=row.community_id,
        subject=row,
        key=f"activity:{row.pk}",
        to_member_id=row.member_id,
        about=ABOUT,
        priority=PRIORITY,
        queued_at=row.said_at,
        next_at=row.said_at,
    )


def words_describe(
    rows: Sequence[OutboxMessage], *, now: datetime
) -> Mapping[int, Content | None]:
    """Return what each message says as it stands when it goes out; ``None`` once over."""
    words = (
        ActivityWord.objects.across("the sender serves every community")
        .filter(pk__in={row.subject_id for row in rows})
        .select_related("activity__community", "member")
        .in_bulk()
    )
    return {row.pk: _content(words[row.subject_id], now) for row in rows}


def _content(word: ActivityWord, now: datetime) -> Content | None:
    activity = word.activity
    if activity.begins_at <= now or _is_outdated(word):
        return None
    words = " ".join(part for part in (_sentence(activity, word), _task(word)) if part)
    link = _page(activity)
    return Content(
        text=words,
        place=activity.place,
        words=words,
        # Told in one breath with nothing else: several activities are not "homes".
        building=f"activity {word.pk}",
        title=activity.community.name,
        link=link,
        page=link,
        values={"place": activity.place, "words": words, "asked": "", "link": link},
    )


def _is_outdated(word: ActivityWord) -> bool:
    """Return whether something newer is said instead: another day, or that it is off."""
    activity = word.activity
    if word.on != local_day(activity.begins_at, activity.community.zone):
        return True
    return word.says == Says.MOVED and activity.cancelled_at is not None


def _sentence(activity: Activity, word: ActivityWord) -> str:
    given = {
        "what": activity.what,
        "day": short_day(word.on),
        "hours": hours_phrase(activity),
        "place": activity.place,
        "why": activity.cancelled_why,
    }
    if activity.cancelled_at is not None:
        return (
            _("%(what)s on %(day)s, %(hours)s, does not take place: %(why)s.") % given
        )
    if word.says == Says.MOVED:
        return _("Changed: %(what)s is on %(day)s, %(hours)s, %(place)s.") % given
    return _("%(what)s: %(day)s, %(hours)s, %(place)s.") % given


def _task(word: ActivityWord) -> str:
    """Return what is asked of somebody: whom they fetch is counted, never named."""
    count = len(brought_by(word.activity, word.member))
    if not count:
        return ""
    if word.activity.cancelled_at is not None:
        words = ngettext(
            "Please tell the neighbour whom you were to bring.",
            "Please tell the %(count)d neighbours whom you were to bring.",
            count,
        )
    else:
        words = ngettext(
            "You bring %(count)d neighbour; who it is stands in Shouwang.",
            "You bring %(count)d neighbours; who they are stands in Shouwang.",
            count,
        )
    return words % {"count": count}


def brought_by(activity: Activity, member: Member) -> list[Guest]:
    """Return whom somebody is to fetch: not who is away, or has said no."""
    rows = list(guests_of(activity).filter(brought_by=member))
    return [one.row for one in listed(activity, rows) if one.is_expected]


def _page(activity: Activity) -> str:
    if not settings.PUBLIC_URL:
        return ""
    path = reverse("activities:activity", args=[activity.pk])
    return f"{settings.PUBLIC_URL}{path}"
