"""The page behind the link in a message: one alert, one person, no login.

A group's message carries a link of its own, which asks first who one is
(``group_link``) and leads here.

The address itself is the key: whoever posts here knows it already, and nobody who does
not know it can make a browser post. So there is no cookie and no token to lose, which
is what WeChat's browser does, and the page may say ``no-referrer``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from shouwang.apps.alerts.by_group import linked_require_few
from shouwang.apps.alerts.links import (
    GroupLinked,
    Linked,
    group_linked_by,
    link_read,
    linked_by,
)
from shouwang.apps.alerts.models import Alert
from shouwang.apps.alerts.people import person_of
from shouwang.apps.alerts.reaching import (
    ASKS_HELP,
    NO_ANSWER,
    SPOKE,
    Tried,
    alert_contact,
)
from shouwang.apps.alerts.sentences import alert_sentence, ended_sentence, next_sentence
from shouwang.apps.alerts.services import alert_commit, alert_decline
from shouwang.apps.alerts.words import ask_words
from shouwang.apps.communities.coded import by_code, kept_address
from shouwang.apps.communities.models import Community
from shouwang.apps.desk.views.alert import once_of
from shouwang.apps.desk.views.alerting import going_block
from shouwang.apps.desk.views.group_link import GroupPage
from shouwang.apps.residents.selectors import known_risks
from shouwang.apps.residents.words import known_risk_words
from shouwang.common import clock
from shouwang.common.errors import (
    ConflictError,
    GoneError,
    NotFoundError,
    RefusedError,
    ShouwangError,
)
from shouwang.common.ids import uuid7

MINUTES = (10, 20, 30)
NOTE_MOST = 500
NOTED = ("going", "cannot", "no_answer", "spoke", "help")


@by_code
def linked(request: HttpRequest, code: str) -> HttpResponse:
    """Show one alert to one person, and take what they say."""
    try:
        return _answer(request, code)
    except ShouwangError as error:
        return _closed_door(request, error.status, str(error), None)


def _answer(request: HttpRequest, code: str) -> HttpResponse:
    now = clock.now()
    try:
        found = _found_by(code, now)
    except NotFoundError:
        words = _(
            "This link is not whole, or it is not valid. Open it again from the "
            "message, with every character, or phone the desk."
        )
        return _closed_door(request, 404, words, _only_community())
    with timezone.override(found.community.zone):
        if found.is_over:
            words = _("The time of this link is over. Please phone the desk.")
            return _closed_door(request, GoneError.status, words, found.community)
        if isinstance(found, GroupLinked):
            return GroupPage(request=request, found=found, now=now).answer()
        page = LinkedPage(request=request, found=found, now=now)
        if request.method == "POST":
            return _act(page)
        return page.show()


def _found_by(code: str, now: datetime) -> Linked | GroupLinked:
    if link_read(code).person is None:
        return group_linked_by(code, now=now)
    return linked_by(code, now=now)


def _only_community() -> Community | None:
    """Return the community where there is only one: then its desk can be named."""
    rows = list(Community.objects.order_by("pk")[:2])
    return rows[0] if len(rows) == 1 else None


def _closed_door(
    request: HttpRequest, status: int, words: str, community: Community | None
) -> HttpResponse:
    context = {"words": words, "phone": community.desk_phone if community else ""}
    return render(request, "desk/linked_over.html", context, status=status)


@dataclass(kw_only=True)
class LinkedPage:
    """One alert as the person of a link sees it."""

    request: HttpRequest
    found: Linked
    now: datetime

    @property
    def alert(self) -> Alert:
        """Return the alert of the link."""
        return self.found.alert

    @cached_property
    def going(self) -> list[dict[str, Any]]:
        """Return who is on the way."""
        return going_block(self.alert, now=self.now, me=self.found.actor)

    def show(
        self, *, question: str = "", wrong: str = "", status: int = 200
    ) -> HttpResponse:
        """Answer with the page; ``question`` asks before two go, ``wrong`` refuses."""
        row = self.alert
        context: dict[str, Any] = {
            "phone": self.found.community.desk_phone,
            "address": self.address,
            "place": row.home or row.round or row.community,
            "sentence": alert_sentence(row, now=self.now),
            **self._said(),
        }
        if row.state == "closed":
            context |= {"ended": ended_sentence(row), "noted": self._noted()}
            return render(self.request, "desk/linked.html", context, status=status)
        context |= {
            "question": question,
            "wrong": wrong,
            "noted": self._noted(),
            "next_words": next_sentence(row),
            "ask": ask_words().get(self._ask(), ""),
            "going": self.going,
            "minutes": MINUTES,
            "asked_minutes": self.request.POST.get("minutes", ""),
            "once": uuid7(now=self.now),
            **self._home(),
        }
        return render(self.request, "desk/linked.html", context, status=status)

    @property
    def address(self) -> str:
        """Return where the forms post to; the language asked for stays."""
        return kept_address(self.request)

    def _said(self) -> dict[str, Any]:
        """Return who the reader said to be by a group's link, and where to say else."""
        code = self.found.by_group
        if not code:
            return {}
        again = reverse("desk:linked", args=[code])
        not_me = kept_address(self.request, again, again="1")
        return {"me": self.found.actor, "not_me": not_me}

    def _home(self) -> dict[str, Any]:
        home = self.alert.home
        if home is None:
            return {}
        return {
            "home": home,
            "known_risks": [known_risk_words(one) for one in known_risks(home=home)],
        }

    def _ask(self) -> str:
        """Return what was asked of this person last, else what is asked just now."""
        person = person_of(self.found.actor)
        row = self.alert
        mine = row.messages.filter(
            to_member_id=person.member_id, to_contact_id=person.contact_id
        ).exclude(ask="")
        last = mine.order_by("-queued_at", "-pk").first()
        if last is not None:
            return str(last.ask)
        return (
            str(row.steps[row.step - 1]["ask"])
            if 0 < row.step <= len(row.steps)
            else ""
        )

    def _noted(self) -> str:
        """Return that the last tap was heard, and what it means."""
        noted = self.request.GET.get("noted", "")
        return _noted_words(noted, self) if noted in NOTED else ""


