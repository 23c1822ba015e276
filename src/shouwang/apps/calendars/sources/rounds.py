"""Rounds in a calendar: those somebody walks, or all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext as _, ngettext

from shouwang.apps.calendars.sources import Asked, Entry
from shouwang.apps.communities.models import Community
from shouwang.apps.rounds.models import DropOut, Round, RoundHome
from shouwang.apps.rounds.selectors.covering import RoundCover, covers_between
from shouwang.domain.schedule import instant

# Nobody has said how long a round takes: what most of them do.
LASTS = timedelta(minutes=45)


def entries(asked: Asked) -> Iterator[Entry]:
    """Return the rounds of a span; one that somebody cannot walk after all is off."""
    first, last = asked.days
    covers = covers_between(community=asked.community, first=first, last=last)
    stops, changed = _stops(asked.community), _changed(asked.community)
    dropped = _dropped_at(asked)
    for cover in covers:
        begins_at = instant(cover.on, cover.round.at, asked.community.zone)
        off_at = dropped.get((cover.round.pk, cover.on))
        if not asked.holds(begins_at, begins_at + LASTS) or not _is_theirs(
            asked, cover
        ):
            continue
        yield Entry(
            uid=asked.uid("round", cover.round.pk, f"{cover.on:%Y%m%d}"),
            starts_at=begins_at,
            ends_at=begins_at + LASTS,
            title=_title(asked, cover, *stops[cover.round.pk]),
            link=reverse("rounds:phone" if asked.member else "rounds:rounds"),
            changed_at=max(
                changed.get(cover.round.pk, asked.community.created_at),
                off_at or asked.community.created_at,
            ),
            cancelled=asked.member is not None
            and asked.member.pk not in cover.cover.walkers,
        )


def _is_theirs(asked: Asked, cover: RoundCover) -> bool:
    if asked.member is None:
        return True
    return asked.member.pk in {*cover.cover.walkers, *cover.dropped_ids}


def _title(asked: Asked, cover: RoundCover, standpoints: int, windows: int) -> str:
    if standpoints:
        where = ngettext("%(count)d standpoint", "%(count)d standpoints", standpoints)
        words = where % {"count": standpoints}
    else:
        where = ngettext("%(count)d window", "%(count)d windows", windows)
        words = where % {"count": windows}
    title = _("Round %(name)s, %(where)s") % {"name": cover.round, "where": words}
    if asked.member is None and not cover.cover.walkers:
        return _("%(round)s: nobody walks it yet") % {"round": title}
    return title


def _stops(community: Community) -> defaultdict[int, tuple[int, int]]:
    """Return how many standpoints and windows each round has."""
    stands: defaultdict[int, set[int]] = defaultdict(set)
    windows: defaultdict[int, int] = defaultdict(int)
    rows = RoundHome.objects.of(community).values_list("round_id", "standpoint_id")
    for round_id, standpoint_id in rows:
        windows[round_id] += 1
        if standpoint_id is not None:
            stands[round_id].add(standpoint_id)
    found: defaultdict[int, tuple[int, int]] = defaultdict(lambda: (0, 0))
    found.update({key: (len(stands[key]), count) for key, count in windows.items()})
    return found


def _changed(community: Community) -> dict[int, datetime]:
    rows = Round.history.filter(community_id=community.pk).values_list("id")
    return dict(rows.annotate(last=Max("history_date")).order_by())


def _dropped_at(asked: Asked) -> dict[tuple[int, object], datetime]:
    first, last = asked.days
    rows = DropOut.objects.of(asked.community).filter(
        withdrawn_at__isnull=True, on__gte=first, on__lte=last
    )
    if asked.member is not None:
        rows = rows.filter(member=asked.member)
    return {(row.round_id, row.on): row.at for row in rows.order_by("at")}
