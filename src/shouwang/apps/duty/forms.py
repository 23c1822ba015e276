"""Turns of duty, and what is not as planned on one day."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shouwang.apps.communities.models import Community, Member, Role
from shouwang.apps.communities.selectors import members_with_role
from shouwang.apps.duty.services import TurnDraft
from shouwang.apps.residents.words import day_words
from shouwang.domain.schedule import EVERY_DAY


def _hour(label: Any, help_text: Any = "") -> forms.TimeField:
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    return forms.TimeField(label=label, widget=widget, help_text=help_text)


def _day(label: Any, help_text: Any = "", *, required: bool = True) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(
        label=label, widget=widget, help_text=help_text, required=required
    )


NEXT_DAY = _("At or before the begin: it ends on the next day.")


def officers_of(community: Community) -> list[tuple[int, str]]:
    """Return the duty officers to choose from."""
    rows = members_with_role(community, Role.DUTY_OFFICER)
    return [(row.pk, str(row)) for row in rows]


class TurnForm(forms.Form):
    """Who is on duty on which days, from when to when; several people at once."""

    member = forms.TypedMultipleChoiceField(
        label=_("Who"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Several people are all on duty, and all are told."),
    )
    days = forms.TypedMultipleChoiceField(
        label=_("Days"),
        coerce=int,
        initial=sorted(EVERY_DAY),
        required=False,
        choices=lambda: [*enumerate(day_words())],
        widget=forms.CheckboxSelectMultiple,
    )
    begins = _hour(_("From"))
    ends = _hour(_("To"), NEXT_DAY)
    valid_from = _day(_("First day"))
    valid_to = _day(_("Last day"), _("Empty: until it is ended."), required=False)

    def __init__(self, *args: Any, community: Community, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        member: forms.TypedMultipleChoiceField = self.fields["member"]  # type: ignore[assignment]  # declared above
        member.choices = officers_of(community)

    def drafts(self) -> list[TurnDraft]:
        """Return what was filled in, a turn for each who was chosen."""
        given = self.cleaned_data
        return [
            TurnDraft(
                member_id=member_id,
                days=frozenset(given["days"]),
                begins=given["begins"],
                ends=given["ends"],
                valid_from=given["valid_from"],
                valid_to=given["valid_to"],
            )
            for member_id in given["member"]
        ]


class TurnChangeForm(TurnForm):
    """One turn, as it is from a day on."""

    member = forms.TypedChoiceField(label=_("Who"), coerce=int)  # type: ignore[assignment]  # one instead of several
    valid_from = _day(
        _("From this day on"), _("Until then everything stays as it was.")
    )

    def clean_member(self) -> list[int]:
        """Return the one who was chosen as the list that ``drafts`` reads."""
        return [self.cleaned_data["member"]]


class LastDayForm(forms.Form):
    """The last day on which a turn begins."""

    last = _day(_("Last day"), _("A day before its first strikes it from the rota."))


class _OneDayForm(forms.Form):
    """Something about one duty officer on one day; people speak for themselves."""

    member = forms.TypedChoiceField(label=_("Who"), coerce=int)
    on = _day(_("Day"))

    def __init__(self, *args: Any, people: list[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        member: forms.TypedChoiceField = self.fields["member"]  # type: ignore[assignment]  # declared above
        member.choices = [(row.pk, str(row)) for row in people]


class CannotForm(_OneDayForm):
    """Somebody cannot be on duty on one day."""


class ExtraForm(_OneDayForm):
    """Somebody is on duty besides the turns, on one day."""

    begins = _hour(_("From"))
    ends = _hour(_("To"), NEXT_DAY)
