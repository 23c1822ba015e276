"""Who was kept company by somebody who had promised to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Max

from shouwang.apps.communities.models import Community
from shouwang.apps.dispatch.models import Ending, Task
from shouwang.domain.needs import NeedKind


def met_for_company(*, community: Community) -> Mapping[int, datetime]:
    """Return when each home was last kept company, as whoever did it said.

    Other tasks do not count: medicine can be hung on the door.
    """
    rows = Task.objects.of(community).filter(
        ending=Ending.DONE.value, need__kind=NeedKind.COMPANY.value
    )
    return dict(
        rows.values_list("need__home").annotate(last=Max("ended_at")).order_by()
    )
