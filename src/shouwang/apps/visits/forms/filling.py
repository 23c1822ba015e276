"""A visit typed in: the questions of a version of the form, needs, and what to suggest."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from shouwang.apps.care.selectors import need_kinds, people_who_help
from shouwang.apps.care.words import urgency_words
from shouwang.apps.communities.models import Community, Member
from shouwang.apps.residents.words import risk_words
from shouwang.apps.visits.models import VisitForm
from shouwang.apps.visits.selectors.form import form_version, questions_of
from shouwang.apps.visits.services import NeedSaid, VisitIn
from shouwang.apps.visits.words import answer_choices, asked, outcome_words
from shouwang.common.clock import local
from shouwang.common.ids import uuid7
from shouwang.domain.schedule import instant
from shouwang.domain.visits import TEXT_MOST, Answer, Question, VisitOutcome

NEED_ROWS = 3


class FillForm(forms.Form):
    """One visit. ``id`` and the keys of needs are made when the form is shown."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    who = forms.ChoiceField(label=_("Who was there"), required=False)
    on = forms.DateField(
        label=_("Day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    at = forms.TimeField(
        label=_("At what time"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    outcome = forms.ChoiceField(
        label=_("What became of it"),
        widget=forms.RadioSelect,
        choices=lambda: [*outcome_words().items()],
        error_messages={"required": _("Say what became of the visit.")},
    )
    note = forms.CharField(
        label=_("Anything else"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    risk = forms.ChoiceField(
        label=_("Should her risk level change?"),
        required=False,
        help_text=_("A suggestion; a coordinator decides."),
    )
    risk_words = forms.CharField(label=_("Why"), max_length=200, required=False)

    def __init__(
        self,
        *args: Any,
        community: Community,
        reader: Member,
        version: int,
        may_name: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._reader = reader
        self.form = self._form_of(community, version)
        self.questions = questions_of(self.form)
        self._people = self._who(community, may_name=may_name)
        self._offer(
            "risk", [("", _("no, it is right as it is")), *risk_words().items()]
        )
        for question in self.questions:
            self._ask(question)
        kinds = [
            ("", pgettext_lazy("at a visit", "nothing")),
            *need_kinds(community).items(),
        ]
        for place in range(1, NEED_ROWS + 1):
            self._ask_need(place, kinds)

    def _form_of(self, community: Community, version: int) -> VisitForm | None:
        """Return the version that was shown, also when a newer one has come since."""
        shown = self.data.get("version", "") if self.is_bound else ""
        wanted = int(shown) if shown.isdecimal() and len(shown) < 9 else version
        return form_version(community, wanted) or form_version(community, version)

    def _offer(self, name: str, choices: list[Any]) -> None:
        field: forms.ChoiceField = self.fields[name]  # type: ignore[assignment]  # declared above
        field.choices = choices

    def _who(self, community: Community, *, may_name: bool) -> dict[str, Member]:
        if not may_name:
            del self.fields["who"]
            return {}
        people = {str(row.pk): row for row in people_who_help(community=community)}
        self._offer("who", [(key, str(row)) for key, row in people.items()])
        return people

    def _ask(self, question: Question) -> None:
        choices = answer_choices(question)
        field = (
            forms.ChoiceField(
                label=asked(question),
                widget=forms.RadioSelect,
                choices=choices,
                required=False,
            )
            if choices
            else forms.CharField(
                label=asked(question), max_length=TEXT_MOST, required=False
            )
        )
        self.fields[f"q_{question.code}"] = field
        if choices:
            self.fields[f"w_{question.code}"] = forms.CharField(
                label=_("In words, if there is more to say"),
                max_length=TEXT_MOST,
                required=False,
            )

    def _ask_need(self, place: int, kinds: list[Any]) -> None:
        self.fields[f"need_{place}_key"] = forms.UUIDField(
            widget=forms.HiddenInput, required=False
        )
        self.fields[f"need_{place}_kind"] = forms.ChoiceField(
            label=_("What she needs"), choices=kinds, required=False
        )
        self.fields[f"need_{place}_urgency"] = forms.ChoiceField(
            label=_("How urgent"),
            choices=[*urgency_words().items()],
            initial="everyday",
            required=False,
        )
        self.fields[f"need_{place}_words"] = forms.CharField(
            label=_("In words"), max_length=400, required=False
        )

    def asked_fields(self) -> Iterator[tuple[Any, Any]]:
        """Yield each question's field with the one for words beside it, if any."""
        for question in self.questions:
            words = f"w_{question.code}"
            yield (
                self[f"q_{question.code}"],
                self[words] if words in self.fields else None,
            )

    def need_fields(self) -> Iterator[list[Any]]:
        """Yield the fields of each need that can be written down."""
        for place in range(1, NEED_ROWS + 1):
            names = ("key", "kind", "urgency", "words")
            yield [self[f"need_{place}_{name}"] for name in names]

    def visitor(self) -> Member:
        """Return who was there: whoever was named, else the reader."""
        return self._people.get(self.cleaned_data.get("who", ""), self._reader)

    def visit(self, home_id: int) -> VisitIn:
        """Return what was filled in, times as the community's own."""
        given = self.cleaned_data
        zone = timezone.get_current_timezone()
        spoke = given["outcome"] == VisitOutcome.SPOKE.value
        return VisitIn(
            id=given["id"],
            home_id=home_id,
            outcome=given["outcome"],
            visited_at=instant(given["on"], given["at"], zone),
            form=self.form.version if self.form else 0,
            answers=self._answers() if spoke else {},
            needs=self._needs(),
            risk=given["risk"],
            risk_words=given["risk_words"],
            note=given["note"],
        )

    def _answers(self) -> dict[str, Answer]:
        given = self.cleaned_data
        return {
            row.code: Answer(
                value=given.get(f"q_{row.code}") or "",
                words=given.get(f"w_{row.code}") or "",
            )
            for row in self.questions
        }

    def _needs(self) -> list[NeedSaid]:
        given = self.cleaned_data
        found = []
        for place in range(1, NEED_ROWS + 1):
            kind, words = given[f"need_{place}_kind"], given[f"need_{place}_words"]
            key = given[f"need_{place}_key"]
            if key and (kind or words.strip()):
                urgency = given[f"need_{place}_urgency"] or "everyday"
                found.append(
                    NeedSaid(
                        key=key, kind=kind or "other", urgency=urgency, words=words
                    )
                )
        return found


def initial_of(
    *, community: Community, reader: Member, version: int, now: datetime
) -> dict[str, Any]:
    """Return what a form shows at first: now, by the reader, with keys of its own."""
    here = local(now, community.zone)
    keys = {f"need_{place}_key": uuid7(now=now) for place in range(1, NEED_ROWS + 1)}
    return {
        "id": uuid7(now=now),
        "version": version,
        "who": str(reader.pk),
        "on": here.date(),
        "at": here.time().replace(second=0, microsecond=0),
        "outcome": VisitOutcome.SPOKE.value,
        **keys,
    }
