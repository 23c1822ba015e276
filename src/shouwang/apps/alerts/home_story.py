"""What the watch and its alerts tell of a home's story."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from shouwang.apps.alerts.models import Alert
from shouwang.apps.alerts.sentences import look_words
from shouwang.apps.alerts.words import kind_words, outcome_words, verified_words
from shouwang.apps.residents.models import Home
from shouwang.apps.residents.words import signal_names
from shouwang.apps.watch.models import Sighting, StatusChange
from shouwang.apps.watch.words import status_words
from shouwang.domain.signals import CONTACT
from shouwang.domain.status import Status
from shouwang.domain.story import Cause, Entry, StoryKind

TROUBLE = [
    Status.HELP.value,
    Status.MISSED.value,
    Status.UNPROVEN.value,
    Status.UNCLEAR.value,
    Status.NOT_LOOKED.value,
]


def watch_tells(*, home: Home, begin: datetime, end: datetime) -> Iterator[Entry]:
    """Yield what was not as agreed, and who reached her, in a span of time."""
    changes = StatusChange.objects.of(home.community_id).filter(
        home=home, changed_at__gte=begin, changed_at__lt=end, to_status__in=TROUBLE
    )
    for row in changes.select_related("check_row"):
        yield Entry(
            # The last word of a check on a day; corrections take each other's place.
            key=f"check:{row.check_row_id}:{row.to_status}",
            kind=StoryKind.SIGNAL,
            at=row.changed_at,
            title=_check_words(row.check_row.label, row.to_status),
        )
    contacts = Sighting.objects.of(home.community_id).filter(
        home=home, signal=CONTACT, seen_at__gte=begin, seen_at__lt=end
    )
    rows = list(contacts.select_related("by"))
    corrected = {row.replaces for row in rows if row.replaces}
    names = signal_names(home.community_id)
    for look in rows:
        if look.pk not in corrected:
            yield Entry(
                key=f"look:{look.pk}",
                kind=StoryKind.SIGNAL,
                at=look.seen_at,
                title=look_words(look, names),
                detail=look.note,
                by=str(look.by or look.by_words),
            )


def _check_words(label: str, status: str) -> str:
    values = {"label": label, "status": status_words()[status]}
    return _("%(label)s: %(status)s") % values


def alerts_tell(*, home: Home, begin: datetime, end: datetime) -> Iterator[Entry]:
    """Yield each alert when it opened, because of what, and when it closed, and how."""
    rows = Alert.objects.of(home.community_id).filter(
        Q(opened_at__gte=begin, opened_at__lt=end)
        | Q(closed_at__gte=begin, closed_at__lt=end),
        home=home,
    )
    found = rows.select_related("closed_by").prefetch_related("evidence__check_row")
    for row in found:
        url = reverse("desk:alert", args=[row.pk])
        title = _("Alert: %(what)s") % {"what": kind_words()[row.kind]}
        if begin <= row.opened_at < end:
            yield Entry(
                key=f"alert:{row.pk}",
                kind=StoryKind.ALERT,
                at=row.opened_at,
                title=title,
                url=url,
                because=_evidence(row),
            )
        if row.closed_at and begin <= row.closed_at < end:
            yield Entry(
                key=f"alert:{row.pk}:closed",
                kind=StoryKind.ALERT,
                at=row.closed_at,
                title=_("Alert closed: %(how)s")
                % {"how": outcome_words()[row.outcome]},
                detail=row.override or verified_words().get(row.verified, ""),
                by=str(row.closed_by or ""),
                url=url,
                because=(Cause(key=f"alert:{row.pk}", words=title, url=url),),
            )


def _evidence(row: Alert) -> tuple[Cause, ...]:
    return tuple(
        Cause(
            key=f"check:{one.check_row_id}:{one.kind}",
            words=_check_words(one.check_row.label, one.kind),
        )
        for one in row.evidence.all()
        if one.kind in TROUBLE
    )
