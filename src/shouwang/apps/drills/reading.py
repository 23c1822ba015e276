"""A drill file becomes a plan, or a list of everything wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml
from django.utils import translation

from shouwang.apps.drills.nodes import Item, Problems
from shouwang.apps.drills.plans import (
    AgreementPlan,
    Drill,
    DutyPlan,
    Event,
    HomePlan,
    PersonPlan,
    PolicyPlan,
    RoundPlan,
    StepPlan,
)
from shouwang.apps.residents.words import terms_problem_words
from shouwang.domain.alerts import AlertKind
from shouwang.domain.facts import CouldNotSee, Source
from shouwang.domain.ladder import Ask, Risk
from shouwang.domain.schedule import Expectation, Terms, instant, terms_problems
from shouwang.domain.signals import BUILT_IN, Meaning, Nature, SignalKind

MEMBER_ROLES = ("coordinator", "duty_officer", "walker", "volunteer", "supervisor")
CONTACT_ROLES = ("family", "keyholder")
ROLES = (*MEMBER_ROLES, *CONTACT_ROLES)
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
TOLD = (*ROLES, "walker_of_round")
HOW = ("phone", "in_person", "bell", "chat")
DO = ("acknowledge", "commit", "cannot", "close", "mute")
# Ways in which people write a board that is not there.
STATE_ALIASES = {"none": "nothing_hung", "nothing": "nothing_hung"}
START = datetime(2026, 3, 2, tzinfo=UTC)
KINDS = [kind.value for kind in AlertKind]
EVENT_KINDS = ("sighting", "contact", "alert", "absence", "channel")


class DrillFileError(Exception):
    """The file cannot be played; ``problems`` names every line."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def read_drill(path: Path) -> Drill:
    """Read a drill file; raises ``DrillFileError`` with every problem in it."""
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except OSError as error:
        raise DrillFileError([f"{path}: {error.strerror}"]) from error
    except UnicodeDecodeError as error:
        raise DrillFileError([f"{path}: not a UTF-8 text file"]) from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        words = getattr(error, "problem", None) or str(error)
        raise DrillFileError([f"line {line}: not YAML: {words}"]) from error
    problems = Problems()
    drill = _Reader(root=Item(node=node, line=1, problems=problems)).drill()
    if problems.found:
        raise DrillFileError(problems.lines())
    return drill


