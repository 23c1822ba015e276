"""Addresses as people write them, taken apart."""

from __future__ import annotations

import re
from dataclasses import dataclass

from shouwang.common.text import tidy_address

# 号楼 and 栋 after a building, 单元 or 门 after an entrance, 室 or 号 after a flat.
_MARKED = re.compile(
    r"^(?P<building>[^-]+?)(?:号楼|栋|幢|座|楼|号院)"
    r"(?:-?(?P<unit>[^-]+?)(?:单元|门))?"
    r"-?(?P<room>\w+?)(?:室|号|户)?$"
)
_ROOM = re.compile(r"^(?P<floor>-?\d{1,2})(?P<column>\d{2})\D?$")


@dataclass(frozen=True, kw_only=True)
class AddressParts:
    """A flat's address; ``unit`` is empty where the building has one entrance.

    ``floor`` and ``column`` (from 1) are read from a room number like 401 or 1203 and
    are ``None`` where it does not tell.
    """

    building: str
    unit: str
    room: str
    floor: int | None
    column: int | None

    @property
    def text(self) -> str:
        """Return the address as it is written everywhere, such as ``3-2-401``."""
        return "-".join(part for part in (self.building, self.unit, self.room) if part)


def parse_address(text: str) -> AddressParts | None:
    """Return the parts of ``text``, or ``None`` when it names no building and flat.

    Understood are ``3-2-401``, ``3-401``, ``3号楼2单元401`` and ``3栋401室``, in
    full-width letters too.
    """
    plain = tidy_address(text)
    marked = _MARKED.match(plain)
    if marked:
        return address_of(marked["building"], marked["unit"] or "", marked["room"])
    parts = plain.split("-")
    if not all(parts) or len(parts) not in {2, 3}:
        return None
    return address_of(parts[0], parts[1] if len(parts) == 3 else "", parts[-1])


def address_of(building: str, unit: str, room: str) -> AddressParts:
    """Return the parts of an address that is given in three fields."""
    found = _ROOM.match(room)
    return AddressParts(
        building=building,
        unit=unit,
        room=room,
        floor=int(found["floor"]) if found else None,
        column=int(found["column"]) if found else None,
    )
