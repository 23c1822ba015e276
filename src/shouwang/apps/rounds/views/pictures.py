"""Pages of what one sees from a standpoint, and the picture for the phone."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from shouwang.apps.communities.access import for_member, me
from shouwang.apps.communities.answering import picture_answer
from shouwang.apps.communities.forming import FormPage, form_page
from shouwang.apps.communities.models import Role
from shouwang.apps.communities.selectors import LOOKING_ROLES
from shouwang.apps.rounds.forms.standpoints import PictureForm
from shouwang.apps.rounds.selectors.pictures import picture_for, picture_of
from shouwang.apps.rounds.selectors.standpoints import standpoint_for
from shouwang.apps.rounds.services.pictures import picture_store
from shouwang.apps.rounds.views.marking import marking_page
from shouwang.common import clock


@for_member(Role.COORDINATOR)
def standpoint_picture(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what one sees from a standpoint, and mark the agreed windows on it."""
    row = standpoint_for(me(request), pk)
    picture = picture_of(standpoint=row)
    if picture is None:
        return redirect("rounds:standpoint_picture_change", pk=pk)
    page = {
        "title": _("What one sees from %(name)s") % {"name": row.name},
        "back": reverse("rounds:standpoints"),
        "intro": _("Walkers see this picture at the stop, with the window to look at."),
        "template": "rounds/standpoint_picture.html",
        "more": {"standpoint": row},
    }
    return marking_page(request, picture.photo, page)


@for_member(Role.COORDINATOR)
def standpoint_picture_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring in a photo taken from a standpoint; the one before it is kept."""
    row = standpoint_for(me(request), pk)
    form = PictureForm(request.POST or None, request.FILES or None)

    def save() -> HttpResponse:
        picture_store(
            standpoint=row,
            content=form.cleaned_data["picture"].read(),
            by=me(request),
            now=clock.now(),
        )
        return redirect("rounds:standpoint_picture", pk=pk)

    page = FormPage(
        title=_("What one sees from %(name)s") % {"name": row.name},
        intro=_(
            "Stand there by day, hold the phone level, and take all the windows in one "
            "photo. Nothing about where or when it was taken is kept in it."
        ),
        send=_("Bring in the picture"),
        back=reverse("rounds:standpoints"),
    )
    return form_page(request, form, page, save)


@for_member(*LOOKING_ROLES)
def phone_picture(request: HttpRequest, pk: int) -> HttpResponse:
    """Serve the picture of a standpoint to who stands there today, and to the desk."""
    return picture_answer(picture_for(me(request), pk, now=clock.now()).photo.file)
