"""Addresses of volunteers."""

from __future__ import annotations

from django.urls import path

from shouwang.apps.volunteers.views import (
    hours,
    notes,
    own,
    people,
    sheets,
    signing,
    teams,
)

app_name = "volunteers"
urlpatterns = [
    path("join/<slug:code>/", signing.join, name="join"),
    path("join/<slug:code>/thanks/", signing.thanks, name="thanks"),
    path("volunteers/", people.volunteers, name="volunteers"),
    path("volunteers/own/", own.own, name="own"),
    path("volunteers/own/change/", own.own_change, name="own_change"),
    path("volunteers/add/", people.volunteer_add, name="volunteer_add"),
    path("volunteers/hours/", hours.hours, name="hours"),
    path("volunteers/hours/export.xlsx", hours.export, name="hours_export"),
    path("volunteers/hours/<int:pk>/", hours.hours_correct, name="hours_correct"),
    path("volunteers/teams/", teams.teams, name="teams"),
    path("volunteers/teams/add/", teams.team_add, name="team_add"),
    path("volunteers/teams/<int:pk>/", teams.team_change, name="team_change"),
    path("volunteers/teams/<int:pk>/end", teams.team_end, name="team_end"),
    path("volunteers/skills/", teams.skills, name="skills"),
    path("volunteers/skills/add/", teams.skill_add, name="skill_add"),
    path("volunteers/skills/<int:pk>/", teams.skill_change, name="skill_change"),
    path("volunteers/skills/<int:pk>/end", teams.skill_end, name="skill_end"),
    path("volunteers/links/", signing.links, name="links"),
    path("volunteers/links/<int:pk>/", signing.link, name="link"),
    path("volunteers/links/<int:pk>/end", signing.link_end, name="link_end"),
    path("volunteers/waiting/", signing.waiting, name="waiting"),
    path("volunteers/waiting/<int:pk>", signing.sign_up_act, name="sign_up_act"),
    path("volunteers/sheet/", sheets.sheet, name="sheet"),
    path("volunteers/sheet/template.xlsx", sheets.template, name="sheet_template"),
    path("volunteers/sheet/stored.xlsx", sheets.stored, name="sheet_stored"),
    path("volunteers/sheet/<uuid:pk>/", sheets.preview, name="sheet_preview"),
    path("volunteers/sheet/<uuid:pk>/apply", sheets.apply, name="sheet_apply"),
    path("volunteers/<int:pk>/", people.volunteer, name="volunteer"),
    path(
        "volunteers/<int:pk>/change/", people.volunteer_change, name="volunteer_change"
    ),
    path("volunteers/<int:pk>/leave", people.volunteer_leave, name="volunteer_leave"),
    path(
        "volunteers/<int:pk>/return", people.volunteer_return, name="volunteer_return"
    ),
    path("volunteers/<int:pk>/pause/", notes.pause_add, name="pause_add"),
    path("volunteers/pauses/<int:pk>/end", notes.pause_end, name="pause_end"),
    path("volunteers/<int:pk>/training/", notes.training_add, name="training_add"),
    path("volunteers/trainings/<int:pk>/end", notes.training_end, name="training_end"),
    path("volunteers/<int:pk>/hours/", hours.hours_add, name="hours_add"),
]
