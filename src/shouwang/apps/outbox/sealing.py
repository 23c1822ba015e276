"""The secrets of channels: kept encrypted in the database, read only to send."""

from __future__ import annotations

import json
from collections.abc import Mapping

from django.conf import settings

from shouwang.apps.outbox.models import ChannelSetup
from shouwang.common.secrets import UnreadableError, seal, unseal


def sealed_with(secrets: Mapping[str, str]) -> str:
    """Return secrets as they are kept; empty where there are none."""
    if not secrets:
        return ""
    return seal(json.dumps(dict(secrets)), settings.SECRET_KEY)


def secrets_of(row: ChannelSetup) -> dict[str, str]:
    """Return the secrets of a channel; none where they cannot be read any more.

    The channel then finds its settings wanting, says so, and is shown as in trouble.
    """
    if not row.sealed:
        return {}
    try:
        text = unseal(
            row.sealed,
            settings.SECRET_KEY,
            old_keys=[str(key) for key in settings.SECRET_KEY_FALLBACKS],
        )
    except UnreadableError:
        return {}
    found: dict[str, str] = json.loads(text)
    return found
