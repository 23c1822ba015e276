"""Reads of the program about itself."""

from __future__ import annotations
