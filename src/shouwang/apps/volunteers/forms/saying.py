"""What somebody can do and when they can, as every form asks for it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from shouwang.apps.communities.models import Community
from shouwang.apps.residents.words import day_words
from shouwang.apps.volunteers.selectors.people import skills_open
from shouwang.apps.volunteers.stored import Season
from shouwang.apps.volunteers.times import (
    PARTS,
    TimesError,
    of_ticks,
    season_read,
    season_written,
    ticked,
    times_read,
    times_written,
)
from shouwang.apps.volunteers.words import (
    part_words,
    refusal_words,
    season_problem,
    skill_words_of,
    times_problem,
)
from shouwang.domain.errors import VolunteerError
from shouwang.domain.volunteers import FreeTime, times_tidied

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


class PartsOfTheWeek(forms.CheckboxSelectMultiple):
    """Seven days of three parts to tick, a day a line."""

    template_name = "volunteers/_parts.html"

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """Return the ticks day by day."""
        context = super().get_context(name, value, attrs)
        ticks = [group[1][0] for group in context["widget"]["optgroups"]]
        parts = len(PARTS)
        context["days"] = [
            (words, ticks[place * parts : (place + 1) * parts])
            for place, words in enumerate(day_words())
        ]
        return context


def _part_choices() -> list[tuple[str, str]]:
    words = part_words()
    return [(f"{day}-{part}", words[part]) for day in range(7) for part in PARTS]


class TimesForm(forms.Form):
    """Skills and free times: ticked, or written where the hour matters."""

    skills = forms.MultipleChoiceField(
        label=_("What can you do?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    parts = forms.MultipleChoiceField(
        label=_("When can you?"),
        choices=_part_choices,
        required=False,
        widget=PartsOfTheWeek,
        help_text=_("Tick nothing if any time is right."),
    )
    exactly = forms.CharField(
        label=_("Or at exact times"),
        max_length=300,
        required=False,
        help_text=_("For example: Tue 14:00-17:00; Sat 9:00-11:30"),
    )

    def __init__(
        self, *args: Any, community: Community, had: Any = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        names = skill_words_of(community)
        kept = {code: names[code] for code in had if code in names}
        skills: forms.MultipleChoiceField = self.fields["skills"]  # type: ignore[assignment]  # declared above
        skills.choices = [*{**skills_open(community=community), **kept}.items()]

    def clean_exactly(self) -> tuple[FreeTime, ...]:
        """Return the exact times."""
        try:
            return times_read(self.cleaned_data["exactly"])
        except TimesError as error:
            raise forms.ValidationError(times_problem(error.piece)) from error
        except VolunteerError as error:
            raise forms.ValidationError(refusal_words(error.code)) from error

    def times(self) -> tuple[FreeTime, ...]:
        """Return when somebody is free, ticked and written together."""
        given = self.cleaned_data
        return times_tidied([*of_ticks(given["parts"]), *given["exactly"]])


class SeasonField(forms.CharField):
    """A season such as ``7.1-8.31``, read into a pair of days, or ``None``."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False,
            max_length=40,
            help_text=_("For example 7.1-8.31; empty for all year."),
            **kwargs,
        )

    def clean(self, value: Any) -> Season | None:
        """Return the season that was written."""
        try:
            return season_read(super().clean(value))
        except TimesError as error:
            raise forms.ValidationError(season_problem()) from error

    def prepare_value(self, value: Any) -> Any:
        """Return a season as it is written."""
        return season_written(value) if isinstance(value, tuple) else value


def times_initial(times: tuple[FreeTime, ...]) -> dict[str, Any]:
    """Return free times as ``TimesForm`` shows them."""
    ticks, left = ticked(times)
    return {"parts": ticks, "exactly": times_written(left, day_words())}
