"""Roles in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from shouwang.apps.communities.models import Role


def role_words() -> Mapping[str, str]:
    """Return the name of each role."""
    return {
        Role.COORDINATOR.value: _("coordinator"),
        Role.DUTY_OFFICER.value: _("duty officer"),
        Role.WALKER.value: _("walker"),
        Role.VOLUNTEER.value: _("volunteer"),
        Role.SUPERVISOR.value: _("supervisor"),
    }


def role_explained() -> Mapping[str, str]:
    """Return what each role is for, in a few words."""
    return {
        Role.COORDINATOR.value: _("keeps homes, agreements, people and rounds"),
        Role.DUTY_OFFICER.value: _("sits at the board and runs the alerts"),
        Role.WALKER.value: _("looks up from downstairs on a round"),
        Role.VOLUNTEER.value: _("helps where something is needed"),
        Role.SUPERVISOR.value: _("sees figures, never names"),
    }
