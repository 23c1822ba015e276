"""What cannot be planned, and why."""

from __future__ import annotations


class EstateError(ValueError):
    """An estate that is no estate: ``where`` names the place, ``code`` the fault."""

    def __init__(self, code: str, where: str) -> None:
        super().__init__(f"{where}: {code}")
        self.code = code
        self.where = where
