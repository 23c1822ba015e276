"""Shouwang 守望: the watch over older people who live alone."""

from __future__ import annotations
