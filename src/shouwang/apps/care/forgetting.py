"""What she needed in words goes; that it was needed, of what kind and when, stays."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from shouwang.apps.care.followers import Moved, followers_tell
from shouwang.apps.care.models import Chase, HandOver, Need, NeedMove, NeedOffer
from shouwang.apps.care.services.story import Line, story_write
from shouwang.apps.communities.models import Member
from shouwang.apps.privacy.models import Leaving
from shouwang.apps.privacy.words import why_words
from shouwang.domain.needs import CLOSED, Act, Stage

REASON = "the home left, and the time of keeping is over"
# What keeps the rule "by consent or danger" where the danger was described.
GONE = "…"
_CLOSED = [stage.value for stage in CLOSED]


def care_forget(*, leaving: Leaving, now: datetime) -> None:
    """Forget the words of a home's needs."""
    if leaving.resident_id is not None:
        return
    community = leaving.community_id
    needs = Need.objects.of(community).filter(home=leaving.home_id)
    needs.update(words="", said_by="", at_the_door="")
    moves = NeedMove.objects.to_forget(community, REASON)
    moves.filter(need__in=needs).update(note="")
    offices = HandOver.objects.of(community).filter(need__in=needs)
    offices.update(number="")
    offices.exclude(danger="").update(danger=GONE)
    chases = Chase.objects.to_forget(community, REASON)
    chases.filter(hand_over__in=offices).update(said=GONE)


def needs_stop(*, leaving: Leaving, by: Member, now: datetime) -> None:
    """End the open needs of a home that leaves: nobody is asked to go there any more.

    The one case in which what was done is not asked about: there is nobody to ask.
    """
    community = leaving.community_id
    rows = Need.objects.of(community).select_for_update(of=("self",))
    note = why_words()[leaving.why]
    for row in rows.filter(home=leaving.home_id).exclude(stage__in=_CLOSED):
        NeedOffer.objects.of(community).filter(need=row, over_at__isnull=True).update(
            over_at=now
        )
        HandOver.objects.of(community).filter(need=row, ended_at__isnull=True).update(
            ended_at=now
        )
        from_stage, row.stage = row.stage, Stage.CANCELLED.value
        row.since = row.closed_at = now
        row.save(update_fields=["stage", "since", "closed_at"])
        line = Line(act=Act.CANCEL, by=by, at=now, from_stage=from_stage, note=note)
        story_write(row, line)
        told = Moved(need=row, act=Act.CANCEL, who=None, by=by, note=note, now=now)
        followers_tell(told)


def helper_forget(*, member: Member, whole: bool, now: datetime) -> None:
    """Forget why somebody who helped said no or gave back; that they did stays."""
    moves = NeedMove.objects.to_forget(member.community_id, "a helper left long ago")
    own = [Act.DECLINE.value, Act.GIVE_BACK.value]
    theirs = Q(who=member) | Q(who__isnull=True, by=member)
    moves.filter(theirs, act__in=own).update(note="")
