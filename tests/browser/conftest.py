"""A real browser against the real server, with a clock that the test holds.

``site`` serves the whole program from a thread of this process; ``page_at`` opens a
page of a given size and language; ``axe`` finds what shuts people out; ``picture``
keeps what the page looked like, for people to see (``tests/browser/pictures``).
"""

from __future__ import annotations

import os
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, cast

import pytest
import uvicorn
from django.contrib.staticfiles.handlers import ASGIStaticFilesHandler
from django.core.asgi import get_asgi_application
from django.http import (
    FileResponse,
    HttpRequest,
    HttpResponse,
)
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Error,
    Page,
    Response,
    sync_playwright,
)

from shouwang.common import clock

HERE = Path(__file__).parent
AXE = HERE / "vendor" / "axe.min.js"
PICTURES = HERE / "pictures"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
# What keeps Chromium from asking its maker about updates while we test.
CHROMIUM_ARGUMENTS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

PageAt = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark all that lies here, so that ``-m "not browser"`` leaves it out."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@dataclass(kw_only=True)
class Site:
    """The running program, and the clock it reads while a request is served."""

    url: str
    moment: datetime | None = None

    def clock_at(self, moment: datetime) -> None:
        """Serve every later request as if it were ``moment`` (aware)."""
        self.moment = moment


@dataclass(kw_only=True)
class HeldClock:
    """An ASGI application whose requests read the clock of ``site``."""

    application: Any
    site: Site

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if self.site.moment is None:
            await self.application(scope, receive, send)
            return
        with clock.set_to(self.site.moment):
            await self.application(scope, receive, send)


class WholeFiles(ASGIStaticFilesHandler):
    """Sends static files whole.

    A page that closes while its modules are still on the way would leave them open, and
    whichever test runs when they are collected would fail for it.
    """

    def serve(self, request: HttpRequest) -> HttpResponse | FileResponse:
        """Return the file, read and closed."""
        answer = super().serve(request)
        if not isinstance(answer, FileResponse):
            return answer
        with closing(answer):
            whole = HttpResponse(
                b"".join(cast(Iterator[bytes], answer.streaming_content))
            )
        for name in ("Content-Type", "Last-Modified"):
            whole.headers[name] = answer.headers[name]
        return whole


@pytest.fixture
def site(transactional_db: None) -> Iterator[Site]:
    """Serve the program on a free port of this machine."""
    listening = socket.create_server(("127.0.0.1", 0))
    site = Site(url=f"http://127.0.0.1:{listening.getsockname()[1]}")
    application = WholeFiles(get_asgi_application())
    server = uvicorn.Server(
        uvicorn.Config(
            HeldClock(application=application, site=site),
            lifespan="off",
            log_level="warning",
            timeout_graceful_shutdown=1,
        )
    )
    # Connections wait at the listening socket until the server takes them.
    thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
    thread.start()
    yield site
    server.should_exit = True
    thread.join(timeout=10)
    assert not thread.is_alive(), "the server did not stop"
    listening.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start this machine's Chromium; Playwright's own is never downloaded.

    A module at a time: while it runs, an event loop runs in this thread, and other
    tests of the same worker must not meet it.
    """
    arguments = [*CHROMIUM_ARGUMENTS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # That loop makes Django think a test's own queries are asynchronous code.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(
            executable_path=_chromium(), args=arguments
        )
        yield browser
        browser.close()


def _chromium() -> str:
    named = os.environ.get("SHOUWANG_CHROMIUM")
    found = named or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if found is None:
        pytest.fail("No Chromium: run script/test, or set SHOUWANG_CHROMIUM.")
    return found


@dataclass(kw_only=True)
class Troubles:
    """What the browser complained of on one page."""

    expected: tuple[str, ...]
    seen: list[str] = field(default_factory=list)

    def listen_to(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", self._page_error)
        page.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        # Chromium repeats a failed request here without its address.
        if message.type in ("error", "warning") and "status of" not in message.text:
            self._note(f"console: {message.text}")

    def _page_error(self, error: Error) -> None:
        self._note(f"uncaught: {error}")

    def _response(self, response: Response) -> None:
        if response.status >= 400:
            self._note(f"{response.status} {response.request.method} {response.url}")

    def _note(self, trouble: str) -> None:
        if not any(part in trouble for part in self.expected):
            self.seen.append(trouble)


@pytest.fixture
def page_at(browser: Browser, site: Site) -> Iterator[PageAt]:
    """Return a function that opens pages; any trouble on them fails the test.

    ``page_at(1280, 800, "zh-Hans")`` is a page in a fresh session whose addresses
    start at the site, so ``page.goto("/")`` works. ``expected`` names parts of
    troubles that the test brings about itself, such as ``("404",)``.
    """
    opened: list[Troubles] = []
    with ExitStack() as contexts:

        def open_page(
            width: int = 1280,
            height: int = 800,
            language: str = "zh-Hans",
            *,
            dark: bool = False,
            java_script: bool = True,
            expected: tuple[str, ...] = (),
        ) -> Page:
            scheme: Literal["dark", "light"] = "dark" if dark else "light"
            context = browser.new_context(
                base_url=site.url,
                viewport={"width": width, "height": height},
                locale="zh-CN" if language.startswith("zh") else language,
                timezone_id="Asia/Shanghai",
                color_scheme=scheme,
                reduced_motion="reduce",
                java_script_enabled=java_script,
            )
            contexts.callback(context.close)
            troubles = Troubles(expected=expected)
            opened.append(troubles)
            page = context.new_page()
            page.set_default_timeout(10_000)
            troubles.listen_to(page)
            return page

        yield open_page
    seen = [trouble for troubles in opened for trouble in troubles.seen]
    assert not seen, "the browser complained:\n" + "\n".join(seen)


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], None]:
    """Return a function that fails when a page shuts somebody out (axe-core)."""
    source = AXE.read_text(encoding="utf-8")

    def look(page: Page) -> None:
        page.evaluate(source)
        found = page.evaluate("() => axe.run()")["violations"]
        told = [
            f"{fault['id']} ({fault['impact']}): {fault['help']}\n    "
            + "\n    ".join(node["html"][:200] for node in fault["nodes"][:5])
            for fault in found
        ]
        assert not told, f"axe-core on {page.url}:\n" + "\n".join(told)

    return look


@pytest.fixture(scope="session")
def picture() -> Callable[[Page, str], Path]:
    """Return a function that keeps a picture of the whole page under a name."""

    def take(page: Page, name: str) -> Path:
        PICTURES.mkdir(exist_ok=True)
        path = PICTURES / f"{name}.png"
        page.screenshot(path=path, full_page=True)
        return path

    return take
