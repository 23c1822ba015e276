"""Forms of teams, own skills, links and files."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shouwang.apps.communities.models import Community
from shouwang.apps.communities.selectors import members_list
from shouwang.apps.volunteers.forms.saying import SeasonField
from shouwang.apps.volunteers.models import Team
from shouwang.apps.volunteers.selectors.people import teams_open
from shouwang.apps.volunteers.services import TeamDraft
from shouwang.apps.volunteers.stored import season_of
from shouwang.apps.volunteers.words import team_kind_words


class TeamForm(forms.Form):
    """A team."""

    name = forms.CharField(label=_("What the team is called"), max_length=60)
    kind = forms.ChoiceField(
        label=_("Where its people come from"),
        choices=lambda: [*team_kind_words().items()],
        widget=forms.RadioSelect,
    )
    lead = forms.TypedChoiceField(
        label=_("Who leads it"), required=False, coerce=int, empty_value=None
    )
    season = SeasonField(label=_("In which part of the year it helps"))

    def __init__(
        self, *args: Any, community: Community, row: Team | None = None, **kwargs: Any
    ) -> None:
        if row is not None:
            kwargs["initial"] = {
                "name": row.name,
                "kind": row.kind,
                "lead": row.lead_id,
                "season": season_of(row),
            }
        super().__init__(*args, **kwargs)
        people = sorted(
            members_list(community=community), key=lambda one: one.display_name
        )
        self._people = {one.pk: one for one in people}
        lead: forms.TypedChoiceField = self.fields["lead"]  # type: ignore[assignment]  # declared above
        lead.choices = [
            ("", _("nobody")),
            *((one.pk, one.display_name) for one in people),
        ]

    def draft(self) -> TeamDraft:
        """Return what was filled in."""
        given = self.cleaned_data
        return TeamDraft(
            name=given["name"],
            kind=given["kind"],
            lead=self._people.get(given["lead"]),
            season=given["season"],
        )


class SkillForm(forms.Form):
    """What an own skill is called."""

    name = forms.CharField(
        label=_("What the skill is called"),
        max_length=40,
        help_text=_("As people say it, for example: mends shoes."),
    )


def team_field() -> forms.TypedChoiceField:
    """Return a field in which a team may be chosen; ``teams_offer`` fills it."""
    return forms.TypedChoiceField(
        label=_("Team"), required=False, coerce=int, empty_value=None
    )


def teams_offer(form: forms.Form, community: Community) -> dict[int, Team]:
    """Offer the teams in use in a form's field ``team``; return them by number."""
    teams = {one.pk: one for one in teams_open(community=community)}
    field: forms.TypedChoiceField = form.fields["team"]  # type: ignore[assignment]  # by its maker
    field.choices = [
        ("", _("none, or not sure")),
        *((one.pk, one.name) for one in teams.values()),
    ]
    return teams


class LinkForm(forms.Form):
    """A link by which people sign up."""

    name = forms.CharField(
        label=_("What the link is for"),
        max_length=60,
        help_text=_("Only the desk sees it, for example: students, summer."),
    )
    team = team_field()

    def __init__(self, *args: Any, community: Community, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.teams = teams_offer(self, community)


class SheetForm(forms.Form):
    """A file to bring in."""

    file = forms.FileField(
        label=_("Excel or CSV file"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xlsm,.csv"}),
    )
