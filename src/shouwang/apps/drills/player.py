"""Plays a written day through the real services, on a clock that jumps."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db.models import Min
from django.utils import translation
from django.utils.module_loading import import_string

from shouwang.apps.alerts.models import (
    Alert,
    EscalationPolicy,
)
from shouwang.apps.alerts.services import (
    ClosingIn,
    alert_acknowledge,
    alert_close,
    alert_commit,
    alert_decline,
    alert_mute,
)
from shouwang.apps.communities.models import Community, Member, MemberRole
from shouwang.apps.drills.plans import Drill, Event
from shouwang.apps.drills.printing import Line, final_line, lines_of, told
from shouwang.apps.drills.reading import MEMBER_ROLES, read_drill
from shouwang.apps.duty.services import TurnDraft, turn_add
from shouwang.apps.outbox.models import MessageState, OutboxMessage
from shouwang.apps.outbox.sending import outbox_send_due
from shouwang.apps.residents.models import (
    Absence,
    AbsenceReason,
    Building,
    ContactPerson,
    Home,
    SignalKindRow,
)
from shouwang.apps.residents.services import (
    AbsenceDraft,
    AgreementDraft,
    ConsentDraft,
    agreement_start,
    consent_record,
)
from shouwang.apps.rounds.models import Round, RoundHome, RoundWalker
from shouwang.apps.watch.models import Check
from shouwang.apps.watch.services import (
    ContactIn,
    SightingIn,
    absence_declare,
    contact_record,
    sightings_record,
)
from shouwang.common.clock import local_day, set_to
from shouwang.common.errors import ShouwangError
from shouwang.domain.alerts import ROUND_HOLDS_BACK, AlertKind
from shouwang.domain.ladder import AlertState
from shouwang.notify.channels import RECORDING

# Ids in a file are words; in the database they are UUIDs, the same at every playing.
_IDS = uuid.UUID("0192f000-0000-7000-8000-000000000000")
COMMIT_MINUTES = 30.0


def tables_make() -> None:
    """Make the tables of a database that is to be forgotten after one drill."""
    call_command("migrate", run_syncdb=True, verbosity=0, interactive=False)


def play(path: Path, *, as_json: bool, language: str) -> Iterator[str]:
    """Play a drill file in the current database, empty so far; yield what happened.

    Raises
    ------
    DrillFileError
        When the file cannot be played; then nothing was.
    """
    drill = read_drill(path)
    with translation.override(language):
        player = Player(drill=drill)
        player.run()
        lines = sorted(player.lines(), key=lambda line: line["at"])
        for line in [*lines, player.final()]:
            yield told(line, as_json=as_json, zone=drill.zone)


@dataclass(kw_only=True)
class Player:
    """One playing of one drill, in the current database."""

    drill: Drill
    members: dict[str, Member] = field(default_factory=dict)
    homes: dict[str, Home] = field(default_factory=dict)
    refused: list[Line] = field(default_factory=list)
    sent: list[Line] = field(default_factory=list)

    def run(self) -> None:
        """Fill the community and play every instant at which something happens."""
        RECORDING.clear()
        self._fill(self.drill.start)
        waiting = list(self.drill.events)
        now: datetime | None = self.drill.start
        while now is not None and now <= self.drill.until:
            with set_to(now):
                while waiting and waiting[0].at <= now:
                    self._event(waiting.pop(0), now)
                self._passes(now)
            now = self._next(now, waiting)
        with set_to(self.drill.until):
            self._passes(self.drill.until)

    def lines(self) -> list[Line]:
        """Return everything that happened."""
        return [*lines_of(self.community), *self.sent, *self.refused]

    def final(self) -> Line:
        """Return where everything stands at the end."""
        return final_line(self.community, now=self.drill.until)

    # --- the clock ---------------------------------------------------------------

    def _passes(self, now: datetime) -> None:
        before = self._messages()
        for path in (*settings.RUNNER_PASSES, *settings.SENDER_PASSES):
            import_string(path)(now=now)
        outbox_send_due(now=now)
        for key, state in self._messages().items():
            if state != MessageState.QUEUED and before.get(key) != state:
                self.sent.append(self._message_line(key, state, now))

    def _messages(self) -> dict[int, str]:
        rows = OutboxMessage.objects.of(self.community)
        return dict(rows.values_list("pk", "state"))

    def _message_line(self, key: int, state: str, now: datetime) -> Line:
        row = OutboxMessage.objects.of(self.community).get(pk=key)
        home = row.home
        walked = getattr(row.subject, "round", None)
        line: Line = {
            "at": now,
            "kind": "message",
            "to": str(row.to_member or row.to_contact),
            "about": row.about,
            "home": home.shown_name if home else None,
        }
        if walked:
            line["round"] = walked.name
        return {**line, "channel": row.channel, "state": state}

    def _next(self, now: datetime, waiting: list[Event]) -> datetime | None:
        c = self.community
        held = (
            Alert.objects.of(c)
            .filter(kind=AlertKind.ROUND_MISSED.value, released_at__isnull=True)
            .aggregate(at=Min("opened_at"))["at"]
        )
        midnight = (now + timedelta(hours=6)).replace(minute=0, second=0, microsecond=0)
        due: list[datetime | None] = [
            Check.objects.of(c).aggregate(at=Min("next_at"))["at"],
            Alert.objects.of(c).aggregate(at=Min("next_at"))["at"],
            OutboxMessage.objects.of(c).aggregate(at=Min("next_at"))["at"],
            Absence.objects.of(c)
            .filter(asked_at__isnull=True, withdrawn_at__isnull=True)
            .aggregate(at=Min("ask_at"))["at"],
            held + ROUND_HOLDS_BACK if held else None,
            waiting[0].at if waiting else None,
            midnight,
        ]
        return min(at for at in due if at is not None and at > now)

    # --- the community -----------------------------------------------------------

    def _fill(self, now: datetime) -> None:
        self.community = Community.objects.create(
            name="drill", time_zone=str(self.drill.zone), created_at=now
        )
        c = self.community
        for kind in self.drill.signals:
            states = [
                {"state": state, "meaning": meaning.value, "name": state}
                for state, meaning in kind.states.items()
            ]
            SignalKindRow.objects.of(c).create(
                community=c, kind=kind.kind, name=kind.kind, states=states
            )
        for plan in self.drill.homes:
            self._home(plan.id, plan.address, plan.risk)
        self._people(now)
        for plan in self.drill.homes:
            self._agreements(plan.id, now)
        self._rounds()
        self._policies()
        self._duty(now)

    def _home(self, name: str, address: str, risk: str) -> None:
        c = self.community
        building, _ = Building.objects.of(c).get_or_create(
            community=c, label=address.split("-")[0]
        )
        self.homes[name] = Home.objects.of(c).create(
            community=c, building=building, address=address, risk=risk, shown_name=name
        )

    def _people(self, now: datetime) -> None:
        c = self.community
        for person in self.drill.people:
            member = Member.objects.of(c).create(
                community=c, display_name=person.id, joined_at=now
            )
            self.members[person.id] = member
            if person.of:
                ContactPerson.objects.of(c).create(
                    community=c,
                    home=self.homes[person.of],
                    name=person.id,
                    is_family=person.role == "family",
                    is_keyholder=person.role == "keyholder" or person.has_key,
                )
            roles = {person.role, *person.also}.intersection(MEMBER_ROLES)
            for role in sorted(roles):
                MemberRole.objects.of(c).create(community=c, member=member, role=role)

    def _agreements(self, name: str, now: datetime) -> None:
        plan = next(row for row in self.drill.homes if row.id == name)
        home = self.homes[name]
        if not plan.agreements:
            return
        today = local_day(now, self.drill.zone)
        consent = consent_record(
            home=home,
            draft=ConsentDraft(agreed_by=name, agreed_on=today, paper="drill"),
            by=None,
            now=now,
        )
        for agreement in plan.agreements:
            draft = AgreementDraft(
                signal=agreement.signal,
                require_change=agreement.require_change,
                expectations=agreement.expectations,
                valid_from=today,
            )
            agreement_start(home=home, consent=consent, draft=draft, by=None, now=now)

    def _rounds(self) -> None:
        c = self.community
        for plan in self.drill.rounds:
            walk = Round.objects.of(c).create(community=c, name=plan.id, at=plan.at)
            for place, name in enumerate(plan.walkers):
                RoundWalker.objects.of(c).create(
                    community=c, round=walk, member=self.members[name], position=place
                )
            for place, name in enumerate(plan.homes):
                RoundHome.objects.of(c).create(
                    community=c, round=walk, home=self.homes[name], position=place
                )

    def _policies(self) -> None:
        c = self.community
        for place, plan in enumerate(self.drill.policies):
            steps = [
                {
                    "tell": [self._told(name) for name in step.tell],
                    "ask": step.ask,
                    "wait": step.wait,
                }
                for step in plan.steps
            ]
            EscalationPolicy.objects.of(c).create(
                community=c,
                name=f"policy {place + 1}",
                kinds=list(plan.kinds),
                risks=list(plan.risks),
                hours_from=plan.hours[0] if plan.hours else None,
                hours_to=plan.hours[1] if plan.hours else None,
                steps=steps,
                position=place,
            )

    def _duty(self, now: datetime) -> None:
        # A turn that runs over midnight into the first hours began the day before.
        first = local_day(now, self.drill.zone) - timedelta(days=1)
        for plan in self.drill.duty:
            draft = TurnDraft(
                member_id=self.members[plan.person].pk,
                days=plan.days,
                begins=plan.hours[0],
                ends=plan.hours[1],
                valid_from=first,
            )
            turn_add(community=self.community, draft=draft)

    def _told(self, name: str) -> str:
        member = self.members.get(name)
        return f"member:{member.pk}" if member else name

    # --- events ------------------------------------------------------------------

    def _event(self, event: Event, now: datetime) -> None:
        play_one = {
            "sighting": self._sighting,
            "contact": self._contact,
            "alert": self._alert,
            "absence": self._absence,
            "channel": self._channel,
        }[event.kind]
        try:
            why = play_one(event, now)
        except ShouwangError as error:
            why = str(error)
        if why:
            self.refused.append(
                {"at": now, "kind": "refused", "event": event.number, "why": why}
            )

    def _sighting(self, event: Event, now: datetime) -> str:
        values = event.values
        confidence = values["confidence"]
        item = SightingIn(
            id=uuid.uuid5(_IDS, values["id"]),
            home_id=self.homes[values["home"]].pk,
            signal=values["signal"],
            state=values["state"],
            could_not_see=values["could_not_see"],
            source=values["source"],
            note=values["note"],
            confidence=float(confidence) if confidence else None,
            seen_at=event.from_at or now,
            replaces=(
                uuid.uuid5(_IDS, values["replaces"]) if values["replaces"] else None
            ),
        )
        by = self.members.get(values["by"])
        answer = sightings_record(
            community=self.community, items=[item], by=by, now=now
        )[0]
        return answer.message

    def _contact(self, event: Event, now: datetime) -> str:
        values = event.values
        contact = ContactIn(
            how=values["how"],
            result=values["result"],
            seen_at=event.from_at or now,
            note=values["note"],
        )
        home = self._fresh(values["home"])
        by = self.members.get(values["by"])
        return contact_record(home=home, contact=contact, by=by, now=now).message

    def _absence(self, event: Event, now: datetime) -> str:
        values = event.values
        known = values["reason"] in AbsenceReason.values
        draft = AbsenceDraft(
            from_at=event.from_at or now,
            until_at=event.until_at,
            reason=values["reason"] if known else AbsenceReason.OTHER.value,
            said_by=values["by"],
            note="" if known else values["reason"],
        )
        by = self.members.get(values["by"])
        absence_declare(home=self._fresh(values["home"]), draft=draft, by=by, now=now)
        return ""

    def _channel(self, event: Event, _now: datetime) -> str:
        RECORDING.fail(event.values["fails"] == "True")
        return ""

    def _fresh(self, name: str) -> Home:
        rows = Home.objects.of(self.community).select_related("community")
        return rows.get(pk=self.homes[name].pk)

    def _open_alert(self, event: Event) -> Alert | None:
        rows = Alert.objects.of(self.community).exclude(state=AlertState.CLOSED.value)
        if event.values["home"]:
            return rows.filter(home=self.homes[event.values["home"]]).first()
        return rows.filter(round__name=event.values["round"]).first()

    def _alert(self, event: Event, now: datetime) -> str:
        values = event.values
        alert = self._open_alert(event)
        if alert is None:
            return translation.gettext("There is no open alert here.")
        by = self.members[values["by"]]
        minutes = float(values["minutes"] or COMMIT_MINUTES)
        until = now + timedelta(minutes=minutes)
        match values["do"]:
            case "acknowledge":
                alert_acknowledge(alert=alert, by=by, now=now)
            case "commit":
                alert_commit(alert=alert, by=by, until=until, now=now)
            case "cannot":
                alert_decline(alert=alert, by=by, now=now)
            case "mute":
                end = until if values["minutes"] else now
                reason = values["reason"]
                alert_mute(alert=alert, by=by, until=end, reason=reason, now=now)
            case _:
                closing = ClosingIn(
                    outcome=values["outcome"],
                    verified=values["verified"],
                    override=values["override"] or values["reason"],
                )
                alert_close(alert=alert, closing=closing, by=by, now=now)
        return ""
