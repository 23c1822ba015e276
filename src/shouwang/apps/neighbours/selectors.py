"""Reads of notices and of what residents reported."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Prefetch, Q
from django.utils.translation import gettext as _

from shouwang.apps.communities.models import Community, Member
from shouwang.apps.neighbours.models import Notice, Report, ReportAct
from shouwang.apps.residents.models import Agreement
from shouwang.common.errors import NotFoundError
from shouwang.common.text import by_number
from shouwang.domain.reporting import Did, ReportState, What, urgency

SHOWN_FOR = timedelta(days=14)
# Later nobody is sent out any more; the desk still sees it.
ASKED_FOR = timedelta(hours=12)
# What was settled stays in sight for a while, so that the others see who looked.
SETTLED_SHOWN_FOR = timedelta(hours=2)


def notice_by(code: str) -> Notice:
    """Return the notice with a code, for anybody, else "not found"."""
    row = (
        Notice.objects.across("whoever scans a notice has no community yet")
        .filter(code=code, ended_at__isnull=True)
        .select_related("building", "community")
        .first()
    )
    if row is None:
        raise NotFoundError("unknown_notice", _("This code is no longer in use."))
    return row


def notices_list(*, community: Community | int) -> list[Notice]:
    """Return the notices in use, building 2 before 10."""
    rows = (
        Notice.objects.of(community)
        .filter(ended_at__isnull=True)
        .select_related("building")
    )
    return sorted(rows, key=lambda row: by_number(row.building.label))


def report_for(member: Member, report_id: UUID) -> Report:
    """Return a report of the reader's community, else "not found"."""
    row = (
        Report.objects.of(member.community_id)
        .filter(pk=report_id)
        .select_related("community", "building", "home")
        .first()
    )
    if row is None:
        raise NotFoundError("unknown_report", _("There is no such report here."))
    return row


def reports_list(*, community: Community | int, now: datetime) -> list[Report]:
    """Return what waits for somebody, and the rest of the last two weeks, newest first."""
    rows = (
        Report.objects.of(community)
        .filter(received_at__gte=now - SHOWN_FOR)
        .select_related("building", "home", "settled_by")
        .prefetch_related(_acts())
        .order_by("-received_at", "-pk")
    )
    return sorted(rows, key=lambda row: row.state != ReportState.NEW)


def reports_for_walkers(*, member: Member, now: datetime) -> list[Report]:
    """Return what walkers of the reader's community are asked to look at, urgent first.

    Of the last twelve hours; what was settled stays for two hours, last.
    """
    rows = (
        Report.objects.of(member.community_id)
        .filter(
            Q(state=ReportState.NEW) | Q(settled_at__gt=now - SETTLED_SHOWN_FOR),
            received_at__gt=now - ASKED_FOR,
        )
        .select_related("building", "home__building")
        .prefetch_related(_acts())
    )
    return sorted(rows, key=_urgency)


def _urgency(row: Report) -> tuple[bool, tuple[bool, int, datetime], str]:
    is_looked_at = any(act.did in LOOKS for act in row.acts.all())
    place = urgency(What(row.what), is_looked_at=is_looked_at, at=row.received_at)
    return row.state != ReportState.NEW, place, str(row.pk)


LOOKS = frozenset({Did.LOOKED, Did.NOTHING})


def _acts() -> Prefetch[str]:
    acts = ReportAct.unscoped.select_related("by", "sighting", "home")
    return Prefetch("acts", acts)


def signals_agreed(
    *, community: Community | int, home_ids: Collection[int]
) -> Mapping[int, list[str]]:
    """Return which signals are watched, by home, in the order of their agreements."""
    found: defaultdict[int, list[str]] = defaultdict(list)
    rows = Agreement.objects.of(community).filter(
        home_id__in=home_ids, ended_at__isnull=True
    )
    for home_id, signal in rows.order_by("pk").values_list("home_id", "signal"):
        if signal not in found[home_id]:
            found[home_id].append(signal)
    return found


def reports_unplaced(*, community: Community | int, now: datetime) -> list[Report]:
    """Return the fresh reports of which nobody has said which window it is."""
    rows = Report.objects.of(community).filter(
        state=ReportState.NEW, home__isnull=True, received_at__gt=now - ASKED_FOR
    )
    return list(rows.select_related("building").prefetch_related(_acts()))


def reports_new(*, community: Community | int) -> list[Report]:
    """Return the reports that nobody has seen to, crying faces first, oldest first."""
    rows = (
        Report.objects.of(community)
        .filter(state=ReportState.NEW)
        .select_related("building", "home")
        .order_by("received_at", "pk")
    )
    return sorted(rows, key=lambda row: row.what != What.CRY)
