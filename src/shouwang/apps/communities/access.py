"""Who may open a page; to everybody else it is not there."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from shouwang.apps.communities.models import Member
from shouwang.apps.communities.selectors import has_role
from shouwang.common.errors import NotFoundError

View = Callable[..., HttpResponseBase]


def for_member(*roles: str) -> Callable[[View], View]:
    """Let only members with one of ``roles`` in; to others the page is not there."""

    def wrap(view: View) -> View:
        @login_required
        @wraps(view)
        def guarded(
            request: HttpRequest, *args: Any, **kwargs: Any
        ) -> HttpResponseBase:
            if not has_role(me(request), roles):
                raise _not_here()
            return view(request, *args, **kwargs)

        return guarded

    return wrap


def me(request: HttpRequest) -> Member:
    """Return the reader as a person of a community, else "not found"."""
    member: Member | None = getattr(request, "member", None)
    if member is None:
        raise _not_here()
    return member


def _not_here() -> NotFoundError:
    return NotFoundError("not_here", _("There is no such page for you."))
