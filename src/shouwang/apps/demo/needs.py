"""Invented needs in every stage, told through the services as they came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from shouwang.apps.alerts.services import ClosingIn, alert_close, alert_open_by_hand
from shouwang.apps.care.models import Need
from shouwang.apps.care.services import (
    MoveIn,
    NeedDraft,
    need_kind_add,
    need_move,
    need_open,
)
from shouwang.apps.communities.models import Member
from shouwang.apps.residents.models import Home
from shouwang.domain.needs import Act, Asked

DUTY, WALKER, HELPER = 1, 2, 5
PILLS = "六种药混在一起吃，要人帮着理一理；过期的收走"


@dataclass(frozen=True, kw_only=True)
class Told:
    """One need: how long ago it came (hours), what it is, and what was done since.

    ``moves`` are hours ago, an act, who did it, and what else there is to say.
    """

    hours: float
    kind: str
    urgency: str
    source: str
    words: str = ""
    said_by: str = ""
    at_the_door: str = ""
    wanted_in_hours: float | None = None
    moves: tuple[tuple[float, Act, int, dict[str, Any]], ...] = ()


NEEDS = (
    Told(
        hours=1.2,
        kind="medicine",
        urgency="urgent",
        source="phone",
        words="降压药吃完了，今天要送到",
        said_by="女儿打来电话",
    ),
    Told(
        hours=5,
        kind="shopping",
        urgency="everyday",
        source="visit",
        words="十斤米、一桶油，提不动",
        wanted_in_hours=30,
    ),
    Told(hours=20, kind="company", urgency="everyday", source="on_behalf"),
    Told(
        hours=26,
        kind="haircut",
        urgency="everyday",
        source="paper",
        words="腿脚不便，想请师傅上门理发",
        at_the_door="耳背，敲门要重一点",
        moves=((20, Act.OFFER, DUTY, {"who": HELPER}),),
    ),
    Told(
        hours=50,
        kind="hospital",
        urgency="difficult",
        source="family",
        words="复查，要人陪着去挂号取药",
        said_by="儿子",
        wanted_in_hours=40,
        moves=((30, Act.TAKE, WALKER, {}),),
    ),
    Told(
        hours=30,
        kind="repair",
        urgency="everyday",
        source="neighbour",
        words="厨房的灯坏了几天了",
        moves=((22, Act.TAKE, HELPER, {}), (2, Act.BEGIN, HELPER, {})),
    ),
    Told(
        hours=24 * 9,
        kind="repair",
        urgency="difficult",
        source="visit",
        words="楼上漏水，天花板一直湿",
        moves=(
            (
                24 * 8,
                Act.HAND_ON,
                DUTY,
                {"office": "物业维修科", "number": "WX-0312", "chase_hours": 24 * 4},
            ),
            (
                24 * 4,
                Act.CHASE,
                DUTY,
                {"note": "说这周派人来看", "chase_hours": 6},
            ),
        ),
    ),
    Told(
        hours=24 * 6,
        kind="paperwork",
        urgency="difficult",
        source="visit",
        words="电费欠了两个月，眼睛看不清，不会交",
        moves=(
            (24 * 5, Act.TAKE, DUTY, {}),
            (24 * 4, Act.FINISH, DUTY, {}),
            (24 * 3, Act.RIGHT, DUTY, {"asked": Asked.IN_PERSON, "note": "灯亮了"}),
        ),
    ),
)


def needs_play(
    *, homes: Sequence[Home], people: Sequence[Member], now: datetime
) -> None:
    """Tell the invented needs, each of another home, and one that an alert found."""
    need_kind_add(community=people[0].community, name="擦窗户")
    _found_by_an_alert(homes[0], people, now)
    for home, told in zip(homes[1:], NEEDS, strict=False):
        _tell(home, told, people, now)


def _found_by_an_alert(home: Home, people: Sequence[Member], now: datetime) -> None:
    duty = people[DUTY]
    alert = alert_open_by_hand(
        home=home, note="", by=duty, now=now - timedelta(hours=29)
    )
    closing = ClosingIn(outcome="needs_help", override=PILLS)
    closed_at = now - timedelta(hours=28)
    alert_close(alert=alert, closing=closing, by=duty, now=closed_at)
    need = Need.objects.of(home.community_id).get(alert=alert)
    for hours, act in ((27.8, Act.TAKE), (26, Act.FINISH)):
        at = now - timedelta(hours=hours)
        need_move(need=need, move=MoveIn(act=act), by=people[WALKER], now=at)


def _tell(home: Home, told: Told, people: Sequence[Member], now: datetime) -> None:
    wanted = told.wanted_in_hours
    need = need_open(
        home=home,
        draft=NeedDraft(
            kind=told.kind,
            urgency=told.urgency,
            source=told.source,
            words=told.words,
            said_by=told.said_by,
            at_the_door=told.at_the_door,
            wanted_by=now + timedelta(hours=wanted) if wanted is not None else None,
        ),
        by=people[DUTY],
        now=now - timedelta(hours=told.hours),
    )
    for hours, act, by, more in told.moves:
        move = MoveIn(act=act, **_more(more, people, now))
        at = now - timedelta(hours=hours)
        need_move(need=need, move=move, by=people[by], now=at)


def _more(
    more: dict[str, Any], people: Sequence[Member], now: datetime
) -> dict[str, Any]:
    """Return what else a move says, people and hours ago put in their places."""
    said = dict(more)
    if "who" in said:
        said["who"] = people[said["who"]]
    if "chase_hours" in said:
        said["chase_at"] = now - timedelta(hours=said.pop("chase_hours"))
    return said
