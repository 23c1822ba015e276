"""Whose number somebody may open, and from where."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from shouwang.apps.alerts.selectors import alert_for
from shouwang.apps.care.selectors import carries, need_for
from shouwang.apps.communities.models import Member
from shouwang.apps.communities.selectors import DESK_ROLES, has_role
from shouwang.apps.privacy.models import Place
from shouwang.apps.residents.models import Home
from shouwang.apps.residents.selectors import contact_for, home_for, resident_for
from shouwang.common.errors import NotFoundError


@dataclass(frozen=True, kw_only=True)
class Phone:
    """A number that was asked for; ``of`` says whose it is, in the log of looks."""

    home: Home
    of: str
    name: str
    number: str


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Whose number is wanted (``home``, ``resident``, ``contact``), and from where."""

    kind: str
    key: int
    place: str
    place_id: int | None = None


def phone_to_open(member: Member, home_id: int, asked: Asked) -> Phone:
    """Return a number the reader may open, else "not found".

    The desk opens every number. Whoever has taken a need opens that of the home and of
    who lives there, from the need's page and while it is theirs.
    """
    home = home_for(member, home_id)
    _require_place(member, home, asked)
    name, number = _found(member, home, asked)
    if not number:
        raise _unknown()
    of = asked.kind if asked.kind == "home" else f"{asked.kind}:{asked.key}"
    return Phone(home=home, of=of, name=name, number=number)


def _require_place(member: Member, home: Home, asked: Asked) -> None:
    """Refuse a number that is asked for from where it has no business."""
    is_desk = has_role(member, DESK_ROLES)
    match asked.place:
        case Place.HOME.value:
            is_right = is_desk
        case Place.ALERT.value if asked.place_id is not None:
            alert = alert_for(member, asked.place_id)
            is_right = is_desk and alert.home_id == home.pk
        case Place.NEED.value if asked.place_id is not None:
            need = need_for(member, asked.place_id)
            is_carried = carries(need, member) and asked.kind != "contact"
            is_right = need.home_id == home.pk and (is_desk or is_carried)
        case _:
            is_right = False
    if not is_right:
        raise _unknown()


def _found(member: Member, home: Home, asked: Asked) -> tuple[str, str]:
    if asked.kind == "home":
        return f"{home.address} {home.shown_name}".strip(), home.phone
    if asked.kind == "resident":
        resident = resident_for(member, asked.key)
        is_here = resident.home_id == home.pk and resident.moved_out_at is None
        return str(resident), resident.phone if is_here else ""
    if asked.kind == "contact":
        contact = contact_for(member, asked.key)
        is_here = contact.home_id == home.pk and contact.ended_at is None
        return contact.name, contact.phone if is_here else ""
    return "", ""


def _unknown() -> NotFoundError:
    return NotFoundError("unknown_phone", _("There is no such number for you here."))
