"""Bringing a roster in, whole or not at all, and writing one out."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from shouwang.apps.communities.models import Community, Member
from shouwang.apps.residents.models import Home, RosterUpload
from shouwang.apps.residents.roster.columns import Column
from shouwang.apps.residents.roster.comparing import (
    PlannedAgreement,
    RosterPreview,
    RowPreview,
    contact_in,
    preview,
    resident_in,
)
from shouwang.apps.residents.roster.entries import Entry
from shouwang.apps.residents.roster.outcomes import NEW, REFUSED, UNCHANGED
from shouwang.apps.residents.roster.reading import read_table
from shouwang.apps.residents.roster.stored import Stored, roster_known
from shouwang.apps.residents.roster.writing import export_csv, export_xlsx, template
from shouwang.apps.residents.services.agreements import (
    AgreementDraft,
    ConsentDraft,
    agreement_change,
    agreement_start,
    consent_record,
)
from shouwang.apps.residents.services.homes import (
    ContactDraft,
    HomeDraft,
    ResidentDraft,
    contact_add,
    contact_change,
    home_add,
    home_change,
    resident_add,
    resident_change,
)
from shouwang.common.clock import local_day
from shouwang.common.errors import ConflictError, RefusedError

UPLOAD_KEPT = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class RosterApplied:
    """How many homes were written anew and how many changed."""

    new_count: int
    changed_count: int


def roster_upload(
    *,
    community: Community,
    content: bytes,
    filename: str,
    by: Member | None,
    now: datetime,
) -> RosterUpload:
    """Keep a file between its preview and the decision; forgotten after a day.

    Raises
    ------
    RefusedError
        When the file cannot be read as a roster.
    """
    read_table(content, filename)
    old = RosterUpload.objects.of(community).filter(uploaded_at__lt=now - UPLOAD_KEPT)
    old.delete()
    return RosterUpload.objects.of(community).create(
        id=uuid4(),
        community=community,
        filename=filename[-120:],
        content=content,
        digest=hashlib.sha256(content).hexdigest(),
        uploaded_by=by,
        uploaded_at=now,
    )


def roster_preview(
    *, community: Community, content: bytes, filename: str, now: datetime
) -> RosterPreview:
    """Return what a roster would change; nothing is written."""
    table = read_table(content, filename)
    return preview(table, roster_known(community, today=_today(community, now)))


def _today(community: Community, now: datetime) -> date:
    return local_day(now, community.zone)


@transaction.atomic
def roster_apply(
    *,
    community: Community,
    content: bytes,
    filename: str,
    expected: str,
    by: Member | None,
    now: datetime,
) -> RosterApplied:
    """Write a roster whose preview had the digest ``expected``.

    Raises
    ------
    RefusedError
        ``roster_refused``: some cell cannot be taken; nothing was written.
    ConflictError
        ``roster_changed``: since the preview somebody changed what it was about.
    """
    Community.objects.select_for_update().get(pk=community.pk)
    found = roster_preview(
        community=community, content=content, filename=filename, now=now
    )
    if any(row.outcome == REFUSED for row in found.rows):
        raise RefusedError(
            "roster_refused",
            _("Some cells cannot be taken; nothing was written. See the preview."),
        )
    if found.digest != expected:
        raise ConflictError(
            "roster_changed",
            _("Somebody has changed the homes meanwhile. Please look at the preview."),
        )
    for row in found.rows:
        if row.outcome != UNCHANGED:
            _write_row(community, row, by, now)
    return RosterApplied(
        new_count=found.counts["new"], changed_count=found.counts["changed"]
    )


def _write_row(
    community: Community, row: RowPreview, by: Member | None, now: datetime
) -> None:
    if row.entry is None:
        return
    home = _write_home(community, row, row.entry, now)
    _write_resident(home, row.entry, row.stored)
    _write_contact(home, row.entry, row.stored)
    if row.agreement is not None:
        _write_agreement(home, row.entry, row.agreement, by, now)


def _write_home(
    community: Community, row: RowPreview, entry: Entry, now: datetime
) -> Home:
    before = row.stored.home if row.stored else None
    draft = HomeDraft(
        address=entry.parts.text,
        shown_name=entry.text(Column.CALLED) or (before.shown_name if before else ""),
        risk=entry.risk or (before.risk if before else "general"),
        phone=before.phone if before else "",
        at_the_door=entry.text(Column.AT_THE_DOOR)
        or (before.at_the_door if before else ""),
    )
    if before is None or row.outcome == NEW:
        home = home_add(community=community, draft=draft, now=now)
    else:
        home = home_change(home=before, draft=draft)
    home.community = community
    return home


def _write_resident(home: Home, entry: Entry, stored: Stored | None) -> None:
    name = entry.text(Column.NAME)
    if not name:
        return
    before = resident_in(stored, name)
    draft = ResidentDraft(
        name=name,
        called=entry.text(Column.CALLED) or (before.called if before else ""),
        birth_year=entry.birth_year or (before.birth_year if before else None),
        phone=entry.text(Column.PHONE) or (before.phone if before else ""),
        note=before.note if before else "",
    )
    if before is None:
        resident_add(home=home, draft=draft)
    else:
        resident_change(resident=before, draft=draft)


def _write_contact(home: Home, entry: Entry, stored: Stored | None) -> None:
    name = entry.text(Column.CONTACT)
    if not name:
        return
    before = contact_in(stored, name)
    draft = ContactDraft(
        name=name,
        relation=entry.text(Column.RELATION),
        phone=entry.text(Column.CONTACT_PHONE),
        # Whoever a roster names is told when nobody else answers.
        is_family=True,
        is_keyholder=bool(entry.has_key),
        position=1 + len(stored.contacts) if stored else 1,
    )
    if before is None:
        contact_add(home=home, draft=draft)
        return
    kept = replace(
        draft,
        relation=draft.relation or before.relation,
        phone=draft.phone or before.phone,
        is_family=before.is_family,
        is_keyholder=before.is_keyholder if entry.has_key is None else entry.has_key,
        position=before.position,
    )
    contact_change(contact=before, draft=kept)


def _write_agreement(
    home: Home,
    entry: Entry,
    planned: PlannedAgreement,
    by: Member | None,
    now: datetime,
) -> None:
    today = _today(home.community, now)
    draft = AgreementDraft(
        signal=planned.signal, expectations=planned.windows, valid_from=today
    )
    before = planned.before
    if before is not None:
        if len(set(planned.spans)) == 1:
            return
        tomorrow = replace(
            draft,
            valid_from=today + timedelta(days=1),
            require_change=before.require_change,
            review_on=before.review_on,
            seen_from=before.seen_from,
        )
        agreement_change(agreement=before, draft=tomorrow, by=by, now=now)
        return
    consent = planned.consent
    if consent is None and entry.agreed_on is not None:
        given = ConsentDraft(
            agreed_by=entry.text(Column.AGREED_BY),
            agreed_on=entry.agreed_on,
            paper=entry.text(Column.PAPER),
        )
        consent = consent_record(home=home, draft=given, by=by, now=now)
    if consent is not None:
        agreement_start(home=home, consent=consent, draft=draft, by=by, now=now)


def roster_template() -> bytes:
    """Return an empty roster as an Excel file, its cells formatted as text."""
    return template()


def roster_export(*, community: Community, as_csv: bool, now: datetime) -> bytes:
    """Return everything stored as a roster that can be brought in again."""
    known = roster_known(community, today=_today(community, now))
    return export_csv(known) if as_csv else export_xlsx(known)
