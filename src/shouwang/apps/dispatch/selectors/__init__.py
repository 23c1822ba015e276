"""Reads of offerings and promises; permission is inside.

The desk sees whom a need was offered to and why. Whoever was asked sees their own.
"""

from __future__ import annotations

from datetime import datetime

from shouwang.apps.care.models import Need, NeedOffer
from shouwang.apps.care.selectors import consent_state
from shouwang.apps.care.words import refusal_words
from shouwang.apps.communities.models import Community, Member
from shouwang.apps.dispatch.models import Ask, Ending, KindSkill, Run, RunState, Task
from shouwang.apps.dispatch.selectors.facts import People, people_of, span_of
from shouwang.common.errors import RefusedError
from shouwang.domain.needs import Source, Urgency, opening_refused

__all__ = [
    "People",
    "ask_of",
    "kind_skills_of",
    "notes_left",
    "peace_broken",
    "people_of",
    "require_consent",
    "run_standing",
    "runs_of",
    "span_of",
    "task_standing",
    "tasks_standing",
    "was_asked",
]

NOTES_MOST = 3


def run_standing(*, need: Need) -> Run | None:
    """Return the offering of a need that runs now, if any."""
    rows = Run.objects.of(need.community_id).filter(need=need)
    return rows.filter(state=RunState.RUNNING.value).first()


def runs_of(*, need: Need) -> list[Run]:
    """Return every offering of a need, the newest first, with who was asked."""
    rows = Run.objects.of(need.community_id).filter(need=need)
    return list(
        rows.select_related("started_by")
        .prefetch_related("asks__member")
        .order_by("-pk")
    )


def ask_of(*, need: Need, member: Member) -> Ask | None:
    """Return the last time somebody was asked for a need by message, if ever."""
    rows = Ask.objects.of(need.community_id).filter(run__need=need, member=member)
    return rows.select_related("run").order_by("-pk").first()


def task_standing(*, need: Need) -> Task | None:
    """Return the promise that holds a need, if any."""
    rows = Task.objects.of(need.community_id).filter(need=need, ended_at__isnull=True)
    return rows.select_related("member").first()


def notes_left(*, need: Need) -> list[Task]:
    """Return the last notes that others left for whoever goes to this home next."""
    rows = Task.objects.of(need.community_id).filter(
        need__home_id=need.home_id, ending=Ending.DONE.value
    )
    kept = rows.exclude(note="").select_related("member", "need")
    return list(kept.order_by("-ended_at", "-pk")[:NOTES_MOST])


def peace_broken(need: Need) -> str | None:
    """Return why nobody may be sent to a home any more, as a code, or ``None``."""
    refusal = opening_refused(
        consent=consent_state(need.home),
        urgency=Urgency(need.urgency),
        source=Source(need.source),
    )
    return refusal.code if refusal else None


def require_consent(need: Need) -> None:
    """Refuse where the home withdrew its consent meanwhile.

    Raises
    ------
    RefusedError
        ``consent_withdrawn``.
    """
    code = peace_broken(need)
    if code is not None:
        raise RefusedError(code, refusal_words(code))


def tasks_standing(*, community: Community, now: datetime) -> list[Task]:
    """Return every promise that stands, the soonest wanted first."""
    rows = Task.objects.of(community).filter(ended_at__isnull=True)
    found = rows.select_related("member", "need__home__building", "need__community")
    return sorted(found, key=lambda row: (row.need.wanted_by or now, row.pk))


def kind_skills_of(*, community: Community) -> dict[str, str]:
    """Return which skill a community has said that a kind of need takes."""
    rows = KindSkill.objects.of(community)
    return dict(rows.values_list("kind", "skill"))


def was_asked(*, need: Need, member: Member) -> bool:
    """Return whether somebody was asked for a need, whatever they said, or had it.

    A need that came back may be taken again by whoever was asked before.
    """
    rows = NeedOffer.objects.of(need.community_id).filter(need=need, member=member)
    had = Task.objects.of(need.community_id).filter(need=need, member=member)
    return rows.exists() or had.exists()
