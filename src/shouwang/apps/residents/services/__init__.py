"""Writes about homes, people, consent, agreements, absences and signal kinds."""

from __future__ import annotations

from shouwang.apps.residents.services.agreements import (
    AbsenceDraft,
    AgreementDraft,
    ConsentDraft,
    absence_unwrite,
    absence_write,
    agreement_change,
    agreement_end,
    agreement_start,
    consent_record,
    consent_withdraw,
)
from shouwang.apps.residents.services.homes import (
    ContactDraft,
    HomeDraft,
    ResidentDraft,
    contact_add,
    contact_change,
    contact_end,
    home_add,
    home_archive,
    home_change,
    resident_add,
    resident_change,
    resident_move_out,
)
from shouwang.apps.residents.services.risks import (
    WORDS_MOST,
    KnownRiskDraft,
    known_risks_set,
)
from shouwang.apps.residents.services.roster import (
    RosterApplied,
    roster_apply,
    roster_export,
    roster_preview,
    roster_template,
    roster_upload,
)
from shouwang.apps.residents.services.signals import (
    SignalKindDraft,
    StateDraft,
    signal_kind_add,
    signal_kind_change,
)

__all__ = [
    "WORDS_MOST",
    "AbsenceDraft",
    "AgreementDraft",
    "ConsentDraft",
    "ContactDraft",
    "HomeDraft",
    "KnownRiskDraft",
    "ResidentDraft",
    "RosterApplied",
    "SignalKindDraft",
    "StateDraft",
    "absence_unwrite",
    "absence_write",
    "agreement_change",
    "agreement_end",
    "agreement_start",
    "consent_record",
    "consent_withdraw",
    "contact_add",
    "contact_change",
    "contact_end",
    "home_add",
    "home_archive",
    "home_change",
    "known_risks_set",
    "resident_add",
    "resident_change",
    "resident_move_out",
    "roster_apply",
    "roster_export",
    "roster_preview",
    "roster_template",
    "roster_upload",
    "signal_kind_add",
    "signal_kind_change",
]
