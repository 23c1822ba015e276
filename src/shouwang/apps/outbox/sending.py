"""The sender: claims what is due, sends it, and notes what came of it.

All reading and writing of the database happens in the caller's thread; only the calls
to the providers run beside one another. Between an answer and its note lies one short
transaction: a sender that is killed there repeats at most what its hands just held.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.module_loading import import_string

from shouwang.apps.communities.writing import rows_update
from shouwang.apps.outbox.claiming import STANDING, Batch, Claimed, messages_claim
from shouwang.apps.outbox.models import (
    Address,
    Attempt,
    ChannelSetup,
    MessageState,
    OutboxMessage,
    Result,
)
from shouwang.apps.outbox.selectors import outbox_is_due
from shouwang.apps.outbox.ways import NEVER
from shouwang.common import clock
from shouwang.common.metrics import MESSAGES
from shouwang.notify.message import Receipt, SendingError
from shouwang.notify.settings import Reaches

logger = logging.getLogger(__name__)

HANDS = 8
CLAIM_AT_ONCE = 200
# A way that failed so often in a row rests, so that nobody waits for it again and again.
FAILS_MOST = 3
RESTS = timedelta(seconds=30)
# What lies in hand so long after it was claimed is left to be claimed anew.
HOLD = timedelta(seconds=30)
PASSES_MOST = 100
# What Web Push answers once a phone has ended its subscription.
GONE = "gone"


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of one batch: a receipt, or why it did not go out."""

    batch: Batch
    at: datetime
    ended_at: datetime
    receipt: Receipt | None = None
    error: SendingError | None = None


def _send(batch: Batch, at: datetime, now: Callable[[], datetime]) -> Outcome:
    """Send one batch; whatever goes wrong becomes an outcome."""
    try:
        receipt = batch.way.channel.send(batch.message, batch.way.settings)
    except SendingError as error:
        return Outcome(batch=batch, at=at, ended_at=now(), error=error)
    except Exception as error:
        # A fault of ours in one channel must not stop the others.
        logger.exception("The channel %s failed by itself", batch.way.channel.kind)
        told = SendingError(type(error).__name__, may_have_arrived=True)
        return Outcome(batch=batch, at=at, ended_at=now(), error=told)
    return Outcome(batch=batch, at=at, ended_at=now(), receipt=receipt)


class Sender:
    """Sends with several hands; ``turn`` does what can be done now."""

    def __init__(self) -> None:
        self._hands = ThreadPoolExecutor(HANDS, thread_name_prefix="sender")
        self._held: dict[Future[Outcome], Batch] = {}
        self._next: list[Batch] = []
        self._seen_at: datetime | None = None

    def turn(self, *, now: datetime, patience: float) -> bool:
        """Note what came back, send on, and claim while there are free hands.

        Waits at most ``patience`` seconds for an answer; returns whether there is
        anything left to do.
        """
        if self._seen_at is not None and now < self._seen_at:
            outbox_set_back(by=self._seen_at - now, now=now)
        self._seen_at = now
        done, _pending = wait(self._held, timeout=patience, return_when=FIRST_COMPLETED)
        with transaction.atomic():
            outcomes_note([future.result() for future in done], now=now)
        for future in done:
            del self._held[future]
        self._take_up(now)
        # What waits for a slow provider keeps nobody waiting who is told by another.
        while len(self._held) < HANDS and self._claim(now):
            self._take_up(now)
        return bool(self._held or self._next) or outbox_is_due(now=now)

    def _claim(self, now: datetime) -> bool:
        """Claim for one community more; return whether anything was due there."""
        waiting = {row.community_id for one in self._next for row in one.rows}
        with transaction.atomic():
            claimed = _claim(now, besides=waiting)
        self._next += claimed.batches
        return claimed.count > 0

    def close(self) -> None:
        """Wait for what is in hand and note it; leave the rest to be claimed again."""
        wait(self._held)
        with transaction.atomic():
            outcomes_note([future.result() for future in self._held], now=clock.now())
            _release(self._next)
        self._held, self._next = {}, []
        self._hands.shutdown()

    def _take_up(self, now: datetime) -> None:
        left = [
            row
            for row in self._next
            if now - row.claimed_at > HOLD or row.way.is_blocked(now)
        ]
        if left:
            with transaction.atomic():
                _release(left)
        busy = {row.way.key for row in self._held.values() if _is_in_order(row)}
        waiting = []
        for batch in (row for row in self._next if row not in left):
            if len(self._held) < HANDS and batch.way.key not in busy:
                self._held[self._hands.submit(_send, batch, now, clock.now)] = batch
                if _is_in_order(batch):
                    busy.add(batch.way.key)
            else:
                waiting.append(batch)
        self._next = waiting


def _is_in_order(batch: Batch) -> bool:
    """Return whether its way is a group, which reads one message after the other."""
    return batch.way.channel.reaches is Reaches.GROUP


@transaction.atomic
def outbox_set_back(*, by: timedelta, now: datetime) -> None:
    """Set what waits back as the clock was: nothing waits for a time that was wrong.

    What is in a hand keeps its lease, which becomes longer by it.
    """
    why = "the sender serves every community"
    OutboxMessage.objects.across(why).filter(
        next_at__gt=now, claim__isnull=True
    ).update(next_at=F("next_at") - by)
    ChannelSetup.objects.across(why).filter(blocked_until__gt=now).update(
        blocked_until=F("blocked_until") - by
    )


