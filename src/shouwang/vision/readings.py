"""What a photo says: of each window a state with its confidence, or why it says none."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from shouwang.vision.facades import Corners


class Doubt(StrEnum):
    """Why a window cannot be read."""

    TOO_DARK = "too_dark"
    GLARE = "glare"
    BLOCKED = "blocked"
    TOO_SMALL = "too_small"
    # The photo was found, but this window on it was not.
    NOT_FOUND = "not_found"
    UNSURE = "unsure"


class Refusal(StrEnum):
    """Why a whole photo is not read."""

    NOT_A_PICTURE = "not_a_picture"
    TOO_LARGE = "too_large"
    NOT_THIS_FACADE = "not_this_facade"
    MIRRORED = "mirrored"
    PICTURE_OF_A_PICTURE = "picture_of_a_picture"
    SEEN_BEFORE = "seen_before"


@dataclass(frozen=True, kw_only=True)
class StateReading:
    """What one cut-out window shows.

    ``state`` is the likeliest one (`facades.STATES`), or None where the picture says
    nothing; then ``doubt`` says why. ``confidence`` (0..1) is calibrated: of the readings
    that say 0.9, nine in ten are right.
    """

    state: str | None
    confidence: float
    doubt: Doubt | None = None


@dataclass(frozen=True, kw_only=True)
class WindowReading:
    """One agreed window in a photo: where it lies there, its crop (JPEG) and its state.

    ``corners`` and ``crop`` are None where the window was not found.
    """

    window: str
    reading: StateReading
    corners: Corners | None = None
    crop: bytes | None = None


@dataclass(frozen=True, kw_only=True)
class PhotoReading:
    """A whole photo: either its windows, or why it was refused.

    ``blurred`` (JPEG) is the photo with all but the agreed windows made unrecognisable;
    ``fingerprint`` is alike for copies of one picture.
    """

    windows: tuple[WindowReading, ...] = ()
    refusal: Refusal | None = None
    reference: str | None = None
    blurred: bytes | None = None
    fingerprint: bytes = b""
