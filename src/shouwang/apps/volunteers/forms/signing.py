"""The public form in which somebody says that they want to help."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shouwang.apps.volunteers.forms.keeping import team_field, teams_offer
from shouwang.apps.volunteers.forms.saying import TimesForm
from shouwang.apps.volunteers.models import SignUpLink
from shouwang.apps.volunteers.selectors.people import phone_key
from shouwang.apps.volunteers.services import SignUpDraft
from shouwang.apps.volunteers.words import consent_text

PHONE_DIGITS = range(5, 16)


class SignUpForm(TimesForm):
    """Name, phone, what and when; and that they agree."""

    team = team_field()
    name = forms.CharField(
        label=_("Your name"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    phone = forms.CharField(
        label=_("Your phone number"),
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    note = forms.CharField(
        label=_("Anything else we should know"), max_length=300, required=False
    )
    agrees = forms.BooleanField(
        label="",
        error_messages={
            "required": _("Please agree first; without that nothing is kept.")
        },
    )
    field_order = (
        "name", "phone", "team", "skills", "parts", "exactly", "note", "agrees",
    )  # fmt: skip

    def __init__(self, *args: Any, link: SignUpLink, **kwargs: Any) -> None:
        super().__init__(*args, community=link.community, **kwargs)
        self.teams = teams_offer(self, link.community)
        if link.team_id or not self.teams:
            del self.fields["team"]
        self.fields["agrees"].label = consent_text(link.community.name)

    def clean_phone(self) -> str:
        """Refuse what is no phone number."""
        given: str = self.cleaned_data["phone"]
        if len(phone_key(given)) not in PHONE_DIGITS:
            raise forms.ValidationError(_("This is not a phone number."))
        return given

    def draft(self) -> SignUpDraft:
        """Return what was said."""
        given = self.cleaned_data
        return SignUpDraft(
            name=given["name"],
            phone=given["phone"],
            team=self.teams.get(given.get("team") or 0),
            skills=frozenset(given["skills"]),
            times=self.times(),
            note=given["note"],
        )