def outbox_send_due(*, now: datetime) -> int:
    """Send everything that is due at ``now``, one after the other; return how many.

    For rehearsals, tests and commands; the running program has a ``Sender``.
    """
    count = 0
    for _ in range(PASSES_MOST):
        with transaction.atomic():
            claimed = _claim(now)
        if not claimed.count:
            break
        outcomes = [_send(row, now, lambda: now) for row in claimed.batches]
        with transaction.atomic():
            outcomes_note(outcomes, now=now)
        count += sum(len(row.batch.rows) for row in outcomes if row.receipt is not None)
    return count


def _claim(now: datetime, *, besides: Collection[int] = ()) -> Claimed:
    """Claim what is due; whoever could not be reached at all is told to the followers."""
    claimed = messages_claim(now=now, most=CLAIM_AT_ONCE, besides=besides)
    if claimed.unreached:
        for path in settings.OUTBOX_FOLLOWERS:
            import_string(path)(rows=claimed.unreached, now=now)
    return claimed


def _release(batches: list[Batch]) -> None:
    rows = [row for batch in batches for row in batch.rows]
    for row in rows:
        row.claim, row.next_at = None, row.queued_at
    rows_update(rows, ["claim", "next_at"])


# --- what came of it ------------------------------------------------------------------


def outcomes_note(outcomes: list[Outcome], *, now: datetime) -> None:
    """Write what came of some batches: the rows, every try, and how their ways fare."""
    if not outcomes:
        return
    setups: dict[int, ChannelSetup] = {}
    for outcome in outcomes:
        _count(outcome)
        for row in outcome.batch.rows:
            _note_row(row, outcome, now)
        _take_more(outcome)
        setup = outcome.batch.way.setup
        if setup is not None:
            setups.setdefault(setup.pk, setup)
            _note_setup(setups[setup.pk], outcome)
    rows_update([row for one in outcomes for row in one.batch.rows], STANDING)
    rows_update(
        setups.values(),
        [
            "blocked_until",
            "failed_count",
            "trouble_since",
            "trouble",
            "sent_at",
        ],
    )
    Attempt.unscoped.bulk_create(
        _attempt(row, outcome) for outcome in outcomes for row in outcome.batch.rows
    )


def _note_row(row: OutboxMessage, outcome: Outcome, now: datetime) -> None:
    way, error = outcome.batch.way, outcome.error
    row.claim, row.attempt_count = None, row.attempt_count + 1
    row.channel, row.via = way.channel.kind, way.setup
    if error is None:
        row.state, row.sent_at, row.next_at = MessageState.SENT, outcome.ended_at, None
        row.error = outcome.receipt.picture_code if outcome.receipt else ""
        return
    logger.warning(
        "Message %s by %s: %s %s", row.key, way.channel.kind, error.code, error
    )
    if error.code == GONE:
        _forget(row, outcome)
    # Left for the next way at once; the next claim finds out whether there is one.
    row.tried = [*row.tried, way.key + (NEVER if error.permanent else "")]
    row.parts_gone = max(row.parts_gone, error.delivered_count)
    row.state, row.next_at, row.error = MessageState.FAILED, now, str(error)[:200]


def _forget(row: OutboxMessage, outcome: Outcome) -> None:
    """End the subscription of a phone that will take nothing any more."""
    Address.objects.of(row.community_id).filter(
        value=outcome.batch.message.address, ended_at__isnull=True
    ).update(ended_at=outcome.ended_at)


def _note_setup(setup: ChannelSetup, outcome: Outcome) -> None:
    error = outcome.error
    if error is None:
        setup.sent_at = outcome.ended_at
        setup.failed_count, setup.trouble_since, setup.trouble = 0, None, ""
        return
    is_about_the_person = (
        error.permanent and outcome.batch.way.channel.reaches is not Reaches.GROUP
    )
    if is_about_the_person:
        return
    setup.failed_count += 1
    setup.trouble_since = setup.trouble_since or outcome.ended_at
    setup.trouble = f"{error.code} {error}".strip()[:200]
    rest = error.blocked_for or (RESTS if setup.failed_count >= FAILS_MOST else None)
    if rest is not None:
        setup.blocked_until = outcome.ended_at + rest


def _take_more(outcome: Outcome) -> None:
    """Take from the buckets what a long text cost beyond its first part."""
    setup, receipt = outcome.batch.way.setup, outcome.receipt
    if setup is None or receipt is None or receipt.sent_count <= 1:
        return
    more = receipt.sent_count - 1
    setup.levels = [[tokens - more, at] for tokens, at in setup.levels]
    rows_update([setup], ["levels"])


def _count(outcome: Outcome) -> None:
    MESSAGES.labels(
        channel=outcome.batch.way.channel.kind, result=_result(outcome.error).value
    ).inc(len(outcome.batch.rows))


def _attempt(row: OutboxMessage, outcome: Outcome) -> Attempt:
    error, receipt = outcome.error, outcome.receipt
    return Attempt(
        community_id=row.community_id,
        message=row,
        channel=outcome.batch.way.channel.kind,
        setup=outcome.batch.way.setup,
        at=outcome.at,
        ended_at=outcome.ended_at,
        result=_result(error),
        code=(error.code if error else receipt.code if receipt else "")[:60],
        words=str(error)[:200] if error else "",
    )


def _result(error: SendingError | None) -> Result:
    if error is None:
        return Result.SENT
    if error.permanent:
        return Result.REFUSED
    return Result.LOST if error.may_have_arrived else Result.FAILED
