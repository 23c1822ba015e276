"""What every page is made of: base templates, design tokens, static files."""

from __future__ import annotations
