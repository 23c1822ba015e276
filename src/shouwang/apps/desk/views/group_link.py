"""The page behind the link in a group's message asks who one is.

It says what the message said, and the names of those who were asked. Whoever chooses
one is led to a page of their own (``linked``), which does what a personal link does.
The device remembers that by a cookie, which only leads there: no act rests on it, so
that it works as well where a browser keeps none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from shouwang.apps.alerts.by_group import group_link_choose, said_before
from shouwang.apps.alerts.links import LINK_PATH, GroupLinked
from shouwang.apps.alerts.selectors import members_asked, message_last_asked
from shouwang.apps.alerts.telling import said_parts, said_text
from shouwang.apps.communities.coded import kept_address
from shouwang.common.clock import local
from shouwang.common.errors import ConflictError, RefusedError

LONGEST_KEY = 18
# Of a browser that says where a form was sent from.
FROM_HERE = frozenset({"same-origin", "none"})


@dataclass(kw_only=True)
class GroupPage:
    """One alert as it is shown to a group whose reader has not said who they are."""

    request: HttpRequest
    found: GroupLinked
    now: datetime

    def answer(self) -> HttpResponse:
        """Ask who it is, take the answer, or lead on whoever gave it before."""
        if self.request.method == "POST":
            return self._choose()
        kept = self.request.COOKIES.get(self._cookie, "")
        if kept and "again" not in self.request.GET:
            code = said_before(found=self.found, code=kept, now=self.now)
            if code:
                return self._lead_to(code)
        return self._show()

    @property
    def _cookie(self) -> str:
        return f"alert_{self.found.alert.pk}"

    def _show(self, *, wrong: str = "", status: int = 200) -> HttpResponse:
        alert = self.found.alert
        context = {
            "phone": self.found.community.desk_phone,
            "wrong": wrong,
            "alert": alert,
            "address": kept_address(self.request),
        }
        if alert.closed_at:
            zone = self.found.community.zone
            context["ended_at"] = local(alert.closed_at, zone)
        else:
            last = message_last_asked(alert)
            context["said"] = said_text(*said_parts(last, alert)) if last else ""
            context["asked"] = members_asked(alert)
        return render(self.request, "desk/linked_who.html", context, status=status)

    def _choose(self) -> HttpResponse:
        try:
            code = group_link_choose(
                found=self.found, member_id=self._chosen(), now=self.now
            )
        except ConflictError as error:
            self.found.alert.refresh_from_db()
            return self._show(wrong=str(error), status=409)
        except RefusedError as error:
            return self._show(wrong=str(error), status=422)
        answer = self._lead_to(code)
        answer.set_cookie(
            self._cookie,
            code,
            max_age=self.found.expires_at - self.now,
            path=f"/{LINK_PATH}",
            secure=self.request.is_secure(),
            httponly=True,
            samesite="Lax",
        )
        return answer

    def _chosen(self) -> int:
        """Return the key that was chosen; another site chooses nothing for anybody."""
        given = self.request.POST.get("who", "")
        is_key = given.isascii() and given.isdecimal() and len(given) <= LONGEST_KEY
        sent_from = self.request.headers.get("Sec-Fetch-Site", "same-origin")
        if not is_key or sent_from not in FROM_HERE:
            words = _("Choose your name among those shown.")
            raise RefusedError("not_asked", words)
        return int(given)

    def _lead_to(self, code: str) -> HttpResponse:
        return redirect(kept_address(self.request, reverse("desk:linked", args=[code])))
