"""Forms of what asks for visits: own questions, how often, groups, lists, changes."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy as _

from shouwang.apps.care.selectors import people_who_help
from shouwang.apps.communities.models import Community, Member
from shouwang.apps.residents.choosing import homes_by_building
from shouwang.apps.residents.selectors import buildings_list
from shouwang.apps.residents.words import risk_words
from shouwang.apps.visits.selectors import home_lists
from shouwang.apps.visits.selectors.groups import Group
from shouwang.apps.visits.services import (
    FrequencyDraft,
    QuestionDraft,
    RaiseDraft,
)
from shouwang.apps.visits.words import kind_words, reason_words
from shouwang.domain.schedule import instant
from shouwang.domain.visits import Question, QuestionKind


class QuestionForm(forms.Form):
    """An own question."""

    words = forms.CharField(label=_("What is asked"), max_length=200)
    kind = forms.ChoiceField(
        label=_("How it is answered"),
        widget=forms.RadioSelect,
        choices=lambda: [*kind_words().items()],
        initial=QuestionKind.YES_NO.value,
    )
    choices = forms.CharField(
        label=_("The answers, one a line"),
        required=False,
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Only for one of several answers."),
    )
    required = forms.BooleanField(label=_("Has to be answered"), required=False)

    def question(self) -> QuestionDraft:
        """Return what was filled in."""
        given = self.cleaned_data
        return QuestionDraft(
            words=given["words"],
            kind=given["kind"],
            choices=given["choices"].splitlines(),
            required=given["required"],
        )


def initial_of_question(row: Question) -> dict[str, Any]:
    """Return a question as its form shows it."""
    return {
        "words": row.words,
        "kind": row.kind.value,
        "choices": "\n".join(row.choices),
        "required": row.required,
    }


class FrequencyForm(forms.Form):
    """How often a community visits."""

    high_days = forms.IntegerField(
        label=_("High risk: every how many days"), min_value=1, max_value=366
    )
    key_days = forms.IntegerField(
        label=_("Key care: every how many days"), min_value=1, max_value=366
    )
    general_days = forms.IntegerField(
        label=_("General: every how many days"), min_value=1, max_value=366
    )
    change_hours = forms.IntegerField(
        label=_("After a major change: within how many hours"),
        min_value=1,
        max_value=240,
        help_text=_("Back from the hospital, found unwell, a risk raised, by hand."),
    )

    def frequency(self) -> FrequencyDraft:
        """Return what was filled in."""
        return FrequencyDraft(**self.cleaned_data)


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Why"), max_length=200)


class ChangeForm(forms.Form):
    """Something changed everything for her."""

    words = forms.CharField(
        label=_("What changed"),
        max_length=200,
        help_text=_("For example: her husband died; she fell."),
    )


class ChatForm(forms.Form):
    """Somebody sat with her; ``id`` is made when the form is shown."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    words = forms.CharField(
        label=_("In words"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("May stay empty."),
    )


class PlanForm(forms.Form):
    """Who visits the chosen homes, and on which day."""

    homes = forms.TypedMultipleChoiceField(
        coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    who = forms.ChoiceField(label=_("Who goes"))
    on = forms.DateField(
        label=_("On which day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, community: Community, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._people = {
            str(row.pk): row for row in people_who_help(community=community)
        }
        homes: forms.TypedMultipleChoiceField = self.fields["homes"]  # type: ignore[assignment]  # declared above
        homes.choices = homes_by_building(community)
        who: forms.ChoiceField = self.fields["who"]  # type: ignore[assignment]  # declared above
        who.choices = [
            ("", _("Choose somebody")),
            *((key, str(row)) for key, row in self._people.items()),
        ]

    def visitor(self) -> Member:
        """Return who goes."""
        return self._people[self.cleaned_data["who"]]


class GroupForm(forms.Form):
    """A group of homes, why, and by when. What is left empty leaves nobody out."""

    reason = forms.ChoiceField(
        label=_("Why"),
        widget=forms.RadioSelect,
        choices=lambda: [*reason_words().items()],
    )
    words = forms.CharField(
        label=_("In words"),
        max_length=80,
        required=False,
        help_text=_("What the visitor reads; may stay empty."),
    )
    by_on = forms.DateField(
        label=_("Visited by the end of"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    risks = forms.MultipleChoiceField(
        label=_("Risk level"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=lambda: [*risk_words().items()],
    )
    alone = forms.BooleanField(label=_("Only who lives alone"), required=False)
    age_from = forms.IntegerField(
        label=_("Only from this age on"), required=False, min_value=50, max_value=120
    )
    buildings = forms.MultipleChoiceField(
        label=_("Buildings"), required=False, widget=forms.CheckboxSelectMultiple
    )
    home_list = forms.ChoiceField(label=_("Only of a kept list"), required=False)

    def __init__(self, *args: Any, community: Community, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._lists = {str(row.pk): row for row in home_lists(community=community)}
        labels = [row.label for row in buildings_list(community=community)]
        buildings: forms.MultipleChoiceField = self.fields["buildings"]  # type: ignore[assignment]  # declared above
        buildings.choices = [(label, label) for label in labels]
        kept: forms.ChoiceField = self.fields["home_list"]  # type: ignore[assignment]  # declared above
        kept.choices = [
            ("", _("all homes")),
            *((key, str(row)) for key, row in self._lists.items()),
        ]

    def group(self) -> Group:
        """Return which homes."""
        given = self.cleaned_data
        return Group(
            risks=frozenset(given["risks"]),
            buildings=frozenset(given["buildings"]),
            alone=given["alone"],
            age_from=given["age_from"],
            home_list=self._lists.get(given["home_list"]),
        )

    def group_words(self) -> str:
        """Return which homes, in words."""
        given, risks = self.cleaned_data, risk_words()
        said = [
            *(str(risks[row]) for row in given["risks"]),
            *(
                gettext("building %(label)s") % {"label": row}
                for row in given["buildings"]
            ),
        ]
        if given["alone"]:
            said.append(gettext("living alone"))
        if given["age_from"]:
            said.append(gettext("from %(age)s on") % {"age": given["age_from"]})
        if given["home_list"]:
            said.append(str(self._lists[given["home_list"]]))
        return " · ".join(said) or gettext("all homes")

    def draft(self) -> RaiseDraft:
        """Return why and by when."""
        given = self.cleaned_data
        return RaiseDraft(
            reason=given["reason"],
            words=given["words"],
            group=self.group_words(),
            by=_end_of(given["by_on"]),
        )


def _end_of(on: date) -> datetime:
    return instant(on + timedelta(days=1), time(0), timezone.get_current_timezone())


class HomeListForm(forms.Form):
    """Homes kept together under a name."""

    name = forms.CharField(label=_("Name of the list"), max_length=40)
    homes = forms.TypedMultipleChoiceField(
        label=_("Homes"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "many"}),
    )

    def __init__(self, *args: Any, community: Community, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        homes: forms.TypedMultipleChoiceField = self.fields["homes"]  # type: ignore[assignment]  # declared above
        homes.choices = homes_by_building(community)