def _noted_words(noted: str, page: LinkedPage) -> str:
    mine = next((row["until"] for row in page.going if row["is_me"]), None)
    if noted == "going" and mine is None:
        return ""
    words = {
        "going": _(
            "Noted: you are going, until %(time)s. Then please say here how it was."
        ),
        "cannot": _("Noted: you cannot. Thank you for saying so at once."),
        "no_answer": _("Noted: nobody answered the phone."),
        "spoke": _("Noted: you spoke with her and she is well. Thank you."),
        "help": _(
            "Noted: she needs help, and the desk is told. Please stay with her if "
            "you can. If in doubt, call an ambulance."
        ),
    }
    return words[noted] % {"time": f"{mine:%H:%M}" if mine else ""}


def _act(page: LinkedPage) -> HttpResponse:
    said = page.request.POST.get("act", "")
    acts: dict[str, Callable[[LinkedPage], None]] = {
        "going": _go,
        "cannot": lambda one: alert_decline(
            alert=one.alert, by=one.found.actor, now=one.now, via=one.found.via
        ),
        "no_answer": lambda one: _tried(one, NO_ANSWER, how="phone"),
        "spoke": lambda one: _tried(one, SPOKE),
        "help": lambda one: _tried(one, ASKS_HELP),
    }
    try:
        if said not in acts:
            raise RefusedError("unknown_act", _("Choose what you want to say."))
        linked_require_few(page.found, now=page.now)
        acts[said](page)
    except ConflictError as error:
        return _conflict(page, error)
    except RefusedError as error:
        return page.show(wrong=str(error), status=422)
    return redirect(kept_address(page.request, noted=said))


def _conflict(page: LinkedPage, error: ConflictError) -> HttpResponse:
    page.alert.refresh_from_db()
    if error.code == "others_going":
        return page.show(question=str(error), status=409)
    return page.show(wrong=str(error), status=409)


def _go(page: LinkedPage) -> None:
    given = page.request.POST.get("minutes", "")
    if not given.isascii() or not given.isdecimal() or int(given[:4]) not in MINUTES:
        raise RefusedError("unknown_minutes", _("Say how many minutes you need."))
    alert_commit(
        alert=page.alert,
        by=page.found.actor,
        until=page.now + timedelta(minutes=int(given[:4])),
        now=page.now,
        seen=page.request.POST.getlist("seen"),
        via=page.found.via,
    )


def _tried(page: LinkedPage, result: str, *, how: str = "") -> None:
    tried = Tried(
        result=result,
        how=how,
        note=_note_of(page.request),
        id=once_of(page.request),
    )
    alert_contact(
        alert=page.alert,
        tried=tried,
        by=page.found.actor,
        now=page.now,
        via=page.found.via,
    )


def _note_of(request: HttpRequest) -> str:
    """Return what she needs, cut rather than refused: it is a call for help."""
    return request.POST.get("note", "").replace("\x00", "").strip()[:NOTE_MOST]
