"""Photos are decoded and encoded again before anything is kept."""

from __future__ import annotations

import hashlib
import io
import uuid
import warnings
from datetime import datetime

from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from shouwang.apps.communities.models import Community, Member
from shouwang.apps.watch.models import Photo
from shouwang.common.errors import RefusedError

BYTES_MOST = 12 * 1024 * 1024
PIXELS_MOST = 40_000_000
SIDE_KEPT = 1600
_FORMATS = ("JPEG", "PNG", "WEBP")


def photo_store(
    *, community: Community, content: bytes, by: Member | None, now: datetime
) -> Photo:
    """Keep a photo: upright, at most 1600 px, without any of its metadata.

    Raises
    ------
    RefusedError
        ``photo_too_large`` or ``not_a_photo``.
    """
    if len(content) > BYTES_MOST:
        raise RefusedError("photo_too_large", _("The photo is larger than 12 MB."))
    jpeg, width, height = _encoded(content)
    photo = Photo(
        id=uuid.uuid4(),
        community=community,
        sha256=hashlib.sha256(content).hexdigest(),
        width=width,
        height=height,
        taken_by=by,
        received_at=now,
    )
    photo.file.save(f"{photo.id}.jpg", ContentFile(jpeg), save=False)
    photo.save(force_insert=True)
    return photo


def _encoded(content: bytes) -> tuple[bytes, int, int]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=_FORMATS) as opened:
                return _small_and_upright(opened)
    except (
        UnidentifiedImageError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
        OSError,
        SyntaxError,
        ValueError,
    ) as error:
        words = _("This is not a photo that can be opened (JPEG, PNG or WebP).")
        raise RefusedError("not_a_photo", words) from error


def _small_and_upright(opened: Image.Image) -> tuple[bytes, int, int]:
    if opened.width * opened.height > PIXELS_MOST:
        raise RefusedError("photo_too_large", _("The photo has too many pixels."))
    picture = ImageOps.exif_transpose(opened).convert("RGB")
    picture.thumbnail((SIDE_KEPT, SIDE_KEPT))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85)
    return out.getvalue(), picture.width, picture.height
