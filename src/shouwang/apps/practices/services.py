"""Writes of practices: kept from a file, saved from what is here, taken over."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from shouwang.apps.alerts.policy_keeping import PolicyDraft, policy_add
from shouwang.apps.communities.models import Community, Member
from shouwang.apps.practices.models import PracticeRow, PracticeUse
from shouwang.apps.practices.reading import DAYS, Practice, practice_read, said
from shouwang.apps.practices.selectors import Found, Plan, plan_of
from shouwang.apps.practices.writing import practice_file
from shouwang.apps.residents.services import (
    SignalKindDraft,
    StateDraft,
    signal_kind_add,
)
from shouwang.apps.rounds.services import RoundDraft, round_add
from shouwang.apps.visits.services.questions import QuestionDraft, question_add
from shouwang.common.errors import ConflictError
from shouwang.domain.ladder import Policy, Step


@transaction.atomic
def practice_keep(
    *, community: Community, content: bytes, by: Member, now: datetime
) -> PracticeRow:
    """Keep a practice file of another community; nothing is used yet.

    Raises
    ------
    RefusedError
        As ``practice_read``.
    ConflictError
        ``kept_already``.
    """
    practice = practice_read(content)
    text = content.decode("utf-8-sig")
    digest = hashlib.sha256(text.encode()).hexdigest()
    try:
        with transaction.atomic():
            return PracticeRow.objects.of(community).create(
                community=community,
                name=said(practice.name),
                source=practice.source or "",
                file=text,
                digest=digest,
                kept_at=now,
                kept_by=by,
            )
    except IntegrityError as error:
        words = _("This very practice is here already.")
        raise ConflictError("kept_already", words, fields={"file": [words]}) from error


@transaction.atomic
def practice_end(*, row: PracticeRow, now: datetime) -> None:
    """Take a practice out of the list; what was made of it stays."""
    PracticeRow.objects.of(row.community_id).filter(
        pk=row.pk, ended_at__isnull=True
    ).update(ended_at=now)


@transaction.atomic
def practice_use(
    *, community: Community, found: Found, by: Member, now: datetime
) -> PracticeUse:
    """Take a practice over: add what it brings, under names that are free here.

    Nothing that is here is changed. Rounds come without walkers and homes, the ladder
    also where a step reaches nobody yet: both are looked at next.

    Raises
    ------
    RefusedError
        What the rules of a ladder, a signal, a round or a visit's form refuse.
    """
    Community.objects.select_for_update().get(pk=community.pk)
    practice = found.practice
    plan = plan_of(community=community, practice=practice)
    made = [*_kind_add(community, practice, plan)]
    if practice.policy is not None:
        _policy_add(community, practice, plan, now)
        made.append(_("ladder “%(name)s”") % {"name": plan.policy})
    for part, name in zip(practice.rounds, plan.rounds, strict=True):
        draft = RoundDraft(
            name=name,
            at=time.fromisoformat(part.at),
            days=frozenset(DAYS.index(day) for day in part.days),
            walker_ids=[],
            home_ids=[],
        )
        round_add(community=community, draft=draft)
        made.append(_("round “%(name)s”") % {"name": name})
    made += _questions_add(community, plan, by=by, now=now)
    return PracticeUse.objects.of(community).create(
        community=community,
        built_in=found.built_in,
        practice=found.row,
        file=practice_file(practice),
        signal=plan.signal,
        made=made,
        used_at=now,
        used_by=by,
    )


def _kind_add(community: Community, practice: Practice, plan: Plan) -> list[str]:
    if practice.kind is None or not plan.adds_kind:
        return []
    draft = SignalKindDraft(
        kind=plan.signal,
        name=said(practice.kind.name)[:40],
        states=tuple(
            StateDraft(name=said(row.name), meaning=row.meaning.value)
            for row in practice.kind.states
        ),
    )
    row = signal_kind_add(community=community, draft=draft)
    return [_("signal “%(name)s”") % {"name": row.name}]


def _policy_add(
    community: Community, practice: Practice, plan: Plan, now: datetime
) -> None:
    part = practice.policy
    if part is None:
        return
    policy = Policy(
        name=plan.policy,
        kinds=frozenset(part.kinds),
        risks=frozenset(part.risks),
        steps=tuple(
            Step(tell=tuple(row.tell), ask=row.ask, wait=timedelta(minutes=row.wait))
            for row in part.steps
        ),
    )
    every = tuple(range(1, len(policy.steps) + 1))
    draft = PolicyDraft(policy=policy, anyway=every)
    policy_add(community=community, draft=draft, now=now)


def _questions_add(
    community: Community, plan: Plan, *, by: Member, now: datetime
) -> list[str]:
    for part in plan.questions:
        draft = QuestionDraft(
            words=said(part.text),
            kind=part.kind.value,
            choices=[said(row) for row in part.choices],
            required=part.required,
        )
        question_add(community=community, draft=draft, by=by, now=now)
    return [
        _("question at visits “%(words)s”") % {"words": said(part.text)}
        for part in plan.questions
    ]


@dataclass(frozen=True, kw_only=True)
class OwnPractice:
    """What a community writes about something of its own, and what of it goes along."""

    name: str
    purpose: str
    how: str
    proves: str
    proves_not: str
    signal: str
    policy_id: int | None = None
    round_ids: tuple[int, ...] = ()
    question_codes: tuple[str, ...] = ()
