"""A server as `kulan serve` starts it, and a browser to visit it with, for whole journeys."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

FLAGS = [
    "--no-sandbox",
    "--use-angle=swiftshader",  # WebGL without a graphics card
    "--enable-unsafe-swiftshader",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
# a busy machine is slow, and that is no fault of a page: what is waited for comes, or never does
_PATIENCE_S = 150.0
_START_S = 180.0  # the starter Atlas is built into the new state folder first


@dataclass(frozen=True)
class Served:
    """A running server.

    Attributes
    ----------
    address
        ``http://127.0.0.1:port``, without a slash at the end.
    state
        Its state folder.
    password
        Of all demonstration accounts; ``partner@demo.example`` is one of them.
    """

    address: str
    state: Path
    password: str

    def sign_in(self, page: Any, role: str) -> None:
        """Sign in as the demonstration account of a role, as ``state-focal-point``."""
        page.goto(f"{self.address}/account/login/?next=/healthz")
        page.fill("input[name=login]", f"{role}@demo.example")
        page.fill("input[name=password]", self.password)
        page.press("input[name=password]", "Enter")
        page.wait_for_url(lambda url: url.endswith("/healthz"))

    def run(self, code: str) -> str:
        """Run Python on the server's database, to make what a journey needs; return its output."""
        setup = "from kulan.web.operation.django_setup import set_up; set_up()\n"
        environment = {**os.environ, "KULAN_STATE": str(self.state)}
        environment.pop("DJANGO_SETTINGS_MODULE", None)
        done = subprocess.run(
            [sys.executable, "-c", setup + code],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """`kulan serve --demo` on a new state folder; one for all journeys of a test run."""
    state = tmp_path_factory.mktemp("served")
    port = _free_port()
    environment = {**os.environ, "KULAN_STATE": str(state), "KULAN_LOG_LEVEL": "WARNING"}
    for name in ("DJANGO_SETTINGS_MODULE", "DATABASE_URL", "KULAN_PUBLIC_URL"):
        environment.pop(name, None)
    command = ["serve", "--demo", "--state", str(state), "--port", str(port), "--workers", "1"]
    with (state / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-c", "from kulan.cli import main; main()", *command],
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_until_alive(address, server, state / "server.log")
        yield Served(address, state, (state / "demonstration-password").read_text().strip())
    finally:
        server.terminate()
        server.wait(timeout=_PATIENCE_S)


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _wait_until_alive(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + _START_S
    while time.monotonic() < until:
        assert server.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=5):
                return
        except OSError:  # refused, or too busy to answer yet
            time.sleep(0.2)
    raise AssertionError(f"no server within {_START_S:.0f} s:\n{log.read_text()}")


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Any]:
    """Chromium; one for each module, since Playwright's loop and Django's ORM do not mix."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=chromium, args=FLAGS)
        yield opened
        opened.close()


Visit = Callable[..., Any]


@pytest.fixture
def visit(browser: Any, served: Served) -> Iterator[Visit]:
    """Open a page as a new visitor; what went wrong in it is kept in its `problems`.

    ``visit("/species/", language="ru", scheme="dark", width=390)``. `bypass_csp` is for axe, which
    brings a script of its own.
    """
    with ExitStack() as closing:

        def opened(
            path: str = "/",
            *,
            language: str = "en",
            scheme: str = "light",
            width: int = 1300,
            height: int = 900,
            role: str = "",
            bypass_csp: bool = False,
            **context_options: Any,
        ) -> Any:
            context = browser.new_context(
                bypass_csp=bypass_csp,
                color_scheme=scheme,
                locale=language,
                viewport={"width": width, "height": height},
                **context_options,
            )
            closing.callback(context.close)
            context.set_default_timeout(_PATIENCE_S * 1000)
            page = context.new_page()
            page.problems = []
            page.on("console", lambda message: _keep(page, message))
            page.on("pageerror", lambda error: page.problems.append(str(error)))
            page.on("request", lambda request: _keep_foreign(page, request, served.address))
            if role:
                served.sign_in(page, role)
            page.goto(served.address + path)
            return page

        yield opened


def _keep(page: Any, message: Any) -> None:
    if message.type not in ("error", "warning"):
        return
    # what a graphics card in software says of its own speed is no fault of the page
    if "GL Driver Message" in message.text or "swiftshader" in message.text.lower():
        return
    page.problems.append(message.text)


def _keep_foreign(page: Any, request: Any, address: str) -> None:
    if not request.url.startswith((address, "data:", "blob:")):
        page.problems.append(f"asked another site: {request.url}")


@pytest.fixture(scope="session")
def check_axe() -> Callable[[Any], None]:
    """Assert that axe finds nothing to mend on a page opened with `bypass_csp=True`."""
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe is not installed"
    )

    def check(page: Any) -> None:
        results = axe.Axe().run(page)
        assert results.violations_count == 0, results.generate_report()

    return check


@pytest.fixture(scope="session")
def until() -> Callable[..., Any]:
    """Wait until an expression is true in the page; the page's policy forbids Playwright's own."""

    def wait(page: Any, expression: str, *, seconds: float = _PATIENCE_S) -> Any:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if found := page.evaluate(expression):
                return found
            page.wait_for_timeout(100)
        said = getattr(page, "problems", [])
        raise AssertionError(f"never true: {expression}; the page said {said}")

    return wait
