"""A closed alert is told to those who go on from there (docs/decisions/0002)."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from shouwang.apps.alerts.models import Alert
from shouwang.apps.communities.models import Member


class AlertFollower(Protocol):
    """Called inside the transaction that closes an alert; its outcome is in the row."""

    def __call__(self, *, alert: Alert, by: Member, now: datetime) -> None:
        """Do what follows."""


def closing_tell(alert: Alert, *, by: Member, now: datetime) -> None:
    """Tell every one of ``settings.ALERT_FOLLOWERS`` that an alert was closed."""
    for path in settings.ALERT_FOLLOWERS:
        follower: AlertFollower = import_string(path)
        follower(alert=alert, by=by, now=now)
