"""Who is invited, who came, who helped, and photos."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shouwang.apps.activities.forms.planning import hour_field, people_of
from shouwang.apps.activities.models import Activity, Helper
from shouwang.apps.activities.selectors.homes import Chosen
from shouwang.apps.activities.services import Minutes, Seen
from shouwang.apps.activities.words import group_words
from shouwang.apps.communities.models import Community, Member
from shouwang.apps.residents.selectors import buildings_list, homes_in_order
from shouwang.apps.residents.words import risk_words
from shouwang.common.clock import local_day
from shouwang.domain.activities import Group
from shouwang.domain.schedule import instant


class InviteForm(forms.Form):
    """Whom to invite: homes by hand, or a whole group."""

    group = forms.ChoiceField(
        label=_("Whom to invite"),
        widget=forms.RadioSelect,
        choices=lambda: [*group_words().items()],
        initial=Group.HOMES.value,
        error_messages={"required": _("Choose whom to invite.")},
    )
    building = forms.TypedChoiceField(
        label=_("Which building"), coerce=int, empty_value=None, required=False
    )
    risk = forms.ChoiceField(
        label=_("Which level of risk"),
        required=False,
        choices=lambda: [("", "—"), *risk_words().items()],
    )
    homes = forms.TypedMultipleChoiceField(
        label=_("Homes"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "many"}),
    )
    with_coming = forms.BooleanField(
        label=_("To every one of the series that is to come, too"), required=False
    )

    def __init__(self, *args: Any, activity: Activity, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        community = activity.community_id
        building: forms.TypedChoiceField = self.fields["building"]  # type: ignore[assignment]  # declared above
        building.choices = [
            ("", "—"),
            *((row.pk, row.label) for row in buildings_list(community=community)),
        ]
        homes: forms.TypedMultipleChoiceField = self.fields["homes"]  # type: ignore[assignment]  # declared above
        homes.choices = [
            (
                _("Building %(label)s") % {"label": label},
                [(row.pk, f"{row.address} {row.shown_name}".strip()) for row in rows],
            )
            for label, rows in groupby(
                homes_in_order(community=community), key=lambda row: row.building.label
            )
        ]
        if activity.series_id is None:
            del self.fields["with_coming"]

    def clean(self) -> dict[str, Any]:
        """Ask for what the chosen group needs."""
        given: dict[str, Any] = self.cleaned_data
        needed = {
            Group.HOMES.value: ("homes", _("Tick the homes to invite.")),
            Group.BUILDING.value: ("building", _("Say which building.")),
            Group.RISK.value: ("risk", _("Say which level of risk.")),
        }
        field, words = needed.get(given.get("group", ""), ("", ""))
        if field and field not in self.errors and not given.get(field):
            self.add_error(field, words)
        return given

    def chosen(self) -> Chosen:
        """Return whom to invite."""
        given = self.cleaned_data
        return Chosen(
            group=Group(given["group"]),
            home_ids=frozenset(given["homes"]),
            building_id=given["building"],
            risk=given["risk"],
        )


class ToldFor(forms.Form):
    """Some guests of one activity were ticked; ``who`` brings them, where that is said."""

    guest = forms.TypedMultipleChoiceField(coerce=int, required=False)
    who = forms.ChoiceField(label=_("Who brings those ticked"), required=False)
    with_coming = forms.BooleanField(
        label=_("and whenever it comes back"), required=False
    )

    def __init__(
        self, *args: Any, community: Community | int, guest_ids: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._people = people_of(community)
        guest: forms.TypedMultipleChoiceField = self.fields["guest"]  # type: ignore[assignment]  # declared above
        guest.choices = [(key, key) for key in guest_ids]
        who: forms.ChoiceField = self.fields["who"]  # type: ignore[assignment]  # declared above
        who.choices = [
            ("", _("nobody")),
            *((key, str(row)) for key, row in self._people.items()),
        ]

    def member(self) -> Member | None:
        """Return who brings them."""
        return self._people.get(self.cleaned_data["who"])


class SeenForm(forms.Form):
    """How it is known who came: seen by somebody, or not to count as seen."""

    seen = forms.BooleanField(
        label=_("Seen there with own eyes: it counts as seen well"), required=False
    )
    seen_at = hour_field(
        _("Seen there at"), required=False, help_text=_("Empty: just now.")
    )
    seen_by = forms.ChoiceField(
        label=_("Who saw them"),
        required=False,
        help_text=_("Somebody else, where it is typed in from paper."),
    )

    def __init__(
        self, *args: Any, activity: Activity, reader: Member, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._activity, self._reader = activity, reader
        self._people = people_of(activity.community_id)
        seen_by: forms.ChoiceField = self.fields["seen_by"]  # type: ignore[assignment]  # declared above
        seen_by.choices = [
            ("", _("I myself")),
            *(
                (key, str(row))
                for key, row in self._people.items()
                if row.pk != reader.pk
            ),
        ]

    def seen_of(self, *, now: datetime) -> Seen | None:
        """Return who saw them and when; ``None`` where it is not to count."""
        given = self.cleaned_data
        if not given["seen"]:
            return None
        zone = self._activity.community.zone
        on = local_day(self._activity.begins_at, zone)
        return Seen(
            by=self._people.get(given["seen_by"], self._reader),
            at=instant(on, given["seen_at"], zone) if given["seen_at"] else now,
        )


class WalkInForm(forms.Form):
    """Somebody came without being invited."""

    home = forms.CharField(
        label=_("Address of the home"),
        max_length=40,
        help_text=_("For example 3-2-401"),
    )


class HelpersForm(forms.Form):
    """Who helps, and how many minutes each of them did."""

    def __init__(
        self, *args: Any, activity: Activity, helpers: list[Helper], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._people = people_of(activity.community_id)
        had = {str(row.member_id): row for row in helpers}
        for key in had:
            self._people.setdefault(key, had[key].member)
        for key, member in self._people.items():
            one = had.get(key)
            self.fields[f"helps_{key}"] = forms.BooleanField(
                label=str(member), required=False, initial=one is not None
            )
            self.fields[f"minutes_{key}"] = forms.IntegerField(
                label=_("Minutes of %(name)s") % {"name": member},
                required=False,
                min_value=0,
                max_value=1440,
                initial=one.minutes if one else None,
            )

    def rows(self) -> list[tuple[Any, Any]]:
        """Return the two fields of each person, for the page."""
        return [(self[f"helps_{key}"], self[f"minutes_{key}"]) for key in self._people]

    def helpers(self) -> list[Minutes]:
        """Return who helps; whoever has minutes does."""
        given = self.cleaned_data
        return [
            Minutes(member=member, minutes=given[f"minutes_{key}"])
            for key, member in self._people.items()
            if given[f"helps_{key}"] or given[f"minutes_{key}"]
        ]


class PhotoForm(forms.Form):
    """A photo of an activity."""

    photo = forms.FileField(
        label=_("Photo"),
        widget=forms.ClearableFileInput(
            attrs={"accept": "image/jpeg,image/png,image/webp"}
        ),
    )
    agreed = forms.CharField(
        label=_("Who is on it, and that they are content"),
        max_length=200,
        help_text=_("Ask everybody who can be made out. It is seen at the desk only."),
    )
