"""An invented community with six weeks of history, for trying everything out."""

from __future__ import annotations

import json
import secrets
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from importlib import resources
from random import Random

from django.conf import settings
from django.db import transaction
from django.utils import translation

from shouwang.apps.communities.models import Community, Member, MemberRole, Role, User
from shouwang.apps.demo.desk import desk_play
from shouwang.apps.demo.estate import before_building, estate_jpeg
from shouwang.apps.demo.gathering import activities_play
from shouwang.apps.demo.needs import needs_play
from shouwang.apps.demo.people import called, invented_name
from shouwang.apps.demo.today import today_play
from shouwang.apps.demo.visits import visits_play
from shouwang.apps.demo.volunteers import volunteers_play
from shouwang.apps.residents.models import (
    Agreement,
    Building,
    ContactPerson,
    Home,
    Resident,
)
from shouwang.apps.residents.presets import usual_windows
from shouwang.apps.residents.selectors import homes_in_order, terms_of
from shouwang.apps.residents.services import (
    AbsenceDraft,
    AgreementDraft,
    ConsentDraft,
    agreement_start,
    consent_record,
)
from shouwang.apps.rounds.services import RoundDraft, round_add
from shouwang.apps.rounds.services.standpoints import (
    StandpointDraft,
    plan_store,
    standpoint_add,
)
from shouwang.apps.watch.models import Check, Sighting
from shouwang.apps.watch.selectors import facts_of
from shouwang.apps.watch.services import (
    absence_declare,
    checks_decide_due,
    checks_make,
)
from shouwang.apps.watch.services.deciding import reasons_json
from shouwang.apps.watch.services.making import check_row
from shouwang.common.clock import local_day
from shouwang.common.errors import ConflictError
from shouwang.common.ids import uuid7
from shouwang.domain.facts import Sighting as Look
from shouwang.domain.schedule import (
    EVERY_DAY,
    Check as CheckTerms,
    checks_between,
)
from shouwang.domain.signals import BUILT_IN
from shouwang.domain.status import status_of

HOMES = 200
BUILDINGS = 12
DAYS = 42
# From an evening window to the next morning's: one that opened longer ago is history.
LIVE_FOR = timedelta(hours=13)
# Days ago, and how the alert of that day turned out.
LOGINS = (
    ("coordinator", (Role.COORDINATOR, Role.DUTY_OFFICER)),
    ("duty", (Role.DUTY_OFFICER,)),
    ("walker1", (Role.WALKER,)),
    ("walker2", (Role.WALKER,)),
    ("supervisor", (Role.SUPERVISOR,)),
)
ROUND_TIMES = (time(7, 40), time(8, 35), time(18, 50), time(19, 40))


@dataclass(kw_only=True)
class Demo:
    """What is being invented."""

    community: Community
    now: datetime
    chance: Random
    members: list[Member] = field(default_factory=list)
    homes: list[Home] = field(default_factory=list)
    mornings: list[list[int]] = field(default_factory=list)


@transaction.atomic
def demo_fill(*, now: datetime, seed: int = 1, homes: int = HOMES) -> None:
    """Fill an empty database; refused where a community is already there."""
    if Community.objects.exists():
        raise ConflictError("not_empty", "There is a community here already.")
    community = Community.objects.create(
        name="梧桐里社区", desk_phone="000-0000", created_at=now - timedelta(days=DAYS)
    )
    demo = Demo(community=community, now=now, chance=Random(seed))  # noqa: S311 -- play
    packed = resources.files("shouwang.apps.demo").joinpath("data/mornings.json")
    demo.mornings = json.loads(packed.read_text(encoding="utf-8"))
    _people(demo)
    _homes(demo, homes)
    _rounds(demo)
    desk_play(
        homes=demo.homes, people=demo.members, chance=demo.chance, now=now, days=DAYS
    )
    # The names of windows are stored: in the language of the installation.
    with translation.override(settings.LANGUAGE_CODE):
        for home in demo.homes:
            _watch(demo, home)
    checks_make(community=community, now=now)
    _absences(demo)
    needs_play(homes=demo.homes, people=demo.members, now=now)
    volunteers_play(homes=demo.homes, people=demo.members, now=now)
    visits_play(homes=demo.homes, people=demo.members, now=now)
    activities_play(homes=demo.homes, people=demo.members, now=now)
    today_play(community=community, by=demo.members[2], chance=demo.chance, now=now)
    checks_decide_due(now=now)


