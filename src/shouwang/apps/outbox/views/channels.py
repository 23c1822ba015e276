"""Pages of the channels: how a community tells people, and whether it works."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from shouwang.apps.communities.access import for_member, me
from shouwang.apps.communities.forming import FormPage, form_page
from shouwang.apps.communities.models import Role
from shouwang.apps.outbox.forms.channels import ChannelForm
from shouwang.apps.outbox.models import ChannelSetup
from shouwang.apps.outbox.selectors import channel_for, channels_list, members_unreached
from shouwang.apps.outbox.services.channels import (
    OFFERED,
    channel_add as add_channel,
    channel_change as change_channel,
    channel_end as end_channel,
    channel_test as test_channel,
)
from shouwang.apps.outbox.words import channel_explained, channel_words
from shouwang.common import clock
from shouwang.common.errors import NotFoundError, RefusedError
from shouwang.notify.channels import channel_of


@for_member(Role.COORDINATOR)
def channels(request: HttpRequest) -> HttpResponse:
    """List how people are told, what works, and whom nothing reaches."""
    community, now = me(request).community, clock.now()
    names, explained = channel_words(), channel_explained()
    context = {
        "rows": [_shown(row, names) for row in channels_list(community=community)],
        "kinds": [(kind, names[kind], explained[kind]) for kind in OFFERED],
        "unreached": members_unreached(community=community),
        "now": now,
    }
    return render(request, "outbox/channels.html", context)


def _shown(row: ChannelSetup, names: dict[str, str] | Any) -> dict[str, Any]:
    zone = row.community.zone
    return {
        "row": row,
        "kind": names[row.kind],
        "sent_at": clock.local(row.sent_at, zone) if row.sent_at else None,
        "trouble_since": (
            clock.local(row.trouble_since, zone) if row.trouble_since else None
        ),
        "rests_until": (
            clock.local(row.blocked_until, zone)
            if row.blocked_until and row.blocked_until > clock.now()
            else None
        ),
    }


@sensitive_post_parameters()
@for_member(Role.COORDINATOR)
def channel_add(request: HttpRequest, kind: str) -> HttpResponse:
    """Set up a channel of a kind."""
    if kind not in OFFERED:
        raise NotFoundError("unknown_channel", _("There is no such channel."))
    form = ChannelForm(
        request.POST or None,
        channel=channel_of(kind),
        initial={"name": channel_words()[kind]},
    )

    def save() -> HttpResponse:
        add_channel(
            community=me(request).community,
            kind=kind,
            draft=form.draft(),
            now=clock.now(),
        )
        messages.success(request, _("It is set up. Send a test now."))
        return redirect("outbox:channels")

    return form_page(request, form, _page(kind), save)


@sensitive_post_parameters()
@for_member(Role.COORDINATOR)
def channel_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change how a channel is set up."""
    row = channel_for(me(request), pk)
    flags = {key: bool(value) for key, value in row.settings.items() if key == "inside"}
    form = ChannelForm(
        request.POST or None,
        channel=channel_of(row.kind),
        has_secrets=bool(row.sealed),
        initial={**row.settings, **flags, "name": row.name, "is_on": row.is_on},
    )

    def save() -> HttpResponse:
        change_channel(row=row, draft=form.draft())
        return redirect("outbox:channels")

    return form_page(request, form, _page(row.kind, row), save)


def _page(kind: str, row: ChannelSetup | None = None) -> FormPage:
    return FormPage(
        title=row.name if row else channel_words()[kind],
        intro=channel_explained()[kind],
        send=_("Save"),
        back=reverse("outbox:channels"),
        template="outbox/channel.html",
        more={"row": row},
    )


@require_POST
@for_member(Role.COORDINATOR)
def channel_test(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a test, and say what came of it."""
    member = me(request)
    row = channel_for(member, pk)
    try:
        code = test_channel(row=row, by=member, now=clock.now())
    except RefusedError as error:
        messages.error(request, f"{row.name}: {error}")
    else:
        words = _("%(name)s: the test was taken%(code)s. Did it arrive?")
        shown = f" ({code})" if code else ""
        messages.success(request, words % {"name": row.name, "code": shown})
    return redirect("outbox:channels")


@require_POST
@for_member(Role.COORDINATOR)
def channel_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Use a channel no more."""
    end_channel(row=channel_for(me(request), pk), now=clock.now())
    return redirect("outbox:channels")
