"""The picture of the group report, made from the board."""

from __future__ import annotations

from datetime import datetime

from django.utils.safestring import SafeString

from shouwang.apps.communities.models import Community
from shouwang.apps.desk.contact_sheet import Cell, Cutting, contact_sheet_svg
from shouwang.apps.desk.panes import glass_of
from shouwang.apps.desk.selectors.digest import DigestToday
from shouwang.apps.desk.selectors.photos import Crop, crops_today
from shouwang.apps.desk.words import digest_sentence, shown_words
from shouwang.common import clock


def digest_drawing(
    today: DigestToday,
    *,
    community: Community,
    now: datetime,
    with_photos: bool = False,
) -> SafeString:
    """Return the contact sheet: drawings, nobody's room; exceptions large and by name.

    ``with_photos``: the named windows stand beside their drawings as they were
    photographed today, where somebody has marked them.
    """
    named = {key for key, _part in today.digest.named}
    crops = (
        crops_today(community=community, home_ids=named, now=now) if with_photos else {}
    )
    words = shown_words()

    def cell(key: int) -> Cell:
        row = today.homes[key]
        drawn = glass_of(row, now)
        if key not in named:
            return Cell(glass=drawn, title=row.home.address)
        return Cell(
            glass=drawn,
            title=f"{row.home.address} {row.home.shown_name}".strip(),
            words=words[row.shown],
            cutting=_cutting(crops.get(key), community),
        )

    ordered = [key for key, _part in today.digest.parts]
    local = clock.local(now, community.zone)
    return contact_sheet_svg(
        title=f"{community.name} {local:%m-%d %H:%M}",
        summary=digest_sentence(today.digest),
        named=[cell(key) for key in ordered if key in named],
        others=[cell(key) for key in ordered if key not in named],
    )


def _cutting(crop: Crop | None, community: Community) -> Cutting | None:
    if crop is None:
        return None
    at = clock.local(crop.taken_at, community.zone)
    return Cutting(jpeg=crop.jpeg, words=f"{at:%H:%M}")
