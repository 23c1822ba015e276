"""A paper sheet as it is typed in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shouwang.apps.communities.models import Member
from shouwang.apps.residents.selectors import signal_kinds
from shouwang.apps.residents.words import (
    could_not_see_words,
    seen_words,
    signal_words_of,
    state_words_of,
)
from shouwang.apps.rounds.forms.choosing import walkers_of
from shouwang.apps.rounds.selectors import BEGINS_BEFORE
from shouwang.apps.rounds.selectors.sheets import Line, Sheet
from shouwang.apps.rounds.services.sheets import TickIn
from shouwang.domain.schedule import instant


class SheetForm(forms.Form):
    """A paper sheet that came back: a time for each stop, a tick for each line.

    What has no tick was not looked at, and is not recorded.
    """

    key = forms.UUIDField(widget=forms.HiddenInput)
    walked_by = forms.TypedChoiceField(label=_("Walked by"), coerce=int)

    def __init__(self, *args: Any, sheet: Sheet, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sheet, self.now = sheet, now
        self.zone = sheet.round.community.zone
        usual = [row.member_id for row in sheet.round.walkers.all()]
        self.people = {row.pk: row for row in walkers_of(sheet.round.community, usual)}
        walked_by: forms.TypedChoiceField = self.fields["walked_by"]  # type: ignore[assignment]  # declared above
        walked_by.choices = [(key, str(row)) for key, row in self.people.items()]
        self._add_lines()

    def _add_lines(self) -> None:
        community = self.sheet.round.community
        kinds, names = signal_kinds(community), signal_words_of(community)
        states = state_words_of(community)
        for place, stop in enumerate(self.sheet.stops):
            self.fields[f"at_{place}"] = forms.TimeField(
                label=_("Seen at"),
                required=False,
                widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            )
            for line in stop.lines:
                self.fields[_name(line)] = forms.ChoiceField(
                    label=names[line.signal],
                    required=False,
                    choices=[
                        ("", _("no tick")),
                        *seen_words(kinds[line.signal], states),
                    ],
                    widget=forms.RadioSelect,
                    initial="",
                )

    def stops(self) -> Iterable[dict[str, Any]]:
        """Return each stop with its time and its lines, for the page."""
        states = state_words_of(self.sheet.round.community)
        for place, stop in enumerate(self.sheet.stops):
            yield {
                "name": stop.name,
                "time": self[f"at_{place}"],
                "lines": [
                    (line, self[_name(line)], _last_words(line, states))
                    for line in stop.lines
                ],
            }

    def clean(self) -> dict[str, Any]:
        """Require a time, not in the future, where something is ticked."""
        given = super().clean() or {}
        ticked = False
        for place, stop in enumerate(self.sheet.stops):
            lines = [line for line in stop.lines if given.get(_name(line))]
            ticked = ticked or bool(lines)
            name = f"at_{place}"
            if not lines or name in self.errors:
                continue
            at = given.get(name)
            if at is None:
                self.add_error(name, _("When was this stop looked at?"))
            elif self._seen_at(at) > self.now:
                self.add_error(name, _("This time has not come yet."))
        if not ticked and not self.errors:
            self.add_error(None, _("Nothing is ticked yet."))
        return given

    def _seen_at(self, at: time) -> datetime:
        """Return when a time on the paper was: of an evening's round, after midnight."""
        begun = instant(self.sheet.on, self.sheet.round.at, self.zone) - BEGINS_BEFORE
        seen = instant(self.sheet.on, at, self.zone)
        if seen < begun and self.sheet.round.at >= _AFTERNOON:
            return instant(self.sheet.on + timedelta(days=1), at, self.zone)
        return seen

    def walker(self) -> Member:
        """Return who walked."""
        return self.people[self.cleaned_data["walked_by"]]

    def ticks(self) -> list[TickIn]:
        """Return what is ticked."""
        given, found = self.cleaned_data, []
        for place, stop in enumerate(self.sheet.stops):
            for line in stop.lines:
                value = given[_name(line)]
                if not value:
                    continue
                reason = value[1:] if value.startswith("!") else ""
                found.append(
                    TickIn(
                        home_id=line.home.pk,
                        signal=line.signal,
                        seen_at=self._seen_at(given[f"at_{place}"]),
                        state="" if reason else value,
                        could_not_see=reason,
                    )
                )
        return found


_AFTERNOON = time(12)


def _name(line: Line) -> str:
    return f"line_{line.home.pk}_{line.signal}"


def _last_words(line: Line, states: Mapping[tuple[str, str], str]) -> str:
    if line.last is None:
        return ""
    if line.last.could_not_see:
        return could_not_see_words()[line.last.could_not_see]
    return states.get((line.signal, line.last.state), line.last.state)
