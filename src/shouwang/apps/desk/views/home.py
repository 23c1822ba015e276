"""The page of a home: its alert, today as a strip, what was seen, what can be done."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from shouwang.apps.alerts.selectors import alerts_of_home
from shouwang.apps.alerts.sentences import look_words
from shouwang.apps.care.showing import cards_of_home
from shouwang.apps.communities.access import for_member, me
from shouwang.apps.communities.models import Role
from shouwang.apps.communities.selectors import DESK_ROLES, has_role
from shouwang.apps.desk.forms import (
    AbsenceForm,
    ContactForm,
    SightingForm,
    WorryForm,
)
from shouwang.apps.desk.glass import mini
from shouwang.apps.desk.selectors.board import shown_as
from shouwang.apps.desk.selectors.home import (
    DayOfHome,
    agreements_running,
    checks_near,
    corrected_ids,
    people_of,
    photos_near,
    seen_times,
    sightings_near,
    weeks_of,
)
from shouwang.apps.desk.views.alerting import alert_brief
from shouwang.apps.desk.views.story import story_block
from shouwang.apps.desk.words import shown_words
from shouwang.apps.privacy.selectors import leaving_of_home
from shouwang.apps.residents.models import Agreement, Home
from shouwang.apps.residents.noting import page_noted
from shouwang.apps.residents.selectors import (
    absences_standing,
    home_for,
    known_risks,
    known_risks_ended,
    signal_kinds,
    terms_of,
)
from shouwang.apps.residents.strip import Band, Dot, hour_of, strip_svg
from shouwang.apps.residents.words import (
    SignalNames,
    absence_words,
    day_words,
    expectation_sentence,
    known_risk_words,
    risk_words,
    signal_names,
)
from shouwang.apps.watch.models import Check, Sighting
from shouwang.apps.watch.words import why_sentence
from shouwang.common import clock
from shouwang.domain.alerts import Outcome
from shouwang.domain.signals import Meaning

PAST_ALERTS = 5


@for_member(*DESK_ROLES)
def home(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a home: today with its proofs, its alert, its days."""
    row = home_for(me(request), pk)
    page_noted(request, row)
    return home_page(request, row)


def home_page(
    request: HttpRequest, row: Home, *, wrong: dict[str, BaseForm] | None = None
) -> HttpResponse:
    """Return the page of a home; ``wrong`` holds the form that was refused."""
    now = clock.now()
    wrong = wrong or {}
    alerts = list(alerts_of_home(community=row.community, home_id=row.pk)[:PAST_ALERTS])
    residents, contacts = people_of(home=row)
    standing = next((one for one in alerts if one.state != "closed"), None)
    today = clock.local_day(now, row.community.zone)
    context = {
        "home": row,
        "has_died": row.archived_at is None
        and any(one.outcome == Outcome.DIED.value for one in alerts),
        "leaving": leaving_of_home(community=row.community_id, home_id=row.pk),
        "risk": risk_words()[row.risk],
        "alert": alert_brief(standing, now=now) if standing else None,
        "past": [alert_brief(one, now=now) for one in alerts if one.state == "closed"],
        "needs": cards_of_home(row, now=now),
        "known_risks": [known_risk_words(one) for one in known_risks(home=row)],
        "risks_ended": [
            (known_risk_words(one), clock.local(one.ended_at, row.community.zone))
            for one in known_risks_ended(home=row)
            if one.ended_at
        ],
        "residents": residents,
        "contacts": contacts,
        "agreements": agreements_block(row),
        "absences": absences_block(row, now),
        **_today(row, now),
        **story_block(row),
        "weeks": [[_day(day) for day in week] for week in weeks_of(home=row, now=now)],
        "day_words": day_words(),
        "sighting_form": wrong.get("sighting") or SightingForm(home=row),
        "contact_form": wrong.get("contact") or ContactForm(),
        "absence_form": wrong.get("absence")
        or AbsenceForm(initial={"first_on": today}),
        "worry_form": wrong.get("worry") or WorryForm(),
        "refused": next(iter(wrong), ""),
        "may_change": has_role(me(request), {Role.COORDINATOR}),
    }
    return render(request, "desk/home.html", context, status=422 if wrong else 200)


def _today(row: Home, now: datetime) -> dict[str, Any]:
    checks = checks_near(home=row, now=now)
    looks = sightings_near(home=row, now=now)
    seen_at = seen_times(home=row, now=now)
    names = signal_names(row.community_id)
    return {
        "strip": _strip(row, checks, looks, now),
        "checks": [_check(check, row, seen_at, names) for check in checks],
        "sightings": sightings_block(looks, row),
        "photos": photos_block(row, now),
    }


def photos_block(row: Home, now: datetime) -> list[dict[str, Any]]:
    """Return the photos of the last two days, the newest first."""
    return [
        {
            "id": one.pk,
            "at": clock.local(one.taken_at or one.received_at, row.community.zone),
            "by": one.taken_by,
            "standpoint": one.standpoint,
        }
        for one in photos_near(home=row, now=now)
    ]


