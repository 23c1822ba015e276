"""The story of a need: one row for everything that happened to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from shouwang.apps.care.models import Need, NeedMove
from shouwang.apps.communities.models import Member
from shouwang.domain.needs import Act

NOTE_MOST = 500


@dataclass(frozen=True, kw_only=True)
class Line:
    """What happened; ``who`` is whom it is about, where that is another."""

    act: Act
    by: Member | None
    at: datetime
    from_stage: str = ""
    who: Member | None = None
    asked: str = ""
    note: str = ""


def story_write(need: Need, line: Line) -> None:
    """Add one row to the story of a need, which stands as it stands afterwards."""
    NeedMove.objects.of(need.community_id).create(
        community_id=need.community_id,
        need=need,
        act=line.act.value,
        from_stage=line.from_stage,
        to_stage=need.stage,
        at=line.at,
        by=line.by,
        who=line.who,
        asked=line.asked,
        note=line.note[:NOTE_MOST],
    )
