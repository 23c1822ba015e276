"""Reads of volunteers; permission is inside.

The desk sees the volunteers of its community. A volunteer with a login sees themselves
and nobody else. A supervisor sees none: a volunteer's data is personal too.
"""

from __future__ import annotations

from shouwang.apps.volunteers.selectors.helping import helpers_of

__all__ = ["helpers_of"]
