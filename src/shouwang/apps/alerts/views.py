"""Pages of the policies: as sentences, to change, and tried out before it matters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shouwang.apps.alerts.ahead import ahead_context
from shouwang.apps.alerts.forms import (
    TONIGHT,
    LadderForm,
    PreviewForm,
    names_of,
    step_initial,
    steps_moved,
    steps_posted,
)
from shouwang.apps.alerts.models import EscalationPolicy
from shouwang.apps.alerts.policies import (
    policies_own,
    policy_for,
    policy_of,
    steps_of,
    version_of,
)
from shouwang.apps.alerts.policy_keeping import (
    policy_add as add_policy,
    policy_change as change_policy,
    policy_end as end_policy,
    unreached_words,
)
from shouwang.apps.alerts.previewing import (
    Ahead,
    foresee,
    next_at,
    places_of,
    steps_unreached,
    steps_unreached_each,
)
from shouwang.apps.alerts.selectors import alert_list_open
from shouwang.apps.alerts.words import (
    fits_words,
    kinds_words,
    policy_name_words,
    step_sentence,
)
from shouwang.apps.communities.access import for_member, me
from shouwang.apps.communities.forming import FormPage, form_page
from shouwang.apps.communities.models import Community, Role
from shouwang.apps.communities.selectors import DESK_ROLES, has_role
from shouwang.apps.residents.selectors import home_for
from shouwang.common import clock
from shouwang.common.errors import NotFoundError
from shouwang.domain.alerts import AlertKind
from shouwang.domain.ladder import Policy, Risk
from shouwang.domain.policies import BUILT_IN_POLICIES, OF_NO_HOME, replaced_by

POLICIES = "policies:policies"


@for_member(*DESK_ROLES)
def policies(request: HttpRequest) -> HttpResponse:
    """Tell every ladder in sentences: the community's own, then the built-in ones."""
    member = me(request)
    community, now = member.community, clock.now()
    names = names_of(community)
    rows = policies_own(community=community)
    own = [policy_of(row) for row in rows]
    told = [
        {**_told(policy, names), "warning": _warning(policy, steps)}
        for policy, steps in _with_unreached(community, [*own, *BUILT_IN_POLICIES], now)
    ]
    context = {
        "own": [
            {"row": row, **words}
            for row, words in zip(rows, told[: len(own)], strict=True)
        ],
        "built_in": [
            {
                "name": policy.name,
                "is_replaced": replaced_by(policy, own),
                **words,
            }
            for policy, words in zip(BUILT_IN_POLICIES, told[len(own) :], strict=True)
        ],
        "running_count": len(alert_list_open(community=community)),
        "may_change": has_role(member, {Role.COORDINATOR}),
    }
    return render(request, "alerts/policies.html", context)


def _told(policy: Policy, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "title": policy_name_words(policy.name),
        "kinds": kinds_words(policy.kinds),
        "fits": fits_words(policy),
        "sentences": [
            step_sentence(step, number=place, count=len(policy.steps), names=names)
            for place, step in enumerate(policy.steps, start=1)
        ],
    }


def _with_unreached(
    community: Community, rows: Sequence[Policy], now: datetime
) -> list[tuple[Policy, tuple[int, ...]]]:
    steps = steps_unreached_each(community=community, policies=rows, at=now)
    return list(zip(rows, steps, strict=True))


def _warning(policy: Policy, steps: tuple[int, ...]) -> str:
    return unreached_words(steps, len(policy.steps)) if steps else ""


@for_member(Role.COORDINATOR)
def policy_add(request: HttpRequest) -> HttpResponse:
    """Write a new ladder, from the copy of a built-in one."""
    community = me(request).community
    name = request.GET.get("from", "missed")
    copied = next((row for row in BUILT_IN_POLICIES if row.name == name), None)
    if copied is None:
        raise NotFoundError("unknown_policy", _("There is no such ladder here."))
    initial = {
        "name": policy_name_words(copied.name),
        "kinds": sorted(copied.kinds),
    }
    return _ladder_page(request, community, initial, copied, row=None)


@for_member(Role.COORDINATOR)
def policy_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a ladder of the community's own."""
    row = policy_for(me(request), pk)
    initial = {
        "name": row.name,
        "kinds": row.kinds,
        "risks": row.risks,
        "hours_from": row.hours_from,
        "hours_to": row.hours_to,
        "version": version_of(row),
    }
    return _ladder_page(request, row.community, initial, policy_of(row), row=row)


