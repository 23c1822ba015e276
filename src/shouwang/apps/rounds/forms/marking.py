"""Where the agreed windows are on a picture: four numbers for each home."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _, gettext_lazy

from shouwang.apps.residents.models import Home
from shouwang.domain.marks import Box

SIDES = {
    "x": gettext_lazy("From the left (%)"),
    "y": gettext_lazy("From the top (%)"),
    "width": gettext_lazy("Width (%)"),
    "height": gettext_lazy("Height (%)"),
}


@dataclass(frozen=True, kw_only=True)
class HomeRow:
    """The fields of one home; ``anchor`` carries the words of what is wrong with it."""

    home: Home
    anchor: forms.BoundField
    sides: Sequence[forms.BoundField]


class MarkingForm(forms.Form):
    """The box of each home in hundredths of the picture's sides; empty is no box."""

    def __init__(
        self,
        *args: Any,
        homes: Sequence[Home],
        boxes: Mapping[int, Box],
        **kwargs: Any,
    ) -> None:
        initial = {
            f"{side}_{key}": round(getattr(box, side) * 100, 2)
            for key, box in boxes.items()
            for side in SIDES
        }
        kwargs["initial"] = initial
        super().__init__(*args, **kwargs)
        self.homes = homes
        for home in homes:
            self._add(home)

    def _add(self, home: Home) -> None:
        # Holds no value: what is wrong with a box as a whole is said of it.
        self.fields[f"home_{home.pk}"] = forms.Field(required=False)
        for side, words in SIDES.items():
            field = forms.FloatField(
                label=words, min_value=0, max_value=100, required=False
            )
            field.widget.attrs |= {
                "step": "any",
                "data-side": side,
                "aria-label": f"{home.address}: {words}",
            }
            self.fields[f"{side}_{home.pk}"] = field

    def clean(self) -> dict[str, Any]:
        """Refuse a box of which a part is missing."""
        given = super().clean() or {}
        for home in self.homes:
            sides = [given.get(f"{side}_{home.pk}") for side in SIDES]
            is_wrong = any(f"{side}_{home.pk}" in self.errors for side in SIDES)
            if None in sides and any(one is not None for one in sides) and not is_wrong:
                words = _("Fill in all four numbers, or none.")
                self.add_error(f"home_{home.pk}", words)
        return given

    def rows(self) -> list[HomeRow]:
        """Return the fields home by home."""
        return [
            HomeRow(
                home=home,
                anchor=self[f"home_{home.pk}"],
                sides=[self[f"{side}_{home.pk}"] for side in SIDES],
            )
            for home in self.homes
        ]

    def boxes(self) -> dict[int, Box]:
        """Return the boxes that were drawn, by home, as shares."""
        given = self.cleaned_data
        return {
            home.pk: Box(**{side: given[f"{side}_{home.pk}"] / 100 for side in SIDES})
            for home in self.homes
            if given[f"x_{home.pk}"] is not None
        }
