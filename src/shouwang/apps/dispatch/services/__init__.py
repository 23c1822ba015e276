"""Writes of dispatch: offered in waves, answered by one tap, kept, ended."""

from __future__ import annotations

from shouwang.apps.dispatch.services.answering import (
    DoneIn,
    need_begin,
    need_finish,
    need_give_back,
    need_maybe,
    need_refuse,
    need_take,
)
from shouwang.apps.dispatch.services.promising import no_show
from shouwang.apps.dispatch.services.reminding import reminders_tell_due
from shouwang.apps.dispatch.services.running import (
    Plan,
    plan_of,
    run_hurry,
    run_start,
    run_stop,
    runs_move_due,
)
from shouwang.apps.dispatch.services.skills import kind_skills_set

__all__ = [
    "DoneIn",
    "Plan",
    "kind_skills_set",
    "need_begin",
    "need_finish",
    "need_give_back",
    "need_maybe",
    "need_refuse",
    "need_take",
    "no_show",
    "plan_of",
    "reminders_tell_due",
    "run_hurry",
    "run_start",
    "run_stop",
    "runs_move_due",
]
