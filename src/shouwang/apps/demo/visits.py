"""Invented visits and chats, so that some homes are due and others are not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from shouwang.apps.communities.models import Member
from shouwang.apps.residents.models import Home
from shouwang.apps.visits.services import (
    ChatIn,
    QuestionDraft,
    VisitIn,
    change_note,
    chat_record,
    question_add,
    visit_record,
    visits_plan,
)
from shouwang.common.clock import local_day
from shouwang.common.ids import uuid7
from shouwang.domain.visits import Answer

CHIEF, DUTY, WALKER = 0, 1, 2
# Days ago, outcome, how she is, the note.
VISITS = (
    (1, "spoke", "well", "种的菊花开了"),
    (3, "spoke", "so_so", "腿疼，睡不好"),
    (4, "nobody_opened", "", "敲了三遍，邻居说去买菜了"),
    (6, "spoke", "well", ""),
    (12, "spoke", "well", "药盒按星期分好了"),
    (25, "spoke", "so_so", "想女儿"),
    (40, "spoke", "well", ""),
)
CHATS = ((1, "聊她年轻时在纺织厂的事"), (2, "一起择菜"), (8, ""))
PLANNED = 4


def visits_play(
    *, homes: Sequence[Home], people: Sequence[Member], now: datetime
) -> None:
    """Visit some homes, sit with some, and give the walker a round for today."""
    chief, walker = people[CHIEF], people[WALKER]
    community = chief.community
    asked = QuestionDraft(
        words="空调好用吗", kind="choice", choices=["好用", "坏了", "没有"]
    )
    question_add(
        community=community, draft=asked, by=chief, now=now - timedelta(days=50)
    )
    # From the last home on: the first ones have their needs.
    chosen = list(reversed(homes))
    for home, (ago, outcome, state, note) in zip(chosen, VISITS, strict=False):
        at = now - timedelta(days=ago)
        answers = {"how_is_she": Answer(value=state), "own-1": Answer(value="好用")}
        visit = VisitIn(
            id=uuid7(now=at),
            home_id=home.pk,
            outcome=outcome,
            visited_at=at,
            form=1,
            answers=answers if state else {},
            note=note,
        )
        visit_record(community=community, visit=visit, by=people[DUTY], now=at)
    for home, (ago, words) in zip(chosen[3:], CHATS, strict=False):
        at = now - timedelta(days=ago)
        chat = ChatIn(id=uuid7(now=at), home_id=home.pk, at=at, words=words)
        chat_record(community=community, chat=chat, by=walker, now=at)
    back = chosen[len(VISITS) % len(chosen)]
    change_note(home=back, words="出院回家了", by=chief, now=now - timedelta(hours=20))
    visits_plan(
        member=walker,
        home_ids=[row.pk for row in chosen[len(VISITS) :][:PLANNED]],
        on=local_day(now, community.zone),
        by=chief,
        now=now,
    )
