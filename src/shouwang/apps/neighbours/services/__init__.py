"""Writes about reports of residents: taken at once, confirmed by somebody who looked."""

from __future__ import annotations

from shouwang.apps.neighbours.services.settling import (
    AnswerIn,
    report_answer,
    report_place,
    report_settle,
)
from shouwang.apps.neighbours.services.taking import (
    ABOUT_ONE_BUILDING,
    FROM_ONE_ADDRESS,
    ReportDraft,
    notices_make,
    report_take,
)

__all__ = [
    "ABOUT_ONE_BUILDING",
    "FROM_ONE_ADDRESS",
    "AnswerIn",
    "ReportDraft",
    "notices_make",
    "report_answer",
    "report_place",
    "report_settle",
    "report_take",
]
