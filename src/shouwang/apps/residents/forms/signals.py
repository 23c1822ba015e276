"""Forms about a community's own kinds of signal."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shouwang.apps.residents.services import SignalKindDraft, StateDraft
from shouwang.apps.residents.words import meaning_words
from shouwang.domain.signals import Meaning

STATES_MOST = 5


class SignalKindForm(forms.Form):
    """A kind of signal that a community thought of, with up to five states."""

    name = forms.CharField(
        label=_("Name"), max_length=40, help_text=_("For example: flag, flower pot.")
    )
    kind = forms.SlugField(
        label=_("Code"),
        max_length=30,
        help_text=_("Short Latin letters for files and machines, for example: flag"),
    )

    def __init__(self, *args: Any, fixed_kind: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fixed_kind = fixed_kind
        if fixed_kind:
            del self.fields["kind"]
        for place in range(1, STATES_MOST + 1):
            self.fields[f"state_{place}"] = forms.CharField(
                label=_("State %(place)s") % {"place": place},
                max_length=40,
                required=False,
            )
            self.fields[f"meaning_{place}"] = forms.ChoiceField(
                label=_("says by itself"),
                choices=lambda: [*meaning_words().items()],
                initial=Meaning.NEUTRAL.value,
                required=False,
            )

    def draft(self) -> SignalKindDraft:
        """Return what was filled in."""
        given = self.cleaned_data
        return SignalKindDraft(
            kind=self.fixed_kind or given["kind"],
            name=given["name"],
            states=tuple(
                StateDraft(
                    name=given[f"state_{place}"], meaning=given[f"meaning_{place}"]
                )
                for place in range(1, STATES_MOST + 1)
                if given[f"state_{place}"]
            ),
        )
