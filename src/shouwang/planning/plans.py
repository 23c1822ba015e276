"""A plan: who stands where, when, and looks at whom."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Stop:
    """One stop: ``homes`` are looked at from ``node``, from ``start_s`` on."""

    node: int
    start_s: int
    homes: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Walk:
    """One walker's stops in their order; none, if not needed."""

    walker: int
    stops: tuple[Stop, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Every walker's walk, and who is left unlooked, the greatest need first.

    ``blind`` are the homes among them that no standpoint on any path can see.
    """

    walks: tuple[Walk, ...]
    unlooked: tuple[int, ...]
    blind: tuple[int, ...] = ()

    def walker_of(self) -> dict[int, int]:
        """Return who looks at each home."""
        return {
            home: walk.walker
            for walk in self.walks
            for stop in walk.stops
            for home in stop.homes
        }
