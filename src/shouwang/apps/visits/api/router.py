"""Where the addresses of visits are gathered."""

from __future__ import annotations

from ninja import Router

visits = Router(tags=["visits"])
