"""A ladder as somebody writes it, and what a preview is asked about."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import time, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from shouwang.apps.alerts.directory import MEMBER
from shouwang.apps.alerts.policy_keeping import PolicyDraft
from shouwang.apps.alerts.words import ask_phrases, kind_words, whom_words
from shouwang.apps.communities.models import Community
from shouwang.apps.communities.selectors import members_list
from shouwang.apps.residents.selectors import homes_in_order
from shouwang.apps.residents.words import risk_words
from shouwang.domain.alerts import AlertKind
from shouwang.domain.ladder import Ask, Policy, Risk, Step
from shouwang.domain.policies import STEPS_MOST, WAIT_MOST

# Whom a step can tell by what they are; after them stand the people by name.
TOKENS = (
    "walker_of_round",
    "duty_officer",
    "keyholder",
    "family",
    "coordinator",
    "walker",
    "volunteer",
)
TONIGHT = time(21)
MINUTE = timedelta(minutes=1)


def names_of(community: Community) -> dict[str, str]:
    """Return the people of a community by the token that names each in a step."""
    return {f"{MEMBER}{row.pk}": str(row) for row in members_list(community=community)}


class StepForm(forms.Form):
    """One step: whom to tell, what is asked, how long to wait."""

    tell = forms.MultipleChoiceField(
        label=_("Tell"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "whom"}),
    )
    ask = forms.ChoiceField(
        label=_("Ask them to"), choices=lambda: ask_phrases().items()
    )
    wait = forms.IntegerField(
        label=_("Then wait (minutes)"),
        min_value=0,
        max_value=int(WAIT_MOST / MINUTE),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    # Kept as stored until channels can be chosen here.
    channels = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, names: Mapping[str, str], kept: Collection[str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        words = {token: whom_words()[token] for token in TOKENS} | dict(names)
        # Whoever was named and has left stays in sight until somebody takes them out.
        gone = {
            token: _("somebody who has left") for token in kept if token not in words
        }
        tell: forms.MultipleChoiceField = self.fields["tell"]  # type: ignore[assignment]  # declared above
        tell.choices = [*words.items(), *gone.items()]

    def step(self) -> Step:
        """Return what was filled in."""
        given = self.cleaned_data
        return Step(
            tell=tuple(given["tell"]),
            ask=Ask(given["ask"]),
            wait=timedelta(minutes=given["wait"]),
            channels=tuple(row for row in given["channels"].split(",") if row),
        )


def step_initial(step: Step) -> dict[str, Any]:
    """Return a step as its form shows it."""
    minutes = step.wait / MINUTE
    return {
        "tell": list(step.tell),
        "ask": step.ask.value,
        "wait": int(minutes) if minutes == int(minutes) else minutes,
        "channels": ",".join(step.channels),
    }


NEW_STEP = {
    "tell": ["duty_officer"],
    "ask": Ask.PHONE.value,
    "wait": 10,
    "channels": "",
}


def steps_posted(data: QueryDict) -> list[dict[str, Any]]:
    """Return the steps on a page as they were typed, right or wrong."""
    text = data.get("steps", "")
    count = min(int(text), STEPS_MOST) if text.isdecimal() and len(text) < 4 else 0
    return [
        {
            "tell": data.getlist(f"step-{place}-tell"),
            **{
                name: data.get(f"step-{place}-{name}", "")
                for name in ("ask", "wait", "channels")
            },
        }
        for place in range(count)
    ]


def steps_moved(steps: Sequence[dict[str, Any]], act: str) -> list[dict[str, Any]]:
    """Return steps after a button was pressed; no such button changes nothing.

    ``act`` is ``add``, or ``up``, ``down`` or ``remove`` with the place of a step.
    """
    rows = list(steps)
    if act == "add":
        return [*rows, NEW_STEP] if len(rows) < STEPS_MOST else rows
    what, _dash, text = act.partition("-")
    place = int(text) if text.isdecimal() and len(text) < 4 else len(rows)
    other = {"up": place - 1, "down": place + 1}.get(what, place)
    if place >= len(rows) or not 0 <= other < len(rows):
        return rows
    if what == "remove":
        return rows[:place] + rows[place + 1 :]
    rows[place], rows[other] = rows[other], rows[place]
    return rows


class LadderForm(forms.Form):
    """A policy with its steps; ``steps`` are forms of their own."""

    name = forms.CharField(label=_("Name of the ladder"), max_length=60)
    kinds = forms.MultipleChoiceField(
        label=_("For which alerts"),
        required=False,
        choices=lambda: kind_words().items(),
        widget=forms.CheckboxSelectMultiple,
    )
    risks = forms.MultipleChoiceField(
        label=_("For which homes"),
        required=False,
        choices=lambda: risk_words().items(),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: for every home."),
    )
    hours_from = forms.TimeField(
        label=_("From"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    hours_to = forms.TimeField(
        label=_("To"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("May be of the next morning. Both empty: the whole day."),
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    anyway = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        community: Community,
        rows: Sequence[dict[str, Any]],
        kept: Collection[str] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        names = names_of(community)
        self.unreached: Sequence[int] = ()
        self.steps = [
            StepForm(
                self.data if self.is_bound else None,
                prefix=f"step-{place}",
                initial=row,
                names=names,
                kept=kept,
            )
            for place, row in enumerate(rows)
        ]

    def is_valid(self) -> bool:
        """Return whether everything, each step too, is as it must be."""
        sound = [row.is_valid() for row in self.steps]
        own = super().is_valid()
        if own and not all(sound):
            self.add_error(None, _("Please look at the steps: something is not right."))
        return own and all(sound)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        begin, end = given.get("hours_from"), given.get("hours_to")
        if (begin is None) != (end is None) and not {"hours_from", "hours_to"} & set(
            self.errors
        ):
            self.add_error("hours_to", _("Give both hours, or neither."))
        return given

    def draft(self) -> PolicyDraft:
        """Return what was filled in."""
        given = self.cleaned_data
        begin, end = given["hours_from"], given["hours_to"]
        ticked = [row for row in given["anyway"].split(",") if row.isdecimal()]
        return PolicyDraft(
            policy=Policy(
                name=given["name"],
                kinds=frozenset(map(AlertKind, given["kinds"])),
                risks=frozenset(map(Risk, given["risks"])),
                hours=(begin, end) if begin is not None and end is not None else None,
                steps=tuple(row.step() for row in self.steps),
            ),
            anyway=tuple(map(int, ticked)),
            version=given["version"] or 0,
        )


class PreviewForm(forms.Form):
    """For which home, which alert and which local time somebody wants to know."""

    home = forms.TypedChoiceField(
        label=_("Which home"), coerce=int, required=False, empty_value=None
    )
    kind = forms.ChoiceField(
        label=_("Alert"), choices=lambda: kind_words().items(), initial="missed"
    )
    at = forms.TimeField(
        label=_("At"),
        initial=TONIGHT,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )

    def __init__(self, *args: Any, community: Community, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        home: forms.TypedChoiceField = self.fields["home"]  # type: ignore[assignment]  # declared above
        rows = homes_in_order(community=community)
        home.choices = [
            ("", _("every home, by its risk level")),
            *((row.pk, f"{row.address} {row.shown_name}") for row in rows),
        ]
