"""By the link that a whole group reads: somebody says who they are, and acts as that.

To choose a name proves nothing. So whatever is done by it is marked ``Via.GROUP_LINK``,
there is no closing by it, and only those can be chosen who were asked.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from shouwang.apps.alerts.climbing import Batch
from shouwang.apps.alerts.links import GroupLinked, Linked, link_read, said_link_for
from shouwang.apps.alerts.models import Alert, AlertEvent, Via
from shouwang.apps.alerts.people import person_of
from shouwang.apps.alerts.selectors import members_asked
from shouwang.apps.alerts.services import SAME_TIME, alert_locked
from shouwang.apps.communities.models import Member
from shouwang.common.errors import ConflictError, NotFoundError, RefusedError
from shouwang.domain.ladder import AlertState, Did

WITHIN = timedelta(hours=1)
# Ten words each of six people: more than any alert has needed, less than a nuisance.
SAID_AN_HOUR = 60


@transaction.atomic
def group_link_choose(*, found: GroupLinked, member_id: int, now: datetime) -> str:
    """Note who somebody says they are, and return the code by which they act.

    Raises
    ------
    RefusedError
        ``not_asked`` for whoever was not asked or has left; ``too_many``.
    ConflictError
        ``already_closed``.
    """
    alert = alert_locked(found.alert)
    if alert.state == AlertState.CLOSED.value:
        raise ConflictError("already_closed", _("This alert is closed already."))
    asked = {row.pk: row for row in members_asked(alert)}
    if member_id not in asked:
        raise RefusedError("not_asked", _("Choose your name among those shown."))
    member = asked[member_id]
    if not _has_just_said_so(alert, member, now):
        said_require_few(alert, now=now)
        batch = Batch(community=alert.community, now=now, via=Via.GROUP_LINK)
        batch.event(alert, Did.LINK_OPENED, at=now, by=person_of(member))
        batch.write()
    return said_link_for(alert, member, found.expires_at)


def _has_just_said_so(alert: Alert, member: Member, now: datetime) -> bool:
    return alert.events.filter(
        did=Did.LINK_OPENED.value, by=member, recorded_at__gt=now - SAME_TIME
    ).exists()


def said_require_few(alert: Alert, *, now: datetime) -> None:
    """Refuse more words by the link of a group than any alert needs.

    Contacts are counted as what joined the alert; whoever has a link of their own is
    heard all the same.

    Raises
    ------
    RefusedError
        ``too_many``
    """
    late = AlertEvent.objects.of(alert.community_id).filter(
        Q(via=Via.GROUP_LINK) | Q(did=Did.JOINED.value),
        alert=alert,
        recorded_at__gt=now - WITHIN,
    )
    if late.count() >= SAID_AN_HOUR:
        words = _("Much was said here within an hour. Please phone the desk now.")
        raise RefusedError("too_many", words)


def said_before(*, found: GroupLinked, code: str, now: datetime) -> str:
    """Return the code of whoever said who they are on this device; empty if nobody.

    ``code`` is what the device kept: of any link of this alert, as long as that lives
    and the member still belongs to those who were asked.
    """
    try:
        link = link_read(code)
    except NotFoundError:
        return ""
    if not link.is_said or link.alert_id != found.alert.pk or link.is_over(now):
        return ""
    key = link.person.member_id if link.person else None
    asked = (row for row in members_asked(found.alert) if row.pk == key)
    member = next(asked, None)
    return said_link_for(found.alert, member, found.expires_at) if member else ""


def linked_require_few(found: Linked, *, now: datetime) -> None:
    """Hold whoever acts by the link of a group to ``said_require_few``."""
    if found.via is Via.GROUP_LINK:
        said_require_few(found.alert, now=now)
