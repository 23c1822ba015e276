"""The menu: few groups, each with its pages, and only those a person may open.

Whoever has few pages sees them all in one row, without groups.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _, pgettext

from shouwang.apps.communities.models import Member, Role
from shouwang.apps.communities.selectors import DESK_ROLES, LOOKING_ROLES, has_role

# What a walker or volunteer has: so many words are found at a glance.
PAGES_WITHOUT_GROUPS = 6
_COORDINATORS = frozenset({Role.COORDINATOR})
_FIGURES_ROLES = DESK_ROLES | {Role.SUPERVISOR}


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One page of the menu, in the reader's language."""

    name: str
    label: str
    url: str
    active: bool = False


@dataclass(frozen=True, kw_only=True)
class Group:
    """Pages that belong together; its own link leads to the first of them."""

    label: str
    entries: tuple[Entry, ...]

    @property
    def url(self) -> str:
        """Return where the group's word leads."""
        return self.entries[0].url

    @property
    def active(self) -> bool:
        """Whether one of its pages is shown now."""
        return any(entry.active for entry in self.entries)


@dataclass(frozen=True, kw_only=True)
class Menu:
    """What stands above every page."""

    groups: tuple[Group, ...]

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Return the pages of the second row: of the group one is in, or all if few."""
        if not self.grouped:
            return tuple(entry for group in self.groups for entry in group.entries)
        return next((group.entries for group in self.groups if group.active), ())

    @property
    def grouped(self) -> bool:
        """Whether there are too many pages for one row."""
        count = sum(len(group.entries) for group in self.groups)
        return count > PAGES_WITHOUT_GROUPS


def menu_for(member: Member, request: HttpRequest) -> Menu:
    """Return the menu of ``member``, with the page of ``request`` marked."""
    groups = [
        Group(
            label=label,
            entries=tuple(
                Entry(name=name, label=words, url=reverse(name))
                for name, words, roles in rows
                if has_role(member, roles)
            ),
        )
        for label, rows in _groups()
    ]
    shown = [group for group in groups if group.entries]
    here = _here(request, [entry for group in shown for entry in group.entries])
    return Menu(
        groups=tuple(
            replace(
                group,
                entries=tuple(
                    replace(entry, active=entry == here) for entry in group.entries
                ),
            )
            for group in shown
        )
    )


def _here(request: HttpRequest, entries: list[Entry]) -> Entry | None:
    """Return the page that ``request`` belongs to: by its address, else by its app.

    An app's first page stands for whatever else lies in that app.
    """
    above = [
        entry
        for entry in entries
        if entry.url == request.path
        or (entry.url != "/" and request.path.startswith(entry.url))
    ]
    if above:
        return max(above, key=lambda entry: len(entry.url))
    app = request.resolver_match.app_name if request.resolver_match else ""
    of_app = [entry for entry in entries if app and entry.name.startswith(f"{app}:")]
    return of_app[0] if of_app else None


_Row = tuple[str, str, frozenset[str]]


def _groups() -> list[tuple[str, list[_Row]]]:
    return [
        (pgettext("group of pages", "Watch"), _watch()),
        (pgettext("group of pages", "Care"), _care()),
        (pgettext("group of pages", "People"), _people()),
        (pgettext("group of pages", "Settings"), _settings()),
    ]


def _watch() -> list[_Row]:
    return [
        ("desk:board", _("Board"), LOOKING_ROLES),
        # Before the phone's page: what else lies in that app belongs to it.
        ("rounds:rounds", _("Rounds"), DESK_ROLES),
        ("rounds:phone", _("Walk"), LOOKING_ROLES),
        ("duty:rota", _("Duty"), DESK_ROLES),
        ("neighbours:reports", _("What neighbours saw"), DESK_ROLES),
        ("desk:report", _("Group report"), DESK_ROLES),
        ("desk:figures", _("Figures"), _FIGURES_ROLES),
    ]


def _care() -> list[_Row]:
    return [
        ("care:needs", _("Needs"), LOOKING_ROLES),
        ("volunteers:own", _("My part"), frozenset({Role.VOLUNTEER})),
        ("dispatch:day", _("Tasks of the day"), DESK_ROLES),
        ("visits:visits", _("Visits"), LOOKING_ROLES),
        ("visits:company", _("Company"), DESK_ROLES),
        ("activities:activities", _("Activities"), LOOKING_ROLES),
    ]


def _people() -> list[_Row]:
    return [
        ("residents:homes", _("Homes"), DESK_ROLES),
        ("volunteers:volunteers", _("Volunteers"), DESK_ROLES),
        ("members", _("Logins and roles"), _COORDINATORS),
    ]


def _settings() -> list[_Row]:
    return [
        ("policies:policies", _("Ladders"), DESK_ROLES),
        ("residents:signals", _("Signals"), _COORDINATORS),
        ("habits:habits", _("Habits"), DESK_ROLES),
        ("care:kinds", _("Kinds of need"), _COORDINATORS),
        ("visits:questions", _("What a visit asks"), _COORDINATORS),
        ("outbox:channels", _("How people are told"), _COORDINATORS),
        ("practices:practices", _("Practices"), DESK_ROLES),
        ("community_change", _("The community"), _COORDINATORS),
    ]
