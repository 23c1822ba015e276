"""QR codes, drawn as SVG."""

from __future__ import annotations

import segno
from django.utils.safestring import SafeString, mark_safe


def qr_svg(address: str) -> SafeString:
    """Return a QR code of ``address`` as an SVG element, to stand in a page.

    Error correction M: a sheet may be folded or stained.
    """
    code = segno.make(address, error="m", micro=False)
    drawn = code.svg_inline(scale=4, border=4, omitsize=True)
    return mark_safe(drawn)  # noqa: S308 -- drawn by the library from modules only
