"""Reads of alerts; permission is inside."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from shouwang.apps.alerts.models import Alert, Commitment
from shouwang.apps.communities.models import Community, Member
from shouwang.apps.outbox.models import OutboxMessage
from shouwang.common.errors import NotFoundError
from shouwang.domain.alerts import AlertKind
from shouwang.domain.ladder import AlertState

MOVED_WITHIN = timedelta(seconds=60)
_STORY = (
    "events__by",
    "events__by_contact",
    "messages__to_member",
    "messages__to_contact",
    "commitments__member",
    "commitments__contact",
)


def alert_list_open(*, community: Community | int) -> list[Alert]:
    """Return the open alerts, most urgent first, then the longest waiting."""
    rows = (
        Alert.objects.of(community)
        .exclude(state=AlertState.CLOSED.value)
        .select_related("community", "home__building", "round")
        .prefetch_related(
            Prefetch(
                "commitments",
                Commitment.unscoped.filter(ended_at__isnull=True).select_related(
                    "member", "contact"
                ),
            ),
            "home__residents",
        )
    )
    return sorted(rows, key=lambda row: (AlertKind(row.kind).urgency, row.opened_at))


def commitments_running(alert: Alert) -> list[Commitment]:
    """Return who is going now, whoever is due first at the front."""
    rows = Commitment.objects.of(alert.community_id).filter(
        alert=alert, ended_at__isnull=True
    )
    return list(rows.select_related("member", "contact").order_by("until", "pk"))


def members_asked(alert: Alert) -> list[Member]:
    """Return the members whom the steps of an alert have asked, first asked first.

    Who has left is not among them. Contact persons are not either: what concerns a
    home is not told to its family in front of a group, nor who they are.
    """
    rows = (
        alert.messages.exclude(ask="")
        .filter(to_member__isnull=False, to_member__left_at__isnull=True)
        .select_related("to_member")
        .order_by("queued_at", "pk")
    )
    found = {row.to_member_id: row.to_member for row in rows}
    return [row for row in found.values() if row is not None]


def message_last_asked(alert: Alert) -> OutboxMessage | None:
    """Return the newest message that asked somebody to act; none if nobody was."""
    asking = alert.messages.exclude(ask="")
    last: OutboxMessage | None = asking.order_by("-queued_at", "-pk").first()
    return last


def alert_for(member: Member, alert_id: int) -> Alert:
    """Return an alert of the reader's community, else "not found"."""
    alert = (
        Alert.objects.of(member.community_id)
        .select_related("home", "round", "community")
        .prefetch_related(*_STORY)
        .filter(pk=alert_id)
        .first()
    )
    if alert is None:
        raise NotFoundError("unknown_alert", _("There is no such alert here."))
    return alert


def alerts_of_home(*, community: Community | int, home_id: int) -> QuerySet[Alert]:
    """Return every alert of a home, newest first, with what happened to it."""
    return (
        Alert.objects.of(community)
        .filter(home_id=home_id)
        .select_related("community", "home")
        .prefetch_related(*_STORY)
        .order_by("-opened_at")
    )


def alerts_by_state(
    *, community: Community | int, state: str, home_id: int | None = None
) -> QuerySet[Alert]:
    """Return alerts that are ``open``, ``closed`` or ``all``, the newest first."""
    rows = Alert.objects.of(community)
    if home_id is not None:
        rows = rows.filter(home_id=home_id)
    if state == "open":
        rows = rows.exclude(state=AlertState.CLOSED.value)
    elif state == "closed":
        rows = rows.filter(state=AlertState.CLOSED.value)
    return rows.order_by("-opened_at", "-pk")


def ladders_overdue(*, now: datetime) -> list[str]:
    """Return what an auditor must report: open alerts whose next step is overdue."""
    behind = (
        Alert.objects.across("the auditor looks at everything")
        .filter(next_at__lte=now - MOVED_WITHIN)
        .values_list("pk", flat=True)
    )
    return [f"alert {alert_id}: next step overdue" for alert_id in behind]
