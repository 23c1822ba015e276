"""Addresses of homes, people, agreements and signal kinds."""

from __future__ import annotations

from django.urls import path

from shouwang.apps.residents.views import (
    agreements,
    homes,
    leaving,
    risks,
    roster,
    signals,
)

app_name = "residents"
urlpatterns = [
    path("homes/", homes.homes, name="homes"),
    path("homes/add/", homes.home_add, name="home_add"),
    path("homes/<int:pk>/about/", homes.home, name="home"),
    path("homes/<int:pk>/change/", homes.home_change, name="home_change"),
    path("homes/<int:pk>/risks/", risks.home_risks, name="home_risks"),
    path("homes/<int:pk>/archive", leaving.home_archive, name="home_archive"),
    path("homes/left/", leaving.leavings, name="leavings"),
    path("homes/left/<int:pk>/", leaving.leaving, name="leaving"),
    path("homes/left/<int:pk>/let-go", leaving.leaving_let_go, name="leaving_let_go"),
    path("homes/<int:pk>/residents/add/", homes.resident_add, name="resident_add"),
    path("residents/<int:pk>/", homes.resident_change, name="resident_change"),
    path("residents/<int:pk>/leave", leaving.resident_leave, name="resident_leave"),
    path("homes/<int:pk>/contacts/add/", homes.contact_add, name="contact_add"),
    path("contacts/<int:pk>/", homes.contact_change, name="contact_change"),
    path("contacts/<int:pk>/leave", homes.contact_leave, name="contact_leave"),
    path(
        "homes/<int:pk>/agreements/add/",
        agreements.agreement_add,
        name="agreement_add",
    ),
    path("agreements/<int:pk>/", agreements.agreement_change, name="agreement_change"),
    path("agreements/<int:pk>/end/", agreements.agreement_end, name="agreement_end"),
    path("agreements/<int:pk>/card/", agreements.agreement_card, name="agreement_card"),
    path(
        "consents/<int:pk>/withdraw/",
        agreements.consent_withdraw,
        name="consent_withdraw",
    ),
    path("roster/", roster.roster, name="roster"),
    path("roster/<uuid:pk>/", roster.roster_preview, name="roster_preview"),
    path("roster/<uuid:pk>/apply", roster.roster_apply, name="roster_apply"),
    path("roster/template.xlsx", roster.roster_template, name="roster_template"),
    path("roster/export.<slug:kind>", roster.roster_export, name="roster_export"),
    path("signals/", signals.signals, name="signals"),
    path("signals/add/", signals.signal_add, name="signal_add"),
    path("signals/<int:pk>/", signals.signal_change, name="signal_change"),
]
