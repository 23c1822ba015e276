"""What messages about offers and promises say when they go out.

Before somebody has taken a need, its message names neither her nor her door.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from shouwang.apps.care.models import Need
from shouwang.apps.care.selectors import offers_of
from shouwang.apps.care.words import title_of, urgency_words
from shouwang.apps.dispatch.links import need_link
from shouwang.apps.dispatch.models import Ask, Notice, Says, Task
from shouwang.apps.dispatch.selectors import peace_broken
from shouwang.apps.dispatch.services.running import UNTAKEN
from shouwang.apps.dispatch.words import kind_of, place_words, when_words
from shouwang.apps.outbox.contents import Content
from shouwang.apps.outbox.models import OutboxMessage
from shouwang.domain.needs import CLOSED

DESK_SAYS = frozenset({Says.NOBODY.value, Says.GAVE_BACK.value})
REMINDS = frozenset({Says.EVENING_BEFORE.value, Says.HOUR_BEFORE.value})


def asks_describe(
    rows: Sequence[OutboxMessage], *, now: datetime
) -> Mapping[int, Content | None]:
    """Return what each offer says; once somebody has the need, it is over."""
    asks = (
        Ask.objects.across("the sender serves every community")
        .filter(pk__in={row.subject_id for row in rows})
        .select_related("member", "run__need__community", "run__need__home__building")
        .prefetch_related("run__need__offers")
        .in_bulk()
    )
    return {row.pk: _ask_content(asks[row.subject_id], now) for row in rows}


def _ask_content(row: Ask, now: datetime) -> Content | None:
    need = row.run.need
    is_asked = any(offer.member_id == row.member_id for offer in offers_of(need))
    if need.stage not in UNTAKEN or not is_asked or row.reply or peace_broken(need):
        return None
    link = need_link(need, row.member, now)
    given = {
        "kind": kind_of(need),
        "place": place_words(need),
        "when": when_words(need, now=now),
        "urgency": urgency_words()[need.urgency],
        "phone": need.community.desk_phone,
    }
    words = _("Somebody in %(place)s needs help: %(kind)s (%(urgency)s), %(when)s.")
    asked = _("Can you? One tap: yes, maybe, or no.") if link else _how_to_answer(given)
    return _content(need, words % given, asked, link, given)


def _how_to_answer(given: Mapping[str, str]) -> str:
    if given["phone"]:
        return _("Can you? Please phone the desk: %(phone)s.") % given
    return _("Can you? Please tell the desk.")


def notices_describe(
    rows: Sequence[OutboxMessage], *, now: datetime
) -> Mapping[int, Content | None]:
    """Return what each notice says; what is not true any more is over."""
    notices = (
        Notice.objects.across("the sender serves every community")
        .filter(pk__in={row.subject_id for row in rows})
        .select_related("member", "about", "need__community", "need__home__building")
        .in_bulk()
    )
    return {row.pk: _notice_content(notices[row.subject_id], now) for row in rows}


def _notice_content(row: Notice, now: datetime) -> Content | None:
    need = row.need
    if not _holds(row):
        return None
    given = {
        "kind": kind_of(need),
        "place": place_words(need),
        "when": when_words(need, now=now),
        "who": str(row.about or _("Somebody")),
        "note": f" {row.note}" if row.note else "",
        "home": f"{need.home.address} {need.home.shown_name}".strip(),
        "title": title_of(need, {need.kind: kind_of(need)}),
    }
    words = {
        Says.NOBODY.value: _(
            "%(home)s: nobody has taken it (%(title)s). All who fit were asked. "
            "Please find somebody, or look at the need."
        ),
        Says.GAVE_BACK.value: _(
            "%(home)s: %(who)s cannot after all (%(title)s).%(note)s The need is free."
        ),
        Says.CALLED_OFF.value: _(
            "%(kind)s in %(place)s: nobody need go any more. Thank you for having "
            "said yes."
        ),
        Says.TAKEN.value: _(
            "%(kind)s in %(place)s: %(who)s has taken it. Thank you for thinking of it."
        ),
        Says.EVENING_BEFORE.value: _(
            "You have promised: %(kind)s, %(home)s, %(when)s. If something has come "
            "up, say so now, so that others can be asked."
        ),
        Says.HOUR_BEFORE.value: _(
            "In about an hour: %(kind)s, %(home)s, %(when)s. Thank you."
        ),
    }[row.says]
    link = need_link(need, row.member, now) if row.says in REMINDS else ""
    return _content(need, words % given, "", link, given)


def _holds(row: Notice) -> bool:
    """Return whether what a notice says is still so."""
    if row.says in DESK_SAYS:
        return row.need.stage in UNTAKEN
    if row.says in REMINDS:
        held = Task.objects.of(row.community_id).filter(
            need=row.need, member=row.member, ended_at__isnull=True
        )
        return held.exists()
    return row.says == Says.CALLED_OFF.value or row.need.stage not in CLOSED


def _content(
    need: Need, words: str, asked: str, link: str, given: Mapping[str, str]
) -> Content:
    return Content(
        text=f"{words} {asked}".strip(),
        place=given["place"],
        words=words,
        asked=asked,
        title=need.community.name,
        link=link,
        values={
            "place": given["place"],
            "words": words,
            "asked": asked,
            "link": link,
        },
    )
