"""Who can be told of an alert, and who can act on it."""

from __future__ import annotations

from dataclasses import dataclass

from shouwang.apps.communities.models import Member
from shouwang.apps.residents.models import ContactPerson

# Whoever acts: somebody of the community, or a contact person of the home.
Actor = Member | ContactPerson


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody who can be told: a member, or a contact person of the home."""

    member_id: int | None = None
    contact_id: int | None = None

    @property
    def key(self) -> str:
        """Return what tells this person from every other, as the rules name them."""
        return f"m{self.member_id}" if self.member_id else f"c{self.contact_id}"


def person_of(actor: Actor) -> Person:
    """Return ``actor`` as somebody who can be told."""
    if isinstance(actor, Member):
        return Person(member_id=actor.pk)
    return Person(contact_id=actor.pk)


def person_by(key: str) -> Person:
    """Return the person whose ``key`` this is."""
    row = int(key[1:])
    return Person(member_id=row) if key[0] == "m" else Person(contact_id=row)
