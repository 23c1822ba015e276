"""The private page of one contact person: how she is, and what they can say.

The address itself is the key, as with the links of alerts: no login, no cookie, no
token. Whoever does not know it finds nothing, and the page tells no other site of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from shouwang.apps.communities.coded import by_code, kept_address
from shouwang.apps.family.forms import AwayForm, VouchForm
from shouwang.apps.family.models import FamilyLink
from shouwang.apps.family.selectors import (
    absences_announced,
    family_link_by,
    home_now,
    residents_of,
    vouch_to_take_back,
)
from shouwang.apps.family.services import (
    absence_announce,
    absence_end,
    vouch,
    vouch_take_back,
)
from shouwang.apps.family.services.acting import TAKEN_BACK_WITHIN
from shouwang.apps.family.words import name_of, two_facts
from shouwang.apps.residents.words import absence_words
from shouwang.common import clock
from shouwang.common.errors import NotFoundError, RefusedError, ShouwangError
from shouwang.common.ids import uuid7
from shouwang.domain.family import shown_of

NOTED = ("vouched", "taken_back", "away", "back")
LONGEST_KEY = 18


@by_code
def page(request: HttpRequest, code: str) -> HttpResponse:
    """Show how she is, and take what her family says."""
    now = clock.now()
    try:
        link = family_link_by(code)
    except NotFoundError as error:
        return render(request, "family/over.html", {}, status=error.status)
    with timezone.override(link.community.zone):
        shown = FamilyPage(request=request, link=link, now=now)
        return shown.act() if request.method == "POST" else shown.show()


@dataclass(kw_only=True)
class FamilyPage:
    """The page of one link at one moment; ``forms`` hold what was refused."""

    request: HttpRequest
    link: FamilyLink
    now: datetime
    forms: dict[str, BaseForm] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """Return where the forms post to; the language asked for stays."""
        return kept_address(self.request)

    def show(self, *, wrong: str = "", status: int = 200) -> HttpResponse:
        """Answer with the page; ``wrong`` says what could not be taken."""
        home, community = self.link.contact.home, self.link.community
        shown = shown_of(home_now(home=home, now=self.now))
        since = self.now - TAKEN_BACK_WITHIN
        context: dict[str, Any] = {
            "facts": two_facts(
                shown,
                name=name_of(home, residents_of(home=home)),
                community=community,
                now=self.now,
            ),
            "phone": community.desk_phone,
            "address": self.address,
            "noted": self._noted(),
            "wrong": wrong,
            "refused": next(iter(self.forms), ""),
            "vouch_form": self.forms.get("vouch") or self._vouch_form(None),
            "away_form": self.forms.get("away") or self._away_form(None),
            "may_take_back": bool(vouch_to_take_back(link=self.link, since=since)),
            "absences": self._absences(),
        }
        return render(self.request, "family/page.html", context, status=status)

    def _vouch_form(self, given: Any) -> VouchForm:
        zone = self.link.community.zone
        initial = {
            "on": "today",
            "at": clock.local(self.now, zone).replace(second=0, microsecond=0).time(),
            "how": "phone",
            "once": uuid7(now=self.now),
        }
        return VouchForm(given, now=self.now, zone=zone, initial=initial)

    def _away_form(self, given: Any) -> AwayForm:
        today = clock.local_day(self.now, self.link.community.zone)
        return AwayForm(given, initial={"first_on": today, "reason": "family"})

    def _absences(self) -> list[dict[str, Any]]:
        zone = self.link.community.zone
        return [
            {
                "key": row.pk,
                "reason": absence_words()[row.reason],
                "first": clock.local(row.from_at, zone),
                "has_begun": row.from_at <= self.now,
            }
            for row in absences_announced(link=self.link, now=self.now)
        ]

    def _noted(self) -> str:
        """Return that the last tap was heard."""
        words = {
            "vouched": _("Noted, thank you. The community sees it now."),
            "taken_back": _("Taken back. It counts no more."),
            "away": _("Noted. Nobody will look for her in vain."),
            "back": _("Noted. She is looked after again from now on."),
        }
        noted = self.request.GET.get("noted", "")
        return words[noted] if noted in NOTED else ""

    def act(self) -> HttpResponse:
        """Take what was said, once, and lead back to the page."""
        said = self.request.POST.get("act", "")
        acts: dict[str, Callable[[], str]] = {
            "vouch": self._vouch,
            "take_back": self._take_back,
            "away": self._away,
            "back": self._back,
        }
        try:
            if said not in acts:
                raise RefusedError("unknown_act", _("Choose what you want to say."))
            noted = acts[said]()
        except _FormError:
            return self.show(status=422)
        except ShouwangError as error:
            return self.show(wrong=str(error), status=error.status)
        return redirect(kept_address(self.request, noted=noted))

    def _vouch(self) -> str:
        form = self._vouch_form(self.request.POST)
        self._save(
            "vouch",
            form,
            lambda: vouch(link=self.link, said=form.vouch(), now=self.now),
        )
        return "vouched"

    def _away(self) -> str:
        form = self._away_form(self.request.POST)
        self._save(
            "away",
            form,
            lambda: absence_announce(link=self.link, said=form.absence(), now=self.now),
        )
        return "away"

    def _save(self, name: str, form: BaseForm, save: Callable[[], object]) -> None:
        """Save a form of the page; what is wrong stands beside its field."""
        self.forms = {name: form}
        if not form.is_valid():
            raise _FormError
        try:
            save()
        except ShouwangError as error:
            for key, rows in error.fields.items():
                form.add_error(key, rows)
            if not error.fields:
                raise
            raise _FormError from error
        self.forms = {}

    def _take_back(self) -> str:
        if not vouch_take_back(link=self.link, now=self.now):
            words = _("That was too long ago to take back. Please phone the desk.")
            raise RefusedError("nothing_to_take_back", words)
        return "taken_back"

    def _back(self) -> str:
        key = self.request.POST.get("absence", "")
        if not (key.isascii() and key.isdecimal() and len(key) <= LONGEST_KEY):
            raise RefusedError("unknown_absence", _("Choose what you want to say."))
        absence_end(link=self.link, absence_id=int(key), now=self.now)
        return "back"


class _FormError(Exception):
    """A form was refused; what is wrong stands in it."""