def _ladder_page(
    request: HttpRequest,
    community: Community,
    initial: dict[str, Any],
    policy: Policy,
    *,
    row: EscalationPolicy | None,
) -> HttpResponse:
    now = clock.now()
    form = _ladder_form(request, community, initial, policy)

    def save() -> HttpResponse:
        draft = form.draft()
        form.unreached = steps_unreached(
            community=community, policy=draft.policy, at=now
        )
        if row is None:
            add_policy(community=community, draft=draft, now=now)
        else:
            change_policy(row=row, draft=draft, now=now)
        words = _("Saved. Alerts that are running keep the ladder they began with.")
        messages.success(request, words)
        return redirect(POLICIES)

    page = FormPage(
        title=row.name if row else _("A ladder of your own"),
        send=_("Save"),
        back=reverse(POLICIES),
        template="alerts/policy.html",
        more={"row": row, "history": _history(row)},
    )
    return form_page(request, form, page, save)


def _ladder_form(
    request: HttpRequest, community: Community, initial: dict[str, Any], policy: Policy
) -> LadderForm:
    """Return the ladder as stored, as sent, or as typed with one step moved."""
    kept = {token for step in policy.steps for token in step.tell}
    act = request.POST.get("do", "save")
    if request.method != "POST":
        rows = [step_initial(step) for step in policy.steps]
        return LadderForm(community=community, rows=rows, kept=kept, initial=initial)
    rows = steps_posted(request.POST)
    if act == "save":
        return LadderForm(request.POST, community=community, rows=rows, kept=kept)
    return LadderForm(
        community=community,
        rows=steps_moved(rows, act),
        kept=kept,
        initial=_typed(request),
    )


def _typed(request: HttpRequest) -> dict[str, Any]:
    """Return what was typed above the steps, to be shown again as it is."""
    data = request.POST
    names = ("name", "hours_from", "hours_to", "version", "anyway")
    return {
        **{name: data.get(name, "") for name in names},
        "kinds": data.getlist("kinds"),
        "risks": data.getlist("risks"),
    }


def _history(row: EscalationPolicy | None) -> list[dict[str, Any]]:
    if row is None:
        return []
    rows = row.history.select_related("history_user").order_by("-history_id")[:10]
    return [
        {
            "at": one.history_date,
            "by": one.history_user,
            "count": len(steps_of(one.steps)),
        }
        for one in rows
    ]


@require_POST
@for_member(Role.COORDINATOR)
def policy_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a ladder; the built-in one is used again."""
    row = policy_for(me(request), pk)
    end_policy(row=row, now=clock.now())
    words = _("“%(name)s” has ended; the built-in ladder is used again.")
    messages.info(request, words % {"name": row.name})
    return redirect(POLICIES)


@for_member(*DESK_ROLES)
def preview(request: HttpRequest) -> HttpResponse:
    """Tell who would be told, and when, if nobody answered; every gap in red."""
    member = me(request)
    community = member.community
    asked = request.GET if "kind" in request.GET else None
    form = PreviewForm(asked, community=community)
    given = form.cleaned_data if form.is_bound and form.is_valid() else {}
    at = next_at(given.get("at") or TONIGHT, community, clock.now())
    kind = AlertKind(given.get("kind") or AlertKind.MISSED)
    home_id = given.get("home")
    rows = [] if form.errors else _aheads(request, home_id, kind, at)
    names = names_of(community)
    context = {
        "form": form,
        "at": at,
        "kind": kind,
        "rows": [ahead_context(row, title, names, community) for title, row in rows],
        "back": reverse(POLICIES),
        "may_change": has_role(member, {Role.COORDINATOR}),
    }
    status = 422 if form.errors else 200
    return render(request, "alerts/preview.html", context, status=status)


def _aheads(
    request: HttpRequest, home_id: int | None, kind: AlertKind, at: datetime
) -> Sequence[tuple[Any, Ahead]]:
    member = me(request)
    community = member.community
    if kind in OF_NO_HOME:
        places = places_of(community=community, kind=kind)
        found = foresee(community=community, places=places, kind=kind, risk=None, at=at)
        return [("", found)]
    if home_id is not None:
        home = home_for(member, home_id)
        risk = Risk(home.risk)
        one = foresee(community=community, places=[home], kind=kind, risk=risk, at=at)
        return [(home, one)]
    return [
        (
            risk,
            foresee(
                community=community,
                places=places_of(community=community, kind=kind, risk=risk),
                kind=kind,
                risk=risk,
                at=at,
            ),
        )
        for risk in Risk
    ]
