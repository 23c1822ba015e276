"""What the providers' servers have in common."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from shouwang.common import clock


def said(**fields: Any) -> tuple[int, bytes]:
    """An answer inside HTTP 200, whether it is a yes or a no."""
    return 200, json.dumps(fields, ensure_ascii=False).encode()


def is_within_an_hour(moment: datetime) -> bool:
    return abs(clock.now() - moment) <= timedelta(hours=1)


@dataclass(kw_only=True)
class Rate:
    """At most ``count`` in ``per``; then perhaps nothing at all for a while."""

    count: int
    per: timedelta
    blocked_for: timedelta = timedelta(0)
    now: Callable[[], datetime] = clock.now
    taken_at: list[datetime] = field(default_factory=list)
    blocked_until: datetime | None = None

    def is_too_fast(self) -> bool:
        now = self.now()
        if self.blocked_until and now < self.blocked_until:
            return True
        if len([at for at in self.taken_at if now - at < self.per]) >= self.count:
            self.blocked_until = now + self.blocked_for
            return True
        self.taken_at.append(now)
        return False
