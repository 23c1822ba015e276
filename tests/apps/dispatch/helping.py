"""A community with a need, a desk, and people who help."""

from __future__ import annotations

from datetime import timedelta

from tests.apps import building as b

from shouwang.apps.care.services import NeedDraft, need_open
from shouwang.apps.dispatch.links import link_for
from shouwang.apps.dispatch.models import Notice, Run
from shouwang.apps.outbox.contents import contents_of
from shouwang.apps.outbox.models import OutboxMessage
from shouwang.apps.volunteers.models import KnownHome, ServedBuilding, Volunteer

NINE = b.hour("09:00")
DAY = timedelta(days=1)


def volunteer(place, name, *, skills=(), knows=(), buildings=(), **more):
    """Make somebody who helps, with what they said."""
    person = b.member(place, name, "volunteer")
    values = {"consent_on": b.TODAY, "joined_on": b.TODAY, "skills": list(skills)}
    row = Volunteer.objects.of(place).create(
        community=place, member=person, **{**values, **more}
    )
    for home in knows:
        KnownHome.objects.of(place).create(
            community=place, volunteer=row, home=home, noted_at=b.DAWN
        )
    for building in buildings:
        ServedBuilding.objects.of(place).create(
            community=place, volunteer=row, building=building
        )
    return person


def a_need(home, by, now=NINE, **more):
    """Write a need down."""
    values = {"kind": "medicine", "urgency": "difficult", **more}
    return need_open(home=home, draft=NeedDraft(**values), by=by, now=now)


def the_run(need):
    """Return the newest offering of a need."""
    return Run.objects.of(need.community_id).filter(need=need).latest("pk")


def asked(need):
    """Return who was asked by the newest offering, in order."""
    rows = the_run(need).asks.order_by("wave", "pk").select_related("member")
    return [str(row.member) for row in rows]


def notices(need):
    """Return what was said to whom about a need."""
    rows = Notice.objects.of(need.community_id).filter(need=need).order_by("pk")
    return [(row.says, str(row.member)) for row in rows.select_related("member")]


def messages(place, member=None):
    """Return the messages that wait, or those to one person."""
    rows = OutboxMessage.objects.of(place).order_by("pk")
    return list(rows.filter(to_member=member) if member else rows)


def texts(place, member, now):
    """Return what the messages to somebody say at ``now``, and their links."""
    contents = contents_of(messages(place, member), now=now)
    return [row for row in contents.values() if row is not None]


def page_of(need, member, now):
    """Return the address of the page behind the link of an offer."""
    return f"/t/{link_for(need, member, now)}/"