def demo_logins() -> list[tuple[str, str, str]]:
    """Return login, password and role words of the demo people."""
    password = _password()
    return [(name, password, ", ".join(roles)) for name, roles in LOGINS]


def _password() -> str:
    path = settings.DATA_DIR / "demo-password"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"demo-{secrets.token_hex(4)}", encoding="ascii")
    return str(path.read_text(encoding="ascii"))


def _people(demo: Demo) -> None:
    password = _password()
    for login, roles in LOGINS:
        name = invented_name(demo.chance)
        user = User(username=login, display_name=name)
        user.set_password(password)
        user.save()
        demo.members.append(_member(demo, name, roles, user))
    demo.members += [
        _member(demo, invented_name(demo.chance), (Role.WALKER,), None)
        for _ in range(6)
    ]


def _member(
    demo: Demo, name: str, roles: tuple[Role, ...], user: User | None
) -> Member:
    c = demo.community
    member = Member.objects.of(c).create(
        community=c,
        user=user,
        display_name=name,
        joined_at=c.created_at,
        # Of no network anywhere, like the phone of the desk.
        phone=f"000-01{Member.objects.of(c).count():02}",
    )
    for role in roles:
        MemberRole.objects.of(c).create(community=c, member=member, role=role)
    return member


def _homes(demo: Demo, count: int) -> None:
    c, chance = demo.community, demo.chance
    places = []
    for number in range(1, BUILDINGS + 1):
        floors = chance.choice((6, 6, 7, 11))
        units = [{"label": str(unit), "columns": 2} for unit in (1, 2, 3)]
        building = Building.objects.of(c).create(
            community=c, label=str(number), floors=floors, units=units
        )
        places += [
            (building, unit, floor, column)
            for unit in ("1", "2", "3")
            for floor in range(1, floors + 1)
            for column in (1, 2)
        ]
    for building, unit, floor, column in chance.sample(places, count):
        demo.homes.append(_home(demo, building, unit, floor=floor, column=column))


def _home(
    demo: Demo, building: Building, unit: str, *, floor: int, column: int
) -> Home:
    c, chance = demo.community, demo.chance
    name = invented_name(chance)
    home = Home.objects.of(c).create(
        community=c,
        building=building,
        unit=unit,
        floor=floor,
        column=column,
        address=f"{building.label}-{unit}-{floor}{column:02d}",
        shown_name=called(name, chance),
        risk=chance.choices(("high", "key", "general"), (1, 2, 7))[0],
        at_the_door=chance.choice(("", "", "", "耳背,敲门要重一点")),
    )
    Resident.objects.of(c).create(
        community=c, home=home, name=name, called=home.shown_name,
        birth_year=chance.randint(1934, 1958),
    )  # fmt: skip
    ContactPerson.objects.of(c).create(
        community=c, home=home, name=invented_name(chance), relation="女儿",
        is_family=True, is_keyholder=chance.random() < 0.5,
    )  # fmt: skip
    return home


def _rounds(demo: Demo) -> None:
    """Plan four rounds: two mornings, two evenings, each past every second building."""
    c = demo.community
    plan_store(community=c, content=estate_jpeg(), now=demo.now)
    by_building: defaultdict[int, list[int]] = defaultdict(list)
    for home in homes_in_order(community=c):
        by_building[int(home.building.label)].append(home.pk)
    standpoints = {
        number: standpoint_add(
            community=c,
            draft=StandpointDraft(
                name=f"{number} 号楼南",
                note="站在花坛边" if number % 3 == 0 else "",
                home_ids=homes,
                **dict(zip("xy", before_building(number), strict=True)),
            ),
        ).pk
        for number, homes in sorted(by_building.items())
    }
    walkers = [row.pk for row in demo.members[2:4] + demo.members[5:]]
    for place, at in enumerate(ROUND_TIMES):
        half = place % 2
        draft = RoundDraft(
            name=("早一", "早二", "晚一", "晚二")[place],
            at=at,
            days=EVERY_DAY,
            walker_ids=walkers[half::2],
            home_ids=(),
            standpoint_ids=[
                key for number, key in standpoints.items() if number % 2 == half
            ],
        )
        round_add(community=c, draft=draft)


