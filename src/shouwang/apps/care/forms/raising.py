"""Forms in which a need is written down and put right."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from shouwang.apps.care.models import Need
from shouwang.apps.care.selectors import need_kinds
from shouwang.apps.care.services import NeedDraft
from shouwang.apps.care.words import kind_words_of, source_words, urgency_words
from shouwang.apps.communities.models import Community
from shouwang.common.clock import local
from shouwang.domain.needs import Source
from shouwang.domain.schedule import instant

# A year mistyped is told, not stored.
IN_OUR_TIME = (
    MinValueValidator(date(2000, 1, 1)),
    MaxValueValidator(date(2099, 12, 31)),
)


def day_field(label: Any, *, required: bool = True) -> forms.DateField:
    """Return a field for a day of our time."""
    return forms.DateField(
        label=label,
        required=required,
        validators=IN_OUR_TIME,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


def moment_of(on: date, at: time | None, zone: tzinfo) -> datetime:
    """Return a local day and hour as an instant; without an hour, the day's end."""
    if at is None:
        return instant(on + timedelta(days=1), time(0), zone)
    return instant(on, at, zone)


class MoreForm(forms.Form):
    """What may be said of a need besides its kind and urgency; all of it may be empty."""

    words = forms.CharField(
        label=_("In words"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("May stay empty."),
    )
    wanted_on = day_field(_("Wanted by"), required=False)
    wanted_at = forms.TimeField(
        label=_("At what time"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("Only where the hour matters, as for a doctor."),
    )
    said_by = forms.CharField(label=_("Who said so"), max_length=80, required=False)
    source = forms.ChoiceField(
        label=_("How we know"),
        required=False,
        choices=lambda: [*source_words().items()],
        initial=Source.ON_BEHALF.value,
    )
    at_the_door = forms.CharField(
        label=pgettext_lazy("field of a need", "At the door"),
        max_length=300,
        required=False,
        help_text=_("What whoever goes must know: deaf, a dog, who has the key."),
    )

    def clean(self) -> dict[str, Any]:
        """Refuse an hour without its day."""
        given: dict[str, Any] = self.cleaned_data
        if given.get("wanted_at") and not given.get("wanted_on"):
            self.add_error("wanted_on", _("Say on which day."))
        return given

    def draft(self, *, kind: str, urgency: str) -> NeedDraft:
        """Return what was filled in, times as the community's own."""
        given = self.cleaned_data
        on = given["wanted_on"]
        return NeedDraft(
            kind=kind,
            urgency=urgency,
            source=given["source"] or Source.ON_BEHALF.value,
            words=given["words"],
            said_by=given["said_by"],
            at_the_door=given["at_the_door"],
            wanted_by=moment_of(on, given["wanted_at"], timezone.get_current_timezone())
            if on
            else None,
        )


class RaiseForm(MoreForm):
    """A need of one home; the button that sends it says how urgent it is.

    ``key`` is made when the form is shown, so that a second tap is no second need.
    """

    key = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(widget=forms.HiddenInput)
    urgency = forms.ChoiceField(
        widget=forms.HiddenInput,
        choices=lambda: [*urgency_words().items()],
        error_messages={
            "required": _("Say whether it is urgent, difficult or everyday."),
        },
    )

    def __init__(self, *args: Any, community: Community, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind: forms.ChoiceField = self.fields["kind"]  # type: ignore[assignment]  # declared above
        kind.choices = [*need_kinds(community).items()]

    def need(self) -> NeedDraft:
        """Return what was filled in."""
        given = self.cleaned_data
        return self.draft(kind=given["kind"], urgency=given["urgency"])


class ChangeForm(MoreForm):
    """A need is put right."""

    kind = forms.ChoiceField(label=_("What kind"))
    urgency = forms.ChoiceField(
        label=_("How urgent"),
        choices=lambda: [*urgency_words().items()],
        widget=forms.RadioSelect,
    )
    field_order = (
        "words",
        "kind",
        "urgency",
        "wanted_on",
        "wanted_at",
        "at_the_door",
        "said_by",
        "source",
    )

    def __init__(self, data: Any = None, *, need: Need) -> None:
        super().__init__(data, initial=initial_of(need))
        kinds = need_kinds(need.community_id)
        own = kind_words_of(need.community_id)
        kind: forms.ChoiceField = self.fields["kind"]  # type: ignore[assignment]  # declared above
        kind.choices = [*{need.kind: own.get(need.kind, need.kind), **kinds}.items()]

    def need(self) -> NeedDraft:
        """Return what was filled in."""
        given = self.cleaned_data
        return self.draft(kind=given["kind"], urgency=given["urgency"])


def initial_of(need: Need) -> dict[str, Any]:
    """Return a need as its form shows it; the end of a day as that day alone."""
    names = ("words", "kind", "urgency", "said_by", "source", "at_the_door")
    initial = {name: getattr(need, name) for name in names}
    if need.wanted_by is not None:
        wanted = local(need.wanted_by, need.community.zone)
        is_day_end = wanted.time() == time(0)
        initial["wanted_on"] = wanted.date() - timedelta(days=is_day_end)
        initial["wanted_at"] = None if is_day_end else wanted.time()
    return initial
