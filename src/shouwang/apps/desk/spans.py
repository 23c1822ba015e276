"""Which span of time a reader wants figures of."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shouwang.apps.alerts.words import kind_words
from shouwang.apps.desk.selectors.service import Span
from shouwang.domain.alerts import AlertKind

WEEKS = (4, 13, 52)
USUAL_WEEKS = 13
DAYS_MOST = 2 * 366


def span_of_weeks(weeks: int, *, today: date, kind: str = "") -> Span:
    """Return the last ``weeks`` ISO weeks, the running one among them."""
    monday = today - timedelta(days=today.weekday())
    return Span(first=monday - timedelta(weeks=weeks - 1), last=today, kind=kind)


def _date_field(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class SpanForm(forms.Form):
    """Some weeks, or from one day to another, and a kind of alert; nothing: 13 weeks."""

    weeks = forms.TypedChoiceField(
        choices=[(weeks, weeks) for weeks in WEEKS],
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.HiddenInput,
    )
    first = _date_field(_("From"))
    last = _date_field(_("To"))
    kind = forms.ChoiceField(label=_("Kind of alert"), required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        words = kind_words()
        kind: forms.ChoiceField = self.fields["kind"]  # type: ignore[assignment]  # declared above
        kind.choices = [("", _("every kind"))] + [
            (row.value, words[row.value]) for row in AlertKind
        ]

    def clean(self) -> dict[str, Any]:
        """Check that the two days are a span that can be shown."""
        given = super().clean() or {}
        first, last = given.get("first"), given.get("last")
        if self.errors:
            return given
        if (first is None) != (last is None):
            self.add_error(
                "last" if first else "first", _("Give both days, or neither.")
            )
        elif first and last:
            self._check(first, last)
        return given

    def _check(self, first: date, last: date) -> None:
        if last < first:
            self.add_error("last", _("The last day lies before the first."))
        elif first > self.today:
            self.add_error("first", _("This day is still to come."))
        elif (last - first).days >= DAYS_MOST:
            self.add_error("last", _("At most two years at once, please."))

    def span(self) -> Span:
        """Return the span that was asked for; days to come are left out."""
        given = self.cleaned_data
        if given["first"]:
            last = min(given["last"], self.today)
            return Span(first=given["first"], last=last, kind=given["kind"])
        weeks = given["weeks"] or USUAL_WEEKS
        return span_of_weeks(weeks, today=self.today, kind=given["kind"])
