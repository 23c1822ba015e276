"""The form of a channel, made from what the channel itself asks for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy as _

from shouwang.apps.outbox.services.channels import ChannelDraft
from shouwang.apps.outbox.words import setting_words
from shouwang.notify.channels import Channel
from shouwang.notify.settings import Kind, Setting


class ChannelForm(forms.Form):
    """How a channel is set up; secrets are typed in and never shown again."""

    name = forms.CharField(
        label=_("Name"),
        max_length=60,
        help_text=_("As it stands in the history: the group, or whose account it is."),
    )

    def __init__(
        self, *args: Any, channel: Channel, has_secrets: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        words = setting_words()
        for row in channel.settings:
            if row.name != "private_key":
                self.fields[row.name] = _field(row, words[row.name], has_secrets)
        self.fields["is_on"] = forms.BooleanField(
            label=gettext("In use"), required=False, initial=True
        )

    def draft(self) -> ChannelDraft:
        """Return what was filled in."""
        given = dict(self.cleaned_data)
        name, is_on = given.pop("name"), given.pop("is_on")
        values = {
            key: "on" if value is True else "" if value is False else str(value)
            for key, value in given.items()
        }
        return ChannelDraft(name=name, given=values, is_on=is_on)


def _field(row: Setting, label: str, has_secrets: bool) -> forms.Field:
    if row.kind is Kind.FLAG:
        return forms.BooleanField(label=label, required=False)
    if row.is_secret:
        kept = (
            gettext("It is kept. Leave this empty to keep it.") if has_secrets else ""
        )
        widget = forms.PasswordInput(attrs={"autocomplete": "off"})
        # What is missing the channel says itself, all at once.
        return forms.CharField(
            label=label, required=False, help_text=kept, widget=widget, max_length=2000
        )
    return forms.CharField(
        label=label, required=False, initial=row.default, max_length=500
    )
