"""Volunteers in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext as _, pgettext

from shouwang.apps.communities.models import Community
from shouwang.apps.residents.words import day_words
from shouwang.apps.volunteers.models import HoursSource, SkillRow, TeamKind
from shouwang.apps.volunteers.stored import Season
from shouwang.apps.volunteers.times import season_written, times_written
from shouwang.domain.volunteers import FreeTime, Gap, Lack, Skill, Training


def skill_words() -> Mapping[str, str]:
    """Return the names of the built-in skills."""
    return {
        Skill.COMPANY.value: _("company"),
        Skill.ERRANDS.value: _("errands"),
        Skill.READING.value: _("reading aloud"),
        Skill.PAPERWORK.value: _("paperwork"),
        Skill.DRIVER.value: _("driving or wheelchair"),
        Skill.BARBER.value: _("cutting hair"),
        Skill.NURSE.value: _("nursing"),
        Skill.ELECTRICIAN.value: _("electrics"),
        Skill.PLUMBER.value: _("plumbing"),
        Skill.DIALECT.value: _("dialect"),
    }


def skill_words_of(community: Community | int) -> Mapping[str, str]:
    """Return the names of the built-in skills and of own ones, ended too."""
    own = SkillRow.objects.of(community).order_by("pk").values_list("skill", "name")
    return {**skill_words(), **dict(own)}


def skill_names(skills: Iterable[str], words: Mapping[str, str]) -> list[str]:
    """Return the names of some skills, in the order of ``words``."""
    had = set(skills)
    return [name for code, name in words.items() if code in had]


def team_kind_words() -> Mapping[str, str]:
    """Return where the people of a team come from."""
    return {
        TeamKind.RESIDENTS.value: _("party members and residents"),
        TeamKind.RED_CROSS.value: _("Red Cross"),
        TeamKind.STUDENTS.value: _("students"),
        TeamKind.OWN.value: _("own team"),
    }


def training_words() -> Mapping[str, str]:
    """Return what somebody can be taught."""
    return {
        Training.CONFIDENTIALITY.value: _("confidentiality"),
        Training.FIRST_AID.value: _("first aid"),
        Training.OTHER.value: pgettext("training", "something else"),
    }


def lack_words(lack: Lack) -> str:
    """Return what is missing or lapsing, in a few words."""
    if lack.what is None:
        return _("no consent on file")
    words = {
        Gap.MISSING: _("%(what)s: not yet"),
        Gap.LAPSED: _("%(what)s: lapsed on %(on)s"),
        Gap.LAPSING: _("%(what)s: until %(on)s"),
    }
    what = training_words()[lack.what.value]
    return words[lack.gap] % {"what": what, "on": f"{lack.on}"}


def part_words() -> Mapping[str, str]:
    """Return the parts of a day that are ticked."""
    return {
        "morning": pgettext("part of a day", "morning"),
        "afternoon": pgettext("part of a day", "afternoon"),
        "evening": pgettext("part of a day", "evening"),
    }


def times_words(times: Sequence[FreeTime]) -> str:
    """Return when somebody is free."""
    return times_written(times, day_words()) or _("any time")


def season_words(season: Season | None) -> str:
    """Return in which part of the year somebody helps."""
    return season_written(season).replace("-", "–") or _("all year")


def hours_source_words() -> Mapping[str, str]:
    """Return how hours came to be written down."""
    return {
        HoursSource.COORDINATOR.value: _("written down at the desk"),
        HoursSource.SELF.value: _("by themselves"),
        HoursSource.TASK.value: _("from a task"),
    }


def refusal_words(code: str) -> str:
    """Return why times or hours cannot be, and what to do."""
    words = {
        "unknown_weekday": _("There is no such day of the week."),
        "ends_before_it_begins": _("This time ends before it begins."),
        "no_such_length": _("Between one minute and 24 hours."),
        "in_the_future": _("This day is still to come. Write it down afterwards."),
        "too_long_ago": _("That is more than a year ago; it counts no more."),
    }
    return words[code]


def times_problem(piece: str) -> str:
    """Return what to say of a piece of text that says no time."""
    words = _("“%(piece)s” says no time. For example: Tue 14:00-17:00; Sat morning.")
    return words % {"piece": piece}


def season_problem() -> str:
    """Return what to say of a text that is no season."""
    return _("Write the season as 7.1-8.31, or leave it empty for all year.")


def consent_text(community: str) -> str:
    """Return what somebody agrees to who signs up."""
    return _(
        "%(community)s may keep my name, my phone number, what I can do and when I "
        "can, in order to ask me for help. Only its staff see it. I can see it, change "
        "it and have it ended at any time."
    ) % {"community": community}