def _watch(demo: Demo, home: Home) -> None:
    began_at = demo.now - timedelta(days=DAYS)
    began_on = local_day(began_at, demo.community.zone)
    consent = consent_record(
        home=home,
        draft=ConsentDraft(
            agreed_by=home.shown_name, agreed_on=began_on, paper=f"协议 {home.pk:04d}"
        ),
        by=demo.members[0],
        now=began_at,
    )
    signal = demo.chance.choices(("curtain", "board", "light"), (65, 20, 15))[0]
    agreement = agreement_start(
        home=home,
        consent=consent,
        draft=AgreementDraft(
            signal=signal,
            expectations=usual_windows(BUILT_IN[signal]),
            valid_from=began_on,
        ),
        by=demo.members[0],
        now=began_at,
    )
    checks = checks_between(
        terms_of(agreement),
        zone=demo.community.zone,
        first=began_on + timedelta(days=1),
        last=local_day(demo.now, demo.community.zone),
    )
    past = _past(checks, demo.now)
    usual = demo.chance.choice(demo.mornings)
    _write_history(
        demo, home, [look for check in past for look in _looks(demo, check, usual)]
    )
    _decide_history(demo, agreement, past)


def _past(checks: Sequence[CheckTerms], now: datetime) -> list[CheckTerms]:
    """Return the checks that began before the one that is played live."""
    begun = sorted(
        (row for row in checks if row.opens_at <= now), key=lambda row: row.opens_at
    )
    live_from = max(begun[-1].opens_at, now - LIVE_FOR) if begun else now
    return [row for row in begun if row.opens_at < live_from]


def _decide_history(
    demo: Demo, agreement: Agreement, past: Sequence[CheckTerms]
) -> None:
    began_at = agreement.made_at
    facts = facts_of(demo.community, [agreement.home_id], since=began_at)
    rows = []
    for check in past:
        row = check_row(check, agreement, made_at=check.opens_at)
        result = status_of(check, facts[agreement.home_id], now=demo.now)
        row.status, row.strength = result.status.value, result.strength or ""
        row.reasons, row.next_at = reasons_json(result), None
        row.changed_at = check.alert_at
        rows.append(row)
    Check.objects.of(demo.community).bulk_create(rows)


def _looks(demo: Demo, check: CheckTerms, usual: list[int]) -> list[Look]:
    """Return what walkers saw of one window: sometimes nobody looked."""
    chance = demo.chance
    if chance.random() < 0.02:
        return []
    at = check.opens_at + timedelta(minutes=chance.randint(50, 125))
    well = min(check.well)
    is_morning = well in {"open", "smile"}
    rose_at = check.day_starts_at + timedelta(minutes=chance.choice(usual))
    found = [
        _look(check, well if not is_morning or rose_at <= at else _other(well), at)
    ]
    if found[0].state != well:
        found.append(_look(check, well, at + timedelta(minutes=70)))
    return [row for row in found if row.seen_at < demo.now]


def _other(state: str) -> str:
    return {"open": "closed", "smile": "nothing_hung"}[state]


def _look(check: CheckTerms, state: str, at: datetime) -> Look:
    return Look(id=str(uuid7(now=at)), signal=check.signal, state=state, seen_at=at)


def _write_history(demo: Demo, home: Home, looks: list[Look]) -> None:
    walkers = demo.members[2:4] + demo.members[5:]
    Sighting.objects.of(demo.community).bulk_create(
        Sighting(
            id=look.id,
            community=demo.community,
            home=home,
            signal=look.signal,
            state=look.state or "",
            seen_at=look.seen_at,
            claimed_at=look.seen_at,
            received_at=look.seen_at,
            source=look.source.value,
            by=demo.chance.choice(walkers),
            digest="",
        )
        for look in looks
    )


def _absences(demo: Demo) -> None:
    today = local_day(demo.now, demo.community.zone)
    for home in demo.chance.sample(demo.homes, min(6, len(demo.homes) // 10)):
        draft = AbsenceDraft(
            from_at=_midnight(demo, today - timedelta(days=1)),
            until_at=_midnight(demo, today + timedelta(days=4)),
            reason="family",
            said_by="女儿",
        )
        home.community = demo.community
        absence_declare(home=home, draft=draft, by=demo.members[0], now=demo.now)


def _midnight(demo: Demo, on: date) -> datetime:
    return datetime.combine(on, time(0), tzinfo=demo.community.zone)
