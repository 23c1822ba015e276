"""What the needs tell of a home's story: each step, and the alert it came of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from shouwang.apps.alerts.words import kind_words as alert_words, outcome_words
from shouwang.apps.care.models import Need, NeedMove
from shouwang.apps.care.words import (
    act_words,
    asked_words,
    kind_words_of,
    source_words,
    title_of,
)
from shouwang.apps.residents.models import Home
from shouwang.domain.needs import Act
from shouwang.domain.story import Cause, Entry, StoryKind

# Who was asked and said no is the need's own page; the home's story is what was done.
LEFT_OUT = [Act.OFFER.value, Act.DECLINE.value, Act.CHASE.value]


def needs_tell(*, home: Home, begin: datetime, end: datetime) -> Iterator[Entry]:
    """Yield what happened to the needs of a home in a span of time."""
    kinds = kind_words_of(home.community_id)
    moves = NeedMove.objects.of(home.community_id).filter(
        need__home=home, at__gte=begin, at__lt=end
    )
    rows = moves.exclude(act__in=LEFT_OUT).select_related("need__alert", "by", "who")
    for row in rows.order_by("at", "pk"):
        need = row.need
        what = title_of(need, kinds)
        words = act_words()[row.act]
        if row.asked:
            words = f"{words} ({asked_words()[row.asked]})"
        is_first = row.act == Act.OPEN.value
        yield Entry(
            key=_opened_key(need) if is_first else f"need:{need.pk}:{row.pk}",
            kind=StoryKind.NEED,
            at=row.at,
            title=_title(what if is_first else "", words),
            detail=row.note,
            by=str(row.who or row.by or ""),
            url=reverse("care:need", args=[need.pk]),
            because=_why(need) if is_first else (_need_cause(need, what),),
        )


def _title(what: str, did: str) -> str:
    """Return a step in words; what it is about stands where it began, and as cause."""
    if not what:
        return _("Need · %(did)s") % {"did": did}
    return _("Need: %(what)s · %(did)s") % {"what": what, "did": did}


def _opened_key(need: Need) -> str:
    return f"need:{need.pk}"


def _need_cause(need: Need, what: str) -> Cause:
    return Cause(
        key=_opened_key(need), words=what, url=reverse("care:need", args=[need.pk])
    )


def _why(need: Need) -> tuple[Cause, ...]:
    """Return the alert a need came of, else how the community knew of it."""
    if need.alert is None:
        return (Cause(key="", words=source_words()[need.source]),)
    how = outcome_words().get(need.alert.outcome, "")
    words = how or alert_words()[need.alert.kind]
    return (
        Cause(
            key=f"alert:{need.alert_id}:closed",
            words=_("an alert: %(how)s") % {"how": words},
            url=reverse("desk:alert", args=[need.alert_id]),
        ),
    )
