"""Addresses of visits and company."""

from __future__ import annotations

from django.urls import path

from shouwang.apps.visits.views import (
    asking,
    company,
    filling,
    planning,
    raising,
    visits,
)

app_name = "visits"
urlpatterns = [
    path("visits/", visits.visits, name="visits"),
    path("visits/plan", planning.plan, name="plan"),
    path("visits/round/<int:pk>/", planning.visit_round, name="round"),
    path("visits/round/<int:pk>/order", planning.order, name="order"),
    path("visits/home/<int:pk>/", visits.home_visits, name="home"),
    path("visits/home/<int:pk>/add/", filling.visit_add, name="visit_add"),
    path("visits/home/<int:pk>/change/", visits.change_add, name="change_add"),
    path("visits/change/<int:pk>/end", visits.change_end, name="change_end"),
    path("visits/suggestion/<int:pk>", visits.suggestion, name="suggestion"),
    path("visits/questions/", asking.questions, name="questions"),
    path("visits/questions/add/", asking.question_add, name="question_add"),
    path(
        "visits/questions/<slug:code>/", asking.question_change, name="question_change"
    ),
    path("visits/questions/<slug:code>/end", asking.question_end, name="question_end"),
    path(
        "visits/questions/<slug:code>/move", asking.question_move, name="question_move"
    ),
    path("visits/often/", asking.frequency, name="frequency"),
    path("visits/raise/", raising.raise_group, name="raise"),
    path("visits/raise/<int:pk>/undo", raising.undo, name="raise_undo"),
    path("visits/lists/", raising.lists, name="lists"),
    path("visits/lists/add/", raising.list_add, name="list_add"),
    path("visits/lists/<int:pk>/", raising.list_change, name="list_change"),
    path("visits/lists/<int:pk>/end", raising.list_end, name="list_end"),
    path("visits/<uuid:pk>/", visits.visit, name="visit"),
    path("visits/<uuid:pk>/judge", visits.judge, name="judge"),
    path("company/", company.company, name="company"),
    path("company/chat/", company.home_choose, name="chat_choose"),
    path("company/chat/<int:pk>/", company.chat_add, name="chat_add"),
]
