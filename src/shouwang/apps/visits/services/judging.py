"""What a person decides: whether a held visit counts, and whether a risk changes."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from shouwang.apps.communities.models import Member
from shouwang.apps.residents.models import Home
from shouwang.apps.residents.services import HomeDraft, home_change
from shouwang.apps.visits.models import RiskSuggestion, Visit, VisitJudgement
from shouwang.apps.visits.services.recording import visit_take_effect
from shouwang.common.errors import ConflictError, RefusedError
from shouwang.common.text import prose


@transaction.atomic
def visit_judge(
    *, visit: Visit, counts: bool, reason: str, by: Member, now: datetime
) -> VisitJudgement:
    """Say whether a visit that was held counts; what follows from it follows now.

    Raises
    ------
    ConflictError
        ``judged_already``; by whom is in the words.
    RefusedError
        ``not_held``, ``say_why``, or why its needs may not be opened.
    """
    if not visit.held:
        raise RefusedError("not_held", _("This visit counts already."))
    row, is_new = VisitJudgement.objects.of(visit.community_id).get_or_create(
        visit=visit,
        defaults={
            "community_id": visit.community_id,
            "counts": counts,
            "reason": _said(reason),
            "at": now,
            "by": by,
        },
    )
    if not is_new:
        words = _("%(who)s has decided this already.") % {"who": row.by}
        raise ConflictError("judged_already", words)
    if counts:
        visit_take_effect(visit=visit, now=now)
    return row


def _said(reason: str) -> str:
    said = prose(reason)
    if not said:
        words = _("Say why.")
        raise RefusedError("say_why", words, fields={"reason": [words]})
    return said


@transaction.atomic
def suggestion_decide(
    *,
    suggestion: RiskSuggestion,
    accepted: bool,
    reason: str = "",
    by: Member,
    now: datetime,
) -> RiskSuggestion:
    """Take over a suggested risk level, or decline it with a reason; never twice.

    Raises
    ------
    ConflictError
        ``decided_already``.
    RefusedError
        ``say_why`` where it is declined without a reason.
    """
    said = prose(reason) if accepted else _said(reason)
    changed = (
        RiskSuggestion.objects.of(suggestion.community_id)
        .filter(pk=suggestion.pk, accepted__isnull=True)
        .update(accepted=accepted, decided_at=now, decided_by=by, reason=said)
    )
    if not changed:
        words = _("Somebody else has decided this already.")
        raise ConflictError("decided_already", words)
    suggestion.refresh_from_db()
    if accepted:
        _change_risk(suggestion, now)
    return suggestion


def _change_risk(suggestion: RiskSuggestion, now: datetime) -> None:
    rows = Home.objects.of(suggestion.community_id).select_for_update()
    home = rows.get(pk=suggestion.home_id)
    # She was just visited: ``selectors.facts`` knows by this time that the change
    # comes from a visit and asks for none.
    home._history_date = now  # type: ignore[attr-defined]  # simple_history reads it
    draft = HomeDraft(
        address=home.address,
        shown_name=home.shown_name,
        risk=suggestion.risk,
        phone=home.phone,
        at_the_door=home.at_the_door,
    )
    home_change(home=home, draft=draft)
