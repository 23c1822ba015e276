"""What the residents tell of a home's story: agreed, consented, away, at risk, gone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _, pgettext

from shouwang.apps.privacy.models import Leaving, LeavingMove
from shouwang.apps.privacy.words import did_words, why_words
from shouwang.apps.residents.models import (
    Absence,
    Agreement,
    Consent,
    Home,
    KnownRisk,
)
from shouwang.apps.residents.words import (
    absence_words,
    known_risk_words,
    risk_words,
    signal_words_of,
)
from shouwang.domain.story import Entry, StoryKind


def residents_tell(*, home: Home, begin: datetime, end: datetime) -> Iterator[Entry]:
    """Yield what happened to a home from ``begin`` (inside) to ``end`` (outside)."""
    yield from _agreements(home, begin, end)
    yield from _consents(home, begin, end)
    yield from _absences(home, begin, end)
    yield from _risks(home, begin, end)
    yield from _levels(home, begin, end)
    yield from _leavings(home, begin, end)


def _agreements(home: Home, begin: datetime, end: datetime) -> Iterator[Entry]:
    rows = Agreement.objects.of(home.community_id).filter(
        Q(made_at__gte=begin, made_at__lt=end)
        | Q(ended_at__gte=begin, ended_at__lt=end),
        home=home,
    )
    names = signal_words_of(home.community_id)
    running = set(rows.values_list("series", "version"))
    for row in rows.select_related("made_by"):
        signal = names.get(row.signal, row.signal)
        if begin <= row.made_at < end:
            words = (
                _("Agreed: %(signal)s")
                if row.version == 1
                else _("Changed: %(signal)s")
            )
            yield Entry(
                key=f"agreement:{row.pk}",
                kind=StoryKind.AGREEMENT,
                at=row.made_at,
                title=words % {"signal": signal},
                by=str(row.made_by or ""),
            )
        is_followed = (row.series, row.version + 1) in running
        if row.ended_at and begin <= row.ended_at < end and not is_followed:
            yield Entry(
                key=f"agreement:{row.pk}:ended",
                kind=StoryKind.AGREEMENT,
                at=row.ended_at,
                title=_("No longer agreed: %(signal)s") % {"signal": signal},
                detail=row.ended_reason,
            )


def _consents(home: Home, begin: datetime, end: datetime) -> Iterator[Entry]:
    rows = Consent.objects.of(home.community_id).filter(home=home)
    for row in rows.select_related("recorded_by"):
        if begin <= row.recorded_at < end:
            yield Entry(
                key=f"consent:{row.pk}",
                kind=StoryKind.CONSENT,
                at=row.recorded_at,
                title=_("Consent written down"),
                detail=_joined(row.agreed_by, row.paper),
                by=str(row.recorded_by or ""),
            )
        if row.withdrawn_at and begin <= row.withdrawn_at < end:
            yield Entry(
                key=f"consent:{row.pk}:withdrawn",
                kind=StoryKind.CONSENT,
                at=row.withdrawn_at,
                title=_("Consent withdrawn"),
                detail=row.withdrawn_by,
            )


def _absences(home: Home, begin: datetime, end: datetime) -> Iterator[Entry]:
    rows = Absence.objects.of(home.community_id).filter(
        Q(from_at__gte=begin, from_at__lt=end)
        | Q(until_at__gte=begin, until_at__lt=end),
        home=home,
        withdrawn_at__isnull=True,
    )
    for row in rows.select_related("recorded_by"):
        reason = absence_words()[row.reason]
        key = f"absence:{row.pk}"
        if begin <= row.from_at < end:
            yield Entry(
                key=key,
                kind=StoryKind.ABSENCE,
                at=row.from_at,
                title=_("Away: %(reason)s") % {"reason": reason},
                detail=_joined(row.said_by, row.note),
                by=str(row.recorded_by or ""),
            )
        if row.until_at and begin <= row.until_at < end:
            yield Entry(
                key=f"{key}:back",
                kind=StoryKind.ABSENCE,
                at=row.until_at,
                title=_("Due back: %(reason)s") % {"reason": reason},
            )


def _risks(home: Home, begin: datetime, end: datetime) -> Iterator[Entry]:
    rows = KnownRisk.objects.of(home.community_id).filter(home=home)
    for row in rows.select_related("noted_by", "ended_by"):
        words = known_risk_words(row)
        if begin <= row.noted_at < end:
            yield Entry(
                key=f"risk:{row.pk}",
                kind=StoryKind.RISK,
                at=row.noted_at,
                title=_("To know at the door: %(what)s") % {"what": words},
                by=str(row.noted_by or ""),
            )
        if row.ended_at and begin <= row.ended_at < end:
            yield Entry(
                key=f"risk:{row.pk}:ended",
                kind=StoryKind.RISK,
                at=row.ended_at,
                title=_("No longer so: %(what)s") % {"what": words},
                by=str(row.ended_by or ""),
            )


def _levels(home: Home, begin: datetime, end: datetime) -> Iterator[Entry]:
    """Yield each change of the level of risk, from the home's own history."""
    kept = Home.history.filter(id=home.pk, history_date__lt=end)
    rows = kept.select_related("history_user").order_by("history_date", "history_id")
    before = kept.filter(history_date__lt=begin).order_by("-history_date").first()
    risk = before.risk if before else ""
    for row in rows.filter(history_date__gte=begin):
        if risk and row.risk != risk:
            values = {"old": risk_words()[risk], "new": risk_words()[row.risk]}
            yield Entry(
                key=f"level:{row.history_id}",
                kind=StoryKind.RISK,
                at=row.history_date,
                title=_("Risk changed: %(old)s → %(new)s") % values,
                by=str(row.history_user or ""),
            )
        risk = row.risk


def _leavings(home: Home, begin: datetime, end: datetime) -> Iterator[Entry]:
    leavings = Leaving.objects.of(home.community_id).filter(home=home)
    moves = LeavingMove.objects.of(home.community_id).filter(
        leaving__in=leavings, at__gte=begin, at__lt=end
    )
    for row in moves.select_related("by", "leaving__resident"):
        is_first = row.did == "began"
        who = row.leaving.resident or home.shown_name or home.address
        words = why_words()[row.leaving.why] if is_first else did_words()[row.did]
        yield Entry(
            key=f"leaving:{row.pk}",
            kind=StoryKind.WATCH,
            at=row.at,
            title=_("%(who)s: %(what)s") % {"who": who, "what": words},
            detail=row.reason,
            by=str(row.by or ""),
            url=reverse("residents:leaving", args=[row.leaving_id]),
        )


def _joined(*parts: str) -> str:
    return pgettext("between names", ", ").join(part for part in parts if part)
