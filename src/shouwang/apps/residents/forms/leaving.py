"""Forms about those who leave, and how long their names are kept."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from shouwang.apps.privacy.models import DAYS_LEAST, DAYS_MOST, Why
from shouwang.apps.privacy.words import why_words


class LeaveForm(forms.Form):
    """Why somebody leaves the watch."""

    why = forms.ChoiceField(
        label=_("Why"),
        choices=lambda: [*why_words().items()],
        widget=forms.RadioSelect,
    )

    def reason(self) -> Why:
        """Return what was chosen."""
        return Why(self.cleaned_data["why"])


class KeepForm(forms.Form):
    """Keep the names longer: until a day, or held until somebody lets go."""

    until = forms.DateField(
        label=_("Keep until (empty: until I let go)"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    reason = forms.CharField(
        label=_("Why"),
        max_length=300,
        help_text=_(
            "A court asks for it, a bill is open … It stands beside your name."
        ),
    )


class RuleForm(forms.Form):
    """How many days the names of those who left are kept."""

    days = forms.IntegerField(
        label=_("Days until names are forgotten"),
        min_value=DAYS_LEAST,
        max_value=DAYS_MOST,
    )
