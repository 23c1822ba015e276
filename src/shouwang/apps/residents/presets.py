"""The windows that communities usually agree on, to begin with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time, timedelta

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from shouwang.apps.communities.models import Community
from shouwang.domain.schedule import Expectation
from shouwang.domain.signals import Meaning, SignalKind

GRACE = timedelta(minutes=10)
MORNING = (time(7), time(9))
EVENING = (time(18), time(20))
# In the morning and in the evening: the state that means well, if that is agreed.
USUAL = {
    "curtain": ("open", "closed"),
    "light": (None, "on"),
    "board": ("smile", "nothing_hung"),
    "token": ("out", "in"),
    "contact": ("spoke", None),
    "sensor": ("activity", None),
}


@dataclass(frozen=True, kw_only=True)
class Preset:
    """Windows to begin an agreement with, under a name; ``key`` tells them apart."""

    key: str
    name: str
    signal: str
    windows: tuple[Expectation, ...]


def presets_of(community: Community) -> Sequence[Preset]:
    """Return what ``settings.AGREEMENT_PRESETS`` offers beside what is usual."""
    found: Sequence[Preset] = import_string(settings.AGREEMENT_PRESETS)(
        community=community
    )
    return found


def usual_windows(kind: SignalKind) -> tuple[Expectation, ...]:
    """Return what is usually agreed for a kind of signal.

    An own kind begins with its states that mean well, in the morning.
    """
    well = [state for state, row in kind.states.items() if row is Meaning.WELL]
    fallback = (well[0] if well else next(iter(kind.states), None), None)
    morning, evening = USUAL.get(kind.kind, fallback)
    named = ((_("morning"), MORNING, morning), (_("evening"), EVENING, evening))
    return tuple(
        Expectation(
            label=label, opens=opens, due=due, grace=GRACE, well=frozenset({state})
        )
        for label, (opens, due), state in named
        if state is not None
    )
