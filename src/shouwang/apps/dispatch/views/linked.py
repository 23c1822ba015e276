"""The page behind the link of an offer: one need, one person, no login.

As behind the link of an alert, the address itself is the key, so there is no cookie and
no token to lose. Only a tap on a button says anything: a chat app that fetches the link
for its preview takes no need.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from shouwang.apps.care.models import Need
from shouwang.apps.care.words import title_of, urgency_words
from shouwang.apps.communities.coded import by_code, kept_address
from shouwang.apps.communities.models import Community, Member
from shouwang.apps.dispatch.links import LinkedNeed, linked_by
from shouwang.apps.dispatch.models import Ask, Reply
from shouwang.apps.dispatch.selectors import (
    ask_of,
    notes_left,
    peace_broken,
    was_asked,
)
from shouwang.apps.dispatch.services import (
    DoneIn,
    need_begin,
    need_finish,
    need_give_back,
    need_maybe,
    need_refuse,
    need_take,
)
from shouwang.apps.dispatch.services.running import UNTAKEN
from shouwang.apps.dispatch.words import (
    kind_of,
    length_words,
    place_words,
    when_words,
)
from shouwang.apps.privacy.models import Place, What
from shouwang.apps.privacy.services import Looked, access_note
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
from shouwang.domain.needs import IN_HAND, Stage

NOTE_MOST = 300
NOTED = ("yes", "maybe", "no", "begin", "done", "cannot")
PHONE = "phone"
# How long it took, one tap each.
MINUTES = (30, 60, 90, 120)


@by_code
def linked(request: HttpRequest, code: str) -> HttpResponse:
    """Show one need to one person, and take what they say."""
    try:
        return _answer(request, code)
    except ShouwangError as error:
        return _closed_door(request, error.status, str(error), None)


def _answer(request: HttpRequest, code: str) -> HttpResponse:
    now = clock.now()
    try:
        found = linked_by(code, now=now)
    except NotFoundError:
        words = _(
            "This link is not whole, or it is not valid. Open it again from the "
            "message, with every character, or phone the desk."
        )
        return _closed_door(request, 404, words, None)
    with timezone.override(found.community.zone):
        if found.is_over:
            words = _(
                "The time of this link is over. If you still can, phone the desk."
            )
            return _closed_door(request, GoneError.status, words, found.community)
        page = LinkedPage(request=request, found=found, now=now)
        return _act(page) if request.method == "POST" else page.show()


def _closed_door(
    request: HttpRequest, status: int, words: str, community: Community | None
) -> HttpResponse:
    context = {"words": words, "phone": community.desk_phone if community else ""}
    return render(request, "dispatch/linked_over.html", context, status=status)


@dataclass(kw_only=True)
class LinkedPage:
    """One need as the person of a link sees it."""

    request: HttpRequest
    found: LinkedNeed
    now: datetime

    @property
    def need(self) -> Need:
        """Return the need of the link."""
        return self.found.need

    @property
    def member(self) -> Member:
        """Return whose link it is."""
        return self.found.member

    @cached_property
    def ask(self) -> Ask | None:
        """Return how they were asked last."""
        return ask_of(need=self.need, member=self.member)

    @property
    def address(self) -> str:
        """Return where the forms post to; the language asked for stays."""
        return kept_address(self.request)

    @property
    def holds(self) -> bool:
        """Return whether the need is in their hands."""
        in_hand = Stage(self.need.stage) in IN_HAND
        return in_hand and self.need.taken_by_id == self.member.pk

    def show(
        self, *, wrong: str = "", status: int = 200, number: str = ""
    ) -> HttpResponse:
        """Answer with the page; ``wrong`` says why something was not done.

        ``number`` is her phone number, where it has just been opened and noted.
        """
        need = self.need
        context: dict[str, Any] = {
            "phone": self.found.community.desk_phone,
            "address": self.address,
            "wrong": wrong,
            "noted": self._noted(),
            "kind": kind_of(need),
            "when": when_words(need, now=self.now),
            "place": place_words(need),
            "urgency": urgency_words()[need.urgency],
            "urgency_key": need.urgency,
            "length": length_words(need),
            "name": str(self.member),
        }
        template, more = self._state()
        more["number"] = number
        return render(
            self.request, f"dispatch/{template}.html", context | more, status=status
        )

    def _state(self) -> tuple[str, dict[str, Any]]:
        """Return which page it is, as the need stands, and what that page adds."""
        if self.holds:
            return "linked_mine", self._door()
        ended = self._ended()
        if ended:
            return "linked_ended", {"ended": ended}
        reply = self.ask.reply if self.ask else ""
        return "linked", {
            "has_maybe": reply == Reply.MAYBE.value,
            "has_no": reply == Reply.NO.value,
        }

    def _ended(self) -> str:
        """Return why there is nothing to say yes to, in a sentence, or nothing."""
        need, who = self.need, self.need.taken_by
        if peace_broken(need) is not None:
            return _(
                "She wants to be left in peace just now, so nobody need go. Thank you "
                "for being ready."
            )
        if need.stage in UNTAKEN:
            return "" if was_asked(need=need, member=self.member) else _not_asked()
        was_theirs = who is not None and who.pk == self.member.pk
        return {
            Stage.CANCELLED: _("It is not needed any more. Thank you for being ready."),
            Stage.HANDED_ON: _("An office sees to it now. Thank you for being ready."),
            Stage.CHECKED: _("It is done, and she says it was right. Thank you."),
            Stage.DONE: _("You have done it. Thank you. The desk asks her how it was.")
            if was_theirs
            else _("It is done already. Thank you for being ready."),
        }.get(
            Stage(need.stage),
            _("%(who)s has taken it; it is in good hands. Thank you for being ready.")
            % {"who": who or _("Somebody")},
        )

    def _door(self) -> dict[str, Any]:
        """Return what whoever goes must know, now that they go."""
        need, home = self.need, self.need.home
        return {
            "home": home,
            "title": title_of(need, {need.kind: kind_of(need)}),
            "at_the_door": need.at_the_door,
            "known_risks": [known_risk_words(one) for one in known_risks(home=home)],
            "notes": notes_left(need=need),
            "is_begun": need.stage == Stage.DOING.value,
            "minutes": MINUTES,
            "given": self.request.POST,
        }

    def _noted(self) -> str:
        """Return that the last tap was heard, and what it means."""
        said = self.request.GET.get("noted", "")
        return _noted_words().get(said, "") if said in NOTED else ""


def _not_asked() -> str:
    return _(
        "This need is not offered to you any more. If you can help, phone the desk."
    )


def _noted_words() -> Mapping[str, str]:
    return {
        "yes": _("It is yours. Thank you. Here is where to go."),
        "maybe": _(
            "Noted: maybe. It is still being offered to others; come back here and "
            "say yes as soon as you know."
        ),
        "no": _("Noted: not this time. Thank you for saying so at once."),
        "begin": _("Noted: you are at it."),
        "done": _("Noted: it is done. Thank you."),
        "cannot": _(
            "Noted: you cannot after all. The desk knows, and others are asked."
        ),
    }


def _act(page: LinkedPage) -> HttpResponse:
    said = page.request.POST.get("act", "")
    acts: Mapping[str, Callable[[LinkedPage], object]] = {
        "yes": _yes,
        "maybe": lambda one: need_maybe(need=one.need, who=one.member, now=one.now),
        "no": lambda one: need_refuse(need=one.need, who=one.member, now=one.now),
        "begin": lambda one: need_begin(need=one.need, who=one.member, now=one.now),
        "done": _done,
        "cannot": lambda one: need_give_back(
            need=one.need, who=one.member, note=_text(one, "note"), now=one.now
        ),
    }
    try:
        if said == PHONE:
            return page.show(number=_number(page))
        if said not in acts:
            raise RefusedError("unknown_act", _("Choose what you want to say."))
        acts[said](page)
    except (ConflictError, RefusedError) as error:
        page.need.refresh_from_db()
        return page.show(wrong=str(error), status=error.status)
    return redirect(kept_address(page.request, noted=said))


def _number(page: LinkedPage) -> str:
    """Return her number for whoever goes there, and note that they opened it."""
    home = page.need.home
    if not page.holds or not home.phone:
        words = _("There is no number here for you. Phone the desk.")
        raise ConflictError("no_number", words)
    looked = Looked(
        what=What.CONTACT,
        home_ids=[home.pk],
        place=Place.NEED,
        place_id=page.need.pk,
        of="home",
    )
    access_note(by=page.member, looked=looked, now=page.now)
    return home.phone


def _yes(page: LinkedPage) -> None:
    if not page.holds and not was_asked(need=page.need, member=page.member):
        raise ConflictError("not_asked", _not_asked())
    need_take(need=page.need, who=page.member, now=page.now)


def _done(page: LinkedPage) -> None:
    given = page.request.POST.get("minutes", "").strip()
    if given and not (given.isascii() and given.isdecimal()):
        words = _("Say how long it took, in minutes: from 1 to 1440.")
        raise RefusedError("no_such_length", words)
    done = DoneIn(
        minutes=int(given[:6]) if given else None,
        note=_text(page, "note"),
        for_next=_text(page, "for_next"),
    )
    need_finish(need=page.need, who=page.member, done=done, now=page.now)


def _text(page: LinkedPage, name: str) -> str:
    """Return what was written, cut rather than refused."""
    return page.request.POST.get(name, "").replace("\x00", "").strip()[:NOTE_MOST]
