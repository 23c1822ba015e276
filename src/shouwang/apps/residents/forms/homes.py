"""Forms about homes and the people in and around them."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from shouwang.apps.residents.services import ContactDraft, HomeDraft, ResidentDraft
from shouwang.apps.residents.words import risk_words


class HomeForm(forms.Form):
    """A flat in which somebody is watched over."""

    address = forms.CharField(
        label=_("Address"),
        max_length=40,
        help_text=_("Building-unit-room, for example 3-2-401."),
    )
    shown_name = forms.CharField(
        label=_("Name shown to walkers"),
        max_length=40,
        required=False,
        help_text=_("As neighbours say it, for example Granny Wang."),
    )
    risk = forms.ChoiceField(
        label=_("Risk"), choices=lambda: [*risk_words().items()], initial="general"
    )
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    at_the_door = forms.CharField(
        label=_("Good to know at the door"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Hard of hearing, a dog, a lift that does not go there …"),
    )

    def draft(self) -> HomeDraft:
        """Return what was filled in."""
        return HomeDraft(**self.cleaned_data)


class ResidentForm(forms.Form):
    """An older person who lives there."""

    name = forms.CharField(label=_("Name"), max_length=80)
    called = forms.CharField(label=_("Called"), max_length=40, required=False)
    birth_year = forms.IntegerField(
        label=_("Birth year"), min_value=1890, max_value=2100, required=False
    )
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    note = forms.CharField(
        label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def draft(self) -> ResidentDraft:
        """Return what was filled in."""
        return ResidentDraft(**self.cleaned_data)


class ContactPersonForm(forms.Form):
    """Somebody who can be reached about a home."""

    name = forms.CharField(label=_("Name"), max_length=80)
    relation = forms.CharField(
        label=_("Relation"),
        max_length=40,
        required=False,
        help_text=_("Daughter, neighbour …"),
    )
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    is_family = forms.BooleanField(
        label=_("Family: is told when nobody else answers"), required=False
    )
    is_keyholder = forms.BooleanField(label=_("Has a key"), required=False)
    position = forms.IntegerField(
        label=_("Order of calling"), min_value=1, max_value=99, initial=1
    )

    def draft(self) -> ContactDraft:
        """Return what was filled in."""
        return ContactDraft(**self.cleaned_data)
