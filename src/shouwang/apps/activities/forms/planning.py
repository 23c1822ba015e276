"""What is planned: once or as a series, changed, cancelled."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _, pgettext, pgettext_lazy

from shouwang.apps.activities.services import ActivityDraft, SeriesDraft
from shouwang.apps.activities.words import nth_words, rhythm_words
from shouwang.apps.communities.models import Community, Member, Role
from shouwang.apps.communities.selectors import (
    DESK_ROLES,
    LOOKING_ROLES,
    has_role,
    members_list,
)
from shouwang.apps.residents.words import day_words
from shouwang.common.text import tidy
from shouwang.domain.activities import Rhythm

ONCE = ""
# Fewer digits mean too many people.
DIGITS_LEAST = 3
SHOWN_MEANT = 5
# A year mistyped is told, not stored.
IN_OUR_TIME = (
    MinValueValidator(date(2000, 1, 1)),
    MaxValueValidator(date(2099, 12, 31)),
)


def day_field(label: Any, *, required: bool = True, help_text: Any = "") -> Any:
    """Return a field for a day of our time."""
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        validators=IN_OUR_TIME,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


def hour_field(label: Any, *, required: bool = True, help_text: Any = "") -> Any:
    """Return a field for a local hour."""
    return forms.TimeField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )


def people_of(community: Community | int) -> dict[str, Member]:
    """Return who can lead, help or bring somebody, by their key."""
    rows = members_list(community=community)
    return {str(row.pk): row for row in rows if has_role(row, LOOKING_ROLES)}


def leader_choices(
    people: Mapping[str, Member], kept: Collection[str]
) -> list[tuple[Any, Any]]:
    """Return whom one chooses from: who walks, then the desk; a volunteer is written.

    Of hundreds nobody reads a list. Who leads already stays in it: ``kept``.
    """
    walking = {Role.WALKER}
    groups: dict[Any, list[tuple[str, str]]] = {
        _("Who walks"): [],
        _("At the desk"): [],
        _("Volunteers"): [],
    }
    walk, desk, others = groups.values()
    for key, row in people.items():
        is_short = has_role(row, walking | DESK_ROLES)
        if is_short or key in kept:
            where = walk if has_role(row, walking) else desk if is_short else others
            where.append((key, str(row)))
    return [(words, rows) for words, rows in groups.items() if rows]


def people_meant(people: Iterable[Member], said: str) -> list[Member]:
    """Return whom some words mean: a whole name first, else a part, or a number's end."""
    wanted, rows = tidy(said).lower(), list(people)
    digits = "".join(filter(str.isdecimal, wanted))
    whole = [row for row in rows if row.display_name.lower() == wanted]
    return whole or [
        row
        for row in rows
        if wanted in row.display_name.lower()
        or (len(digits) >= DIGITS_LEAST and row.phone.endswith(digits))
    ]


