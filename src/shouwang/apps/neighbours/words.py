"""The words of reports."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from shouwang.apps.neighbours.models import Report, What


def window_words(unit: str, floor: int, column: int) -> str:
    """Return which window it is, as one says it from downstairs."""
    return _("entrance %(unit)s, floor %(floor)s, window %(column)s from the left") % {
        "unit": unit,
        "floor": floor,
        "column": column,
    }


def what_words() -> Mapping[str, str]:
    """Return what was seen, in words."""
    return {
        What.CRY.value: _("a crying face"),
        What.SMILE.value: _("a smiling face"),
        What.OTHER.value: _("something else that worries me"),
    }


def place_words(report: Report) -> str:
    """Return where it was seen, as it was said."""
    parts = [_("Building %(label)s") % {"label": report.building.label}]
    if report.floor is not None and report.column is not None:
        parts.append(window_words(report.unit, report.floor, report.column))
    if report.where:
        parts.append(report.where)
    return " · ".join(parts)
