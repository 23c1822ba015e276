"""What is forgotten of volunteers: with her, who knew her; in time, who they were."""

from __future__ import annotations

from datetime import datetime

from shouwang.apps.communities.models import Member
from shouwang.apps.privacy.models import Leaving
from shouwang.apps.volunteers.models import (
    HoursRow,
    HoursSource,
    KnownHome,
    Pausing,
    ServedBuilding,
    SignUp,
    TrainingRow,
    Volunteer,
    VolunteerUpload,
)

REASON = "the volunteer left, and the time of keeping is over"
GONE = "…"
_SAID = {"note": "", "consent_paper": "", "skills": [], "times": []}


def acquaintance_forget(*, leaving: Leaving, now: datetime) -> None:
    """Forget which volunteers know somebody in a home that left."""
    if leaving.resident_id is None:
        KnownHome.objects.of(leaving.community_id).filter(home=leaving.home_id).delete()


def helper_forget(*, member: Member, whole: bool, now: datetime) -> None:
    """Forget what a volunteer said of themselves; how long they helped when stays."""
    community = member.community_id
    rows = Volunteer.objects.of(community).filter(member=member)
    rows.update(**_SAID)
    Volunteer.history.filter(community_id=community, member_id=member.pk).update(
        **_SAID
    )
    KnownHome.objects.of(community).filter(volunteer__in=rows).delete()
    ServedBuilding.objects.of(community).filter(volunteer__in=rows).delete()
    Pausing.objects.of(community).filter(volunteer__in=rows).update(why="")
    TrainingRow.objects.of(community).filter(volunteer__in=rows).update(words="")
    SignUp.objects.of(community).filter(member=member).update(
        name="", phone="", note="", skills=[], times=[], sender=""
    )
    # What came of a task says its kind, what was written by hand may say anything.
    hours = HoursRow.objects.to_forget(community, REASON).filter(member=member)
    hours.exclude(source=HoursSource.TASK).update(what=GONE)
    # Files that nobody brought in hold them as they were.
    VolunteerUpload.objects.of(community).filter(
        uploaded_at__date__lte=rows.get().left_on or now
    ).delete()
