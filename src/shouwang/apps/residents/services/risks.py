"""What whoever goes to the door must know of a home."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from shouwang.apps.communities.models import Community, Member
from shouwang.apps.residents.models import Home, KnownRisk, RiskKind
from shouwang.common.errors import RefusedError
from shouwang.common.text import tidy

WORDS_MOST = 120


@dataclass(frozen=True, kw_only=True)
class KnownRiskDraft:
    """One risk; ``words`` for where the key is, and for what the catalogue lacks."""

    kind: str
    words: str = ""


@transaction.atomic
def known_risks_set(
    *, home: Home, drafts: Sequence[KnownRiskDraft], by: Member | None, now: datetime
) -> None:
    """Make ``drafts`` the known risks of a home; what is over stays as history.

    Raises
    ------
    RefusedError
        ``unknown_risk_kind``; ``risk_needs_words`` where the kind says nothing
        without; ``risk_words_too_long``.
    """
    wanted = {(row.kind, tidy(row.words)) for row in drafts}
    for kind, words in wanted:
        _require_sense(kind, words)
    # Two who save at once: the second compares with what the first wrote.
    Community.objects.select_for_update().get(pk=home.community_id)
    running = KnownRisk.objects.of(home.community_id).filter(
        home=home, ended_at__isnull=True
    )
    had = {(row.kind, row.words): row.pk for row in running}
    over = [key for what, key in had.items() if what not in wanted]
    running.filter(pk__in=over).update(ended_at=now, ended_by=by)
    KnownRisk.objects.of(home.community_id).bulk_create(
        KnownRisk(
            community_id=home.community_id,
            home=home,
            kind=kind,
            words=words,
            noted_at=now,
            noted_by=by,
        )
        for kind, words in sorted(wanted - had.keys())
    )


def _require_sense(kind: str, words: str) -> None:
    if kind not in RiskKind.values:
        raise RefusedError("unknown_risk_kind", _("This kind of risk is not known."))
    if kind in (RiskKind.KEY_WITH, RiskKind.OTHER) and not words:
        raise RefusedError("risk_needs_words", _("Say in words what is meant."))
    if len(words) > WORDS_MOST:
        raise RefusedError(
            "risk_words_too_long",
            _("Say it in %(count)s characters at most.") % {"count": WORDS_MOST},
        )
