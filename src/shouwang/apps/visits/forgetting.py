"""What was said at her door goes; that somebody went there, when and how it went stays."""

from __future__ import annotations

from datetime import datetime

from shouwang.apps.communities.models import Member
from shouwang.apps.privacy.models import Leaving
from shouwang.apps.visits.models import (
    Chat,
    MajorChange,
    PlannedVisit,
    RiskSuggestion,
    Visit,
    VisitJudgement,
)

REASON = "the home left, and the time of keeping is over"
GONE = "…"


def visits_forget(*, leaving: Leaving, now: datetime) -> None:
    """Forget the words of a home's visits, chats and changes; choices ticked stay."""
    if leaving.resident_id is not None:
        return
    community, home = leaving.community_id, leaving.home_id
    visits = Visit.objects.to_forget(community, REASON).filter(home=home)
    for row in visits:
        visits.filter(pk=row.pk).update(
            note="",
            digest="",
            answers={code: {**said, "words": ""} for code, said in row.answers.items()},
            needs_said=[{**said, "words": ""} for said in row.needs_said],
        )
    judged = VisitJudgement.objects.to_forget(community, REASON)
    judged.filter(visit__in=visits).update(reason=GONE)
    suggested = RiskSuggestion.objects.of(community).filter(home=home)
    suggested.update(words="")
    suggested.exclude(reason="").update(reason=GONE)
    chats = Chat.objects.to_forget(community, REASON)
    chats.filter(home=home).update(words="")
    MajorChange.objects.of(community).filter(home=home).update(words=GONE)


def visits_stop(*, leaving: Leaving, by: Member, now: datetime) -> None:
    """Take back what is planned: nobody is sent to a home that has left."""
    PlannedVisit.objects.of(leaving.community_id).filter(
        home=leaving.home_id, withdrawn_at__isnull=True, visits__isnull=True
    ).update(withdrawn_at=now, withdrawn_by=by)
