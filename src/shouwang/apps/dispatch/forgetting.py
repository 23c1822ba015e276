"""What helpers wrote about her door for each other goes; promises and their times stay."""

from __future__ import annotations

from datetime import datetime

from shouwang.apps.communities.models import Member
from shouwang.apps.dispatch.models import Notice, Task
from shouwang.apps.privacy.models import Leaving


def dispatch_forget(*, leaving: Leaving, now: datetime) -> None:
    """Forget the words beside the promises and notices about a home's needs."""
    if leaving.resident_id is not None:
        return
    of_home = {"need__home": leaving.home_id}
    Task.objects.of(leaving.community_id).filter(**of_home).update(note="")
    Notice.objects.of(leaving.community_id).filter(**of_home).update(note="")


def helper_forget(*, member: Member, whole: bool, now: datetime) -> None:
    """Forget why somebody who helped could not; that they could not stays."""
    about = Notice.objects.of(member.community_id).filter(about=member)
    about.update(note="")
