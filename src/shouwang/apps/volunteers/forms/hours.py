"""The form of hours somebody gave."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shouwang.apps.volunteers.forms.saying import day_field
from shouwang.apps.volunteers.models import HoursRow
from shouwang.apps.volunteers.services import HoursDraft


class HoursForm(forms.Form):
    """When, how long, and what was done."""

    on = day_field(_("On"))
    from_time = forms.TimeField(
        label=_("From what time"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("The official systems want it; leave it empty if nobody knows."),
    )
    hours = forms.IntegerField(
        label=_("Hours"), min_value=0, max_value=24, required=False
    )
    minutes = forms.IntegerField(
        label=_("Minutes"), min_value=0, max_value=59, required=False
    )
    what = forms.CharField(
        label=_("What was done"),
        max_length=120,
        help_text=_("For example: cut hair, walked a round, sat with her."),
    )

    def draft(self) -> HoursDraft:
        """Return what was filled in."""
        given = self.cleaned_data
        minutes = 60 * (given["hours"] or 0) + (given["minutes"] or 0)
        return HoursDraft(
            on=given["on"],
            minutes=minutes,
            what=given["what"],
            from_time=given["from_time"],
        )


def hours_initial(row: HoursRow) -> dict[str, Any]:
    """Return hours as their form shows them."""
    return {
        "on": row.on,
        "from_time": row.from_time,
        "hours": row.minutes // 60,
        "minutes": row.minutes % 60,
        "what": row.what,
    }
