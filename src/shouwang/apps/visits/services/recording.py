"""Somebody went there: written down once, with what follows from it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from shouwang.apps.care.selectors import need_kinds
from shouwang.apps.care.services import NeedDraft, need_open
from shouwang.apps.care.words import kind_words_of
from shouwang.apps.communities.models import Community, Member
from shouwang.apps.communities.selectors import DESK_ROLES, has_role
from shouwang.apps.residents.models import Home, RiskLevel
from shouwang.apps.visits.models import (
    Held,
    PlannedVisit,
    RiskSuggestion,
    Visit,
    VisitForm,
    VisitNeed,
)
from shouwang.apps.visits.selectors.form import form_version, questions_of
from shouwang.apps.visits.selectors.planning import (
    consents_withdrawn,
    planned_for,
    planned_there,
)
from shouwang.apps.visits.words import outcome_words, problem_words
from shouwang.apps.watch.services import SightingIn, sightings_record
from shouwang.common.clock import local_day
from shouwang.common.errors import ConflictError, NotFoundError, RefusedError
from shouwang.common.text import prose
from shouwang.domain.facts import Source as SightingSource
from shouwang.domain.needs import NeedKind, Source, Urgency
from shouwang.domain.signals import CONTACT
from shouwang.domain.visits import Answer, VisitOutcome, form_problems

# A corrected time may run ahead of ours by the error of measuring the offset.
AHEAD_ALLOWED = timedelta(minutes=2)
NEEDS_MOST = 10
# What the watch sees of it: who says "not now" is there and has answered.
_SEEN = {
    VisitOutcome.SPOKE: "spoke",
    VisitOutcome.NOT_NOW: "bell_answered",
    VisitOutcome.NOBODY_OPENED: "no_answer",
}


@dataclass(frozen=True, kw_only=True)
class NeedSaid:
    """A need raised at a visit; ``key`` is made where it was written down."""

    key: UUID
    kind: str
    urgency: str
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class VisitIn:
    """A visit as it reaches us; ``form`` is the version filled in, 0 without own questions.

    ``visited_at`` is what the recorder's clock said and ``clock_offset`` how far that
    ran ahead of ours. ``risk`` suggests another risk level; empty suggests none.
    """

    id: UUID
    home_id: int
    outcome: str
    visited_at: datetime
    clock_offset: timedelta | None = None
    form: int = 0
    answers: Mapping[str, Answer] = field(default_factory=dict)
    needs: Sequence[NeedSaid] = ()
    risk: str = ""
    risk_words: str = ""
    note: str = ""

    @property
    def corrected_at(self) -> datetime:
        """Return when it was by our clock."""
        return self.visited_at - (self.clock_offset or timedelta(0))

    @property
    def digest(self) -> str:
        """Return what tells the same id with other content apart (SHA-256, hex)."""
        content = [
            self.home_id,
            self.outcome,
            self.visited_at.timestamp(),
            self.form,
            sorted((code, row.value, row.words) for code, row in self.answers.items()),
            [(str(row.key), row.kind, row.urgency, row.words) for row in self.needs],
            self.risk,
            self.note,
        ]
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()


@transaction.atomic
def visit_record(
    *,
    community: Community,
    visit: VisitIn,
    by: Member,
    typed_by: Member | None = None,
    now: datetime,
) -> tuple[Visit, bool]:
    """Write a visit down with the needs found there; return it, and whether it is new.

    The same ``id`` again changes nothing. The form is read in the version it was filled
    in on, however old. What came for a home that withdrew its consent, is no longer
    kept, or never was ``by``'s to visit is kept and held for a person to judge.

    Raises
    ------
    NotFoundError
        ``unknown_home``.
    ConflictError
        ``id_used``: the id belongs to another visit.
    RefusedError
        ``form_not_right`` with all fields, ``unknown_form``, ``unknown_outcome``,
        ``visited_in_the_future``, ``unknown_risk`` or ``needs_too_many``.
    """
    home = _home(community, visit.home_id)
    had = _had(community, visit)
    if had is not None:
        return had, False
    form = _form(community, visit)
    _require_sound(visit, form, now=now)
    planned = _planned(home, visit, by)
    held = _held(home, by, typed_by, planned)
    row, is_new = Visit.objects.of(community).get_or_create(
        pk=visit.id,
        defaults={
            "community": community,
            "home": home,
            "planned": planned,
            "outcome": visit.outcome,
            "visited_at": min(visit.corrected_at, now),
            "claimed_at": visit.visited_at,
            "received_at": now,
            "by": by,
            "typed_by": typed_by,
            "form": form,
            "answers": _answers(visit),
            "needs_said": [_said(need) for need in visit.needs],
            "note": prose(visit.note),
            "held": held,
            "digest": visit.digest,
        },
    )
    if is_new:
        _suggest(row, visit)
        if not held:
            visit_take_effect(visit=row, now=now)
    return row, is_new


def _home(community: Community, home_id: int) -> Home:
    # Taken first, as the watch takes it: two visits of one home wait, and never for
    # each other.
    home = (
        Home.objects.of(community)
        .select_related("community")
        .select_for_update(of=("self",))
        .filter(pk=home_id)
        .first()
    )
    if home is None:
        raise NotFoundError("unknown_home", _("There is no such home here."))
    return home


def _had(community: Community, visit: VisitIn) -> Visit | None:
    row = Visit.objects.across("an id is used once").filter(pk=visit.id).first()
    if row is None:
        return None
    if row.community_id != community.pk or row.digest != visit.digest:
        words = _("This id was used before, for something else.")
        raise ConflictError("id_used", words)
    return row


def _form(community: Community, visit: VisitIn) -> VisitForm | None:
    if visit.form == 0:
        return None
    form = form_version(community, visit.form)
    if form is None:
        words = _("This version of the form is not known here.")
        raise RefusedError("unknown_form", words)
    return form


def _require_sound(visit: VisitIn, form: VisitForm | None, *, now: datetime) -> None:
    if visit.outcome not in set(VisitOutcome):
        raise RefusedError("unknown_outcome", _("Say what became of the visit."))
    if visit.corrected_at > now + AHEAD_ALLOWED:
        words = _("This was in the future. Please set the clock of the device.")
        raise RefusedError(
            "visited_in_the_future", words, fields={"visited_at": [words]}
        )
    if visit.risk and visit.risk not in RiskLevel.values:
        raise RefusedError("unknown_risk", _("This level of risk is not known."))
    if len(visit.needs) > NEEDS_MOST:
        raise RefusedError("needs_too_many", _("More than ten needs at one visit."))
    if visit.outcome == VisitOutcome.SPOKE:
        _require_answers(visit, form)


def _require_answers(visit: VisitIn, form: VisitForm | None) -> None:
    problems = form_problems(questions_of(form), visit.answers)
    if problems:
        fields = {code: [problem_words()[why]] for code, why in problems.items()}
        words = _("Some answers are missing or not right.")
        raise RefusedError("form_not_right", words, fields=fields)


def _planned(home: Home, visit: VisitIn, by: Member) -> PlannedVisit | None:
    on = local_day(visit.corrected_at, home.community.zone)
    return planned_for(home=home, member=by, on=on) or planned_there(home=home, on=on)


def _held(
    home: Home, by: Member, typed_by: Member | None, planned: PlannedVisit | None
) -> str:
    if home.archived_at is not None:
        return Held.ARCHIVED.value
    if consents_withdrawn(home.community_id, [home.pk]):
        return Held.CONSENT.value
    was_theirs = planned is not None and planned.member_id == by.pk
    if was_theirs or typed_by is not None or has_role(by, DESK_ROLES):
        return ""
    return Held.NOT_THEIRS.value


def _answers(visit: VisitIn) -> dict[str, dict[str, str]]:
    return {
        code: {"value": prose(row.value), "words": prose(row.words)}
        for code, row in visit.answers.items()
        if row.value.strip() or row.words.strip()
    }


def _said(need: NeedSaid) -> dict[str, str]:
    return {
        "key": str(need.key),
        "kind": need.kind,
        "urgency": need.urgency,
        "words": prose(need.words),
    }


def _suggest(row: Visit, visit: VisitIn) -> None:
    """Keep what the visitor thinks of the risk; it changes nothing by itself."""
    if not visit.risk or visit.risk == row.home.risk:
        return
    RiskSuggestion.objects.of(row.community_id).create(
        community_id=row.community_id,
        visit=row,
        home=row.home,
        risk=visit.risk,
        words=prose(visit.risk_words)[:200],
    )


def visit_take_effect(*, visit: Visit, now: datetime) -> None:
    """Tell the watch who was seen, and open the needs that were said at a visit."""
    item = SightingIn(
        id=visit.pk,
        home_id=visit.home_id,
        signal=CONTACT,
        state=_SEEN[VisitOutcome(visit.outcome)],
        how="in_person",
        source=SightingSource.CONTACT.value,
        seen_at=visit.visited_at,
        note=outcome_words()[visit.outcome],
    )
    sightings_record(
        community=visit.community,
        items=[item],
        by=visit.by,
        typed_by=visit.typed_by,
        now=now,
    )
    for said in visit.needs_said:
        _open_need(visit, said, now)


def _open_need(visit: Visit, said: Mapping[str, str], now: datetime) -> None:
    kind, words = said["kind"], said["words"]
    if kind not in need_kinds(visit.community_id):
        # A phone may carry a kind that has ended: its name is kept in the words.
        name = kind_words_of(visit.community_id).get(kind, kind)
        kind, words = NeedKind.OTHER.value, f"{name} {words}".strip()
    is_known = said["urgency"] in set(Urgency)
    draft = NeedDraft(
        kind=kind,
        urgency=said["urgency"] if is_known else Urgency.EVERYDAY.value,
        source=Source.VISIT.value,
        words=words,
    )
    need = need_open(
        home=visit.home, draft=draft, by=visit.by, now=now, key=UUID(said["key"])
    )
    rows = VisitNeed.objects.of(visit.community_id)
    rows.get_or_create(
        need=need, defaults={"community_id": visit.community_id, "visit": visit}
    )
