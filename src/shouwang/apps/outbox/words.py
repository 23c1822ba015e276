"""The words of the outbox: messages told together, and how a message fared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _, ngettext, pgettext

from shouwang.apps.outbox.contents import Content
from shouwang.apps.outbox.models import MessageState

NAMED_MOST = 20


def told_together(contents: Sequence[Content], *, is_personal: bool) -> str:
    """Return one text for several contents, the places by name.

    ``is_personal``: one person reads it, so that the links may be theirs.
    """
    buildings = {row.building for row in contents}
    count = len(contents)
    if len(buildings) == 1 and contents[0].building:
        head = ngettext(
            "%(count)d home in building %(building)s",
            "%(count)d homes in building %(building)s",
            count,
        ) % {"count": count, "building": contents[0].building}
    else:
        head = ngettext("%(count)d home", "%(count)d homes", count) % {"count": count}
    named = [_place(row, is_personal) for row in contents[:NAMED_MOST]]
    if count > NAMED_MOST:
        named.append(_("and %(count)d more") % {"count": count - NAMED_MOST})
    return _("%(head)s: %(words)s. %(asked)s\n%(places)s") % {
        "head": head,
        "words": contents[0].words,
        "asked": contents[0].asked,
        "places": "\n".join(named),
    }


def _place(row: Content, is_personal: bool) -> str:
    return f"· {row.place} {row.link if is_personal else row.page}".rstrip()


def names_together(names: Sequence[str]) -> str:
    """Return names as they stand in a sentence."""
    return pgettext("between names", ", ").join(names)


def message_state_words() -> Mapping[str, str]:
    """Return where a message stands, in words."""
    return {
        MessageState.QUEUED.value: _("waiting to be sent"),
        MessageState.SENT.value: _("sent"),
        MessageState.FAILED.value: _("not arrived yet, will be tried again"),
        MessageState.GIVEN_UP.value: _("could not be told"),
        MessageState.OVER.value: _("not needed any more"),
    }
