"""A page with one form: shown, checked, saved, or shown again with what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from shouwang.common.errors import ConflictError, RefusedError


@dataclass(frozen=True, kw_only=True)
class FormPage:
    """What stands around a form: its heading, its button, and the way back."""

    title: str
    send: str
    back: str
    intro: str = ""
    template: str = "forms/page.html"
    more: dict[str, Any] = field(default_factory=dict)


def form_page(
    request: HttpRequest,
    form: BaseForm,
    page: FormPage,
    save: Callable[[], HttpResponse],
) -> HttpResponse:
    """Answer with the form, or with what ``save`` answers once all is well.

    What the rules refuse stands beside the field it is about, with status 422, and
    everything that was typed is still there.
    """
    if request.method == "POST" and form.is_valid():
        try:
            return save()
        except (RefusedError, ConflictError) as error:
            _note(form, error)
    context = {"form": form, "page": page, **page.more}
    status = 422 if form.errors else 200
    return render(request, page.template, context, status=status)


def _note(form: BaseForm, error: RefusedError | ConflictError) -> None:
    placed = {name: rows for name, rows in error.fields.items() if name in form.fields}
    for name, rows in placed.items():
        for words in rows:
            form.add_error(name, words)
    if not placed:
        form.add_error(None, str(error))
