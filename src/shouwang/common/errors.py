"""Errors people can be told.

``ShouwangError``           code, words for people, HTTP status
    ``NotFoundError``       unknown, or not theirs: 404, never 403
    ``RefusedError``        understood but not allowed by the rules: 422
    ``GoneError``           was there and is over: 410
    ``ConflictError``       something else happened first: 409
    ``UnavailableError``    nothing could be written: 503, nothing was lost
"""

from __future__ import annotations

from typing import Any


class ShouwangError(Exception):
    """An error with a stable ``code`` and a message that says what to do next.

    ``message`` may be a lazy translation; ``fields`` maps a field to its errors.
    """

    status = 400

    def __init__(
        self, code: str, message: Any, *, fields: dict[str, list[str]] | None = None
    ) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.fields = fields or {}

    def __str__(self) -> str:
        return str(self.message)


class NotFoundError(ShouwangError):
    """Nothing there for this reader."""

    status = 404


class RefusedError(ShouwangError):
    """The rules do not allow it."""

    status = 422


class GoneError(ShouwangError):
    """It was there, and its time is over."""

    status = 410


class ConflictError(ShouwangError):
    """It contradicts what is already recorded."""

    status = 409


class UnavailableError(ShouwangError):
    """The store cannot take it now."""

    status = 503
