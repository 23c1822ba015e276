"""Whatever happens to a need, by a message or at the desk, dispatch goes on from it."""

from __future__ import annotations

from shouwang.apps.care.followers import Moved
from shouwang.apps.dispatch.models import Ending
from shouwang.apps.dispatch.services import promising
from shouwang.domain.needs import Act


def need_moved(moved: Moved) -> None:
    """Keep promises and offerings in step with a need; in its transaction.

    Raises
    ------
    RefusedError
        ``promised_then``: whoever takes it has promised something else for that time.
    """
    need, now = moved.need, moved.now
    match moved.act:
        case Act.TAKE if moved.who is not None:
            promising.taken(need, who=moved.who, now=now)
        case Act.DECLINE if moved.who is not None:
            promising.refused(need, who=moved.who, now=now)
        case Act.BEGIN:
            promising.begun(need, now=now)
        case Act.FINISH:
            promising.ended(need, Ending.DONE, now=now)
        case Act.GIVE_BACK:
            promising.dropped(need, by=moved.by, note=moved.note, now=now)
        case Act.CANCEL | Act.HAND_ON:
            promising.called_off(need, by=moved.by, now=now)
        case Act.CHANGE:
            promising.changed(need, now=now)
        case _:
            return
