"""What happens to a need is told to those who go on from there (docs/decisions/0002)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from shouwang.apps.care.models import Need
from shouwang.apps.communities.models import Member
from shouwang.domain.needs import Act


@dataclass(frozen=True, kw_only=True)
class Moved:
    """What has just been written; ``need`` stands as it stands afterwards.

    ``who`` is whom it is about: whoever takes or refuses it, or gives it back.
    """

    need: Need
    act: Act
    who: Member | None
    by: Member | None
    note: str
    now: datetime


class NeedFollower(Protocol):
    """Called inside the transaction; what it refuses did not happen."""

    def __call__(self, moved: Moved) -> None:
        """Do what follows."""


def followers_tell(moved: Moved) -> None:
    """Tell every one of ``settings.NEED_FOLLOWERS`` what happened to a need."""
    for path in settings.NEED_FOLLOWERS:
        follower: NeedFollower = import_string(path)
        follower(moved)


class NeedPanel(Protocol):
    """A part of a need's page that another app owns: its template and what it shows."""

    def __call__(
        self, need: Need, member: Member, *, now: datetime
    ) -> dict[str, Any] | None:
        """Return ``{"template": …, "styles": …, …}``, or ``None``: nothing to show."""


def panels_of(need: Need, member: Member, *, now: datetime) -> list[dict[str, Any]]:
    """Return what ``settings.NEED_PANELS`` add to a need's page for a reader."""
    panels: list[NeedPanel] = [import_string(path) for path in settings.NEED_PANELS]
    found = (panel(need, member, now=now) for panel in panels)
    return [row for row in found if row is not None]
