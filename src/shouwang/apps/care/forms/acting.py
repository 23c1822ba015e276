"""Forms of what is done with a need: one for each thing that has to be said."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shouwang.apps.care.forms.raising import day_field
from shouwang.apps.care.models import Need
from shouwang.apps.care.selectors import people_who_help
from shouwang.apps.care.services import MoveIn
from shouwang.apps.care.words import asked_words
from shouwang.apps.communities.models import Member
from shouwang.common.text import by_number
from shouwang.domain.needs import Act, Asked
from shouwang.domain.schedule import instant

# When an office is asked again: when its phones are answered.
CHASED_AT = time(9)
NOTE_MOST = 500


def _note(label: Any, *, rows: int = 2, required: bool = False) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=NOTE_MOST,
        required=required,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class PlainForm(forms.Form):
    """Nothing has to be said."""

    def move(self, act: Act) -> MoveIn:
        """Return the step."""
        return MoveIn(act=act)


class NoteForm(forms.Form):
    """A word about it, which may be needed: the rules say when."""

    note = _note(_("In a word"))

    def move(self, act: Act) -> MoveIn:
        """Return the step."""
        return MoveIn(act=act, note=self.cleaned_data["note"])


class GiveForm(forms.Form):
    """Somebody is asked, or has said yes."""

    who = forms.ChoiceField(label=_("Whom"))

    def __init__(self, *args: Any, need: Need, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._people = {
            str(row.pk): row for row in people_who_help(community=need.community_id)
        }
        who: forms.ChoiceField = self.fields["who"]  # type: ignore[assignment]  # declared above
        who.choices = [
            ("", _("Choose somebody")),
            *sorted(
                ((key, str(row)) for key, row in self._people.items()),
                key=lambda row: by_number(row[1]),
            ),
        ]

    def move(self, act: Act) -> MoveIn:
        """Return the step."""
        person: Member = self._people[self.cleaned_data["who"]]
        return MoveIn(act=act, who=person)


class AskedForm(forms.Form):
    """Somebody asked her whether it was right."""

    asked = forms.ChoiceField(
        label=_("I asked"),
        widget=forms.RadioSelect,
        choices=lambda: [*asked_words().items()],
        error_messages={"required": _("Say how she was asked.")},
    )
    note = _note(_("What she said"))

    def move(self, act: Act) -> MoveIn:
        """Return the step."""
        given = self.cleaned_data
        return MoveIn(act=act, asked=Asked(given["asked"]), note=given["note"])


class HandOnForm(forms.Form):
    """An office or a hotline takes it."""

    office = forms.CharField(label=_("Office or hotline"), max_length=80)
    number = forms.CharField(
        label=_("Number of the ticket"), max_length=60, required=False
    )
    chase_on = day_field(_("Ask again on"))
    note = _note(_("In a word"))

    def move(self, act: Act) -> MoveIn:
        """Return the step."""
        given = self.cleaned_data
        return MoveIn(
            act=act,
            office=given["office"],
            number=given["number"],
            note=given["note"],
            chase_at=_chased(given["chase_on"]),
        )


class ChaseForm(forms.Form):
    """The office was asked."""

    note = _note(_("What they said"), required=True)
    chase_on = day_field(_("Ask again on"))

    def move(self, act: Act) -> MoveIn:
        """Return the step."""
        given = self.cleaned_data
        return MoveIn(act=act, note=given["note"], chase_at=_chased(given["chase_on"]))


def _chased(on: Any) -> datetime:
    return instant(on, CHASED_AT, timezone.get_current_timezone())
