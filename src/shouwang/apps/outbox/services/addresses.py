"""Writes about where people are found: e-mail addresses and the phones' own apps."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from shouwang.apps.communities.models import Member
from shouwang.apps.outbox.models import Address, By
from shouwang.apps.residents.models import ContactPerson
from shouwang.common.errors import RefusedError

SUBSCRIPTION_MOST = 4096


@transaction.atomic
def email_set(*, person: Member | ContactPerson, email: str, now: datetime) -> None:
    """Find somebody by this e-mail address from now on, or by none where it is empty.

    Raises
    ------
    RefusedError
        ``not_an_address``.
    """
    wanted = email.strip()
    if wanted:
        try:
            validate_email(wanted)
        except ValidationError as error:
            words = _("This is not an e-mail address.")
            raise RefusedError(
                "not_an_address", words, fields={"email": [words]}
            ) from error
    mine = Address.objects.of(person.community_id).filter(
        **_whose(person), by=By.EMAIL, ended_at__isnull=True
    )
    if mine.filter(value=wanted).exists():
        return
    mine.update(ended_at=now)
    if wanted:
        _keep(person, By.EMAIL, wanted, now)


@transaction.atomic
def subscription_keep(
    *, member: Member, subscription: Mapping[str, Any], now: datetime
) -> None:
    """Find a member by the app on their phone from now on.

    Raises
    ------
    RefusedError
        ``not_a_subscription``.
    """
    keys = subscription.get("keys")
    text = json.dumps(subscription, sort_keys=True)
    is_sound = (
        str(subscription.get("endpoint", "")).startswith("https://")
        and isinstance(keys, dict)
        and all(isinstance(keys.get(name), str) for name in ("p256dh", "auth"))
        and len(text) <= SUBSCRIPTION_MOST
    )
    if not is_sound:
        words = _("This phone did not say how it can be told.")
        raise RefusedError("not_a_subscription", words)
    known = Address.objects.of(member.community_id).filter(
        **_whose(member), by=By.PUSH, value_hash=_hash(text), ended_at__isnull=True
    )
    if not known.exists():
        _keep(member, By.PUSH, text, now)


def subscription_end(*, member: Member, endpoint: str, now: datetime) -> None:
    """Tell a member by that phone's app no more."""
    rows = Address.objects.of(member.community_id).filter(
        **_whose(member), by=By.PUSH, ended_at__isnull=True
    )
    for row in rows:
        if json.loads(row.value).get("endpoint") == endpoint:
            Address.objects.of(member.community_id).filter(pk=row.pk).update(
                ended_at=now
            )


def _whose(person: Member | ContactPerson) -> dict[str, Any]:
    return {"member" if isinstance(person, Member) else "contact": person}


def _keep(person: Member | ContactPerson, by: By, value: str, now: datetime) -> Address:
    return Address.objects.of(person.community_id).create(
        community_id=person.community_id,
        **_whose(person),
        by=by,
        value=value,
        value_hash=_hash(value),
        made_at=now,
    )


def _hash(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()
