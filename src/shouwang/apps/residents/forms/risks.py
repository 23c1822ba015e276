"""What whoever goes to the door must know: ticks, where the key is, own words."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from shouwang.apps.residents.models import KnownRisk, RiskKind
from shouwang.apps.residents.services import WORDS_MOST, KnownRiskDraft
from shouwang.apps.residents.words import risk_kind_words

WITH_WORDS = frozenset({RiskKind.KEY_WITH.value, RiskKind.OTHER.value})


class KnownRisksForm(forms.Form):
    """The known risks of a home."""

    kinds = forms.MultipleChoiceField(
        label=_("What is known"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=lambda: [
            row for row in risk_kind_words().items() if row[0] not in WITH_WORDS
        ],
    )
    key_with = forms.CharField(
        label=_("The key is with"),
        max_length=WORDS_MOST,
        required=False,
        help_text=_("A neighbour, the property office …"),
    )
    other = forms.CharField(
        label=_("In your own words"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line: the bell is broken, call from the garden …"),
    )

    @staticmethod
    def initial_of(rows: Iterable[KnownRisk]) -> dict[str, object]:
        """Return known risks as the form shows them."""
        rows = list(rows)
        words = {
            kind: [row.words for row in rows if row.kind == kind] for kind in WITH_WORDS
        }
        return {
            "kinds": [row.kind for row in rows if row.kind not in WITH_WORDS],
            "key_with": ", ".join(words[RiskKind.KEY_WITH.value]),
            "other": "\n".join(words[RiskKind.OTHER.value]),
        }

    def clean_other(self) -> list[str]:
        """Return the lines that say something; each is short enough to be read."""
        lines = [row.strip() for row in self.cleaned_data["other"].splitlines()]
        if any(len(row) > WORDS_MOST for row in lines):
            raise forms.ValidationError(
                _("A line has %(count)s characters at most."),
                params={"count": WORDS_MOST},
            )
        return [row for row in lines if row]

    def drafts(self) -> list[KnownRiskDraft]:
        """Return what was filled in."""
        given = self.cleaned_data
        drafts = [KnownRiskDraft(kind=kind) for kind in given["kinds"]]
        if given["key_with"].strip():
            drafts.append(
                KnownRiskDraft(kind=RiskKind.KEY_WITH, words=given["key_with"])
            )
        return drafts + [
            KnownRiskDraft(kind=RiskKind.OTHER, words=row) for row in given["other"]
        ]
