"""A machine that talks to the API, for tests."""

from __future__ import annotations

import json
import uuid
from typing import Any

from django.test import Client
from tests.apps import building as b

from shouwang.apps.communities.models import Community, Member
from shouwang.apps.communities.services import token_make
from shouwang.apps.residents.models import Home


class Machine:
    """Something with a key; every answer must be JSON."""

    def __init__(self, member: Member | None, secret: str = "") -> None:
        self.member = member
        if member is not None:
            _row, secret = token_make(member=member, name="test", now=b.DAWN)
        self.headers = {"Authorization": f"Bearer {secret}"} if secret else {}
        self.client = Client(enforce_csrf_checks=True, raise_request_exception=False)

    def login(self, member: Member) -> None:
        """Use a person's own login instead of a key."""
        assert member.user is not None
        self.client.force_login(member.user)

    def get(self, path: str, **query: Any) -> tuple[int, Any]:
        """Ask for something; return status and body."""
        answer = self.client.get(f"/api/v1{path}", query, headers=self.headers)
        return answer.status_code, answer.json()

    def post(self, path: str, body: Any = None) -> tuple[int, Any]:
        """Send something; return status and body."""
        answer = self.client.post(
            f"/api/v1{path}",
            body if isinstance(body, str) else json.dumps(body),
            content_type="application/json",
            headers=self.headers,
        )
        return answer.status_code, answer.json()

    def delete(self, path: str, body: Any) -> tuple[int, Any]:
        """End something; return status and body."""
        answer = self.client.delete(
            f"/api/v1{path}",
            json.dumps(body),
            content_type="application/json",
            headers=self.headers,
        )
        return answer.status_code, answer.json()


def machine(community: Community, *roles: str) -> Machine:
    """Return a machine that acts as a new person with ``roles``."""
    return Machine(b.member(community, f"m{uuid.uuid4().hex[:8]}", *roles))


def look(at: Home, clock: str = "07:30", **more: Any) -> dict[str, Any]:
    """Return a look at an open curtain, as it is sent."""
    plain = {
        "id": str(uuid.uuid4()),
        "home": at.pk,
        "signal": "curtain",
        "state": "open",
        "seen_at": b.hour(clock).isoformat(),
    }
    return {**plain, **more}
