"""A preview in the reader's language: each step, and what to do about every gap."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _, ngettext, pgettext

from shouwang.apps.alerts.directory import MEMBER
from shouwang.apps.alerts.previewing import Ahead, Place, StepAhead, Told
from shouwang.apps.alerts.words import ask_phrases, policy_name_words, told_words
from shouwang.apps.communities.models import Community
from shouwang.apps.residents.models import Home
from shouwang.apps.residents.words import risk_words
from shouwang.domain.alerts import AlertKind
from shouwang.domain.ladder import Risk

NAMED_MOST = 8


def ahead_context(
    row: Ahead, title: Home | Risk | str, names: Mapping[str, str], community: Community
) -> dict[str, Any]:
    """Return a preview as its page shows it."""
    homes = [place for place in row.places if isinstance(place, Home)]
    return {
        "title": risk_words()[title.value] if isinstance(title, Risk) else str(title),
        "count": len(homes) if isinstance(title, Risk) else None,
        "policy": policy_name_words(row.policy.name) if row.policy else "",
        "is_own": row.is_own,
        "steps": [_step(step, row, names, community) for step in row.steps],
        "ends_at": row.ends_at,
        "reaches_nobody": not any(step.at for step in row.steps),
        "is_door_late": row.is_door_late,
        "drill_home": homes[0].pk if homes else None,
    }


def _step(
    step: StepAhead, row: Ahead, names: Mapping[str, str], community: Community
) -> dict[str, Any]:
    minutes = round((step.at - row.opened_at).total_seconds() / 60) if step.at else None
    return {
        "number": step.number,
        "at": step.at,
        "minutes": minutes,
        "whom": told_words(step.step.tell, names),
        "ask": ask_phrases()[step.step.ask.value],
        "people": step.people[:NAMED_MOST],
        "more": max(0, len(step.people) - NAMED_MOST),
        "gaps": list(_gaps(step, row)),
    }


Gap = tuple[str, str, str]


def _gaps(step: StepAhead, row: Ahead) -> Iterator[Gap]:
    """Yield what is missing: what it is, where to mend it, and what to do there."""
    if step.in_gap:
        words = _("The rota names nobody at this hour: every duty officer is told.")
        yield words, reverse("duty:rota"), _("Look at the rota")
    if step.left_out or step.at is None:
        yield from _left_out(step, row)
    for told in step.people[:NAMED_MOST]:
        if not told.phone:
            words = _("%(name)s has no phone number.") % {"name": told.name}
            yield words, _address_of(told), _("Add it")


def _left_out(step: StepAhead, row: Ahead) -> Iterator[Gap]:
    words = _("This step reaches nobody.")
    if step.left_out and len(step.left_out) < len(row.places):
        count = len(step.left_out)
        words = ngettext(
            "It reaches nobody at %(count)s place: %(places)s",
            "It reaches nobody at %(count)s places: %(places)s",
            count,
        ) % {"count": count, "places": _places_words(step.left_out)}
    home = next((row for row in step.left_out if isinstance(row, Home)), None)
    for token in step.step.tell:
        url, what = _mended(token, home, row.kind)
        yield words, url, what
        words = ""


def _places_words(places: Sequence[Place]) -> str:
    shown = [
        row.address if isinstance(row, Home) else row.name
        for row in places[:NAMED_MOST]
    ]
    tail = "…" if len(places) > NAMED_MOST else ""
    return pgettext("between names", ", ").join(shown) + tail


def _mended(token: str, home: Home | None, kind: AlertKind) -> tuple[str, str]:
    """Return where somebody is added whom a step could reach, and what to do there."""
    if token == "walker_of_round":  # noqa: S105 -- whom a step tells
        return reverse("rounds:rounds"), _("Put it on a round that somebody walks")
    if token in {"keyholder", "family"}:
        if home is None:
            return reverse("policies:policies"), _("Take it out: this is of no home")
        words = {
            "keyholder": _("Note who has a key"),
            "family": _("Note a relative"),
        }
        return reverse("residents:contact_add", args=[home.pk]), words[token]
    if token.startswith(MEMBER):
        return reverse("policies:policies"), _("Name somebody who is there")
    return reverse("members"), _("Give somebody this role")


def _address_of(told: Told) -> str:
    if told.home_id is not None:
        return reverse("residents:home", args=[told.home_id])
    return reverse("member_change", args=[told.member_id])
