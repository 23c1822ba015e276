"""The card "Family" on the page of a home."""

from __future__ import annotations

from typing import Any

from django import template

from shouwang.apps.family.models import Word
from shouwang.apps.family.selectors import (
    Relative,
    consenting,
    home_now,
    relatives_of,
    residents_of,
)
from shouwang.apps.family.words import (
    name_of,
    says_words,
    telling_words,
    two_facts,
)
from shouwang.apps.outbox.words import message_state_words
from shouwang.apps.residents.models import Home
from shouwang.common import clock
from shouwang.domain.family import shown_of

register = template.Library()


@register.inclusion_tag("family/_card.html", takes_context=True)
def family_card(context: dict[str, Any], home: Home) -> dict[str, Any]:
    """Return who of the family is told what, and what they would read now."""
    now = clock.now()
    relatives = relatives_of(home=home)
    facts = two_facts(
        shown_of(home_now(home=home, now=now)),
        name=name_of(home, residents_of(home=home)),
        community=home.community,
        now=now,
    )
    return {
        "relatives": [_relative(row) for row in relatives],
        "facts": facts,
        "has_consent": home.pk
        in consenting(community=home.community_id, home_ids=[home.pk]),
        "may_change": context.get("may_change", False),
        "csrf_token": context.get("csrf_token"),
    }


def _relative(row: Relative) -> dict[str, Any]:
    return {
        "contact": row.contact,
        "link": row.link,
        "telling": telling_words(row.telling),
        "words": [_word(one) for one in row.words],
    }


def _word(row: Word) -> dict[str, Any]:
    message = next(iter(row.messages.all()), None)
    return {
        "at": row.said_at,
        "says": says_words()[row.says],
        "arrived": message_state_words()[message.state] if message else "",
        "is_taken_back": row.taken_back_at is not None,
    }
