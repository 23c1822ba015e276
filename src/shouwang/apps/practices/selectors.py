"""Reads of practices: what there is, what is used, what taking one over would add."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time, timedelta

from django.utils.translation import gettext as _

from shouwang.apps.alerts.models import EscalationPolicy
from shouwang.apps.communities.models import Community, Member
from shouwang.apps.practices.catalogue import BUILT_IN, built_in
from shouwang.apps.practices.models import PracticeRow, PracticeUse
from shouwang.apps.practices.reading import (
    DAYS,
    Practice,
    QuestionPart,
    practice_read,
    said,
)
from shouwang.apps.residents.models import SignalKindRow
from shouwang.apps.residents.presets import Preset
from shouwang.apps.rounds.models import Round
from shouwang.apps.visits.selectors.form import form_now, own_questions
from shouwang.common.errors import NotFoundError
from shouwang.domain.schedule import Expectation
from shouwang.domain.signals import BUILT_IN as SIGNALS

LINE_MOST = 40
# Digits of the largest key that both databases can compare with.
KEY_MOST = 19


@dataclass(frozen=True, kw_only=True)
class Found:
    """A practice that can be used here: one that comes along, or one that was kept."""

    practice: Practice
    built_in: str = ""
    row: PracticeRow | None = None


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What taking a practice over would add, under which names here.

    ``signal`` is the code its kind has here; ``adds_kind`` is false where the very same
    kind is here already. ``policy`` and ``rounds`` are the names they will have;
    ``questions`` those that visits do not ask here yet.
    """

    signal: str
    adds_kind: bool
    policy: str
    rounds: tuple[str, ...]
    questions: tuple[QuestionPart, ...]
    renamed: tuple[tuple[str, str], ...]


def practices_list(*, community: Community | int) -> list[Found]:
    """Return the practices that come along, then those that were kept, newest first."""
    rows = PracticeRow.objects.of(community).filter(ended_at__isnull=True)
    kept = [
        Found(practice=practice_read(row.file.encode()), row=row)
        for row in rows.order_by("-kept_at", "-pk")
    ]
    return [*(Found(practice=built_in(key), built_in=key) for key in BUILT_IN), *kept]


def practice_for(member: Member, key: str) -> Found:
    """Return a practice by its key: that of a built-in one, or a number."""
    if key in BUILT_IN:
        return Found(practice=built_in(key), built_in=key)
    if not (key.isascii() and key.isdecimal() and len(key) < KEY_MOST):
        raise _unknown()
    row = practice_row_for(member, int(key))
    return Found(practice=practice_read(row.file.encode()), row=row)


def practice_row_for(member: Member, row_id: int) -> PracticeRow:
    """Return a practice that was kept here, else "not found"."""
    rows = PracticeRow.objects.of(member.community_id)
    row = (
        rows.select_related("kept_by").filter(pk=row_id, ended_at__isnull=True).first()
    )
    if row is None:
        raise _unknown()
    return row


def _unknown() -> NotFoundError:
    return NotFoundError("unknown_practice", _("There is no such practice here."))


def uses_of(*, community: Community | int) -> list[PracticeUse]:
    """Return what was taken over here, the newest first."""
    rows = PracticeUse.objects.of(community).select_related("used_by", "practice")
    return list(rows.order_by("-used_at", "-pk"))


def plan_of(*, community: Community | int, practice: Practice) -> Plan:
    """Return what taking a practice over would add; nothing that is here is changed."""
    signal, adds_kind = _signal(community, practice)
    policies = EscalationPolicy.objects.of(community).filter(ended_at__isnull=True)
    taken = set(policies.values_list("name", flat=True))
    policy = _free(said(practice.policy.name), taken) if practice.policy else ""
    rounds = Round.objects.of(community).filter(ended_at__isnull=True)
    names = set(rounds.values_list("name", flat=True))
    found = []
    for row in practice.rounds:
        name = _free(said(row.name), names)
        names.add(name)
        found.append(name)
    wanted = [said(row.name)[:LINE_MOST] for row in practice.rounds]
    pairs = [(practice.signal, signal), *zip(wanted, found, strict=True)]
    if practice.policy:
        pairs.append((said(practice.policy.name)[:LINE_MOST], policy))
    return Plan(
        signal=signal,
        adds_kind=adds_kind,
        policy=policy,
        rounds=tuple(found),
        questions=_questions(community, practice),
        renamed=tuple((old, new) for old, new in pairs if old != new),
    )


def _questions(
    community: Community | int, practice: Practice
) -> tuple[QuestionPart, ...]:
    """Return the questions of a practice that are not asked here yet."""
    asked = {row.words for row in own_questions(form_now(community))}
    return tuple(row for row in practice.questions if said(row.text) not in asked)


def _signal(community: Community | int, practice: Practice) -> tuple[str, bool]:
    """Return the code of a practice's signal here, and whether it has to be added."""
    if practice.kind is None:
        return practice.signal, False
    rows = {row.kind: row for row in SignalKindRow.objects.of(community)}
    for number in range(1, len(rows) + 2):
        code = practice.signal if number == 1 else f"{practice.signal[:26]}-{number}"
        known = rows.get(code)
        if known is None and code not in SIGNALS:
            return code, True
        if known and _is_same(known, practice):
            return code, False
    return f"{practice.signal[:20]}-{len(rows) + 2}", True


def _is_same(known: SignalKindRow, practice: Practice) -> bool:
    """Return whether a kind here has the practice's very states, in either language."""
    states = practice.kind.states if practice.kind else []
    return len(known.states) == len(states) and all(
        here["meaning"] == there.meaning.value
        and here["name"] in {there.name.zh, there.name.en}
        for here, there in zip(known.states, states, strict=True)
    )


def _free(name: str, taken: set[str]) -> str:
    name = name[:LINE_MOST]
    number, found = 2, name
    while found in taken:
        found = f"{name[: LINE_MOST - 5]} ({number})"
        number += 1
    return found


def windows_of(practice: Practice) -> tuple[Expectation, ...]:
    """Return the windows of a practice as an agreement has them here."""
    codes = states_here(practice)
    return tuple(
        Expectation(
            label=said(row.label),
            opens=time.fromisoformat(row.opens),
            due=time.fromisoformat(row.due),
            grace=timedelta(minutes=row.grace),
            days=frozenset(DAYS.index(day) for day in row.days),
            well=frozenset(codes[code] for code in row.well),
        )
        for row in practice.windows
    )


def states_here(practice: Practice) -> dict[str, str]:
    """Return the code that each state has here: own kinds count theirs from ``s1``."""
    if practice.kind is None:
        return {code: code for code in practice.states}
    return {code: f"s{number}" for number, code in enumerate(practice.states, start=1)}


def presets_of(*, community: Community) -> Sequence[Preset]:
    """Return the windows of the practices used here, to begin an agreement with."""
    found: dict[str, Preset] = {}
    for use in uses_of(community=community):
        practice = practice_read(use.file.encode())
        key = f"{use.signal}:{use.built_in or use.practice_id}"
        found.setdefault(
            key,
            Preset(
                key=key,
                name=said(practice.name),
                signal=use.signal,
                windows=windows_of(practice),
            ),
        )
    return list(found.values())
