"""Forms about rounds."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shouwang.apps.communities.models import Community, Member, Role
from shouwang.apps.communities.selectors import members_list, roles_of
from shouwang.apps.residents.selectors import homes_in_order
from shouwang.apps.residents.words import day_words
from shouwang.apps.rounds.services import RoundDraft
from shouwang.domain.schedule import EVERY_DAY

WALK = (Role.WALKER, Role.VOLUNTEER, Role.DUTY_OFFICER, Role.COORDINATOR)


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
        walkers.choices = [(row.pk, str(row)) for row in _walkers(community, chosen)]
        homes: forms.TypedMultipleChoiceField = self.fields["homes"]  # type: ignore[assignment]  # declared above
        by_building: dict[str, list[tuple[int, str]]] = {}
        for row in homes_in_order(community=community):
            words = f"{row.address} {row.shown_name}"
            by_building.setdefault(row.building.label, []).append((row.pk, words))
        homes.choices = [
            (str(_("Building %(label)s")) % {"label": label}, rows)
            for label, rows in by_building.items()
        ]

    def draft(self) -> RoundDraft:
        """Return what was filled in."""
        given = self.cleaned_data
        return RoundDraft(
            name=given["name"],
            at=given["at"],
            days=frozenset(given["days"]),
            walker_ids=given["walkers"],
            home_ids=given["homes"],
        )


def _walkers(community: Community, chosen: list[int]) -> list[Member]:
    """Return who can walk, those of the round first, in their order."""
    rows = [
        row
        for row in members_list(community=community)
        if not roles_of(row).isdisjoint(WALK)
    ]
    places = {key: place for place, key in enumerate(chosen)}
    return sorted(rows, key=lambda row: places.get(row.pk, len(places)))
