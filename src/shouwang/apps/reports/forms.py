"""When the report writes itself."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _, gettext_lazy

from shouwang.apps.communities.models import Community
from shouwang.apps.reports.selectors import groups_of
from shouwang.apps.reports.services import TimeDraft


class DigestTimeForm(forms.Form):
    """A time, and the group it is posted to."""

    at = forms.TimeField(
        label=gettext_lazy("At"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=gettext_lazy("Shortly after the last window of a round is due."),
    )
    via = forms.ChoiceField(label=gettext_lazy("Posted to"), required=False)

    def __init__(self, *args: Any, community: Community, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._groups = {str(row.pk): row for row in groups_of(community=community)}
        via: forms.ChoiceField = self.fields["via"]  # type: ignore[assignment]  # declared above
        via.choices = [
            ("", _("nobody: I forward it by hand")),
            *((key, row.name) for key, row in self._groups.items()),
        ]

    def draft(self) -> TimeDraft:
        """Return what was filled in."""
        given = self.cleaned_data
        return TimeDraft(at=given["at"], via=self._groups.get(given["via"]))
