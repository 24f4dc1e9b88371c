"""Every page that the truth table knows is shown to axe: in two languages, light and dark.

The pages are answered by Django's client, as one of the cast sees them, and then shown to Chromium
together with their stylesheets: no server, no signing in. What scripts make of a page (the map, the
drawing of a screening) is shown to axe by the journeys.
"""

import concurrent.futures
import contextlib
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.db import transaction
from django.urls import reverse

from kulan.web import rates
from web_routes import Row, all_rows

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.slow]

PHONE = 390
WHO = ("aigul", "farida", "gulnara", "nobody", "dmitri")  # whoever sees most is asked first
SHOWN = (200, 422)

_KINDS = {".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
_SKELETON = re.compile(r'<(\w+)|class="([^"]*)"')
_RUN = """
    async () => (await axe.run({resultTypes: ["violations"]}))
        .violations.flatMap(one => one.nodes.map(node =>
            [one.id, node.html.slice(0, 200), node.failureSummary.slice(0, 300)]))
"""


@dataclass(frozen=True)
class Page:
    """A page, and how to ask for it again."""

    name: str
    text: str


@pytest.fixture
def pages(browser_of, standing_things, language) -> list[Page]:
    found: dict[str, Page] = {}
    refusals = {403, 404, 409}  # one page of each kind is enough
    for row in all_rows():
        for who in WHO:
            if row.status(who) in SHOWN or row.status(who) in refusals:
                _keep(found, row, who, browser_of, standing_things, language)
                refusals.discard(row.status(who))
                break
    return list(found.values())


def _keep(found, row: Row, who, browser_of, things, language) -> None:
    """Ask for a page; keep it if it is one, and not a file or a part of a page."""
    arguments = {key: things.get(one, one) for key, one in row.arguments.items()}
    data = {key: things.get(one, one) for key, one in row.data.items()}
    address = reverse(row.route, kwargs=arguments) + row.query
    rates.forget_all()
    with transaction.atomic():
        ask = getattr(browser_of(who), row.method)
        answer = ask(address, data, headers={"accept-language": language, "accept": "text/html"})
        transaction.set_rollback(True)
    if answer.streaming or not answer.headers["Content-Type"].startswith("text/html"):
        return
    text = answer.content.decode()
    if "<html" in text:
        skeleton = str(_SKELETON.findall(text))  # the same elements and classes: the same to axe
        found.setdefault(skeleton, Page(f"{row} ({who})", text))


class _Shop(BaseHTTPRequestHandler):
    """Hands out the pages by number, their stylesheets and fonts, and axe."""

    pages: ClassVar[list[Page]] = []
    axe: ClassVar[bytes] = b""

    def do_GET(self) -> None:
        """Answer; the scripts of the pages are not there."""
        path = urlsplit(self.path).path
        body = kind = None
        if path == "/axe.js":
            body, kind = self.axe, "text/javascript"
        elif path.startswith("/page/"):
            body = self.pages[int(path.removeprefix("/page/"))].text.encode()
            kind = "text/html; charset=utf-8"
        elif file := _static_file(path):
            body, kind = file.read_bytes(), _KINDS[file.suffix]
        self.send_response(200 if body is not None else 404)
        self.send_header("Content-Type", kind or "text/plain")
        self.send_header("Cache-Control", "no-store" if "html" in (kind or "") else "max-age=600")
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


def _static_file(path: str) -> Path | None:
    found = path.startswith("/static/") and finders.find(path.removeprefix("/static/"))
    return Path(found) if found and Path(found).suffix in _KINDS else None


@contextlib.contextmanager
def _served(pages: list[Page]) -> Iterator[str]:
    axe = pytest.importorskip("axe_playwright_python.base", reason="axe is not installed")
    _Shop.pages, _Shop.axe = pages, Path(axe.AXE_FILE_PATH).read_bytes()
    with ThreadingHTTPServer(("127.0.0.1", 0), _Shop) as server:
        threading.Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def _what_axe_finds(chromium: str, pages: list[Page], scheme: str) -> list[str]:
    """Return what is to be mended, in words; runs in a thread of its own, away from the ORM."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    faults = []
    with _served(pages) as site, playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        tab = browser.new_context(reduced_motion="reduce", color_scheme=scheme).new_page()
        for number, page in enumerate(pages):
            tab.set_viewport_size({"width": 1280, "height": 900})
            tab.goto(f"{site}/page/{number}")
            tab.add_script_tag(url="/axe.js")
            found = tab.evaluate(_RUN)
            faults += [f"{page.name}: {rule}: {markup} ({why})" for rule, markup, why in found]
            tab.set_viewport_size({"width": PHONE, "height": 800})
            if (width := tab.evaluate("document.documentElement.scrollWidth")) > PHONE:
                faults.append(f"{page.name}: {width} px wide on a phone of {PHONE} px")
        browser.close()
    return faults


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("ru", "dark")])
def test_axe_finds_nothing_to_mend_and_a_phone_shows_the_page_whole(chromium, pages, scheme):
    with concurrent.futures.ThreadPoolExecutor(1) as apart:
        faults = apart.submit(_what_axe_finds, chromium, pages, scheme).result()
    assert len(pages) > 50, f"only {len(pages)} pages were found"
    assert not faults, "\n".join(faults)
