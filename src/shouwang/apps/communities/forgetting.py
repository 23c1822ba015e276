"""Somebody who only helped, and left, is nobody's name any more."""

from __future__ import annotations

from datetime import datetime

from shouwang.apps.communities.models import Member, User

GONE = "…"


def person_forget(*, member: Member, whole: bool, now: datetime) -> None:
    """Forget the name, the number and the login of somebody; their number stays.

    A login that is also somebody elsewhere, or runs this program, is left alone.
    """
    if not whole:
        return
    plain = {"display_name": f"{GONE}({member.pk})", "phone": "", "user": None}
    user = member.user
    rows = Member.objects.of(member.community_id).filter(pk=member.pk)
    rows.filter(left_at__isnull=True).update(left_at=now)
    rows.update(**plain)
    Member.history.filter(community_id=member.community_id, id=member.pk).update(
        **plain
    )
    if user is not None and not user.is_staff and not _is_elsewhere(user):
        user.username, user.display_name, user.email = f"gone-{user.pk}", "", ""
        user.is_active = False
        user.set_unusable_password()
        user.save()


def _is_elsewhere(user: User) -> bool:
    rows = Member.objects.across("the memberships of one login")
    return rows.filter(user=user).exists()
