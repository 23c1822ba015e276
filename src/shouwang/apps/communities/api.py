"""What every part of the API shares: who asks, in which words, and how much at once."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Schema
from ninja.security import HttpBearer, SessionAuth
from pydantic import AfterValidator, AwareDatetime, Field

from shouwang.apps.communities.access import me
from shouwang.apps.communities.models import Member
from shouwang.apps.communities.selectors import has_role, token_for
from shouwang.apps.communities.services import token_used
from shouwang.common import clock
from shouwang.common.errors import ConflictError, NotFoundError, RefusedError

# The largest key that both databases can compare with.
LARGEST_KEY = 2**63 - 1
ROWS_MOST = 500
OFFSET_MOST = timedelta(days=400)
EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
Row = TypeVar("Row", bound=Model)


def _storable(text: str) -> str:
    """Refuse what a database cannot keep: NUL, and half of a surrogate pair."""
    if "\x00" in text:
        message = "must not contain NUL"
        raise ValueError(message)
    text.encode()
    return text


def _in_our_time(at: datetime) -> datetime:
    if not EARLIEST <= at < LATEST:
        message = "must lie between the years 2000 and 2100"
        raise ValueError(message)
    return at


Key = Annotated[int, Field(ge=1, le=LARGEST_KEY)]
Text = Annotated[str, AfterValidator(_storable)]
Moment = Annotated[AwareDatetime, AfterValidator(_in_our_time)]
Day = Annotated[date, Field(ge=EARLIEST.date(), le=date(2099, 12, 31))]


class ErrorBody(Schema):
    """What went wrong: a stable code, words for people, and each wrong field."""

    code: str
    message: str
    fields: dict[str, list[str]]


class ErrorOut(Schema):
    """The one shape of every error."""

    error: ErrorBody


# What any operation may answer besides its own result.
ERRORS: dict[Any, Any] = {
    frozenset({400, 401, 403, 404, 409, 413, 422, 500, 503}): ErrorOut
}


class TokenAuth(HttpBearer):
    """A machine's key: ``Authorization: Bearer sw_…``."""

    def authenticate(self, request: HttpRequest, token: str) -> Member | None:
        """Return the person the machine acts as."""
        found = token_for(token)
        if found is None:
            return None
        token_used(token=found, now=clock.now())
        request.member = found.member  # type: ignore[attr-defined]  # ours
        request.token = found  # type: ignore[attr-defined]  # ours
        return found.member


class LoginAuth(SessionAuth):
    """A person's own login in the browser; writing needs the CSRF token."""

    def __call__(self, request: HttpRequest) -> Member | None:
        """Return the reader, unless a key was shown: a wrong key is never helped."""
        if "Authorization" in request.headers or not request.user.is_authenticated:
            return None
        return super().__call__(request)

    def authenticate(self, request: HttpRequest, key: str | None) -> Member | None:
        """Return the reader as a person of a community."""
        member: Member | None = getattr(request, "member", None)
        return member


def reader(request: HttpRequest, roles: Collection[str]) -> Member:
    """Return who asks, if they have one of ``roles``, else "not found"."""
    member = me(request)
    if not has_role(member, roles):
        raise NotFoundError("not_here", _("There is nothing here for you."))
    return member


def require_member(member: Member, claimed: int | None) -> None:
    """Refuse what somebody else recorded: ``claimed`` is who the device says it was.

    Raises
    ------
    ConflictError
        ``other_member``.
    """
    if claimed is not None and claimed != member.pk:
        words = _("Somebody else is logged in; what they recorded is theirs to send.")
        raise ConflictError("other_member", words)


def clock_offset(device_now: datetime | None, now: datetime) -> timedelta | None:
    """Return how far a device's clock runs ahead of ours, if it told.

    Raises
    ------
    RefusedError
        ``clock_far_off``: it is more than 400 days off, and tells no time at all.
    """
    if device_now is None:
        return None
    offset = device_now - now
    if abs(offset) > OFFSET_MOST:
        words = _("The clock of the device is more than a year off. Please set it.")
        raise RefusedError("clock_far_off", words, fields={"device_now": [words]})
    return offset


class PageIn(Schema):
    """Which part of a list."""

    limit: Annotated[int, Field(ge=1, le=ROWS_MOST)] = 100
    offset: Annotated[int, Field(ge=0, le=1_000_000)] = 0


def page_of(
    rows: QuerySet[Row], page: PageIn, shown: Callable[[Row], dict[str, Any]]
) -> dict[str, Any]:
    """Return one part of ``rows`` and where the next one begins, if there is one."""
    begin, end = page.offset, page.offset + page.limit
    found = list(rows[begin : end + 1])
    return {
        "items": [shown(row) for row in found[: page.limit]],
        "next_offset": end if len(found) > page.limit else None,
    }
