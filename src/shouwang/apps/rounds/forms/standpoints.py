"""Where one stands, and the plan that shows it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shouwang.apps.communities.models import Community
from shouwang.apps.residents.choosing import homes_by_building
from shouwang.apps.rounds.services.standpoints import StandpointDraft


class StandpointForm(forms.Form):
    """Where one stands, and which windows one sees from there."""

    name = forms.CharField(
        label=_("Name of the standpoint"),
        max_length=40,
        help_text=_("As walkers say it: south of building 3, by the old tree."),
    )
    note = forms.CharField(
        label=_("How to stand there"), max_length=200, required=False
    )
    x = forms.FloatField(
        label=_("On the plan, from the left (%)"),
        min_value=0,
        max_value=100,
        required=False,
    )
    y = forms.FloatField(
        label=_("On the plan, from the top (%)"),
        min_value=0,
        max_value=100,
        required=False,
    )
    homes = forms.TypedMultipleChoiceField(
        label=_("Windows seen from there"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "many"}),
    )

    def __init__(self, *args: Any, community: Community, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        homes: forms.TypedMultipleChoiceField = self.fields["homes"]  # type: ignore[assignment]  # declared above
        homes.choices = homes_by_building(community)

    def draft(self) -> StandpointDraft:
        """Return what was filled in; the plan's hundredths become shares."""
        given = self.cleaned_data
        return StandpointDraft(
            name=given["name"],
            note=given["note"],
            x=None if given["x"] is None else given["x"] / 100,
            y=None if given["y"] is None else given["y"] / 100,
            home_ids=given["homes"],
        )


class PictureForm(forms.Form):
    """A picture: of the estate from above, or of what one sees from a standpoint."""

    picture = forms.FileField(
        label=_("Picture (JPEG, PNG or WebP, at most 12 MB)"),
        widget=forms.FileInput(attrs={"accept": "image/*"}),
    )
