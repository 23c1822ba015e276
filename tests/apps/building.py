"""A small invented community for tests that need a database."""

from __future__ import annotations

import io
import uuid
from datetime import UTC, date, datetime, timedelta

from PIL import Image
from tests.domain.building import EVENING, MORNING

from shouwang.apps.communities.models import Community, Member, MemberRole, User
from shouwang.apps.residents.models import Building, Home
from shouwang.apps.residents.services import (
    AbsenceDraft,
    AgreementDraft,
    ConsentDraft,
    agreement_start,
    consent_record,
)
from shouwang.apps.watch.services import SightingIn
from shouwang.domain.schedule import Expectation

# Five in the morning of 2 March 2026 in Shanghai.
DAWN = datetime(2026, 3, 1, 21, tzinfo=UTC)
TODAY = date(2026, 3, 2)


def hour(clock: str) -> datetime:
    """Return a Shanghai time of the day that begins at ``DAWN``, in UTC."""
    hours, minutes = map(int, clock.split(":"))
    return DAWN + timedelta(hours=hours - 5, minutes=minutes)


def community(name: str = "梧桐里社区") -> Community:
    """Make a community."""
    return Community.objects.create(name=name, created_at=DAWN)


def member(row: Community, login: str, *roles: str) -> Member:
    """Make a person with a login and roles."""
    user = User.objects.create_user(login, password="secret", display_name=login)
    made = Member.objects.of(row).create(
        community=row, user=user, display_name=login, joined_at=DAWN
    )
    for role in roles:
        MemberRole.objects.of(row).create(community=row, member=made, role=role)
    return made


def home(row: Community, address: str = "3-2-401") -> Home:
    """Make a home."""
    building, _ = Building.objects.of(row).get_or_create(
        community=row, label=address.split("-")[0]
    )
    return Home.objects.of(row).create(
        community=row, building=building, address=address, floor=4, column=1, unit="2"
    )


def watched(
    row: Community,
    address: str = "3-2-401",
    *,
    signal: str = "curtain",
    windows: tuple[Expectation, ...] = (MORNING, EVENING),
) -> Home:
    """Make a home whose signal, the curtain unless said, is watched from today."""
    made = home(row, address)
    draft = ConsentDraft(agreed_by="王奶奶", agreed_on=TODAY, paper="1")
    consent = consent_record(home=made, draft=draft, by=None, now=DAWN)
    agreement_start(
        home=made,
        consent=consent,
        draft=AgreementDraft(signal=signal, expectations=windows, valid_from=TODAY),
        by=None,
        now=DAWN,
    )
    return made


def look(made: Home, clock: str, **more: object) -> SightingIn:
    """Return a look at the curtain, open unless said otherwise."""
    values: dict[str, object] = {
        "id": uuid.uuid4(),
        "home_id": made.pk,
        "signal": "curtain",
        "state": "open",
        "seen_at": hour(clock),
    }
    return SightingIn(**{**values, **more})  # type: ignore[arg-type]  # shorthand


def picture(width: int = 40, height: int = 30, colour: str = "white") -> bytes:
    """Return a JPEG of one colour."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(out, "JPEG")
    return out.getvalue()


def away(until: str = "") -> AbsenceDraft:
    """Return an absence from noon of the day after ``TODAY`` on."""
    begin = hour("12:00") + timedelta(days=1)
    return AbsenceDraft(
        from_at=begin,
        until_at=hour(until) + timedelta(days=1) if until else None,
        reason="family",
        said_by="女儿",
    )
