"""Who looked and who left, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from shouwang.apps.privacy.models import LeavingDid, Place, What, Why


def what_words() -> Mapping[str, str]:
    """Return the word for each thing one can look at."""
    return {
        What.PAGE.value: _("looked at the page"),
        What.CONTACT.value: _("opened a phone number"),
        What.PHOTO.value: _("looked at a photo"),
        What.EXPORT.value: _("took a file with everything"),
    }


def place_words() -> Mapping[str, str]:
    """Return from where somebody looked."""
    return {
        Place.HOME.value: _("the home's page"),
        Place.ALERT.value: _("an alert"),
        Place.NEED.value: _("a need"),
        Place.PHOTO.value: _("a photo"),
        Place.ROSTER.value: _("the roster"),
        Place.NEEDS.value: _("the needs"),
        Place.API.value: _("another program"),
    }


def why_words() -> Mapping[str, str]:
    """Return why somebody is no longer watched over."""
    return {
        Why.LEFT.value: _("wants no watch any more"),
        Why.MOVED.value: _("has moved away"),
        Why.CARED.value: _("lives in a care home now"),
        Why.DIED.value: _("has died"),
        Why.OTHER.value: _("another reason"),
    }


def did_words() -> Mapping[str, str]:
    """Return what happened to the clock of somebody who left."""
    return {
        LeavingDid.BEGAN.value: _("the time of keeping began"),
        LeavingDid.PUT_OFF.value: _("kept longer"),
        LeavingDid.HELD.value: _("held"),
        LeavingDid.LET_GO.value: _("let go on"),
        LeavingDid.RETURNED.value: _("came back"),
        LeavingDid.FORGOT.value: _("names and words were forgotten"),
    }