class ToldForm(forms.Form):
    """What is said of an activity, once or each time."""

    what = forms.CharField(
        label=_("What"),
        max_length=80,
        help_text=_("As on the paper invitation: Making dumplings together"),
    )
    place = forms.CharField(label=_("At what place"), max_length=80)
    on = day_field(_("Day"))
    begins = hour_field(_("From"))
    ends = hour_field(_("To"))
    places = forms.IntegerField(
        label=_("Places"),
        required=False,
        min_value=1,
        max_value=5000,
        help_text=_("Empty: as many as come."),
    )
    leader = forms.ChoiceField(label=_("Who leads"), required=False)
    leader_said = forms.CharField(
        label=_("Or a volunteer leads"),
        max_length=80,
        required=False,
        help_text=_("The name, or the end of the phone number."),
    )
    words = forms.CharField(
        label=_("Words for the paper"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Such as: bring an apron, there is tea."),
    )

    def __init__(self, *args: Any, community: Community, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._people = people_of(community)
        leader: forms.ChoiceField = self.fields["leader"]  # type: ignore[assignment]  # declared above
        leader.choices = [
            ("", _("nobody in particular")),
            *leader_choices(
                self._people, {self.initial.get("leader", ""), *self._sent()}
            ),
        ]

    def _sent(self) -> list[str]:
        return self.data.getlist("leader") if isinstance(self.data, QueryDict) else []

    def clean_leader_said(self) -> Member | None:
        """Return the one person whom the words mean."""
        said = self.cleaned_data["leader_said"]
        if not said:
            return None
        found = people_meant(self._people.values(), said)
        if not found:
            raise forms.ValidationError(_("There is nobody of that name here."))
        if len(found) > 1:
            names = pgettext("between names", ", ").join(
                f"{row} …{row.phone[-4:]}" if row.phone else str(row)
                for row in found[:SHOWN_MEANT]
            )
            words = _("Several are meant: %(names)s. Write the end of the number.")
            raise forms.ValidationError(words % {"names": names})
        return found[0]

    def draft(self) -> ActivityDraft:
        """Return what was filled in."""
        given = self.cleaned_data
        return ActivityDraft(
            what=given["what"],
            place=given["place"],
            on=given["on"],
            begins=given["begins"],
            ends=given["ends"],
            words=given["words"],
            places=given["places"],
            leader=given["leader_said"] or self._people.get(given["leader"]),
        )


class ActivityForm(ToldForm):
    """One activity; one of a series goes its own way from now on."""


class RepeatForm(forms.Form):
    """How a series comes back."""

    rhythm = forms.ChoiceField(
        label=_("Comes back"),
        required=False,
        choices=lambda: [
            (ONCE, pgettext_lazy("rhythm", "not: once only")),
            *rhythm_words().items(),
        ],
    )
    until_on = day_field(
        _("Until"), required=False, help_text=_("A year ahead at most.")
    )
    days = forms.TypedMultipleChoiceField(
        label=_("On which days"),
        coerce=int,
        required=False,
        choices=lambda: [*enumerate(day_words())],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nothing ticked: on the weekday of the first day."),
    )
    nth = forms.TypedChoiceField(
        label=_("By weekday: which one of the month"),
        coerce=int,
        empty_value=None,
        required=False,
        choices=lambda: [("", _("as the first day falls")), *nth_words().items()],
    )


class PlanForm(ToldForm, RepeatForm):
    """An activity, or a whole series of them."""

    field_order = (
        "what",
        "place",
        "on",
        "begins",
        "ends",
        "rhythm",
        "until_on",
        "days",
        "nth",
        "places",
        "leader",
        "leader_said",
        "words",
    )

    def clean(self) -> dict[str, Any]:
        """Refuse a series without its last day."""
        given: dict[str, Any] = self.cleaned_data
        if given.get("rhythm") and not given.get("until_on"):
            self.add_error("until_on", _("Say until which day it comes back."))
        return given

    @property
    def is_series(self) -> bool:
        """Return whether it comes back."""
        return bool(self.cleaned_data["rhythm"])

    def series_draft(self) -> SeriesDraft:
        """Return what was filled in, as a series."""
        given = self.cleaned_data
        return SeriesDraft(
            told=self.draft(),
            rhythm=Rhythm(given["rhythm"]),
            until_on=given["until_on"],
            days=frozenset(given["days"]),
            nth=given["nth"],
        )


class SeriesForm(ToldForm):
    """A series is changed as a whole; its first day and rhythm stay."""

    until_on = day_field(_("Until"), help_text=_("A year from the first day at most."))

    field_order = ("what", "place", "begins", "ends", "until_on", "places", "leader")

    def __init__(self, *args: Any, rhythm: str, first_on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["on"]
        self._rhythm, self._first_on = Rhythm(rhythm), first_on

    def clean(self) -> dict[str, Any]:
        """Put the first day in, which is not asked for."""
        return {**self.cleaned_data, "on": self._first_on}

    def series_draft(self) -> SeriesDraft:
        """Return what was filled in."""
        return SeriesDraft(
            told=self.draft(),
            rhythm=self._rhythm,
            until_on=self.cleaned_data["until_on"],
        )


class WhyForm(forms.Form):
    """Why something is cancelled."""

    why = forms.CharField(
        label=_("Why"),
        max_length=200,
        help_text=_("Everybody who leads, helps or brings somebody reads it."),
    )
