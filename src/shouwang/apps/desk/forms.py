"""Forms of the desk: what was seen, who was reached, who is away, what was done."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shouwang.apps.alerts.services import ClosingIn
from shouwang.apps.alerts.words import outcome_words, verified_words
from shouwang.apps.residents.models import Home
from shouwang.apps.residents.selectors import signal_kinds
from shouwang.apps.residents.services import AbsenceDraft
from shouwang.apps.residents.words import (
    absence_words,
    seen_words,
    signal_words_of,
    state_words_of,
)
from shouwang.apps.watch.services import ContactIn
from shouwang.domain.alerts import BY_THE_RULES, Outcome, Verified
from shouwang.domain.signals import CONTACT, Nature

COMMIT_MINUTES = (10, 20, 30, 45, 60)
MUTE_HOURS = (1, 2, 4, 8)
MUTE_DAYS = (1, 3, 7)
HOW = [
    ("phone", _("by phone")),
    ("in_person", _("in person")),
    ("bell", _("at the bell")),
    ("chat", _("by chat")),
]


def _moment_field() -> forms.DateTimeField:
    return forms.DateTimeField(
        label=_("When (empty: just now)"),
        required=False,
        widget=forms.DateTimeInput(
            attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"
        ),
    )


class SightingForm(forms.Form):
    """What somebody saw at a home; ``seen`` is ``signal:state`` or ``signal:!reason``."""

    seen = forms.ChoiceField(label=_("Seen"))
    seen_at = _moment_field()
    note = forms.CharField(label=_("Note"), max_length=500, required=False)

    def __init__(self, *args: Any, home: Home, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seen: forms.ChoiceField = self.fields["seen"]  # type: ignore[assignment]  # declared above
        seen.choices = seen_choices(home)

    def what(self) -> tuple[str, str, str]:
        """Return signal, state and reason for not seeing; one of the two is empty."""
        signal, _sep, state = self.cleaned_data["seen"].partition(":")
        if state.startswith("!"):
            return signal, "", state[1:]
        return signal, state, ""


def seen_choices(home: Home) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return what can be seen, the home's agreed signals first, grouped by signal."""
    kinds = signal_kinds(home.community_id)
    names, states = (
        signal_words_of(home.community_id),
        state_words_of(home.community_id),
    )
    agreed = [
        row.signal
        for row in home.agreements.all()
        if row.ended_at is None and row.signal in kinds
    ]
    order = dict.fromkeys([*agreed, *kinds])
    return [
        (
            names[name],
            [
                (f"{name}:{value}", words)
                for value, words in seen_words(kinds[name], states)
            ],
        )
        for name in order
        if name != CONTACT and kinds[name].nature is not Nature.MARK
    ]


class ContactForm(forms.Form):
    """Somebody reached, or tried to reach, the resident."""

    how = forms.ChoiceField(
        label=_("How"),
        choices=HOW,
    )
    result = forms.ChoiceField(
        label=_("Result"),
        choices=[
            ("spoke", _("spoke, all well")),
            ("bell_answered", _("the bell was answered")),
            ("vouched", _("the family vouches")),
            ("no_answer", _("no answer")),
            ("asks_help", _("asks for help")),
        ],
    )
    seen_at = _moment_field()
    note = forms.CharField(label=_("Note"), max_length=500, required=False)

    def contact(self, *, now: datetime) -> ContactIn:
        """Return what was filled in."""
        given = self.cleaned_data
        return ContactIn(
            how=given["how"],
            result=given["result"],
            seen_at=given["seen_at"] or now,
            note=given["note"],
        )


def _date_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class AbsenceForm(forms.Form):
    """A home is empty for some days; both days are away."""

    first_on = forms.DateField(label=_("First day away"), widget=_date_input())
    last_on = forms.DateField(
        label=_("Last day away"),
        required=False,
        widget=_date_input(),
        help_text=_("Leave empty while nobody knows."),
    )
    reason = forms.ChoiceField(
        label=_("Reason"), choices=lambda: [*absence_words().items()]
    )
    said_by = forms.CharField(label=_("Who said so"), max_length=80)
    review_on = forms.DateField(
        label=_("Ask again on"),
        required=False,
        widget=_date_input(),
        help_text=_("When the end is open; otherwise in a week."),
    )
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def draft(self) -> AbsenceDraft:
        """Return what was filled in, as instants of the community's own time."""
        return AbsenceDraft.of_days(
            **self.cleaned_data, zone=timezone.get_current_timezone()
        )


class CommitForm(forms.Form):
    """I am going, and how long I need."""

    minutes = forms.TypedChoiceField(
        label=_("I need"),
        coerce=int,
        initial=20,
        choices=lambda: [
            (row, _("%(count)s minutes") % {"count": row}) for row in COMMIT_MINUTES
        ],
    )


class SpokeForm(forms.Form):
    """Somebody reached her, and all is well."""

    how = forms.ChoiceField(label=_("How"), choices=HOW)
    note = forms.CharField(label=_("Note"), max_length=500, required=False)


class HelpForm(forms.Form):
    """She needs help: what is it? Nothing need be said to be heard."""

    note = forms.CharField(
        label=_("What does she need?"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class MuteForm(forms.Form):
    """The alert rests, why and how long."""

    reason = forms.CharField(label=_("Why it shall rest"), max_length=200)
    hours = forms.TypedChoiceField(
        label=_("For"),
        coerce=int,
        choices=lambda: [
            *((row, _("%(count)s hours") % {"count": row}) for row in MUTE_HOURS),
            *((24 * row, _("%(count)s days") % {"count": row}) for row in MUTE_DAYS),
        ],
    )


class CloseForm(forms.Form):
    """How an alert turned out, and how that is known."""

    outcome = forms.ChoiceField(
        label=_("It turned out"),
        choices=lambda: [
            (row.value, outcome_words()[row.value])
            for row in Outcome
            if row not in BY_THE_RULES
        ],
    )
    verified = forms.ChoiceField(
        label=_("I know because"),
        required=False,
        choices=lambda: [
            ("", ""),
            *((row.value, verified_words()[row.value]) for row in Verified),
        ],
    )
    override = forms.CharField(
        label=_("Reason for closing without a contact"), max_length=200, required=False
    )

    def closing(self) -> ClosingIn:
        """Return what was filled in."""
        return ClosingIn(**self.cleaned_data)


class WorryForm(forms.Form):
    """Somebody worries about a home."""

    note = forms.CharField(label=_("What worries you"), max_length=300)
