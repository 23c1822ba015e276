"""What a resident who walks by can say."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shouwang.apps.neighbours.services import ReportDraft
from shouwang.apps.neighbours.words import window_words
from shouwang.apps.residents.models import Building
from shouwang.domain.reporting import What

WHAT = (
    (What.CRY.value, _("a crying face")),
    (What.SMILE.value, _("a smiling face")),
    (What.OTHER.value, _("something else that worries me")),
)


class ReportForm(forms.Form):
    """Building, window, what was seen; everything else is optional."""

    what = forms.ChoiceField(
        label=_("What did you see?"), choices=WHAT, widget=forms.RadioSelect
    )
    window = forms.ChoiceField(
        label=_("Which window? Tap it as you see it from downstairs."),
        required=False,
        widget=forms.RadioSelect,
    )
    where = forms.CharField(
        label=_("Or say where it is"),
        max_length=200,
        required=False,
        widget=forms.TextInput(
            attrs={"placeholder": _("third floor, above the bicycles")}
        ),
    )
    note = forms.CharField(
        label=_("Anything else"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    phone = forms.CharField(
        label=_("Your phone number, if we may ask back"), max_length=40, required=False
    )
    photo = forms.FileField(
        label=_("A photo of the window"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/*"}),
    )

    def __init__(self, *args: Any, building: Building, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.building = building
        window: forms.ChoiceField = self.fields["window"]  # type: ignore[assignment]  # declared above
        window.choices = [
            (f"{unit}|{floor}|{column}", window_words(unit, floor, column))
            for floor in self._floors()
            for unit, column in self._columns()
        ]

    def _floors(self) -> range:
        return range(self.building.floors, 0, -1)

    def _columns(self) -> list[tuple[str, int]]:
        return [
            (row["label"], column)
            for row in self.building.units
            for column in range(1, row["columns"] + 1)
        ]

    def rows(self) -> Iterable[tuple[int, list[Any]]]:
        """Return the windows floor by floor, from the top, as the facade shows them."""
        width = len(self._columns())
        if not width:
            return
        panes = list(self["window"])
        for place, floor in enumerate(self._floors()):
            yield floor, panes[place * width : (place + 1) * width]

    def draft(self) -> ReportDraft:
        """Return what was said."""
        given = self.cleaned_data
        unit, floor, column = "", None, None
        if given["window"]:
            unit, upper, across = given["window"].split("|")
            floor, column = int(upper), int(across)
        return ReportDraft(
            what=given["what"],
            unit=unit,
            floor=floor,
            column=column,
            where=given["where"],
            note=given["note"],
            phone=given["phone"],
            photo=given["photo"].read() if given["photo"] else b"",
        )
