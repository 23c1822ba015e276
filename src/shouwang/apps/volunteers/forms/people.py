"""Forms about one volunteer, for the desk and for themselves."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from shouwang.apps.communities.models import Community
from shouwang.apps.residents.selectors import buildings_list, homes_in_order
from shouwang.apps.volunteers.drafts import (
    OwnDraft,
    TrainingDraft,
    VolunteerDraft,
    draft_of,
)
from shouwang.apps.volunteers.forms.saying import (
    SeasonField,
    TimesForm,
    day_field,
    times_initial,
)
from shouwang.apps.volunteers.models import Volunteer
from shouwang.apps.volunteers.selectors.people import teams_list
from shouwang.apps.volunteers.words import training_words
from shouwang.common.text import tidy_address


class OwnForm(TimesForm):
    """What a volunteer says of themselves; ``agrees`` is asked where it is lacking."""

    season = SeasonField(label=_("In which part of the year?"))
    a_week = forms.IntegerField(
        label=_("How many times a week at most?"),
        min_value=1,
        max_value=50,
        required=False,
    )
    agrees = forms.BooleanField(label="", required=False)

    def __init__(
        self,
        *args: Any,
        community: Community,
        row: Volunteer | None,
        consent: str = "",
        **kwargs: Any,
    ) -> None:
        draft = draft_of(row) if row and row.pk else VolunteerDraft()
        initial = {
            "skills": sorted(draft.skills),
            **times_initial(draft.times),
            "season": draft.season,
            "a_week": draft.a_week,
        }
        kwargs["initial"] = {**initial, **kwargs.get("initial", {})}
        super().__init__(*args, community=community, had=draft.skills, **kwargs)
        if consent:
            self.fields["agrees"].label = consent
        else:
            del self.fields["agrees"]

    def own_draft(self) -> OwnDraft:
        """Return what was said."""
        given = self.cleaned_data
        return OwnDraft(
            skills=frozenset(given["skills"]),
            times=self.times(),
            season=given["season"],
            a_week=given["a_week"],
            agrees=given.get("agrees", False),
        )


class VolunteerForm(OwnForm):
    """Everything the desk knows of a volunteer."""

    name = forms.CharField(label=pgettext_lazy("of a person", "Name"), max_length=80)
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    team = forms.TypedChoiceField(
        label=_("Team"), required=False, coerce=int, empty_value=None
    )
    buildings = forms.TypedMultipleChoiceField(
        label=_("In which buildings?"),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Tick nothing if everywhere is right."),
    )
    homes = forms.CharField(
        label=_("Homes they know"),
        required=False,
        max_length=500,
        help_text=_("Addresses with spaces between, for example: 3-2-401 3-2-502"),
    )
    consent_on = day_field(
        _("Agreed on"),
        required=False,
        help_text=_("Without their consent on file they are asked nothing."),
    )
    consent_paper = forms.CharField(
        label=_("Number of the paper"), max_length=120, required=False
    )
    note = forms.CharField(label=_("Note"), max_length=300, required=False)
    field_order = (
        "name", "phone", "team", "skills", "parts", "exactly", "season", "a_week",
        "buildings", "homes", "consent_on", "consent_paper", "note",
    )  # fmt: skip

    def __init__(
        self, *args: Any, community: Community, row: Volunteer | None, **kwargs: Any
    ) -> None:
        draft = draft_of(row) if row else VolunteerDraft()
        homes = homes_in_order(community=community)
        kwargs["initial"] = {
            "team": draft.team.pk if draft.team else None,
            "buildings": sorted(draft.building_ids),
            "homes": " ".join(one.address for one in homes if one.pk in draft.home_ids),
            "consent_on": draft.consent_on,
            "consent_paper": draft.consent_paper,
            "note": draft.note,
        }
        super().__init__(*args, community=community, row=row, **kwargs)
        if row is not None:
            del self.fields["name"], self.fields["phone"]
        self._homes = {one.address: one.pk for one in homes}
        self._teams = {one.pk: one for one in teams_list(community=community)}
        self._offer(community, draft)

    def _offer(self, community: Community, draft: VolunteerDraft) -> None:
        team: forms.TypedChoiceField = self.fields["team"]  # type: ignore[assignment]  # declared above
        team.choices = [
            ("", _("none")),
            *(
                (one.pk, one.name)
                for one in self._teams.values()
                if one.ended_at is None or one == draft.team
            ),
        ]
        buildings: forms.TypedMultipleChoiceField = self.fields["buildings"]  # type: ignore[assignment]  # declared above
        buildings.choices = [
            (one.pk, one.label) for one in buildings_list(community=community)
        ]
        self.fields["skills"].label = _("What can they do?")
        self.fields["parts"].label = _("When can they?")

    def clean_homes(self) -> frozenset[int]:
        """Return the homes that were named, by number; tell the first that is none."""
        said = self.cleaned_data["homes"].replace(",", " ").replace("、", " ").split()
        addresses = [tidy_address(one) for one in said]
        for address in addresses:
            if address not in self._homes:
                words = _("There is no such home here: %(address)s.")
                raise forms.ValidationError(words % {"address": address})
        return frozenset(self._homes[address] for address in addresses)

    def draft(self) -> VolunteerDraft:
        """Return what was filled in."""
        given = self.cleaned_data
        return VolunteerDraft(
            skills=frozenset(given["skills"]),
            times=self.times(),
            season=given["season"],
            a_week=given["a_week"],
            team=self._teams.get(given["team"]),
            building_ids=frozenset(given["buildings"]),
            home_ids=given["homes"],
            note=given["note"],
            consent_on=given["consent_on"],
            consent_paper=given["consent_paper"],
        )


class PauseForm(forms.Form):
    """From when to when somebody cannot be asked."""

    from_on = day_field(_("From"))
    until_on = day_field(
        _("Until"), required=False, help_text=_("Empty: until they say.")
    )
    why = forms.CharField(label=_("Why"), max_length=120, required=False)


class TrainingForm(forms.Form):
    """What somebody was taught."""

    what = forms.ChoiceField(
        label=_("What"),
        choices=lambda: [*training_words().items()],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("In words"),
        max_length=80,
        required=False,
        help_text=_("Where it is something else."),
    )
    on = day_field(_("On"))
    valid_until = day_field(
        _("Valid until"), required=False, help_text=_("Empty: for good.")
    )

    def draft(self) -> TrainingDraft:
        """Return what was filled in."""
        return TrainingDraft(**self.cleaned_data)
