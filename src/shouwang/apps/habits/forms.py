"""What a community does when a home is late for its own habit."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _, gettext_lazy

from shouwang.apps.habits.services import SettingsDraft
from shouwang.apps.habits.words import mode_words
from shouwang.domain.unusual import Mode


class HabitSettingsForm(forms.Form):
    """The mode, the bound on needless asks, and where the community lies."""

    mode = forms.ChoiceField(
        label=gettext_lazy("When a home is late for its own habit"),
        widget=forms.RadioSelect,
    )
    most_a_year = forms.IntegerField(
        label=gettext_lazy("Needless asks a home a year, at most"),
        min_value=1,
        max_value=52,
        help_text=gettext_lazy(
            "Fewer asks come later. Six is about every second month."
        ),
    )
    latitude = forms.FloatField(
        label=gettext_lazy("Latitude"),
        required=False,
        min_value=-60,
        max_value=60,
        help_text=gettext_lazy(
            "In degrees, such as 37.87. With both, evenings are counted from sunset."
        ),
    )
    longitude = forms.FloatField(
        label=gettext_lazy("Longitude"), required=False, min_value=-180, max_value=180
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mode: forms.ChoiceField = self.fields["mode"]  # type: ignore[assignment]  # declared above
        mode.choices = list(mode_words().items())

    def clean(self) -> dict[str, Any]:
        """Take both coordinates or none."""
        given = super().clean() or {}
        for one, other in (("latitude", "longitude"), ("longitude", "latitude")):
            is_missing = given.get(one) is None and given.get(other) is not None
            if is_missing and one not in self.errors:
                self.add_error(one, _("Give both, or neither."))
        return given

    def draft(self) -> SettingsDraft:
        """Return what was filled in."""
        given = self.cleaned_data
        return SettingsDraft(
            mode=Mode(given["mode"]),
            most_a_year=given["most_a_year"],
            latitude=given["latitude"],
            longitude=given["longitude"],
        )
