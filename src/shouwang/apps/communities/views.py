"""Logging in, and the very first start."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import login
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from shouwang.apps.communities.models import User
from shouwang.apps.communities.services import FirstStart, first_start
from shouwang.common import clock
from shouwang.common.errors import RefusedError


class Login(LoginView):
    """The login page; where nobody is known yet, the first start."""

    def dispatch(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        if not User.objects.exists():
            return redirect("start")
        return super().dispatch(request, *args, **kwargs)


def start(request: HttpRequest) -> HttpResponse:
    """Make the first community and its coordinator."""
    if User.objects.exists():
        return redirect("login")
    problem = ""
    if request.method == "POST":
        given = FirstStart(
            community=request.POST.get("community", "").strip(),
            name=request.POST.get("name", "").strip(),
            username=request.POST.get("username", "").strip(),
            password=request.POST.get("password", ""),
        )
        try:
            user = first_start(given=given, now=clock.now())
        except RefusedError as error:
            problem = str(error)
        else:
            login(request, user, "django.contrib.auth.backends.ModelBackend")
            return redirect("desk:board")
    return render(
        request,
        "communities/start.html",
        {"problem": problem, "given": request.POST},
        status=422 if problem else 200,
    )
