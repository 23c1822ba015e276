"""Rounds no longer pass a home that left; walkers' pictures no longer point at it."""

from __future__ import annotations

from datetime import datetime

from shouwang.apps.communities.models import Member
from shouwang.apps.privacy.models import Leaving
from shouwang.apps.rounds.models import RoundHome, StandpointWindow


def rounds_pass_by(*, leaving: Leaving, by: Member, now: datetime) -> None:
    """Take a home that leaves out of the rounds and standpoints that are planned."""
    RoundHome.objects.of(leaving.community_id).filter(home=leaving.home_id).delete()
    StandpointWindow.objects.of(leaving.community_id).filter(
        home=leaving.home_id
    ).delete()
