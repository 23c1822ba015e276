"""Reads for families: how homes are now, who is told what, and the private pages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Prefetch, Q
from django.utils.translation import gettext as _

from shouwang.apps.alerts.models import Alert, Commitment
from shouwang.apps.communities.models import Community
from shouwang.apps.communities.selectors import token_hash
from shouwang.apps.desk.selectors.board import checks_now
from shouwang.apps.family.models import FamilyAct, FamilyLink, Telling, Word
from shouwang.apps.outbox.models import OutboxMessage
from shouwang.apps.residents.models import (
    Absence,
    Agreement,
    Consent,
    ContactPerson,
    Home,
    Resident,
)
from shouwang.apps.residents.selectors import absences_standing
from shouwang.apps.watch.models import Check, Sighting
from shouwang.common.clock import local_day
from shouwang.common.errors import NotFoundError
from shouwang.domain.alerts import AlertKind, Outcome
from shouwang.domain.family import (
    WEEK_DAYS,
    AlertNow,
    Away,
    CheckNow,
    DayWas,
    HomeNow,
    Said,
    Says,
    Seen,
    day_was,
    week_was,
)
from shouwang.domain.status import Status, Strength

# How an alert ended stays in mind so long: nobody is told "well" over it.
ALERTS_REACH = timedelta(days=14)
WORDS_SHOWN = 5
_COLUMNS = (
    "community_id",
    "home_id",
    "series",
    "on",
    "opens_at",
    "due_at",
    "alert_at",
    "status",
    "strength",
    "reasons",
    "changed_at",
)


def homes_now(
    *, community: Community, home_ids: Collection[int], now: datetime
) -> dict[int, HomeNow]:
    """Return how each of some homes is now, in a handful of queries."""
    checks = checks_now(community, now=now, home_ids=home_ids, columns=_COLUMNS)
    seen = _proofs(community, checks)
    alerts = _alerts(community, home_ids, now)
    away = _away(community, home_ids, now)
    watched = _watched(community, home_ids)
    today = local_day(now, community.zone)
    due = set(
        Check.objects.of(community)
        .filter(on=today, home_id__in=home_ids, stopped_at__isnull=True)
        .values_list("home_id", flat=True)
    )
    return {
        home_id: HomeNow(
            checks=tuple(_check_now(row, seen) for row in checks.get(home_id, ())),
            alerts=tuple(alerts[home_id]),
            away=away.get(home_id),
            is_watched=home_id in watched,
            is_due_today=home_id in due,
        )
        for home_id in home_ids
    }


def home_now(*, home: Home, now: datetime) -> HomeNow:
    """Return how one home is now."""
    return homes_now(community=home.community, home_ids=[home.pk], now=now)[home.pk]


def _check_now(row: Check, seen: Mapping[str, Seen]) -> CheckNow:
    status = Status(row.status)
    proof = seen.get(_proof_of(row)) if status is Status.WELL else None
    return CheckNow(
        on=row.on,
        status=status,
        strength=Strength(row.strength) if row.strength else None,
        opens_at=row.opens_at,
        waits_until=row.alert_at if status is Status.GRACE else row.due_at,
        since=proof.at if proof else row.changed_at,
        seen=proof,
    )


def _proof_of(row: Check) -> str:
    """Return the id of the sighting that proves a check: the last of its reason."""
    named = row.reasons[0]["sightings"] if row.reasons else []
    return str(named[-1]) if named else ""


def _proofs(
    community: Community, checks: Mapping[int, Iterable[Check]]
) -> Mapping[str, Seen]:
    ids = {
        _proof_of(row)
        for rows in checks.values()
        for row in rows
        if row.status == Status.WELL.value
    }
    rows = Sighting.objects.of(community).filter(pk__in=ids - {""})
    return {
        str(row.pk): Seen(at=row.seen_at, signal=row.signal, state=row.state)
        for row in rows
    }


def _alerts(
    community: Community, home_ids: Collection[int], now: datetime
) -> defaultdict[int, list[AlertNow]]:
    going = Commitment.unscoped.filter(ended_at__isnull=True, until__gt=now)
    rows = (
        Alert.objects.of(community)
        .filter(home_id__in=home_ids)
        .filter(Q(closed_at__isnull=True) | Q(closed_at__gt=now - ALERTS_REACH))
        .prefetch_related(Prefetch("commitments", going))
        .order_by("opened_at", "pk")
    )
    found: defaultdict[int, list[AlertNow]] = defaultdict(list)
    for row in rows:
        found[row.home_id or 0].append(_alert_now(row))
    return found


def _alert_now(row: Alert) -> AlertNow:
    made = [one.made_at for one in row.commitments.all()]
    return AlertNow(
        key=row.pk,
        kind=AlertKind(row.kind),
        opened_at=row.opened_at,
        going_since=min(made) if made else None,
        closed_at=row.closed_at,
        outcome=Outcome(row.outcome) if row.outcome else None,
    )


def _away(
    community: Community, home_ids: Collection[int], now: datetime
) -> dict[int, Away]:
    rows = absences_standing(community=community, now=now).filter(
        home_id__in=home_ids, from_at__lte=now
    )
    return {row.home_id: Away(since=row.from_at, until=row.until_at) for row in rows}


def _watched(community: Community, home_ids: Collection[int]) -> set[int]:
    rows = Agreement.objects.of(community).filter(
        home_id__in=home_ids,
        home__archived_at__isnull=True,
        ended_at__isnull=True,
    )
    return set(rows.values_list("home_id", flat=True))


def consenting(
    *, community: Community | int, home_ids: Collection[int]
) -> frozenset[int]:
    """Return those homes in which a consent stands: of the others nobody is told."""
    rows = Consent.objects.of(community).filter(
        home_id__in=home_ids, withdrawn_at__isnull=True, home__archived_at__isnull=True
    )
    return frozenset(rows.values_list("home_id", flat=True))


def days_before(
    *, home: Home, today: date, count: int = WEEK_DAYS
) -> Mapping[DayWas, int]:
    """Return how the last whole days went, today not among them."""
    rows = Check.objects.of(home.community_id).filter(
        home=home,
        on__gte=today - timedelta(days=count),
        on__lt=today,
        stopped_at__isnull=True,
    )
    by_day: dict[date, list[tuple[Status, Strength | None]]] = {
        today - timedelta(days=number): [] for number in range(1, count + 1)
    }
    for on, status, strength in rows.values_list("on", "status", "strength"):
        known = Strength(strength) if strength else None
        by_day[on].append((Status(status), known))
    return week_was(day_was(row) for row in by_day.values())


def said_to(
    *, tellings: Collection[Telling], now: datetime
) -> dict[int, tuple[Said, frozenset[date], frozenset[date]]]:
    """Return what each was told of late, and on which days its day's and week's word."""
    words = Word.objects.across("of the people who are told").filter(
        telling__in=tellings, taken_back_at__isnull=True, said_at__gt=now - ALERTS_REACH
    )
    by_telling: defaultdict[int, list[Word]] = defaultdict(list)
    for row in words:
        by_telling[row.telling_id].append(row)
    return {row.pk: _said(row, by_telling[row.pk], now) for row in tellings}


def _said(
    telling: Telling, words: Iterable[Word], now: datetime
) -> tuple[Said, frozenset[date], frozenset[date]]:
    today = local_day(now, telling.community.zone)
    about: defaultdict[int, set[Says]] = defaultdict(set)
    days: dict[str, set[date]] = {"day": set(), "week": set()}
    day_said_at = None
    for row in words:
        if row.alert_id is not None:
            about[row.alert_id].add(Says(row.says))
            continue
        days[row.slot].add(row.on)
        if row.slot == "day" and row.on == today:
            day_said_at = row.said_at
    said = Said(since=telling.since, day_said_at=day_said_at, about=dict(about))
    return said, frozenset(days["day"]), frozenset(days["week"])


def asked_by_the_ladder(
    *, community: Community | int, contact_ids: Collection[int], now: datetime
) -> frozenset[tuple[int, int]]:
    """Return which contact persons an alert has told, as (contact, alert)."""
    rows = OutboxMessage.objects.of(community).filter(
        to_contact_id__in=contact_ids,
        subject_type__app_label=Alert._meta.app_label,
        subject_type__model=Alert._meta.model_name,
        queued_at__gt=now - ALERTS_REACH,
    )
    return frozenset(
        (row.to_contact_id or 0, row.subject_id)
        for row in rows.only("to_contact_id", "subject_id")
    )


# --- the desk -------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Relative:
    """A contact person as the card "Family" shows them."""

    contact: ContactPerson
    telling: Telling | None
    link: FamilyLink | None
    words: tuple[Word, ...] = field(default=())


def relatives_of(*, home: Home) -> list[Relative]:
    """Return the contact persons of a home, with what they are told, and their links."""
    rows = (
        ContactPerson.objects.of(home.community_id)
        .filter(home=home, ended_at__isnull=True)
        .select_related("telling")
        .prefetch_related(
            Prefetch("family_links", FamilyLink.unscoped.filter(ended_at__isnull=True))
        )
    )
    return [_relative(row) for row in rows]


def _relative(row: ContactPerson) -> Relative:
    telling = getattr(row, "telling", None)
    links = list(row.family_links.all())
    return Relative(
        contact=row,
        telling=telling,
        link=links[0] if links else None,
        words=_words_of(telling) if telling else (),
    )


def _words_of(telling: Telling) -> tuple[Word, ...]:
    rows = Word.objects.of(telling.community_id).filter(telling=telling)
    return tuple(rows.prefetch_related("messages")[:WORDS_SHOWN])


def telling_of(*, contact: ContactPerson) -> Telling | None:
    """Return when a contact person is told, where that was ever chosen."""
    return Telling.objects.of(contact.community_id).filter(contact=contact).first()


def residents_of(*, home: Home) -> list[Resident]:
    """Return who lives there, in the order in which they were written down."""
    rows = Resident.objects.of(home.community_id).filter(
        home=home, moved_out_at__isnull=True
    )
    return list(rows.order_by("pk"))


# --- the private page -----------------------------------------------------------------


def family_link_by(code: str) -> FamilyLink:
    """Return the link of a code, for anybody.

    Raises
    ------
    NotFoundError
        ``unknown_link``: never made, renewed or ended since; the contact person has
        left, or the consent was withdrawn.
    """
    consent = Consent.unscoped.filter(
        home=OuterRef("contact__home"), withdrawn_at__isnull=True
    )
    row = (
        FamilyLink.objects.across("a link says itself whose it is")
        .filter(
            Exists(consent),
            code_hash=token_hash(code),
            ended_at__isnull=True,
            contact__ended_at__isnull=True,
            contact__home__archived_at__isnull=True,
        )
        .select_related("community", "contact__home__community")
        .first()
    )
    if row is None:
        raise NotFoundError("unknown_link", _("This link is not valid any more."))
    return row


def vouch_to_take_back(*, link: FamilyLink, since: datetime) -> FamilyAct | None:
    """Return the last vouching of a link that was made after ``since`` and stands."""
    last = (
        FamilyAct.objects.of(link.community_id)
        .filter(link=link, at__gt=since, sighting__isnull=False)
        .select_related("sighting")
        .order_by("-at", "-pk")
        .first()
    )
    return last if last and last.did == FamilyAct.Did.VOUCHED else None


def absences_announced(*, link: FamilyLink, now: datetime) -> list[Absence]:
    """Return the absences that the person of a link announced and that still stand."""
    ids = (
        FamilyAct.objects.of(link.community_id)
        .filter(link__contact=link.contact_id, did=FamilyAct.Did.ANNOUNCED)
        .values("absence_id")
    )
    standing = absences_standing(
        community=link.community_id, now=now, home_id=link.contact.home_id
    )
    return list(standing.filter(pk__in=ids))
