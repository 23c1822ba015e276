"""Answers that are not pages."""

from __future__ import annotations

from django.db.models.fields.files import FieldFile
from django.http import HttpResponse


def picture_answer(file: FieldFile, media_type: str = "image/jpeg") -> HttpResponse:
    """Answer with a picture that we encoded ourselves; only the reader may keep it.

    It is small, so it is sent whole.
    """
    with file.open("rb") as opened:
        content = opened.read()
    return HttpResponse(
        content,
        content_type=media_type,
        headers={"Cache-Control": "private, max-age=600"},
    )
