"""The form of a community's own kind of need."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _, pgettext_lazy


class NeedKindForm(forms.Form):
    """What it is called."""

    name = forms.CharField(
        label=pgettext_lazy("kind of need", "Name"),
        max_length=40,
        help_text=_("As people say it, for example: clean the windows."),
    )
