"""Addresses of the desk."""

from __future__ import annotations

from django.urls import path

from shouwang.apps.alerts.links import LINK_PATH
from shouwang.apps.desk.views import (
    acts,
    alert,
    board,
    figures,
    home,
    linked,
    photos,
    privacy,
    report,
    story,
)

app_name = "desk"
urlpatterns = [
    path("", board.board, name="board"),
    path("board/live", board.live, name="board_live"),
    path("group-report/", report.report, name="report"),
    path("group-report/picture.svg", report.picture, name="report_picture"),
    path("figures/", figures.figures, name="figures"),
    path("figures/all.xlsx", figures.xlsx, name="figures_xlsx"),
    path("figures/<slug:key>.csv", figures.table, name="figures_csv"),
    path("homes/<int:pk>/", home.home, name="home"),
    path("homes/<int:pk>/sighting", acts.sighting_add, name="sighting_add"),
    path("homes/<int:pk>/contact", acts.contact_add, name="contact_add"),
    path("homes/<int:pk>/absence", acts.absence_add, name="absence_add"),
    path("homes/<int:pk>/phone", privacy.phone_show, name="phone_show"),
    path("homes/<int:pk>/story/", story.story, name="story"),
    path("homes/<int:pk>/looked/", privacy.accesses, name="accesses"),
    path("homes/<int:pk>/alert", acts.alert_add, name="alert_add"),
    path("photos/<uuid:pk>.jpg", photos.photo, name="photo"),
    path("photos/<uuid:pk>/", photos.photo_page, name="photo_page"),
    path("photos/<uuid:pk>/copy.jpg", photos.photo_copy, name="photo_copy"),
    path("absences/<int:pk>/end", acts.absence_end, name="absence_end"),
    path("absences/<int:pk>/withdraw", acts.absence_withdraw, name="absence_withdraw"),
    path("alerts/<int:pk>/", alert.alert, name="alert"),
    path("alerts/<int:pk>/<slug:act>", alert.alert_act, name="alert_act"),
    path(f"{LINK_PATH}<str:code>/", linked.linked, name="linked"),
]
