"""Writes about a community's own kinds of signal."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from shouwang.apps.communities.models import Community
from shouwang.apps.residents.models import SignalKindRow
from shouwang.common.errors import RefusedError
from shouwang.common.text import tidy
from shouwang.domain.signals import BUILT_IN, Meaning


@dataclass(frozen=True, kw_only=True)
class StateDraft:
    """One state of an own kind: what it is called and what it means by itself."""

    name: str
    meaning: str


@dataclass(frozen=True, kw_only=True)
class SignalKindDraft:
    """A kind of signal that a community thought of; ``kind`` is its code."""

    kind: str
    name: str
    states: tuple[StateDraft, ...]


@transaction.atomic
def signal_kind_add(*, community: Community, draft: SignalKindDraft) -> SignalKindRow:
    """Add an own kind of signal.

    Raises
    ------
    RefusedError
        ``kind_taken``, ``states_too_few``, ``state_twice`` or ``unknown_meaning``.
    """
    taken = SignalKindRow.objects.of(community).filter(kind=draft.kind).exists()
    if taken or draft.kind in BUILT_IN:
        words = _("This code is taken. Please choose another.")
        raise RefusedError("kind_taken", words, fields={"kind": [words]})
    row = SignalKindRow(community=community, kind=draft.kind)
    return _write(row, draft, codes=[])


@transaction.atomic
def signal_kind_change(*, row: SignalKindRow, draft: SignalKindDraft) -> SignalKindRow:
    """Change the names of an own kind, or add states.

    A state keeps its place, its code and what it meant: what was recorded must go on
    saying the same.
    """
    for known, given in zip(row.states, draft.states, strict=False):
        if known["meaning"] != given.meaning:
            words = _("What a state means cannot change once it is in use.")
            raise RefusedError("meaning_fixed", words)
    if len(draft.states) < len(row.states):
        raise RefusedError("state_in_use", _("A state cannot be taken away."))
    return _write(row, draft, codes=[known["state"] for known in row.states])


def _write(
    row: SignalKindRow, draft: SignalKindDraft, *, codes: list[str]
) -> SignalKindRow:
    names = [tidy(state.name) for state in draft.states]
    if len(names) < 2 or not all(names):
        raise RefusedError(
            "states_too_few", _("Name at least two states, so that one can change.")
        )
    if max(Counter(names).values()) > 1:
        raise RefusedError("state_twice", _("Two states have the same name."))
    if any(state.meaning not in set(Meaning) for state in draft.states):
        raise RefusedError("unknown_meaning", _("This meaning is not known."))
    row.name = tidy(draft.name)
    row.states = [
        {
            "state": codes[place] if place < len(codes) else f"s{place + 1}",
            "meaning": state.meaning,
            "name": names[place],
        }
        for place, state in enumerate(draft.states)
    ]
    row.save()
    return row
