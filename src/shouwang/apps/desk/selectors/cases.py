"""Alerts as the figures of the service need them, read in four queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import DateTimeField, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from shouwang.apps.alerts.messages import first_sent_at
from shouwang.apps.alerts.models import Alert, AlertEvent
from shouwang.domain.alerts import AlertKind, Outcome
from shouwang.domain.carrying import Deed
from shouwang.domain.ladder import Did
from shouwang.domain.service_figures import AlertCase
from shouwang.domain.signals import CONTACT

TAKING = (Did.ACKNOWLEDGED.value, Did.COMMITTED.value, Did.EMERGENCY.value)
AT_THE_DOOR = frozenset({"in_person", "bell"})
REACHED = frozenset({"spoke", "bell_answered", "vouched", "asks_help"})


@dataclass(frozen=True, kw_only=True)
class Contact:
    """Somebody reached the resident while the alert ran, or tried to."""

    alert: int
    at: datetime
    result: str
    how: str
    by: int | None

    @property
    def is_at_door(self) -> bool:
        """Return whether somebody stood at the door, answered or not."""
        return self.how in AT_THE_DOOR or self.result == "bell_answered"

    @property
    def is_reached(self) -> bool:
        """Return whether the resident was reached, in whatever way."""
        return self.result in REACHED


@dataclass(frozen=True, kw_only=True)
class Cases:
    """The alerts of a span, and what members did about them (never of whom)."""

    alerts: tuple[AlertCase, ...]
    deeds: tuple[Deed, ...]


def cases_between(
    *, community_ids: Collection[int], first: date, last: date, now: datetime
) -> Cases:
    """Return the alerts of some communities by local date, both ends included."""
    alerts = Alert.objects.across("the reader's own communities").filter(
        community_id__in=community_ids, on__gte=first, on__lte=last
    )
    rows = list(alerts.order_by("opened_at").values_list(*_COLUMNS))
    taken, contacts = _taken(alerts), _contacts(alerts, now)
    told = first_sent_at(alerts, community_ids=community_ids)
    by_alert: defaultdict[int, list[Contact]] = defaultdict(list)
    for contact in contacts:
        by_alert[contact.alert].append(contact)
    return Cases(
        alerts=tuple(
            _case(row, told, taken.get(row[0], ()), by_alert[row[0]]) for row in rows
        ),
        deeds=(
            *_deeds_of_events(taken),
            *_deeds_of_contacts(contacts),
            *_closings(rows),
        ),
    )


_COLUMNS = (
    "pk",
    "community_id",
    "kind",
    "on",
    "opened_at",
    "home_id",
    "closed_at",
    "closed_by_id",
    "outcome",
)
_Row = tuple[
    int, int, str, date, datetime, int | None, datetime | None, int | None, str
]
# Of an alert: when somebody took it, and who.
_Taken = Mapping[int, Sequence[tuple[datetime, int | None]]]


def _case(
    row: _Row,
    told: Mapping[int, datetime],
    taken: Sequence[tuple[datetime, int | None]],
    contacts: Sequence[Contact],
) -> AlertCase:
    key, community, kind, on, opened_at, home_id, closed_at, closed_by, outcome = row
    acted = [*(at for at, _by in taken), *(contact.at for contact in contacts)]
    doors = (contact.at for contact in contacts if contact.is_at_door)
    reached = (contact.at for contact in contacts if contact.is_reached)
    return AlertCase(
        key=key,
        community=community,
        kind=AlertKind(kind),
        on=on,
        opened_at=opened_at,
        is_of_home=home_id is not None,
        told_at=told.get(key),
        taken_at=min(acted, default=None),
        door_at=min(doors, default=None),
        reached_at=min(reached, default=None),
        closed_at=closed_at,
        by_person=closed_by is not None,
        outcome=Outcome(outcome) if outcome else None,
    )


def _taken(alerts: QuerySet[Alert]) -> _Taken:
    rows = AlertEvent.objects.across("the alerts were chosen above").filter(
        alert_id__in=alerts.order_by().values("pk"), did__in=TAKING
    )
    found: defaultdict[int, list[tuple[datetime, int | None]]] = defaultdict(list)
    for alert_id, at, by in rows.values_list("alert_id", "at", "by_id"):
        found[alert_id].append((at, by))
    return found


def _contacts(alerts: QuerySet[Alert], now: datetime) -> list[Contact]:
    """Return who was reached or sought between the opening and the closing of each."""
    look = "home__sightings__"
    found = (
        alerts.filter(
            Q(**{f"{look}signal": CONTACT}) | Q(**{f"{look}replaces__isnull": False}),
            **{
                # Says the same twice, so that the index led by the community is used.
                f"{look}community_id": F("community_id"),
                f"{look}seen_at__gte": F("opened_at"),
                f"{look}seen_at__lte": Coalesce(
                    F("closed_at"), Value(now, output_field=DateTimeField())
                ),
            },
        )
        .order_by()
        .values_list("pk", *(f"{look}{name}" for name in _OF_A_CONTACT))
    )
    rows = list(found)
    corrected = {row[-1] for row in rows}
    return [
        Contact(alert=row[0], at=row[1], result=row[2], how=row[3], by=row[4])
        for row in rows
        if row[5] == CONTACT and row[6] not in corrected
    ]


_OF_A_CONTACT = ("seen_at", "state", "how", "by_id", "signal", "pk", "replaces")


def _deeds_of_events(taken: _Taken) -> Iterable[Deed]:
    for alert_id, rows in taken.items():
        for at, by in rows:
            if by is not None:
                yield Deed(member=by, alert=alert_id, at=at)


def _deeds_of_contacts(contacts: Iterable[Contact]) -> Iterable[Deed]:
    for row in contacts:
        if row.by is not None:
            yield Deed(
                member=row.by, alert=row.alert, at=row.at, is_at_door=row.is_at_door
            )


def _closings(rows: Iterable[_Row]) -> Iterable[Deed]:
    for key, *_more, closed_at, closed_by, _outcome in rows:
        if closed_at is not None and closed_by is not None:
            yield Deed(member=closed_by, alert=key, at=closed_at)
