"""What people wrote into her alerts goes; what was done, by whom and when, stays."""

from __future__ import annotations

from datetime import datetime

from shouwang.apps.alerts.models import Alert, AlertEvent
from shouwang.apps.alerts.selectors import alerts_of_home
from shouwang.apps.alerts.services import ClosingIn, alert_close
from shouwang.apps.communities.models import Member
from shouwang.apps.privacy.models import Leaving, Why
from shouwang.apps.privacy.words import why_words
from shouwang.domain.alerts import Outcome

REASON = "the home left, and the time of keeping is over"


def alerts_forget(*, leaving: Leaving, now: datetime) -> None:
    """Forget the free words in the alerts of a home."""
    if leaving.resident_id is not None:
        return
    rows = Alert.objects.of(leaving.community_id).filter(home=leaving.home_id)
    rows.exclude(override="").update(override="")
    events = AlertEvent.objects.to_forget(leaving.community_id, REASON)
    # The note of a closing is its outcome, which the figures and the story need.
    events.filter(alert__in=rows).exclude(note__in=Outcome).update(note="")


def alerts_close(*, leaving: Leaving, by: Member, now: datetime) -> None:
    """Close what stands for a home that leaves: nobody is asked to go there any more."""
    rows = alerts_of_home(community=leaving.community, home_id=leaving.home_id)
    outcome = Outcome.DIED if leaving.why == Why.DIED else Outcome.OTHER
    words = why_words()[leaving.why]
    closing = ClosingIn(outcome=outcome.value, override=words)
    for row in rows.exclude(state="closed"):
        alert_close(alert=row, closing=closing, by=by, now=now)
