"""A round: when, who walks, where one stops."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shouwang.apps.communities.models import Community
from shouwang.apps.residents.choosing import homes_by_building
from shouwang.apps.residents.words import day_words
from shouwang.apps.rounds.forms.choosing import walkers_of
from shouwang.apps.rounds.selectors.standpoints import standpoints_list
from shouwang.apps.rounds.services import RoundDraft
from shouwang.domain.schedule import EVERY_DAY


class RoundForm(forms.Form):
    """A walk at a local time on some days, by some people, past some homes."""

    name = forms.CharField(label=_("Name of the round"), max_length=40)
    at = forms.TimeField(
        label=_("Begins at"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    days = forms.TypedMultipleChoiceField(
        label=_("Days"),
        coerce=int,
        initial=sorted(EVERY_DAY),
        required=False,
        choices=lambda: [*enumerate(day_words())],
        widget=forms.CheckboxSelectMultiple,
    )
    walkers = forms.TypedMultipleChoiceField(
        label=_("Who walks; the first is asked first"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    stand_in = forms.TypedChoiceField(
        label=_("Stand-in, asked first when somebody drops out"),
        coerce=int,
        required=False,
        empty_value=None,
    )
    homes = forms.TypedMultipleChoiceField(
        label=_("Past which homes"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "many"}),
    )

    def __init__(self, *args: Any, community: Community, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = kwargs.get("initial", {}).get("walkers", [])
        walkers: forms.TypedMultipleChoiceField = self.fields["walkers"]  # type: ignore[assignment]  # declared above
        people = [(row.pk, str(row)) for row in walkers_of(community, chosen)]
        stand_in: forms.TypedChoiceField = self.fields["stand_in"]  # type: ignore[assignment]  # declared above
        stand_in.choices = [("", _("nobody in particular")), *people]
        walkers.choices = people
        homes: forms.TypedMultipleChoiceField = self.fields["homes"]  # type: ignore[assignment]  # declared above
        homes.choices = homes_by_building(community)
        self.standpoints = standpoints_list(community=community)
        for place in self.standpoints:
            self.fields[f"stop_{place.pk}"] = forms.IntegerField(
                label=_("Stop number of %(name)s") % {"name": place.name},
                help_text=_("Empty if this round does not stop there."),
                required=False,
                min_value=1,
                max_value=999,
            )
        if self.standpoints:
            homes.label = _("Past which further homes")
        self.order_fields([name for name in self.fields if name != "homes"] + ["homes"])

    def _stops(self) -> list[int]:
        """Return the standpoints in walking order; of equal numbers, as listed."""
        given = self.cleaned_data
        numbered = [
            (given[f"stop_{row.pk}"], row.pk)
            for row in self.standpoints
            if given.get(f"stop_{row.pk}")
        ]
        return [key for _number, key in sorted(numbered, key=lambda pair: pair[0])]

    def draft(self) -> RoundDraft:
        """Return what was filled in."""
        given = self.cleaned_data
        return RoundDraft(
            standpoint_ids=self._stops(),
            stand_in_id=given["stand_in"],
            name=given["name"],
            at=given["at"],
            days=frozenset(given["days"]),
            walker_ids=given["walkers"],
            home_ids=given["homes"],
        )


class PhoneFileForm(forms.Form):
    """What a phone could not send and saved to a file."""

    file = forms.FileField(
        label=_("The file from the phone"),
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
    )