def absences_block(row: Home, now: datetime) -> list[dict[str, Any]]:
    """Return who is away, or will be, and until when."""
    rows = absences_standing(community=row.community_id, home_id=row.pk, now=now)
    return [_absence(one, row, now) for one in rows]


def agreements_block(row: Home) -> list[dict[str, Any]]:
    """Return what was agreed, in sentences."""
    names = signal_names(row.community_id)
    return [_agreement(one, names) for one in agreements_running(home=row)]


def _strip(row: Home, checks: list[Check], looks: list[Sighting], now: datetime) -> Any:
    zone = row.community.zone
    today = clock.local_day(now, zone)
    kinds, corrected = signal_kinds(row.community_id), corrected_ids(looks)
    names = signal_names(row.community_id)
    well = {state for check in checks for state in check.well}
    bands = [
        Band(
            begin=hour_of(check.opens_at, on=today, zone=zone),
            end=hour_of(check.due_at, on=today, zone=zone),
            grace_end=hour_of(check.alert_at, on=today, zone=zone),
            label=check.label,
            shown=shown_as(check),
        )
        for check in checks
    ]
    dots = [
        Dot(
            at=hour_of(look.seen_at, on=today, zone=zone),
            kind=_dot_kind(look, well, kinds[look.signal].meaning(look.state or None)),
            words=look_words(look, names),
        )
        for look in looks
        if look.pk not in corrected
    ]
    words = ", ".join(f"{band.label}: {shown_words()[band.shown]}" for band in bands)
    words = words or _("Today nothing is due.")
    now_hour = hour_of(now, on=today, zone=zone)
    return strip_svg(bands, words=words, dots=dots, now=now_hour)


def _dot_kind(look: Sighting, well: set[str], meaning: Meaning) -> str:
    if look.could_not_see:
        return "unclear"
    if meaning is Meaning.HELP:
        return "cry"
    return "well" if meaning is Meaning.WELL or look.state in well else "other"


def _check(
    check: Check, row: Home, seen_at: dict[str, datetime], names: SignalNames
) -> dict[str, Any]:
    zone = row.community.zone
    shown = shown_as(check)
    return {
        "label": check.label,
        "on": check.on,
        "signal": names.signals.get(check.signal, check.signal),
        "opens": clock.local(check.opens_at, zone),
        "due": clock.local(check.due_at, zone),
        "shown": shown,
        "mini": mini_of(check),
        "words": shown_words()[shown],
        "why": [
            why_sentence(
                reason["why"],
                [seen_at[key] for key in reason["sightings"] if key in seen_at],
                zone,
            )
            for reason in check.reasons
        ],
    }


def sightings_block(looks: list[Sighting], row: Home) -> list[dict[str, Any]]:
    """Return what was seen, as the pages of the desk list it."""
    corrected, names = corrected_ids(looks), signal_names(row.community_id)
    return [
        {
            "at": clock.local(look.seen_at, row.community.zone),
            "words": look_words(look, names),
            "by": _seen_by(look),
            "standpoint": look.standpoint,
            "note": look.note,
            "is_corrected": look.pk in corrected,
            "is_flagged": look.clock_flagged,
        }
        for look in looks
    ]


def _agreement(row: Agreement, names: SignalNames) -> dict[str, Any]:
    return {
        "signal": names.signals.get(row.signal, row.signal),
        "sentences": [
            expectation_sentence(one, signal=row.signal, states=names.states)
            for one in terms_of(row).expectations
        ],
        "seen_from": row.seen_from,
    }


def _absence(absence: Any, row: Home, now: datetime) -> dict[str, Any]:
    zone = row.community.zone
    return {
        "row": absence,
        "reason": absence_words()[absence.reason],
        "from": clock.local(absence.from_at, zone),
        "until": clock.local(absence.until_at, zone) if absence.until_at else None,
        "has_begun": absence.from_at < now,
    }


def mini_of(check: Check, *, words: str = "") -> Any:
    """Return a check as a small window; one that was well shows its agreed state."""
    shown = shown_as(check)
    state = "" if shown == "missed" else check.well[0]
    return mini(shown, words=words, signal=check.signal, state=state)


def _day(day: DayOfHome) -> dict[str, Any]:
    return {
        "on": day.on,
        "is_today": day.is_today,
        "is_to_come": day.is_to_come,
        "marks": [
            mini_of(check, words=f"{check.label}: {shown_words()[shown_as(check)]}")
            for check in day.checks
        ],
    }


def _seen_by(look: Sighting) -> str:
    """Return who saw it and, of what came in on paper, who typed it in."""
    by = str(look.by or look.by_words)
    if look.typed_by is None or look.typed_by == look.by:
        return by
    return _("%(by)s, typed in by %(typist)s") % {"by": by, "typist": look.typed_by}
