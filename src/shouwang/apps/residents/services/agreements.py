"""Writes about homes, consent, agreements and absences."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from shouwang.apps.communities.models import Community, Member
from shouwang.apps.residents.models import (
    Absence,
    AbsenceReason,
    Agreement,
    Consent,
    Expectation,
    Home,
)
from shouwang.apps.residents.selectors import mask_of, signal_kinds
from shouwang.apps.residents.words import terms_problem_words
from shouwang.common.clock import local_day
from shouwang.common.errors import RefusedError
from shouwang.domain.facts import Absence as AbsenceTerms
from shouwang.domain.patterns import return_asked_at
from shouwang.domain.schedule import (
    Expectation as ExpectationTerms,
    Terms,
    instant,
    terms_problems,
)
from shouwang.domain.signals import Nature

# Of an absence: nobody is away in another, but fingers slip.
YEARS = range(2000, 2100)


@dataclass(frozen=True, kw_only=True)
class AgreementDraft:
    """What somebody wants to agree; becomes one version of an agreement."""

    signal: str
    expectations: tuple[ExpectationTerms, ...]
    require_change: bool = False
    valid_from: date
    valid_to: date | None = None
    review_on: date | None = None
    seen_from: str = ""

    def terms(self) -> Terms:
        """Return the draft as the rules read it."""
        return Terms(
            signal=self.signal,
            expectations=self.expectations,
            require_change=self.require_change,
            valid_from=self.valid_from,
            valid_to=self.valid_to,
        )


@dataclass(frozen=True, kw_only=True)
class ConsentDraft:
    """Who agreed, when, on what paper."""

    agreed_by: str
    agreed_on: date
    paper: str
    relation: str = ""


def consent_record(
    *, home: Home, draft: ConsentDraft, by: Member | None, now: datetime
) -> Consent:
    """Record who agreed to the watch; every part of it is needed."""
    if not draft.agreed_by.strip() or not draft.paper.strip():
        raise RefusedError(
            "consent_incomplete",
            _("Write down who agreed and on what paper; the watch rests on it."),
        )
    if draft.agreed_on > local_day(now, home.community.zone):
        raise RefusedError(
            "consent_in_the_future", _("The day of agreement lies in the future.")
        )
    return Consent.objects.of(home.community_id).create(
        community_id=home.community_id,
        home=home,
        agreed_by=draft.agreed_by.strip(),
        relation=draft.relation,
        agreed_on=draft.agreed_on,
        paper=draft.paper.strip(),
        recorded_by=by,
        recorded_at=now,
    )


@transaction.atomic
def consent_withdraw(
    *, consent: Consent, said_by: str, by: Member | None, now: datetime
) -> None:
    """End the consent and, at once, every agreement that rests on it."""
    rows = Consent.objects.of(consent.community_id).filter(
        pk=consent.pk, withdrawn_at__isnull=True
    )
    if not rows.update(withdrawn_at=now, withdrawn_by=said_by):
        return
    running = Agreement.objects.of(consent.community_id).filter(
        consent=consent, ended_at__isnull=True
    )
    for agreement in running:
        agreement_end(agreement=agreement, reason=_("consent withdrawn"), now=now)


@transaction.atomic
def agreement_start(
    *,
    home: Home,
    consent: Consent,
    draft: AgreementDraft,
    by: Member | None,
    now: datetime,
) -> Agreement:
    """Begin an agreement. Refused without a standing consent of this home."""
    _require_sound(home, consent, draft)
    return _write_version(home, consent, draft, by=by, now=now, after=None)


@transaction.atomic
def agreement_change(
    *, agreement: Agreement, draft: AgreementDraft, by: Member | None, now: datetime
) -> Agreement:
    """Close this version and begin the next; checks that run keep their version."""
    _require_sound(agreement.home, agreement.consent, draft)
    ended = (
        Agreement.objects.of(agreement.community_id)
        .filter(pk=agreement.pk, ended_at__isnull=True)
        .update(
            ended_at=now,
            ended_reason=_("changed"),
            valid_to=draft.valid_from - timedelta(days=1),
        )
    )
    if not ended:
        raise RefusedError(
            "agreement_not_running",
            _("Somebody has changed or ended this agreement. Please look again."),
        )
    return _write_version(
        agreement.home, agreement.consent, draft, by=by, now=now, after=agreement
    )


@transaction.atomic
def agreement_end(*, agreement: Agreement, reason: str, now: datetime) -> None:
    """End an agreement; its checks stop with the runner's next pass."""
    today = local_day(now, agreement.community.zone)
    Agreement.objects.of(agreement.community_id).filter(
        pk=agreement.pk, ended_at__isnull=True
    ).update(ended_at=now, ended_reason=reason, valid_to=today)
    _checks_wanted(agreement.community_id)


