"""Forms about a community and its people."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shouwang.apps.communities.models import Language, Role
from shouwang.apps.communities.services import CommunityDraft, MemberDraft
from shouwang.apps.communities.words import role_explained, role_words


def _role_choices() -> list[tuple[str, str]]:
    words, explained = role_words(), role_explained()
    return [
        (role.value, f"{words[role.value]} · {explained[role.value]}") for role in Role
    ]


class MemberForm(forms.Form):
    """A person of the community."""

    display_name = forms.CharField(label=_("Name"), max_length=80)
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=_role_choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    username = forms.CharField(
        label=_("Login name"),
        max_length=150,
        required=False,
        help_text=_(
            "Leave empty for somebody who needs no login. "
            "A first password is made and shown once."
        ),
    )

    def __init__(self, *args: Any, has_login: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if has_login:
            del self.fields["username"]

    def draft(self) -> MemberDraft:
        """Return what was filled in."""
        given = self.cleaned_data
        return MemberDraft(
            display_name=given["display_name"],
            phone=given["phone"],
            roles=frozenset(given["roles"]),
            username=given.get("username", ""),
        )


class CommunityForm(forms.Form):
    """What a community is called and where it lies."""

    name = forms.CharField(label=_("Community"), max_length=80)
    street = forms.CharField(label=_("Street"), max_length=80, required=False)
    district = forms.CharField(label=_("District"), max_length=80, required=False)
    desk_phone = forms.CharField(
        label=_("Phone of the desk"),
        max_length=40,
        required=False,
        help_text=_("It is printed on the agreement card and on the board's back."),
    )
    time_zone = forms.CharField(
        label=_("Time zone"), max_length=64, initial="Asia/Shanghai"
    )

    def draft(self) -> CommunityDraft:
        """Return what was filled in."""
        return CommunityDraft(**self.cleaned_data)


class AccountForm(forms.Form):
    """One's own name and language."""

    display_name = forms.CharField(label=_("Your name"), max_length=80)
    language = forms.ChoiceField(
        label=_("Language"),
        required=False,
        choices=[("", _("As the browser asks")), *Language.choices],
    )
