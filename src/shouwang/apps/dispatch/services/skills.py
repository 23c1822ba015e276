"""Which skill a kind of need takes in a community."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from shouwang.apps.communities.models import Community
from shouwang.apps.dispatch.models import KindSkill


@transaction.atomic
def kind_skills_set(*, community: Community, skills: Mapping[str, str | None]) -> None:
    """Set what each kind takes: a skill, ``""`` for anybody, ``None`` as built in."""
    for kind, skill in skills.items():
        rows = KindSkill.objects.of(community)
        if skill is None:
            rows.filter(kind=kind).delete()
        else:
            rows.update_or_create(
                community=community, kind=kind, defaults={"skill": skill}
            )
