"""An activity of the invented community, and people to bring somebody."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

from tests.apps import building as b

from shouwang.apps.activities.services import (
    ActivityDraft,
    SeriesDraft,
    activity_add,
    guests_invite,
    series_add,
)
from shouwang.apps.residents import services as homes
from shouwang.apps.residents.services.risks import KnownRiskDraft, known_risks_set
from shouwang.domain.activities import Rhythm

DUMPLINGS = ActivityDraft(
    what="一起包饺子",
    place="社区活动室",
    on=b.TODAY,
    begins=time(9, 30),
    ends=time(11),
    words="围裙我们准备",
)


def activity(community, **more):
    """Plan dumplings for today at 9:30."""
    draft = replace(DUMPLINGS, **more)
    return activity_add(community=community, draft=draft, by=None, now=b.DAWN)


def series(community, rhythm="weekly", until=date(2026, 4, 12), **more):
    """Plan dumplings from today on, weekly to the sixth Monday unless said."""
    told = {key: more.pop(key) for key in list(more) if hasattr(DUMPLINGS, key)}
    draft = SeriesDraft(
        told=replace(DUMPLINGS, **told),
        rhythm=Rhythm(rhythm),
        until_on=until,
        **more,
    )
    return series_add(community=community, draft=draft, by=None, now=b.DAWN)


def resident(home, called="王奶奶"):
    """Write down who lives there."""
    draft = homes.ResidentDraft(name=f"{called}本名", called=called)
    return homes.resident_add(home=home, draft=draft)


def invited(row, *homes, **more):
    """Invite homes, and return the guests of the activity in the order of homes."""
    guests_invite(activity=row, homes=homes, by=None, now=b.DAWN, **more)
    return list(row.guests.filter(ended_at__isnull=True).order_by("pk"))


def unsteady(home):
    """Note that she falls easily."""
    drafts = [KnownRiskDraft(kind="falls")]
    known_risks_set(home=home, drafts=drafts, by=None, now=b.DAWN)
