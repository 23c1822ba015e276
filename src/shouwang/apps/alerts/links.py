"""Signed links: from a message to one alert, as one person, for some hours.

The code is everything there is: nothing about it is stored (``common.codes``). It names
the alert and the person.

A message that several people read carries the code of the alert alone. Whoever opens
it says who they are, among those who were asked, and gets a code of their own: of
another version, so that what is done by it is known to rest on their word only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from shouwang.apps.alerts.models import Alert, Via
from shouwang.apps.alerts.people import Actor, Person
from shouwang.apps.communities.models import Community, Member
from shouwang.apps.residents.models import ContactPerson
from shouwang.common.codes import code_made, code_read
from shouwang.common.errors import NotFoundError

LINK_PATH = "a/"
LINK_LIVES = timedelta(hours=12)

_SALT = "shouwang.alerts.links"
_MEMBER, _CONTACT, _GROUP, _SAID = 1, 2, 3, 4


@dataclass(frozen=True, kw_only=True)
class Link:
    """What a code says, once its signature was found good.

    A group's names nobody; ``is_said``: the person only said that it is them.
    """

    alert_id: int
    person: Person | None
    expires_at: datetime
    is_said: bool = False

    def is_over(self, now: datetime) -> bool:
        """Return whether its time is over."""
        return now >= self.expires_at


@dataclass(frozen=True, kw_only=True)
class Linked:
    """An alert as one person reaches it by a link; ``is_over`` when it has expired.

    ``by_group`` is the code of the group's link where they only said who they are.
    """

    alert: Alert
    actor: Actor
    is_over: bool
    by_group: str = ""

    @property
    def community(self) -> Community:
        """Return the community whose desk it belongs to."""
        return self.alert.community

    @property
    def via(self) -> Via:
        """Return how what is done by the link is said."""
        return Via.GROUP_LINK if self.by_group else Via.OWN


@dataclass(frozen=True, kw_only=True)
class GroupLinked:
    """An alert as anybody reaches it who read a group's message."""

    alert: Alert
    expires_at: datetime
    is_over: bool

    @property
    def community(self) -> Community:
        """Return the community whose desk it belongs to."""
        return self.alert.community


def link_for(alert: Alert, person: Person, now: datetime) -> str:
    """Return the code by which ``person`` reaches ``alert`` for the next 12 hours."""
    kind = _MEMBER if person.member_id else _CONTACT
    of = person.member_id or person.contact_id or 0
    return _code(kind, alert, now + LINK_LIVES, of)


def group_link_for(alert: Alert, now: datetime) -> str:
    """Return the code by which a group reaches ``alert`` for the next 12 hours."""
    return _code(_GROUP, alert, now + LINK_LIVES)


def said_link_for(alert: Alert, member: Member, expires_at: datetime) -> str:
    """Return the code for whoever says by a group's link that they are ``member``."""
    return _code(_SAID, alert, expires_at, member.pk)


def _code(kind: int, alert: Alert, expires_at: datetime, *of: int) -> str:
    return code_made(_SALT, (alert.pk, *of), version=kind, expires_at=expires_at)


def alert_link(alert: Alert, person: Person, now: datetime) -> str:
    """Return the address for a message; empty where no public address is set."""
    return _address(link_for(alert, person, now))


def group_link(alert: Alert, now: datetime) -> str:
    """Return the address for a message that several read; empty as for one."""
    return _address(group_link_for(alert, now))


def _address(code: str) -> str:
    return f"{settings.PUBLIC_URL}/{LINK_PATH}{code}/" if settings.PUBLIC_URL else ""


def link_read(code: str) -> Link:
    """Return what a code says.

    Raises
    ------
    NotFoundError
        ``unknown_link``: nobody issued this code, or it was altered on the way.
    """
    said = code_read(_SALT, code)
    if said is None:
        raise _unknown()
    alert_id, *of = said.numbers
    return Link(
        alert_id=alert_id,
        person=_person(said.version, of),
        expires_at=said.expires_at,
        is_said=said.version == _SAID,
    )


def linked_by(code: str, *, now: datetime) -> Linked:
    """Return the alert and the person of a code, whether or not its time is over.

    Raises
    ------
    NotFoundError
        ``unknown_link``: altered, of another alert, or of somebody who has left.
    """
    link = link_read(code)
    alert = _alert_of(link)
    actor = _actor(link.person, alert) if link.person else None
    if actor is None:
        raise _unknown()
    by_group = _code(_GROUP, alert, link.expires_at) if link.is_said else ""
    return Linked(
        alert=alert, actor=actor, is_over=link.is_over(now), by_group=by_group
    )


def group_linked_by(code: str, *, now: datetime) -> GroupLinked:
    """Return the alert of a group's code, whether or not its time is over.

    Raises
    ------
    NotFoundError
        ``unknown_link``: altered, or of one person.
    """
    link = link_read(code)
    if link.person is not None:
        raise _unknown()
    return GroupLinked(
        alert=_alert_of(link), expires_at=link.expires_at, is_over=link.is_over(now)
    )


def _alert_of(link: Link) -> Alert:
    alert = (
        Alert.objects.across("a link says itself which alert it is for")
        .select_related("community", "home__building", "round")
        .filter(pk=link.alert_id)
        .first()
    )
    if alert is None:
        raise _unknown()
    return alert


def _actor(person: Person, alert: Alert) -> Actor | None:
    """Return who a link is for, while they still belong to the alert."""
    if person.member_id is not None:
        return (
            Member.objects.of(alert.community_id)
            .filter(pk=person.member_id, left_at__isnull=True)
            .first()
        )
    if person.contact_id is None or alert.home_id is None:
        return None
    return (
        ContactPerson.objects.of(alert.community_id)
        .filter(pk=person.contact_id, home_id=alert.home_id, ended_at__isnull=True)
        .first()
    )


def _person(kind: int, of: Sequence[int]) -> Person | None:
    if kind == _GROUP:
        return None
    return Person(contact_id=of[0]) if kind == _CONTACT else Person(member_id=of[0])


def _unknown() -> NotFoundError:
    return NotFoundError("unknown_link", _("This link is not valid."))
