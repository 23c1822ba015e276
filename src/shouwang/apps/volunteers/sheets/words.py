"""The columns of a sheet of volunteers in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _, pgettext

from shouwang.apps.volunteers.sheets.columns import Column


def column_words() -> Mapping[str, str]:
    """Return the names of the columns of a sheet of volunteers."""
    return {
        Column.NAME.value: pgettext("of a person", "Name"),
        Column.PHONE.value: _("Phone"),
        Column.TEAM.value: _("Team"),
        Column.SKILLS.value: _("Skills"),
        Column.TIMES.value: _("Free times"),
        Column.SEASON.value: _("Season"),
        Column.A_WEEK.value: _("Times a week"),
        Column.BUILDINGS.value: _("Buildings"),
        Column.HOMES.value: _("Homes they know"),
        Column.CONSENT_ON.value: _("Agreed on"),
        Column.CONSENT_PAPER.value: _("Number of the paper"),
        Column.CONFIDENTIALITY.value: _("Taught confidentiality"),
        Column.FIRST_AID.value: _("Taught first aid"),
        Column.FIRST_AID_UNTIL.value: _("First aid valid until"),
        Column.NOTE.value: _("Note"),
    }
