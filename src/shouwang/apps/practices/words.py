"""Whom a step of a practice's ladder tells, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _


def tell_words() -> Mapping[str, str]:
    """Return the word for each role that a practice may name."""
    return {
        "walker_of_round": _("whoever walks past"),
        "duty_officer": _("who is on duty"),
        "coordinator": _("the coordinator"),
        "walker": _("every walker"),
        "volunteer": _("every volunteer"),
        "keyholder": _("who has the key"),
        "family": _("the family"),
    }
