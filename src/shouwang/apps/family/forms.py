"""Forms for families, and for the coordinator who chooses what they are told."""

from __future__ import annotations

from datetime import datetime, time, timedelta, tzinfo
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _, gettext_lazy

from shouwang.apps.family.services import AbsenceIn, TellingDraft, VouchIn
from shouwang.apps.family.words import how_words, tells_words
from shouwang.apps.residents.words import absence_words, day_words
from shouwang.common.clock import local
from shouwang.domain.family import Tells

USUALLY_AT = time(9, 30)


def _time_input() -> forms.TimeInput:
    return forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


def _date_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class TellingForm(forms.Form):
    """When a contact person is told."""

    tells = forms.ChoiceField(
        label=gettext_lazy("Is told"),
        widget=forms.RadioSelect,
        choices=lambda: [*tells_words().items()],
    )
    at = forms.TimeField(
        label=gettext_lazy("Not before"),
        widget=_time_input(),
        help_text=gettext_lazy(
            "The daily word goes out once all that is due so far is settled, never "
            "before this time. Best shortly after the morning window."
        ),
    )
    weekday = forms.TypedChoiceField(
        label=gettext_lazy("Day of the weekly word"),
        coerce=int,
        choices=lambda: [*enumerate(day_words())],
    )

    def draft(self) -> TellingDraft:
        """Return what was chosen."""
        given = self.cleaned_data
        return TellingDraft(
            tells=Tells(given["tells"]), at=given["at"], weekday=given["weekday"]
        )


class VouchForm(forms.Form):
    """Somebody of the family spoke with her: when, and how."""

    how = forms.ChoiceField(
        label=gettext_lazy("How"),
        widget=forms.RadioSelect,
        choices=lambda: [*how_words().items()],
    )
    on = forms.ChoiceField(label=gettext_lazy("When"), widget=forms.RadioSelect)
    at = forms.TimeField(label=gettext_lazy("At"), widget=_time_input())
    once = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, now: datetime, zone: tzinfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = local(now, zone).date()
        self._days = {"today": today, "yesterday": today - timedelta(days=1)}
        on: forms.ChoiceField = self.fields["on"]  # type: ignore[assignment]  # declared above
        on.choices = [("today", _("today")), ("yesterday", _("yesterday"))]

    def vouch(self) -> VouchIn:
        """Return what was said."""
        given = self.cleaned_data
        once: UUID = given["once"]
        return VouchIn(
            id=once, on=self._days[given["on"]], at=given["at"], how=given["how"]
        )


class AwayForm(forms.Form):
    """She will be away."""

    first_on = forms.DateField(label=gettext_lazy("From"), widget=_date_input())
    last_on = forms.DateField(
        label=gettext_lazy("To (leave empty while nobody knows)"),
        required=False,
        widget=_date_input(),
    )
    reason = forms.ChoiceField(
        label=gettext_lazy("Where"),
        widget=forms.RadioSelect,
        choices=lambda: [*absence_words().items()],
    )

    def absence(self) -> AbsenceIn:
        """Return what was said."""
        return AbsenceIn(**self.cleaned_data)
