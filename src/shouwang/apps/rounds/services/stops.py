"""The stops of a round, written down home by home in walking order."""

from __future__ import annotations

from collections.abc import Sequence

from shouwang.apps.rounds.models import Round, RoundHome, StandpointWindow


def stops_write(
    *, walked: Round, standpoint_ids: Sequence[int], home_ids: Sequence[int]
) -> None:
    """Write the homes of a round: what is seen from each standpoint, then the rest.

    A home that is seen from two of the standpoints belongs to the first of them.
    """
    seen_from: dict[int, list[int]] = {key: [] for key in standpoint_ids}
    windows = StandpointWindow.objects.of(walked.community_id).filter(
        standpoint_id__in=standpoint_ids
    )
    for row in windows:
        seen_from[row.standpoint_id].append(row.home_id)
    placed: dict[int, int | None] = {}
    for standpoint_id, homes in seen_from.items():
        for home_id in homes:
            placed.setdefault(home_id, standpoint_id)
    for home_id in home_ids:
        placed.setdefault(home_id, None)
    walked.homes.all().delete()
    RoundHome.objects.of(walked.community_id).bulk_create(
        RoundHome(
            community_id=walked.community_id,
            round=walked,
            home_id=home_id,
            standpoint_id=standpoint_id,
            position=place,
        )
        for place, (home_id, standpoint_id) in enumerate(placed.items(), start=1)
    )
