"""Answers that are not pages."""

from __future__ import annotations

from django.db.models.fields.files import FieldFile
from django.http import HttpResponse


def jpeg_answer(file: FieldFile) -> HttpResponse:
    """Answer with a picture that we encoded ourselves; only the reader may keep it.

    It is small (1,600 pixels a side at most), so it is sent whole.
    """
    with file.open("rb") as opened:
        content = opened.read()
    return HttpResponse(
        content,
        content_type="image/jpeg",
        headers={"Cache-Control": "private, max-age=600"},
    )
