"""A walker drops out; the round is offered to the others, one after another."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from shouwang.apps.communities.models import Community, Member, MemberRole, Role
from shouwang.apps.rounds.models import DropOut, Offer, Round
from shouwang.apps.rounds.selectors.covering import RoundCover, cover_on
from shouwang.common.errors import RefusedError
from shouwang.domain.covering import Candidate, Reply, Search, next_to_ask
from shouwang.domain.schedule import instant

WALKING_ROLES = (Role.WALKER, Role.VOLUNTEER)
OVER_AFTER = timedelta(days=1)


@transaction.atomic
def drop_out(
    *, walked: Round, on: date, member: Member, by: Member, now: datetime
) -> DropOut:
    """Note that somebody cannot walk; doing so again changes nothing.

    Raises
    ------
    RefusedError
        ``not_walking``: they do not walk that round on that day.
    """
    had = DropOut.objects.of(walked.community_id).filter(
        round=walked, on=on, member=member, withdrawn_at__isnull=True
    )
    standing = had.first()
    if standing is not None:
        return standing
    if member not in cover_on(walked, on).walkers:
        words = _("%(name)s does not walk this round on that day.")
        raise RefusedError("not_walking", words % {"name": member})
    row = DropOut.objects.of(walked.community_id).create(
        community_id=walked.community_id,
        round=walked,
        on=on,
        member=member,
        at=now,
        said_by=by,
    )
    _shown_anew(walked.community_id)
    return row


@transaction.atomic
def drop_out_withdraw(
    *, walked: Round, on: date, member: Member, now: datetime
) -> None:
    """Take a drop-out back; whoever said yes meanwhile walks as well."""
    DropOut.objects.of(walked.community_id).filter(
        round=walked, on=on, member=member, withdrawn_at__isnull=True
    ).update(withdrawn_at=now)
    _shown_anew(walked.community_id)


@transaction.atomic
def offer_answer(*, offer: Offer, walks: bool, by: Member, now: datetime) -> None:
    """Note what somebody said who was asked; a later word replaces an earlier one."""
    offer.reply = (Reply.YES if walks else Reply.NO).value
    offer.replied_at, offer.replied_by = now, by
    offer.save(update_fields=["reply", "replied_at", "replied_by"])
    _shown_anew(offer.community_id)


@transaction.atomic
def round_take(
    *, walked: Round, on: date, member: Member, by: Member, now: datetime
) -> Offer:
    """Note that somebody walks a round on a day, whoever else does."""
    row, _is_new = Offer.objects.of(walked.community_id).get_or_create(
        round=walked,
        on=on,
        member=member,
        defaults={
            "community_id": walked.community_id,
            "asked_at": now,
            "told_at": now,
        },
    )
    DropOut.objects.of(walked.community_id).filter(
        round=walked, on=on, member=member, withdrawn_at__isnull=True
    ).update(withdrawn_at=now)
    offer_answer(offer=row, walks=True, by=by, now=now)
    return row


def offers_make_due(*, now: datetime) -> int:
    """Ask the next one for each round that nobody walks; return how many were asked."""
    why = "the runner serves every community"
    standing = {
        (row.round_id, row.on): row.round
        for rows in (DropOut.objects.across(why), Offer.objects.across(why))
        for row in rows.filter(over_at__isnull=True).select_related("round__community")
    }
    return sum(_offer(walked, on, now) for (_key, on), walked in standing.items())


def _offer(walked: Round, on: date, now: datetime) -> bool:
    begins_at = instant(on, walked.at, walked.community.zone)
    if walked.ended_at is not None or now >= begins_at + OVER_AFTER:
        for model in (DropOut, Offer):
            model.objects.of(walked.community_id).filter(round=walked, on=on).update(
                over_at=now
            )
        return False
    known = cover_on(walked, on)
    if not known.dropped:
        return False
    asked = next_to_ask(_search(known, begins_at), now=now)
    if asked is None:
        return False
    try:
        with transaction.atomic():
            Offer.objects.of(walked.community_id).create(
                community_id=walked.community_id,
                round=walked,
                on=on,
                member_id=asked,
                asked_at=now,
            )
            _shown_anew(walked.community_id)
    except IntegrityError:
        # Another runner asked them in the same moment.
        return False
    return True


def _search(known: RoundCover, begins_at: datetime) -> Search:
    community_id = known.round.community_id
    can = MemberRole.objects.of(community_id).filter(
        role__in=WALKING_ROLES, member__left_at__isnull=True
    )
    members = {*can.values_list("member_id", flat=True)}
    if known.round.stand_in_id:
        members.add(known.round.stand_in_id)
    last = _last_asked(community_id)
    return Search(
        cover=known.cover,
        dropped=known.dropped_ids,
        asked=known.asked,
        stand_in=known.round.stand_in_id,
        candidates=[
            Candidate(member=key, last_asked_at=last.get(key)) for key in members
        ],
        begins_at=begins_at,
    )


def _last_asked(community_id: int) -> Mapping[int, datetime]:
    rows = (
        Offer.objects.of(community_id)
        .values_list("member_id")
        .annotate(at=Max("asked_at"))
    )
    return dict(rows.order_by())


def _shown_anew(community_id: int) -> None:
    Community.objects.filter(pk=community_id).update(
        board_revision=F("board_revision") + 1
    )
