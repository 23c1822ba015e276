"""What a community does becomes a practice that others can take over."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from shouwang.apps.alerts.models import EscalationPolicy
from shouwang.apps.communities.models import Community, Member
from shouwang.apps.practices.models import PracticeRow
from shouwang.apps.practices.reading import practice_read
from shouwang.apps.practices.services import OwnPractice, practice_keep
from shouwang.apps.practices.writing import (
    file_text,
    header,
    kind_part,
    personal_in,
    personal_words,
    policy_part,
    question_part,
    round_part,
    windows_part,
)
from shouwang.apps.residents.selectors import signal_kinds
from shouwang.apps.rounds.models import Round
from shouwang.apps.visits.selectors.form import form_now, own_questions
from shouwang.common.errors import RefusedError
from shouwang.domain.signals import Nature

TEXTS = ("name", "purpose", "how", "proves", "proves_not")


@transaction.atomic
def practice_save(
    *, community: Community, own: OwnPractice, by: Member, now: datetime
) -> PracticeRow:
    """Save what works here as a practice; nobody and no home stands in it.

    Raises
    ------
    RefusedError
        ``names_somebody``, with the field, or ``unknown_signal``.
    ConflictError
        ``kept_already``.
    """
    _require_nobody(community, {name: getattr(own, name) for name in TEXTS})
    kind = signal_kinds(community).get(own.signal)
    if kind is None or kind.nature is Nature.MARK:
        words = _("This kind of signal is not known here.")
        raise RefusedError("unknown_signal", words, fields={"signal": [words]})
    parts = {
        **header(community),
        **{name: getattr(own, name) for name in TEXTS},
        "signal": own.signal,
        **kind_part(community, own.signal),
        "windows": windows_part(community, own.signal),
        **_policy(community, own.policy_id),
        "rounds": [
            round_part(row)
            for row in Round.objects.of(community).filter(
                pk__in=own.round_ids, ended_at__isnull=True
            )
        ],
        "questions": [
            question_part(row)
            for row in own_questions(form_now(community))
            if row.code in own.question_codes
        ],
    }
    text = file_text(parts)
    picked = {name: str(parts[name]) for name in ("rounds", "questions")}
    _require_nobody(community, {**picked, "name": text})
    practice_read(text.encode())
    return practice_keep(community=community, content=text.encode(), by=by, now=now)


def _policy(community: Community, policy_id: int | None) -> dict[str, object]:
    if policy_id is None:
        return {}
    row = (
        EscalationPolicy.objects.of(community)
        .filter(pk=policy_id, ended_at__isnull=True)
        .first()
    )
    return {"policy": policy_part(row)} if row else {}


def _require_nobody(community: Community, texts: dict[str, str]) -> None:
    fields = {
        name: [personal_words(found)]
        for name, text in texts.items()
        if (found := personal_in(text, community))
    }
    if fields:
        first = next(iter(fields.values()))[0]
        raise RefusedError("names_somebody", first, fields=fields)
