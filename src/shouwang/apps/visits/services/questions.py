"""A community's own questions: every change is a new version of the form."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from shouwang.apps.communities.models import Community, Member
from shouwang.apps.visits.models import VisitForm
from shouwang.apps.visits.selectors.form import form_now
from shouwang.common.errors import NotFoundError, RefusedError
from shouwang.common.text import prose
from shouwang.domain.visits import QuestionKind

QUESTIONS_MOST = 20
CHOICES_MOST = 8
Row = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class QuestionDraft:
    """A question as a coordinator writes it; ``choices`` only for a choice."""

    words: str
    kind: str
    choices: Sequence[str] = ()
    required: bool = False


def question_add(
    *, community: Community, draft: QuestionDraft, by: Member, now: datetime
) -> VisitForm:
    """Ask one more question.

    Raises
    ------
    RefusedError
        ``question_without_words``, ``unknown_kind``, ``choices_too_few``,
        ``choices_too_many``, ``question_twice`` or ``questions_too_many``.
    """

    def more(rows: list[Row]) -> list[Row]:
        if len(rows) >= QUESTIONS_MOST:
            words = _("More than %(count)s own questions are too many at a door.")
            count = {"count": QUESTIONS_MOST}
            raise RefusedError("questions_too_many", words % count)
        return [*rows, {"code": _next_code(community), **_sound(draft, rows)}]

    return _change(community, more, by=by, now=now)


def question_change(
    *, community: Community, code: str, draft: QuestionDraft, by: Member, now: datetime
) -> VisitForm:
    """Ask a question differently; answers given before keep the words of then."""

    def changed(rows: list[Row]) -> list[Row]:
        _require(rows, code)
        others = [row for row in rows if row["code"] != code]
        new = {"code": code, **_sound(draft, others)}
        return [new if row["code"] == code else row for row in rows]

    return _change(community, changed, by=by, now=now)


def question_end(
    *, community: Community, code: str, by: Member, now: datetime
) -> VisitForm:
    """Ask a question no longer; what was answered stays."""

    def without(rows: list[Row]) -> list[Row]:
        _require(rows, code)
        return [row for row in rows if row["code"] != code]

    return _change(community, without, by=by, now=now)


def question_move(
    *, community: Community, code: str, by: Member, now: datetime
) -> VisitForm:
    """Ask a question one place earlier."""

    def earlier(rows: list[Row]) -> list[Row]:
        place = _require(rows, code)
        moved = [*rows]
        moved.insert(max(place - 1, 0), moved.pop(place))
        return moved

    return _change(community, earlier, by=by, now=now)


@transaction.atomic
def _change(
    community: Community,
    change: Callable[[list[Row]], list[Row]],
    *,
    by: Member,
    now: datetime,
) -> VisitForm:
    """Write the next version; two who change at once change one after the other."""
    Community.objects.select_for_update().get(pk=community.pk)
    last = form_now(community)
    rows = last.questions if last else []
    changed = change(rows)
    if last is not None and changed == rows:
        return last
    return VisitForm.objects.of(community).create(
        community=community,
        version=last.version + 1 if last else 1,
        questions=changed,
        made_by=by,
        made_at=now,
    )


def _next_code(community: Community) -> str:
    """Return a code that no question of any version has had."""
    versions = VisitForm.objects.of(community).values_list("questions", flat=True)
    used = [int(row["code"].split("-")[1]) for rows in versions for row in rows]
    return f"own-{max(used, default=0) + 1}"


def _require(rows: list[Row], code: str) -> int:
    """Return the place of a question that is asked now, else "not found"."""
    for place, row in enumerate(rows):
        if row["code"] == code:
            return place
    raise NotFoundError("unknown_question", _("This question is not asked here."))


def _sound(draft: QuestionDraft, others: Sequence[Row]) -> Row:
    words = prose(draft.words)
    choices = [*dict.fromkeys(prose(row) for row in draft.choices if row.strip())]
    wrong = {
        **_words_problems(words, others),
        **_kind_problems(draft.kind, choices),
    }
    if wrong:
        field = next(iter(wrong))
        raise RefusedError(
            wrong[field][0],
            " ".join(told for _code, told in wrong.values()),
            fields={name: [told] for name, (_code, told) in wrong.items()},
        )
    return {
        "kind": draft.kind,
        "words": words,
        "choices": choices if draft.kind == QuestionKind.CHOICE else [],
        "required": draft.required,
    }


def _words_problems(words: str, others: Sequence[Row]) -> dict[str, tuple[str, str]]:
    if not words:
        return {"words": ("question_without_words", _("Write down what is asked."))}
    if any(row["words"] == words for row in others):
        return {"words": ("question_twice", _("This is asked already."))}
    return {}


def _kind_problems(kind: str, choices: Sequence[str]) -> dict[str, tuple[str, str]]:
    if kind not in set(QuestionKind):
        return {"kind": ("unknown_kind", _("Say how it is answered."))}
    if kind != QuestionKind.CHOICE:
        return {}
    if len(choices) < 2:
        words = _("Write at least two answers, one a line.")
        return {"choices": ("choices_too_few", words)}
    if len(choices) > CHOICES_MOST or any(len(row) > 40 for row in choices):
        words = _("At most eight answers of at most 40 characters fit on a phone.")
        return {"choices": ("choices_too_many", words)}
    return {}