def _require_sound(home: Home, consent: Consent, draft: AgreementDraft) -> None:
    if consent.home_id != home.pk or consent.withdrawn_at is not None:
        raise RefusedError(
            "no_consent", _("Without a standing consent nothing can be watched.")
        )
    kind = signal_kinds(home.community_id).get(draft.signal)
    if kind is None or kind.nature is Nature.MARK:
        raise RefusedError(
            "signal_has_no_state",
            _("This kind of signal has no state that could be watched."),
        )
    unknown = {
        state
        for row in draft.expectations
        for state in row.well
        if state not in kind.states
    }
    problems = [terms_problem_words(row) for row in terms_problems(draft.terms())]
    if unknown:
        problems.append(
            _("Unknown state: %(states)s") % {"states": ", ".join(sorted(unknown))}
        )
    if problems:
        raise RefusedError(
            "terms_unsound", " ".join(problems), fields={"expectations": problems}
        )


def _write_version(
    home: Home,
    consent: Consent,
    draft: AgreementDraft,
    *,
    by: Member | None,
    now: datetime,
    after: Agreement | None,
) -> Agreement:
    agreement = Agreement.objects.of(home.community_id).create(
        community_id=home.community_id,
        home=home,
        series=after.series if after else uuid.uuid4(),
        version=after.version + 1 if after else 1,
        signal=draft.signal,
        require_change=draft.require_change,
        seen_from=draft.seen_from,
        consent=consent,
        valid_from=draft.valid_from,
        valid_to=draft.valid_to,
        review_on=draft.review_on,
        made_by=by,
        made_at=now,
    )
    Expectation.objects.of(home.community_id).bulk_create(
        Expectation(
            community_id=home.community_id,
            agreement=agreement,
            label=row.label,
            opens=row.opens,
            due=row.due,
            grace_minutes=int(row.grace.total_seconds() // 60),
            days=mask_of(row.days),
            well=sorted(row.well),
        )
        for row in draft.expectations
    )
    _checks_wanted(home.community_id)
    return agreement


def _checks_wanted(community_id: int) -> None:
    """Ask the runner to make checks anew: agreements have changed."""
    Community.objects.filter(pk=community_id).update(checks_until_on=None)


@dataclass(frozen=True, kw_only=True)
class AbsenceDraft:
    """A home is empty from ``from_at`` (inside) to ``until_at`` (outside)."""

    from_at: datetime
    until_at: datetime | None
    reason: str
    said_by: str
    review_on: date | None = None
    note: str = ""

    @classmethod
    def of_days(
        cls, first_on: date, last_on: date | None, *, zone: tzinfo, **more: Any
    ) -> AbsenceDraft:
        """Return an absence of whole local days, both included.

        Raises
        ------
        RefusedError
            ``year_wrong`` for a day whose year is a slip of the finger.
        """
        _require_years(first_on=first_on, last_on=last_on, **more)
        after = last_on + timedelta(days=1) if last_on else None
        return cls(
            from_at=instant(first_on, time(0), zone),
            until_at=instant(after, time(0), zone) if after else None,
            **more,
        )


def _require_years(**given: Any) -> None:
    words = _("Please check the year.")
    wrong = {
        name: [words]
        for name, day in given.items()
        if isinstance(day, date) and day.year not in YEARS
    }
    if wrong:
        raise RefusedError("year_wrong", words, fields=wrong)


def absence_write(
    *, home: Home, draft: AbsenceDraft, by: Member | None, now: datetime
) -> Absence:
    """Write an absence; ``watch.services.absence_declare`` also re-tells the day."""
    if draft.until_at is not None and draft.until_at <= draft.from_at:
        raise RefusedError(
            "absence_ends_before_it_begins",
            _("The absence ends before it begins. Please check both dates."),
        )
    if draft.reason not in AbsenceReason.values:
        words = _("This reason for being away is not known.")
        raise RefusedError("unknown_reason", words, fields={"reason": [words]})
    if draft.until_at is None and draft.review_on is None:
        review = local_day(now, home.community.zone) + timedelta(days=7)
        draft = replace(draft, review_on=review)
    return Absence.objects.of(home.community_id).create(
        community_id=home.community_id,
        home=home,
        from_at=draft.from_at,
        until_at=draft.until_at,
        ask_at=return_asked_at(
            AbsenceTerms(from_at=draft.from_at, until_at=draft.until_at),
            zone=home.community.zone,
            review_on=draft.review_on,
        ),
        # Written down when it was over already: nobody need ask any more.
        asked_at=now if draft.until_at and draft.until_at <= now else None,
        reason=draft.reason,
        said_by=draft.said_by,
        review_on=draft.review_on,
        note=draft.note,
        recorded_by=by,
        recorded_at=now,
    )


def absence_unwrite(*, absence: Absence, by: Member | None, now: datetime) -> None:
    """Withdraw an absence; the row stays."""
    Absence.objects.of(absence.community_id).filter(
        pk=absence.pk, withdrawn_at__isnull=True
    ).update(withdrawn_at=now, withdrawn_by=by)
