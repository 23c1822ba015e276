"""What stands on the paper sheet of a round: stops in walking order, line by line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.utils.translation import gettext as _

from shouwang.apps.residents.models import Building, Home
from shouwang.apps.rounds.models import Round, RoundHome, Standpoint
from shouwang.apps.rounds.selectors import BEGINS_BEFORE, round_plan
from shouwang.apps.watch.models import Check, Sighting
from shouwang.domain.status import Status


@dataclass(frozen=True, kw_only=True)
class Line:
    """One window to look at; ``last`` is what was recorded of it on this round."""

    number: int
    home: Home
    check: Check
    last: Sighting | None

    @property
    def signal(self) -> str:
        """Return what to look for."""
        return self.check.signal

    @property
    def is_away(self) -> bool:
        """Return whether nobody expects a sign from this home."""
        return self.check.status == Status.EXCUSED.value


@dataclass(frozen=True, kw_only=True)
class Stop:
    """The windows one sees from one place: a standpoint, or else before a building."""

    standpoint: Standpoint | None
    building: Building | None
    lines: tuple[Line, ...]

    @property
    def name(self) -> str:
        """Return where that is, in the reader's language."""
        if self.standpoint is not None:
            return self.standpoint.name
        label = self.building.label if self.building else ""
        return _("Building %(label)s") % {"label": label}


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A round on a local date ``on``; lines are numbered from 1 through all stops."""

    round: Round
    on: date
    stops: tuple[Stop, ...]

    @property
    def lines(self) -> tuple[Line, ...]:
        """Return every line, in walking order."""
        return tuple(line for stop in self.stops for line in stop.lines)

    @property
    def looked_count(self) -> int:
        """Return at how many of the windows somebody has looked."""
        return sum(line.last is not None for line in self.lines)


def sheet_of(*, walked: Round, on: date) -> Sheet:
    """Return the sheet of a round: a line for each home and signal that is due on it."""
    passed = list(
        RoundHome.objects.of(walked.community_id)
        .filter(round=walked)
        .select_related("home__building", "standpoint")
    )
    homes = [row.home for row in passed]
    standpoints = {row.home_id: row.standpoint for row in passed}
    checks = _checks(walked, on, homes)
    looks = _looks(walked, checks)
    lines = [
        (home, check) for home in homes for check in checks if check.home_id == home.pk
    ]
    numbered = [
        Line(number=number, home=home, check=check, last=_last(check, looks))
        for number, (home, check) in enumerate(lines, start=1)
    ]
    return Sheet(
        round=walked,
        on=on,
        stops=tuple(
            Stop(standpoint=standpoint, building=building, lines=tuple(rows))
            for (standpoint, building), rows in groupby(
                numbered, key=lambda row: _place(row.home, standpoints)
            )
        ),
    )


def _place(
    home: Home, standpoints: Mapping[int, Standpoint | None]
) -> tuple[Standpoint | None, Building | None]:
    standpoint = standpoints[home.pk]
    return standpoint, None if standpoint else home.building


def _checks(walked: Round, on: date, homes: Collection[Home]) -> list[Check]:
    plan = round_plan(walked.community, [row.pk for row in homes])
    rows = (
        Check.objects.of(walked.community_id)
        .filter(on=on, home__in=homes, stopped_at__isnull=True)
        .order_by("home_id", "opens_at", "pk")
    )
    own = [
        row
        for row in rows
        if plan.round_at(row.home_id, on=on, begin=row.opens_at, end=row.alert_at)
        == walked
    ]
    # A signal is looked at once on a round, for however many windows of time.
    return [*{(row.home_id, row.signal): row for row in reversed(own)}.values()][::-1]


Looks = Mapping[tuple[int, str], Sequence[Sighting]]


def _looks(walked: Round, checks: Sequence[Check]) -> Looks:
    found: defaultdict[tuple[int, str], list[Sighting]] = defaultdict(list)
    if not checks:
        return found
    rows = list(
        Sighting.objects.of(walked.community_id)
        .filter(
            home_id__in={row.home_id for row in checks},
            seen_at__gte=min(row.opens_at for row in checks),
            seen_at__lt=max(row.alert_at for row in checks) + BEGINS_BEFORE,
        )
        .select_related("by")
        .order_by("seen_at", "pk")
    )
    corrected = {row.replaces for row in rows}
    for row in rows:
        if row.pk not in corrected:
            found[row.home_id, row.signal].append(row)
    return found


def _last(check: Check, looks: Looks) -> Sighting | None:
    end = check.alert_at + BEGINS_BEFORE
    own = [
        row
        for row in looks.get((check.home_id, check.signal), ())
        if check.opens_at <= row.seen_at < end
    ]
    return own[-1] if own else None
