"""The board in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.utils.translation import gettext as _, ngettext, pgettext

from shouwang.apps.alerts.models import Alert
from shouwang.apps.alerts.words import state_words
from shouwang.apps.communities.models import Community
from shouwang.apps.desk.selectors.board import Board
from shouwang.apps.desk.selectors.digest import DigestToday
from shouwang.apps.watch.words import status_words
from shouwang.common.clock import local
from shouwang.domain.digest import Digest, Part
from shouwang.domain.service_figures import Judged, Measure, Promise
from shouwang.domain.story import StoryKind


def group_words() -> Mapping[str, str]:
    """Return the word of each group of homes that is counted."""
    return {
        "needs": _("needs someone now"),
        "unseen": _("not looked at"),
        "waiting": _("waiting"),
        "well": _("well"),
        "excused": _("away"),
    }


def shown_words() -> Mapping[str, str]:
    """Return the word of each way in which a window is shown."""
    return {
        **status_words(),
        "presumed": _("presumed well"),
        "unwatched": _("not watched"),
    }


def headline(board: Board) -> str:
    """Return in one sentence whether everyone is well and everyone was looked at."""
    counts = board.counts
    parts = []
    if counts["needs"]:
        parts.append(_("%(count)s need someone now") % {"count": counts["needs"]})
    if counts["unseen"]:
        parts.append(_("%(count)s were not looked at") % {"count": counts["unseen"]})
    if counts["waiting"]:
        parts.append(_("%(count)s are still waited for") % {"count": counts["waiting"]})
    if parts:
        return _(", ").join(parts)
    if counts["well"]:
        return _("Everyone is well, and everyone has been looked at")
    return _("Nobody is watched yet")


def part_words() -> Mapping[Part, str]:
    """Return what is said of a home in the group report."""
    return {
        Part.NEEDS: _("in need of somebody"),
        Part.VISITED: _("being visited"),
        Part.UNSEEN: _("not looked at"),
        Part.WAITING: _("waiting"),
        Part.AWAY: _("away"),
        Part.WELL: _("well"),
    }


def digest_sentence(digest: Digest) -> str:
    """Return the report in one line: how many are well, and whether any is left out."""
    words, counts = part_words(), digest.counts
    told = pgettext("between names", ", ").join(
        _("%(count)s %(part)s") % {"count": counts[part], "part": words[part]}
        for part in reversed(Part)
        if counts[part]
    )
    homes = ngettext("%(count)s home", "%(count)s homes", len(digest.parts))
    values = {"homes": homes % {"count": len(digest.parts)}, "told": told}
    if digest.is_nobody_left_out:
        return _("%(homes)s: %(told)s; nobody left out.") % values
    return _("%(homes)s: %(told)s; not everybody has been looked at yet.") % values


def digest_text(today: DigestToday, *, community: Community, now: datetime) -> str:
    """Return the whole message, ready for a group: place and time, line, exceptions."""
    words, shown = part_words(), shown_words()
    lines = [
        f"{community.name} {local(now, community.zone):%m-%d %H:%M}",
        digest_sentence(today.digest),
    ]
    for key, part in today.digest.named:
        row = today.homes[key]
        what = shown[row.shown]
        if part is Part.VISITED:
            what = pgettext("between names", ", ").join((what, words[part]))
        lines.append(f"· {row.home.address} {row.home.shown_name} {what}".strip())
    return "\n".join(lines)


def span_words(span: timedelta) -> str:
    """Return a span as people say it, in minutes, hours or days."""
    minutes = max(0, round(span / timedelta(minutes=1)))
    if minutes < 60:
        return _("%(count)s min") % {"count": minutes}
    if minutes < 24 * 60:
        values = {"hours": minutes // 60, "count": minutes % 60}
        return _("%(hours)s h %(count)s min") % values
    return _("%(count)s days") % {"count": minutes // (24 * 60)}


def state_title(alert: Alert) -> str:
    """Return where an alert stands, with its step while it climbs."""
    words = state_words()[alert.state]
    if alert.state == "open" and alert.step:
        return _("%(state)s, step %(step)s of %(steps)s") % {
            "state": words,
            "step": alert.step,
            "steps": len(alert.steps),
        }
    return words


def short_span_words(span: timedelta) -> str:
    """Return a span as people say it: below two minutes in seconds, then in minutes."""
    seconds = max(0, round(span / timedelta(seconds=1)))
    if seconds < 120:
        return _("%(count)s s") % {"count": seconds}
    if seconds < 120 * 60:
        return _("%(count)s min") % {"count": round(seconds / 60)}
    return span_words(span)


def measure_words() -> Mapping[Measure, str]:
    """Return what each time is counted to."""
    return {
        Measure.TOLD: _("told"),
        Measure.TAKEN: _("taken"),
        Measure.DOOR: _("at the door"),
        Measure.CLOSED: _("closed by a person"),
    }


def promise_words(promise: Promise) -> str:
    """Return a promise in one sentence: what, within which time, how often."""
    return _("%(what)s within %(limit)s in %(share)s %%") % {
        "what": measure_words()[promise.measure],
        "limit": short_span_words(promise.limit),
        "share": f"{100 * promise.share:g}",
    }


def judged_words() -> Mapping[Judged, str]:
    """Return what an outcome is counted as."""
    return {
        Judged.FALSE: _("false alarm"),
        Judged.NEEDED: _("somebody was needed"),
        Judged.WATCH: _("the watch itself"),
        Judged.UNSAID: _("not said"),
    }


def story_kind_words() -> Mapping[str, str]:
    """Return what the entries of a home's story are about."""
    return {
        StoryKind.SIGNAL.value: _("signals"),
        StoryKind.ALERT.value: _("alerts"),
        StoryKind.VISIT.value: _("visits"),
        StoryKind.NEED.value: _("needs"),
        StoryKind.ACTIVITY.value: _("activities"),
        StoryKind.ABSENCE.value: _("times away"),
        StoryKind.AGREEMENT.value: _("agreements"),
        StoryKind.CONSENT.value: _("consents"),
        StoryKind.RISK.value: _("risks"),
        StoryKind.WATCH.value: _("coming and leaving"),
    }
