"""Forms of practices: a file to bring in, and one's own to save."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shouwang.apps.alerts.policies import policies_own
from shouwang.apps.communities.models import Community
from shouwang.apps.practices.services import OwnPractice
from shouwang.apps.residents.selectors import signal_kinds
from shouwang.apps.residents.words import signal_words_of
from shouwang.apps.rounds.selectors import rounds_list
from shouwang.apps.visits.selectors.form import form_now, own_questions
from shouwang.domain.signals import Nature


class PracticeFileForm(forms.Form):
    """A practice of another community."""

    file = forms.FileField(
        label=_("Practice file"),
        help_text=_(
            "A file that another community has saved (YAML or JSON, to 64 KB)."
        ),
    )


def _prose(label: Any, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class OwnPracticeForm(forms.Form):
    """What works here, in words, and what of it goes along."""

    name = forms.CharField(label=_("Name"), max_length=80)
    signal = forms.ChoiceField(label=_("Signal"))
    purpose = _prose(_("What it is for"))
    how = _prose(_("How it is done"), _("Nobody's name, no address, no number."))
    proves = _prose(_("What it proves"))
    proves_not = _prose(_("What it does not prove"))
    policy = forms.ChoiceField(label=_("Ladder"), required=False)
    rounds = forms.MultipleChoiceField(
        label=_("Rounds"), required=False, widget=forms.CheckboxSelectMultiple
    )

    questions = forms.MultipleChoiceField(
        label=_("Questions at visits"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, community: Community, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = signal_words_of(community)
        signal: Any = self.fields["signal"]
        signal.choices = [
            (kind.kind, names.get(kind.kind, kind.kind))
            for kind in signal_kinds(community).values()
            if kind.nature is not Nature.MARK
        ]
        policy: Any = self.fields["policy"]
        own = [(str(row.pk), row.name) for row in policies_own(community=community)]
        policy.choices = [("", _("none")), *own]
        rounds: Any = self.fields["rounds"]
        rounds.choices = [
            (str(row.pk), f"{row.name} {row.at:%H:%M}")
            for row in rounds_list(community=community)
        ]

        questions: Any = self.fields["questions"]
        questions.choices = [
            (row.code, row.words) for row in own_questions(form_now(community))
        ]
        if not questions.choices:
            del self.fields["questions"]

    def own(self) -> OwnPractice:
        """Return what was filled in."""
        given = self.cleaned_data
        texts = ("name", "signal", "purpose", "how", "proves", "proves_not")
        return OwnPractice(
            **{name: given[name] for name in texts},
            policy_id=int(given["policy"]) if given["policy"] else None,
            round_ids=tuple(int(key) for key in given["rounds"]),
            question_codes=tuple(given.get("questions", ())),
        )
