"""Writes about volunteers: who they are, what they gave, and how they came."""

from __future__ import annotations

from shouwang.apps.volunteers.drafts import OwnDraft, TrainingDraft, VolunteerDraft
from shouwang.apps.volunteers.services.forgetting import (
    volunteer_forget,
    volunteers_forget_due,
)
from shouwang.apps.volunteers.services.hours import (
    HoursDraft,
    hours_correct,
    hours_record,
    hours_say,
)
from shouwang.apps.volunteers.services.importing import (
    import_apply,
    import_preview,
    import_template,
    import_upload,
)
from shouwang.apps.volunteers.services.keeping import (
    volunteer_add,
    volunteer_keep,
    volunteer_leave,
    volunteer_own_change,
    volunteer_return,
)
from shouwang.apps.volunteers.services.notes import (
    pause_add,
    pause_withdraw,
    training_add,
    training_withdraw,
)
from shouwang.apps.volunteers.services.signing import (
    SignUpDraft,
    link_end,
    link_make,
    sign_up_approve,
    sign_up_decline,
    sign_up_join,
    sign_up_take,
)
from shouwang.apps.volunteers.services.teams import (
    TeamDraft,
    skill_add,
    skill_change,
    skill_end,
    team_add,
    team_change,
    team_end,
)

__all__ = [
    "HoursDraft",
    "OwnDraft",
    "SignUpDraft",
    "TeamDraft",
    "TrainingDraft",
    "VolunteerDraft",
    "hours_correct",
    "hours_record",
    "hours_say",
    "import_apply",
    "import_preview",
    "import_template",
    "import_upload",
    "link_end",
    "link_make",
    "pause_add",
    "pause_withdraw",
    "sign_up_approve",
    "sign_up_decline",
    "sign_up_join",
    "sign_up_take",
    "skill_add",
    "skill_change",
    "skill_end",
    "team_add",
    "team_change",
    "team_end",
    "training_add",
    "training_withdraw",
    "volunteer_add",
    "volunteer_forget",
    "volunteer_keep",
    "volunteer_leave",
    "volunteer_own_change",
    "volunteer_return",
    "volunteers_forget_due",
]
