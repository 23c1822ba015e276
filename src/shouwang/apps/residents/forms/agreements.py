"""Forms about consent and what was agreed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shouwang.apps.residents.models import Consent
from shouwang.apps.residents.services import AgreementDraft, ConsentDraft
from shouwang.apps.residents.words import day_words
from shouwang.domain.schedule import EVERY_DAY, Expectation

WINDOWS_MOST = 4
NEW = "new"


def _date_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _time_input() -> forms.TimeInput:
    return forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class WindowForm(forms.Form):
    """One agreed window of time; left empty, it is none."""

    label = forms.CharField(
        label=_("Name of the window"), max_length=40, required=False
    )
    opens = forms.TimeField(label=_("From"), widget=_time_input(), required=False)
    due = forms.TimeField(label=_("To"), widget=_time_input(), required=False)
    grace = forms.IntegerField(
        label=_("Minutes of grace"),
        min_value=0,
        max_value=600,
        initial=10,
        required=False,
    )
    days = forms.TypedMultipleChoiceField(
        label=_("Days"),
        coerce=int,
        required=False,
        choices=lambda: [*enumerate(day_words())],
        widget=forms.CheckboxSelectMultiple,
    )
    well = forms.MultipleChoiceField(
        label=_("Means well"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self, *args: Any, states: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        well: forms.MultipleChoiceField = self.fields["well"]  # type: ignore[assignment]  # declared above
        well.choices = states

    def clean(self) -> dict[str, Any]:
        """Ask for both ends of a window that has a name."""
        given: dict[str, Any] = self.cleaned_data
        if given.get("label"):
            for name in ("opens", "due"):
                if given.get(name) is None and name not in self.errors:
                    self.add_error(name, _("Please say when."))
        elif given.get("opens") or given.get("due"):
            self.add_error("label", _("Please give this window a name."))
        return given

    def expectation(self) -> Expectation | None:
        """Return the window, or ``None`` where it was left empty."""
        given = self.cleaned_data
        if not given.get("label"):
            return None
        return Expectation(
            label=given["label"],
            opens=given["opens"],
            due=given["due"],
            grace=timedelta(minutes=given["grace"] or 0),
            days=frozenset(given["days"]),
            well=frozenset(given["well"]),
        )


WindowFormSet = forms.formset_factory(
    WindowForm, extra=0, min_num=WINDOWS_MOST, max_num=WINDOWS_MOST, absolute_max=8
)


def window_initial(row: Expectation | None) -> dict[str, Any]:
    """Return how a window is filled in at first."""
    if row is None:
        return {"days": sorted(EVERY_DAY), "grace": 10}
    return {
        "label": row.label,
        "opens": row.opens,
        "due": row.due,
        "grace": int(row.grace.total_seconds() // 60),
        "days": sorted(row.days),
        "well": sorted(row.well),
    }


class AgreementForm(forms.Form):
    """What is agreed besides the windows."""

    valid_from = forms.DateField(label=_("Begins on"), widget=_date_input())
    review_on = forms.DateField(
        label=_("Talk about it again on"), widget=_date_input(), required=False
    )
    seen_from = forms.CharField(
        label=_("Seen from"),
        max_length=120,
        required=False,
        help_text=_("Where one stands to see the window."),
    )
    require_change = forms.BooleanField(
        label=_("Counts only when somebody saw it change"), required=False
    )

    def draft(self, signal: str, windows: tuple[Expectation, ...]) -> AgreementDraft:
        """Return what was filled in."""
        return AgreementDraft(signal=signal, expectations=windows, **self.cleaned_data)


class ConsentForm(forms.Form):
    """The consent an agreement rests on: one that stands, or a new one."""

    consent = forms.ChoiceField(
        label=_("It rests on"), widget=forms.RadioSelect, initial=NEW
    )
    agreed_by = forms.CharField(label=_("Who agreed"), max_length=80, required=False)
    relation = forms.CharField(
        label=_("Who that is"),
        max_length=40,
        required=False,
        help_text=_("Empty for the resident; otherwise daughter, guardian …"),
    )
    agreed_on = forms.DateField(
        label=_("Agreed on"), widget=_date_input(), required=False
    )
    paper = forms.CharField(
        label=_("Paper"),
        max_length=120,
        required=False,
        help_text=_("Number or place of the signed paper."),
    )

    def __init__(self, *args: Any, standing: list[Consent], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        consent: forms.ChoiceField = self.fields["consent"]  # type: ignore[assignment]  # declared above
        consent.choices = [
            *(
                (row.pk, f"{row.agreed_by}, {row.agreed_on:%Y-%m-%d}, {row.paper}")
                for row in standing
            ),
            (NEW, _("a new consent, written down here")),
        ]
        if standing:
            consent.initial = standing[0].pk

    def clean(self) -> dict[str, Any]:
        """Ask for every part of a new consent."""
        given: dict[str, Any] = self.cleaned_data
        if given.get("consent") == NEW:
            for name in ("agreed_by", "agreed_on", "paper"):
                if not given.get(name) and name not in self.errors:
                    self.add_error(name, _("The watch rests on it; please fill it in."))
        return given

    @property
    def consent_id(self) -> int | None:
        """Return the standing consent that was chosen, or ``None`` for a new one."""
        chosen = self.cleaned_data["consent"]
        return None if chosen == NEW else int(chosen)

    def draft(self) -> ConsentDraft:
        """Return the new consent."""
        given = self.cleaned_data
        return ConsentDraft(
            agreed_by=given["agreed_by"],
            agreed_on=given["agreed_on"],
            paper=given["paper"],
            relation=given["relation"],
        )


class WithdrawForm(forms.Form):
    """Who withdrew the consent."""

    said_by = forms.CharField(label=_("Who said so"), max_length=80)


class EndForm(forms.Form):
    """Why an agreement ends."""

    reason = forms.CharField(label=_("Reason"), max_length=200)
