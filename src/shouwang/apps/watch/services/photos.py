"""Photos are decoded and encoded again before anything is kept."""

from __future__ import annotations

import hashlib
import io
import warnings
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from shouwang.apps.communities.models import Community, Member
from shouwang.apps.residents.models import Home
from shouwang.apps.watch.models import Photo, PhotoHome
from shouwang.common.errors import ConflictError, NotFoundError, RefusedError

BYTES_MOST = 12 * 1024 * 1024
PIXELS_MOST = 40_000_000
SIDE_KEPT = 1600
_FORMATS = ("JPEG", "PNG", "WEBP")


@dataclass(frozen=True, kw_only=True)
class PhotoIn:
    """A photo as it reaches us; ``id`` made where it was taken makes a repeat harmless.

    ``taken_at`` is by our clock; ``home_ids`` are the homes it may show.
    """

    content: bytes
    id: UUID = field(default_factory=uuid4)
    home_ids: Collection[int] = ()
    taken_at: datetime | None = None
    standpoint: str = ""

    @property
    def sha256(self) -> str:
        """Return what tells the same id with another picture apart (hex)."""
        return hashlib.sha256(self.content).hexdigest()


def photo_store(
    *, community: Community, photo: PhotoIn, by: Member | None, now: datetime
) -> tuple[Photo, bool]:
    """Keep a photo: upright, at most 1600 px, without any of its metadata.

    Returns
    -------
    tuple of Photo and bool
        The photo, and whether it is new; the same one again is not kept twice.

    Raises
    ------
    RefusedError
        ``photo_too_large`` or ``not_a_photo``.
    NotFoundError
        ``unknown_home``.
    ConflictError
        ``id_used``: this id belongs to another picture.
    """
    had = _had(community, photo)
    if had is not None:
        return had, False
    homes = set(photo.home_ids)
    if Home.objects.of(community).filter(pk__in=homes).count() != len(homes):
        raise NotFoundError("unknown_home", _("There is no such home here."))
    jpeg, width, height = jpeg_of(photo.content)
    row = Photo(
        id=photo.id,
        community=community,
        sha256=photo.sha256,
        width=width,
        height=height,
        taken_by=by,
        taken_at=min(photo.taken_at, now) if photo.taken_at else None,
        standpoint=photo.standpoint[:80],
        received_at=now,
    )
    row.file.save(f"{row.id}.jpg", ContentFile(jpeg), save=False)
    with transaction.atomic():
        row.save(force_insert=True)
        PhotoHome.objects.of(community).bulk_create(
            PhotoHome(community=community, photo=row, home_id=key)
            for key in sorted(homes)
        )
    return row, True


def _had(community: Community, photo: PhotoIn) -> Photo | None:
    # An id is unique in the whole database, so one of another community counts too.
    rows = Photo.objects.across("an id is used once in the whole database")
    row = rows.filter(pk=photo.id).first()
    if row is None:
        return None
    if row.community_id != community.pk or row.sha256 != photo.sha256:
        words = _("This id was used before, for something else.")
        raise ConflictError("id_used", words)
    return row


def jpeg_of(content: bytes) -> tuple[bytes, int, int]:
    """Return a picture decoded and encoded again, with its width and height in pixels.

    Raises
    ------
    RefusedError
        ``photo_too_large`` or ``not_a_photo``.
    """
    if len(content) > BYTES_MOST:
        raise RefusedError("photo_too_large", _("The photo is larger than 12 MB."))
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
