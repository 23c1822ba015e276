"""What messages about alerts say, and what follows when they reach nobody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from shouwang.apps.alerts.climbing import Batch, standing_of, take
from shouwang.apps.alerts.directory import directory
from shouwang.apps.alerts.going import going_of, is_of_going
from shouwang.apps.alerts.links import alert_link, group_link
from shouwang.apps.alerts.models import Alert, Commitment
from shouwang.apps.alerts.people import Person
from shouwang.apps.alerts.policies import steps_of
from shouwang.apps.alerts.words import ask_words, doer_words, kind_words
from shouwang.apps.outbox.contents import Content
from shouwang.apps.outbox.models import OutboxMessage
from shouwang.common.clock import local
from shouwang.domain import ladder
from shouwang.domain.ladder import AlertState


def alerts_describe(
    rows: Sequence[OutboxMessage], *, now: datetime
) -> Mapping[int, Content | None]:
    """Return what each message about an alert says; ``now`` is when it goes out.

    What a closed alert asked is over: nobody is sent up for nothing.
    """
    alerts = (
        Alert.objects.across("the sender serves every community")
        .filter(pk__in={row.subject_id for row in rows})
        .select_related("community", "home__building", "round")
        .in_bulk()
    )
    return {row.pk: _content(row, alerts[row.subject_id], now) for row in rows}


def _content(row: OutboxMessage, alert: Alert, now: datetime) -> Content | None:
    is_going = is_of_going(row.part)
    leads = bool(row.ask) or is_going
    if leads and alert.state == AlertState.CLOSED.value:
        return None
    place, words, asked = said_parts(row, alert)
    if is_going:
        going = going_of(alert, row.part)
        if going is None:
            return None
        words = _going_words(going)
    reader = Person(member_id=row.to_member_id, contact_id=row.to_contact_id)
    link = alert_link(alert, reader, now) if leads else ""
    return Content(
        text=said_text(place, words, asked),
        place=place,
        words=words,
        asked=asked,
        building=alert.home.building.label if alert.home else "",
        title=alert.community.name,
        link=link,
        page=group_link(alert, now) if leads else "",
        values={"place": place, "words": words, "asked": asked, "link": link},
    )


def _going_words(going: Commitment) -> str:
    return _("%(name)s is going too, until %(time)s") % {
        "name": doer_words(going.actor, going.via),
        "time": f"{local(going.until, going.alert.community.zone):%H:%M}",
    }


def said_parts(row: OutboxMessage, alert: Alert) -> tuple[str, str, str]:
    """Return where it is, what is the matter and what is asked, as a message says it."""
    words = kind_words().get(row.about, row.about)
    return _place(alert), words, ask_words().get(row.ask, "")


def said_text(place: str, words: str, asked: str) -> str:
    """Return the words of a message from its parts."""
    text = _("%(place)s: %(words)s. %(asked)s")
    return (text % {"place": place, "words": words, "asked": asked}).strip()


def _place(alert: Alert) -> str:
    if alert.home is not None:
        return f"{alert.home.address} {alert.home.shown_name}".strip()
    return str(alert.round or alert.community)


def nobody_was_reached(*, rows: Sequence[OutboxMessage], now: datetime) -> None:
    """Move the ladders on whose step told nobody: it never burns its wait.

    ``rows`` are messages that every way has just failed to deliver.
    """
    subject = Alert._meta.label_lower
    mine = [
        row
        for row in rows
        if f"{row.subject_type.app_label}.{row.subject_type.model}" == subject
    ]
    for alert_id, part in sorted({(row.subject_id, row.part) for row in mine}):
        _move_on(alert_id, part, now)


@transaction.atomic
def _move_on(alert_id: int, part: str, now: datetime) -> None:
    alert = (
        Alert.objects.across("the sender serves every community")
        .select_related("community")
        .select_for_update(of=("self",))
        .get(pk=alert_id)
    )
    told = OutboxMessage.objects.of(alert.community_id).filter(
        subject_type__app_label=Alert._meta.app_label,
        subject_type__model=Alert._meta.model_name,
        subject_id=alert_id,
        part=part,
    )
    is_of_this_step = part.startswith(f"{ladder.Did.STEP.value}:{alert.step}:")
    if not is_of_this_step or told.filter(unreached_at__isnull=True).exists():
        return
    homes = [alert.home_id] if alert.home_id else []
    people = directory(alert.community, homes, now=now)
    reach = people.reach(alert)
    climb = ladder.nobody_reached(
        steps_of(alert.steps),
        [len(step) for step in reach],
        standing_of(alert),
        now=now,
    )
    batch = Batch(community=alert.community, now=now)
    take(batch, alert, climb, reach)
    batch.write()