@dataclass(kw_only=True)
class _Reader:
    root: Item
    zone: ZoneInfo = field(default=ZoneInfo("Asia/Shanghai"))
    kinds: dict[str, SignalKind] = field(default_factory=lambda: dict(BUILT_IN))
    people: dict[str, PersonPlan] = field(default_factory=dict)
    homes: dict[str, HomePlan] = field(default_factory=dict)
    start: datetime = START
    last_at: datetime = START

    def drill(self) -> Drill:
        keys = self.root.mapping(
            ("timezone", "start", "until", "people", "homes", "signals", "rounds",
             "policies", "duty", "events"),
            needed=("start", "until", "homes"),
        )  # fmt: skip
        self.zone = keys["timezone"].parsed(
            ZoneInfo, self.zone, "a time zone such as Asia/Shanghai"
        )
        self.start = self.last_at = self._moment(keys["start"], START)
        until = self._moment(keys["until"], self.start)
        if until < self.start:
            keys["until"].refuse("'until' lies before 'start'")
        signals = tuple(self._signal(row) for row in keys["signals"].items())
        for row in keys["homes"].items():
            self._home(row)
        for row in keys["people"].items():
            self._person(row)
        return Drill(
            zone=self.zone,
            start=self.start,
            until=until,
            signals=signals,
            people=tuple(self.people.values()),
            homes=tuple(self.homes.values()),
            rounds=tuple(self._round(row) for row in keys["rounds"].items()),
            policies=tuple(self._policy(row) for row in keys["policies"].items()),
            duty=tuple(self._duty(row) for row in keys["duty"].items()),
            events=tuple(
                self._event(number, row)
                for number, row in enumerate(keys["events"].items(), start=1)
            ),
        )

    # --- times -------------------------------------------------------------------

    def _moment(self, item: Item, default: datetime) -> datetime:
        moment = item.parsed(
            datetime.fromisoformat, None, "a time such as 2026-03-02T07:40:00"
        )
        if moment is None:
            return default
        if moment.tzinfo is None:
            return instant(moment.date(), moment.time(), self.zone)
        return moment.astimezone(UTC)

    def _edge(self, item: Item, *, is_end: bool) -> datetime | None:
        """Return the edge of an absence: a day is meant whole, both ends inside."""
        text = item.text()
        if "T" in text or " " in text or not item.is_given:
            return self._moment(item, self.start) if item.is_given else None
        day = item.parsed(date.fromisoformat, None, "a date such as 2026-03-05")
        if day is None:
            return None
        return instant(day + timedelta(days=is_end), time(0), self.zone)

    # --- who and what ------------------------------------------------------------

    def _signal(self, item: Item) -> SignalKind:
        keys = item.mapping(("kind", "states"), needed=("kind", "states"))
        words = {meaning.value for meaning in Meaning}
        kind = SignalKind(
            kind=keys["kind"].text(),
            nature=Nature.STANDING,
            states={
                state: Meaning(value.one_of(words) or Meaning.NEUTRAL)
                for state, value in keys["states"].pairs()
                if value.text() in words or value.one_of(words) is None
            },
        )
        if kind.kind in self.kinds:
            keys["kind"].refuse(f"the kind '{kind.kind}' is there already")
        self.kinds[kind.kind] = kind
        return kind

    def _person(self, item: Item) -> None:
        keys = item.mapping(("id", "role", "of", "also", "key"), needed=("id", "role"))
        person = PersonPlan(
            id=keys["id"].text(),
            role=keys["role"].one_of(ROLES),
            of=keys["of"].one_of(self.homes),
            also=tuple(row.one_of(MEMBER_ROLES) for row in keys["also"].items()),
            has_key=keys["key"].flag(default=False),
        )
        if person.id in self.people:
            keys["id"].refuse(f"the person '{person.id}' is there already")
        if person.role in CONTACT_ROLES and not person.of:
            item.refuse(f"whose {person.role} is '{person.id}'? 'of' is missing")
        self.people[person.id] = person

    def _home(self, item: Item) -> None:
        keys = item.mapping(
            ("id", "address", "risk", "agreements"), needed=("id", "address")
        )
        home = HomePlan(
            id=keys["id"].text(),
            address=keys["address"].text(),
            risk=keys["risk"].one_of([risk.value for risk in Risk], "general"),
            agreements=tuple(
                self._agreement(row) for row in keys["agreements"].items()
            ),
        )
        if home.id in self.homes:
            keys["id"].refuse(f"the home '{home.id}' is there already")
        if home.address in {row.address for row in self.homes.values()}:
            keys["address"].refuse(f"the address '{home.address}' is there already")
        self.homes[home.id] = home

    def _agreement(self, item: Item) -> AgreementPlan:
        keys = item.mapping(
            ("signal", "require_change", "expectations"),
            needed=("signal", "expectations"),
        )
        signal = keys["signal"].one_of(self.kinds)
        rows = keys["expectations"].items()
        plan = AgreementPlan(
            signal=signal,
            require_change=keys["require_change"].flag(default=False),
            expectations=tuple(self._expectation(row, signal) for row in rows),
        )
        terms = Terms(
            signal=signal, expectations=plan.expectations, valid_from=START.date()
        )
        places = dict(zip((row.label for row in plan.expectations), rows, strict=True))
        for problem in terms_problems(terms):
            with translation.override("en"):
                words = terms_problem_words(problem)
            places.get(problem.values.get("label", ""), item).refuse(words)
        return plan

    def _expectation(self, item: Item, signal: str) -> Expectation:
        keys = item.mapping(
            ("label", "window", "grace", "well", "days"),
            needed=("label", "window", "well"),
        )
        opens, due = keys["window"].parsed(
            _window, (time(7), time(9)), "a window such as 07:00-09:00"
        )
        grace = keys["grace"].minutes(10.0)
        return Expectation(
            label=keys["label"].text(),
            opens=opens,
            due=due,
            grace=timedelta(minutes=grace),
            well=frozenset(self._state(row, signal) for row in keys["well"].items()),
            days=self._days(keys["days"]),
        )

    def _state(self, item: Item, signal: str) -> str:
        kind = self.kinds.get(signal)
        states = kind.states if kind else {}
        text = STATE_ALIASES.get(item.text(), item.text())
        if text in states:
            return text
        return item.one_of(states)

    def _round(self, item: Item) -> RoundPlan:
        keys = item.mapping(("id", "at", "walkers", "homes"), needed=("id", "at"))
        return RoundPlan(
            id=keys["id"].text(),
            at=keys["at"].parsed(time.fromisoformat, time(7), "a time such as 07:30"),
            walkers=tuple(row.one_of(self.people) for row in keys["walkers"].items()),
            homes=tuple(row.one_of(self.homes) for row in keys["homes"].items()),
        )

    def _policy(self, item: Item) -> PolicyPlan:
        keys = item.mapping(("for", "risks", "hours", "steps"), needed=("for", "steps"))
        risks = [risk.value for risk in Risk]
        return PolicyPlan(
            kinds=tuple(row.one_of(KINDS) for row in keys["for"].items()),
            risks=tuple(row.one_of(risks) for row in keys["risks"].items()),
            hours=keys["hours"].parsed(_hours, None, "hours such as 21:00-07:00"),
            steps=tuple(self._step(row) for row in keys["steps"].items()),
        )

    def _duty(self, item: Item) -> DutyPlan:
        keys = item.mapping(("person", "hours", "days"), needed=("person", "hours"))
        person = keys["person"].one_of(self.people)
        roles = self.people.get(person)
        if roles and "duty_officer" not in (roles.role, *roles.also):
            keys["person"].refuse(f"'{person}' is no duty_officer")
        whole_day = (time(0), time(0))
        return DutyPlan(
            person=person,
            hours=keys["hours"].parsed(_window, whole_day, "hours such as 20:00-08:00"),
            days=self._days(keys["days"]),
        )

    def _days(self, item: Item) -> frozenset[int]:
        days = [row.one_of(DAYS) for row in item.items()] or DAYS
        return frozenset(DAYS.index(day) for day in days if day in DAYS)

    def _step(self, item: Item) -> StepPlan:
        keys = item.mapping(("tell", "ask", "wait"), needed=("tell", "ask", "wait"))
        return StepPlan(
            tell=tuple(
                row.one_of((*TOLD, *self.people)) for row in keys["tell"].items()
            ),
            ask=keys["ask"].one_of([ask.value for ask in Ask]),
            wait=keys["wait"].minutes(10.0),
        )

    # --- events ------------------------------------------------------------------

    def _event(self, number: int, item: Item) -> Event:
        keys = item.mapping(("at", *EVENT_KINDS), needed=("at",))
        at = self._moment(keys["at"], self.last_at)
        if at < self.last_at:
            keys["at"].refuse("time goes backwards here; events stand in time order")
        self.last_at = max(at, self.last_at)
        given = [kind for kind in EVENT_KINDS if keys[kind].is_given]
        if len(given) != 1:
            item.refuse("expected one of: " + ", ".join(EVENT_KINDS))
            return Event(number=number, at=at, kind="", values={})
        kind = given[0]
        read = {
            "sighting": self._sighting,
            "contact": self._contact,
            "alert": self._alert,
            "absence": self._absence,
            "channel": self._channel,
        }[kind]
        return read(number, at, keys[kind])

    def _sighting(self, number: int, at: datetime, item: Item) -> Event:
        keys = item.mapping(
            ("home", "signal", "state", "could_not_see", "by", "seen_at", "id",
             "replaces", "source", "confidence", "note"),
            needed=("home", "signal"),
        )  # fmt: skip
        signal = keys["signal"].one_of(self.kinds)
        if keys["state"].is_given == keys["could_not_see"].is_given:
            item.refuse("expected either 'state' or 'could_not_see'")
        values = {
            "home": keys["home"].one_of(self.homes),
            "signal": signal,
            "state": self._state(keys["state"], signal),
            "could_not_see": keys["could_not_see"].one_of(list(CouldNotSee)),
            "by": keys["by"].one_of(self.people),
            "source": keys["source"].one_of(list(Source), "look"),
            "id": keys["id"].text(f"event-{number}"),
            "replaces": keys["replaces"].text(),
            "note": keys["note"].text(),
            "confidence": keys["confidence"].text(),
        }
        keys["confidence"].parsed(float, 0.0, "a number from 0 to 1")
        seen_at = self._moment(keys["seen_at"], at)
        return Event(
            number=number, at=at, kind="sighting", values=values, from_at=seen_at
        )

    def _contact(self, number: int, at: datetime, item: Item) -> Event:
        keys = item.mapping(
            ("home", "how", "result", "by", "seen_at", "note"),
            needed=("home", "how", "result"),
        )
        values = {
            "home": keys["home"].one_of(self.homes),
            "how": keys["how"].one_of(HOW),
            "result": keys["result"].one_of(BUILT_IN["contact"].states),
            "by": keys["by"].one_of(self.people),
            "note": keys["note"].text(),
        }
        seen_at = self._moment(keys["seen_at"], at)
        return Event(
            number=number, at=at, kind="contact", values=values, from_at=seen_at
        )

    def _alert(self, number: int, at: datetime, item: Item) -> Event:
        keys = item.mapping(
            ("home", "round", "do", "by", "minutes", "outcome", "verified", "reason",
             "override"),
            needed=("do", "by"),
        )  # fmt: skip
        keys["minutes"].minutes(0.0)
        values = {
            "home": keys["home"].one_of(self.homes),
            "do": keys["do"].one_of(DO),
            "by": keys["by"].one_of(self.people),
        }
        for name in ("round", "minutes", "outcome", "verified", "reason", "override"):
            values[name] = keys[name].text()
        return Event(number=number, at=at, kind="alert", values=values)

    def _absence(self, number: int, at: datetime, item: Item) -> Event:
        keys = item.mapping(
            ("home", "from", "to", "reason", "by"), needed=("home", "from")
        )
        values = {
            "home": keys["home"].one_of(self.homes),
            "reason": keys["reason"].text("other"),
            "by": keys["by"].one_of(self.people),
        }
        return Event(
            number=number,
            at=at,
            kind="absence",
            values=values,
            from_at=self._edge(keys["from"], is_end=False),
            until_at=self._edge(keys["to"], is_end=True),
        )

    def _channel(self, number: int, at: datetime, item: Item) -> Event:
        keys = item.mapping(("name", "fails"), needed=("fails",))
        fails = keys["fails"].flag(default=True)
        return Event(number=number, at=at, kind="channel", values={"fails": str(fails)})


def _window(text: str) -> tuple[time, time]:
    begin, end = text.split("-")
    return time.fromisoformat(begin.strip()), time.fromisoformat(end.strip())


def _hours(text: str) -> tuple[time, time] | None:
    begin, end = _window(text)
    if begin == end:  # no hour at all: such a policy would never be used
        raise ValueError(text)
    return begin, end
