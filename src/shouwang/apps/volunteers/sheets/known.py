"""What is here already, as a sheet of volunteers is compared with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import override

from shouwang.apps.communities.models import Community, Language, Member
from shouwang.apps.residents.selectors import buildings_list, homes_in_order
from shouwang.apps.volunteers.models import Team, Volunteer
from shouwang.apps.volunteers.selectors.people import (
    people_by_phone,
    skills_open,
    teams_open,
)
from shouwang.apps.volunteers.words import skill_words_of

# What people write besides the names the program shows.
_ALSO = {
    "理发": "barber", "剪头发": "barber", "barber": "barber", "hairdresser": "barber",
    "护士": "nurse", "护理": "nurse", "nurse": "nurse", "医生": "nurse",
    "电工": "electrician", "修电器": "electrician", "electrician": "electrician",
    "水工": "plumber", "水暖工": "plumber", "修水管": "plumber", "plumber": "plumber",
    "司机": "driver", "开车": "driver", "驾驶": "driver", "driver": "driver",
    "推轮椅": "driver", "wheelchair": "driver", "代办": "paperwork", "方言": "dialect",
    "聊天": "company", "陪伴": "company", "读报": "reading", "念报": "reading",
    "跑腿": "errands", "代购": "errands", "shopping": "errands",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Known:
    """Everything a sheet may name, by the words it may name it with."""

    today: date
    people: Mapping[str, list[Member]]
    volunteers: Mapping[int, Volunteer]
    teams: Mapping[str, Team]
    skills: Mapping[str, str]
    skill_names: Mapping[str, str]
    buildings: Mapping[str, int]
    homes: Mapping[str, int]


def known_of(community: Community, *, today: date) -> Known:
    """Return what is here; the queries do not grow with the people."""
    rows = (
        Volunteer.objects.of(community)
        .select_related("member", "team")
        .prefetch_related("buildings", "known_homes", "trainings")
    )
    return Known(
        today=today,
        people=people_by_phone(community=community),
        volunteers={row.member_id: row for row in rows},
        teams={row.name.lower(): row for row in teams_open(community=community)},
        skills=_skills(community),
        skill_names=skill_words_of(community),
        buildings={row.label: row.pk for row in buildings_list(community=community)},
        homes={row.address: row.pk for row in homes_in_order(community=community)},
    )


def _skills(community: Community) -> dict[str, str]:
    """Return the code of each skill by its names in both languages, small letters."""
    found = dict(_ALSO)
    for language in Language:
        with override(language.value):
            names = skills_open(community=community)
        found |= {name.lower(): code for code, name in names.items()}
    return found
