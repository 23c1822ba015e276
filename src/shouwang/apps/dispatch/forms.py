"""What the desk fills in about offerings and promises."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _, gettext_lazy

AS_BUILT_IN, ANYBODY = "-", ""


class NotComeForm(forms.Form):
    """A few words on why somebody did not come."""

    note = forms.CharField(
        label=gettext_lazy("What happened"),
        max_length=300,
        widget=forms.TextInput(),
        help_text=gettext_lazy("As you would tell a neighbour: the bus did not come."),
    )


class KindSkillsForm(forms.Form):
    """One choice for each kind of need: which skill it takes."""

    def __init__(
        self,
        data: Any = None,
        *,
        kinds: Mapping[str, str],
        skills: Mapping[str, str],
        built_in: Mapping[str, str],
        chosen: Mapping[str, str],
    ) -> None:
        super().__init__(data)
        for kind, name in kinds.items():
            usual = built_in.get(kind) or _("anybody can")
            known = {chosen[kind]: chosen[kind]} if chosen.get(kind) else {}
            self.fields[kind] = forms.ChoiceField(
                label=name,
                required=False,
                choices=[
                    (AS_BUILT_IN, _("as usual: %(skill)s") % {"skill": usual}),
                    (ANYBODY, _("anybody can")),
                    *{**known, **skills}.items(),
                ],
                initial=chosen.get(kind, AS_BUILT_IN),
            )

    def skills(self) -> dict[str, str | None]:
        """Return what was chosen, by kind; ``None`` is as built in."""
        return {
            kind: None if value == AS_BUILT_IN else value
            for kind, value in self.cleaned_data.items()
        }
