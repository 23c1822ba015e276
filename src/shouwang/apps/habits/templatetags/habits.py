"""The card "Her own time" on the page of a home."""

from __future__ import annotations

from typing import Any

from django import template

from shouwang.apps.habits.showing import habit_cards
from shouwang.apps.residents.models import Home
from shouwang.common import clock

register = template.Library()


@register.inclusion_tag("habits/_card.html")
def habit_card(home: Home) -> dict[str, Any]:
    """Return what is known of each agreed window."""
    return {"cards": habit_cards(home, now=clock.now())}
