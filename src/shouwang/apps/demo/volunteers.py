"""Forty-two invented volunteers in three teams, what they gave, and who wants to join."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from shouwang.apps.communities.models import Member
from shouwang.apps.demo.people import invented_name
from shouwang.apps.residents.models import Home
from shouwang.apps.volunteers.models import Team, TeamKind, Volunteer
from shouwang.apps.volunteers.services import (
    HoursDraft,
    SignUpDraft,
    TeamDraft,
    TrainingDraft,
    VolunteerDraft,
    hours_say,
    link_make,
    pause_add,
    sign_up_take,
    skill_add,
    team_add,
    training_add,
    volunteer_add,
    volunteer_keep,
)
from shouwang.apps.volunteers.times import season_read, times_read
from shouwang.common.clock import local_day
from shouwang.domain.volunteers import Skill, Training

COUNT = 42
SKILLS = [skill.value for skill in Skill]
COORDINATOR, WALKER = 0, 2
TIMES = (
    "",
    "周二下午",
    "周六 周日",
    "周一至周五 9:00-11:00",
    "每天晚上",
    "周三 周五 14:00-17:00; 周日上午",
)
DONE = ("上门理发", "陪着坐坐", "念报", "代买米面", "换灯泡", "陪着去医院", "走了一圈")
TEAMS = (
    TeamDraft(name="党员居民队", kind=TeamKind.RESIDENTS.value),
    TeamDraft(name="红十字志愿队", kind=TeamKind.RED_CROSS.value),
    TeamDraft(
        name="暑期大学生",
        kind=TeamKind.STUDENTS.value,
        season=season_read("7.1-8.31"),
    ),
)


def volunteers_play(
    *, homes: Sequence[Home], people: Sequence[Member], now: datetime
) -> None:
    """Write the invented volunteers down, by a chance of their own."""
    by = people[COORDINATOR]
    teams = [team_add(community=by.community, draft=draft) for draft in TEAMS]
    chance = Random(420)  # noqa: S311 -- play
    play = Play(by=by, teams=teams, homes=homes, now=now, chance=chance)
    skill_add(community=by.community, name="修鞋")
    for place in range(COUNT):
        _volunteer(play, place)
    walker = VolunteerDraft(
        skills=frozenset({Skill.ERRANDS.value}), team=teams[0], consent_on=play.today
    )
    volunteer_keep(member=people[WALKER], draft=walker, now=now)
    _sign_ups(play)


@dataclass(frozen=True, kw_only=True)
class Play:
    """What every volunteer is made of."""

    by: Member
    teams: Sequence[Team]
    homes: Sequence[Home]
    now: datetime
    chance: Random

    @property
    def today(self) -> date:
        """Return the community's own date."""
        return local_day(self.now, self.by.community.zone)


def _volunteer(play: Play, place: int) -> None:
    row = volunteer_add(
        by=play.by,
        name=invented_name(play.chance),
        phone=f"000-0001-{place:04}",
        draft=_draft(play, place),
        now=play.now,
    )
    _on_file(play, row, place)
    for day in play.chance.sample(range(40), play.chance.randint(0, 5)):
        said = HoursDraft(
            on=play.today - timedelta(days=day),
            minutes=play.chance.choice((30, 45, 60, 90, 120)),
            what=play.chance.choice(DONE),
        )
        hours_say(member=row.member, draft=said, by=play.by, now=play.now)


def _draft(play: Play, place: int) -> VolunteerDraft:
    chance, agreed = play.chance, place % 14 != 5
    on = play.today - timedelta(days=chance.randint(20, 300))
    return VolunteerDraft(
        skills=frozenset(chance.sample(SKILLS, chance.randint(1, 3))),
        times=times_read(chance.choice(TIMES)),
        a_week=chance.choice((None, 1, 2, 3)),
        team=play.teams[(0, 0, 0, 1, 1, 2)[place % 6]],
        home_ids=frozenset(row.pk for row in chance.sample(play.homes, place % 3)),
        consent_on=on if agreed else None,
        consent_paper=f"志愿 {place + 1:04}" if agreed else "",
    )


def _on_file(play: Play, row: Volunteer, place: int) -> None:
    taught: list[tuple[Training, int, int | None]] = [
        (Training.CONFIDENTIALITY, 90, None)
    ]
    if place % 5:
        taught.append((Training.FIRST_AID, 700, play.chance.choice((-9, 12, 400))))
    for what, ago, left in taught:
        course = TrainingDraft(
            what=what.value,
            on=play.today - timedelta(days=ago),
            valid_until=None if left is None else play.today + timedelta(days=left),
        )
        training_add(volunteer=row, draft=course, by=play.by, now=play.now)
    if place % 12 == 7:
        pause_add(
            volunteer=row,
            from_on=play.today - timedelta(days=2),
            until_on=play.today + timedelta(days=9),
            why="去外地看孙子",
            by=play.by,
            now=play.now,
        )


def _sign_ups(play: Play) -> None:
    """Let two people wait, one of whom is here already."""
    students = play.teams[2]
    link = link_make(name="暑期大学生", team=students, by=play.by, now=play.now)
    here = Volunteer.objects.of(play.by.community_id).select_related("member").first()
    waiting = [(invented_name(play.chance), "000-0002-0001")]
    if here is not None:
        waiting.append((here.member.display_name, here.member.phone))
    for name, phone in waiting:
        said = SignUpDraft(
            name=name,
            phone=phone,
            skills=frozenset({Skill.READING.value, Skill.COMPANY.value}),
            times=times_read("周六 周日"),
        )
        sign_up_take(link=link, draft=said, address="", now=play.now)
