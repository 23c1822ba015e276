"""A home whose curtain stayed shut, the people around it, and what they are told."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.apps import building as b

from shouwang.apps.alerts.links import LINK_PATH, link_for
from shouwang.apps.alerts.models import Alert
from shouwang.apps.alerts.people import Actor, person_of
from shouwang.apps.communities.models import Community, Member
from shouwang.apps.residents.models import ContactPerson, Home
from shouwang.apps.residents.services import ContactDraft, contact_add
from shouwang.apps.watch import services

TEN_PAST = b.hour("09:10")


@dataclass(kw_only=True)
class Alarm:
    """An alert at 9:10 about a curtain seen shut at 8:50."""

    place: Community
    home: Home
    duty: Member
    lin: Member
    daughter: ContactPerson
    neighbour: ContactPerson
    codes: dict[str, str] = field(default_factory=dict)

    @property
    def alert(self) -> Alert:
        """Return the newest alert as it stands."""
        return Alert.objects.of(self.place).order_by("-pk")[0]

    def address(self, who: Actor, query: str = "") -> str:
        """Return the address of the linked page for somebody."""
        return f"/{LINK_PATH}{link_for(self.alert, person_of(who), TEN_PAST)}/{query}"

    def did(self) -> list[str]:
        """Return the story in single words."""
        return [row.did for row in self.alert.events.order_by("pk")]


def alarm() -> Alarm:
    """Let a morning come on which the curtain stays shut."""
    place = b.community()
    place.desk_phone = "0351-0000000"
    place.save()
    home = b.watched(place)
    home.shown_name = "王奶奶"
    home.save()
    made = Alarm(
        place=place,
        home=home,
        duty=b.member(place, "duty", "duty_officer", "coordinator"),
        lin=b.member(place, "lin", "walker"),
        daughter=contact_add(
            home=home,
            draft=ContactDraft(
                name="李女", relation="女儿", is_family=True, phone="13900000001"
            ),
        ),
        neighbour=contact_add(
            home=home,
            draft=ContactDraft(
                name="赵姐", relation="邻居", is_keyholder=True, phone="13900000002"
            ),
        ),
    )
    services.checks_make(community=place, now=b.DAWN)
    shut = b.look(home, "08:50", state="closed")
    services.sightings_record(
        community=place, items=[shut], by=made.lin, now=b.hour("08:50")
    )
    services.checks_decide_due(now=TEN_PAST)
    return made
