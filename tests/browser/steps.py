"""Steps that many browser tests take."""

from __future__ import annotations

from django.conf import settings
from django.utils.module_loading import import_string

from shouwang.apps.outbox.sending import outbox_send_due


def logged_in(page, name="chen"):
    """Log in, and return the page at the board."""
    page.goto("/login/")
    page.fill("[name=username]", name)
    page.fill("[name=password]", "secret")
    page.click("main button")
    page.wait_for_url("**/")
    return page


def tick(site, moment):
    """Let the runner and the sender do what is due at ``moment``; pages read that clock."""
    site.clock_at(moment)
    for path in (*settings.RUNNER_PASSES, *settings.SENDER_PASSES):
        import_string(path)(now=moment)
    outbox_send_due(now=moment)
