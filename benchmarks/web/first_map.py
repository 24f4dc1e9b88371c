"""How long the first map takes in a browser with an empty cache, and what it has to load for it.

A server with the starter Atlas is started on this machine, and Chromium opens its front page, each
time as a browser that has never been here, on a desk and on a phone. The clock runs from the start
of the navigation until the page marks that the ground of its map is painted, with its states, and
that everything is. A machine without a graphics card paints by its processor: most of the time.

What is loaded is counted as it comes over the line, compressed where it is, without headers; tiles
are counted apart. Before anything is told, the page's own map must be there, no script may have
failed, no policy may have been broken, and nothing may have been asked of another machine.

Needs Chromium, which Playwright drives; without, nothing is measured.

Run: ``python benchmarks/web/first_map.py [--times 3] [--chromium /usr/bin/chromium]``
"""

import argparse
import shutil
import time
from collections import defaultdict
from pathlib import PurePosixPath
from statistics import median
from typing import Any
from urllib.parse import urlsplit

from _databases import database, machine, verdict
from _serving import Server, serving
from playwright.sync_api import Browser, Page, Request, sync_playwright

BAR_S = 3.0
BAR_KB = 1500.0
WITHIN_S = 60
MARKS = ("kulan: first map", "kulan: whole map")
SCREENS = {"desk": (1280, 800), "phone": (390, 844)}
FLAGS = [
    "--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-first-run",
]  # fmt: skip
KINDS = {
    ".js": "scripts", ".mjs": "scripts", ".css": "styles", ".woff2": "fonts", ".json": "layers",
    ".mvt": "tiles", ".png": "tiles", ".svg": "pictures",
}  # fmt: skip


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--times", type=int, default=3)
    options.add_argument("--chromium", default=shutil.which("chromium") or "")
    asked = options.parse_args()
    print(machine())
    if not asked.chromium:
        print("Chromium is not on this machine: not measured")
        return
    with database("sqlite") as environment, serving(environment) as server, sync_playwright() as p:
        browser = p.chromium.launch(executable_path=asked.chromium, args=FLAGS)
        for screen, (width, height) in SCREENS.items():
            found = [first_map(browser, server, width, height) for _ in range(asked.times)]
            tell(screen, found)
        browser.close()


def tell(screen: str, found: list[dict[str, Any]]) -> None:
    """Print the figures of one screen; every time anew is a first time."""
    first, whole = ([one[mark] for one in found] for mark in MARKS)
    loaded = found[-1]["kilobytes"]
    before = sum(size for kind, size in loaded.items() if kind != "tiles")
    print(
        f"{screen}: first map after {median(first):.2f} s{verdict(median(first), BAR_S)}, "
        f"least {min(first):.2f}; whole map after {median(whole):.2f} s, least {min(whole):.2f}"
    )
    parts = ", ".join(f"{kind} {size:.0f}" for kind, size in sorted(loaded.items()))
    print(f"  {before:.0f} kB before tiles{verdict(before, BAR_KB)}: {parts} kB")
    print(f"  {found[-1]['requests']} requests")


def first_map(browser: Browser, server: Server, width: int, height: int) -> dict[str, Any]:
    """Open the front page in a browser without a past."""
    context = browser.new_context(viewport={"width": width, "height": height})
    page = context.new_page()
    asked: list[Request] = []
    problems: list[str] = []
    page.on("requestfinished", lambda request: asked.append(request))  # noqa: PLW0108  a builtin fails
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda line: problems.append(line.text) if line.type == "error" else None)
    page.goto(server.address + "/", wait_until="domcontentloaded")
    wait_until_drawn(page)
    found = {mark: marked_s(page, mark) for mark in MARKS}
    found |= {"requests": len(asked), "kilobytes": kilobytes(asked, server)}
    if problems:
        raise SystemExit(f"the page failed: {problems[:3]}")
    context.close()
    return found


def wait_until_drawn(page: Page) -> None:
    # the page's policy forbids what Playwright's own waiting would do: it is asked instead
    until = time.monotonic() + WITHIN_S
    while time.monotonic() < until:
        if page.evaluate("document.body.dataset.map") == "ready":
            return
        page.wait_for_timeout(20)
    raise SystemExit(f"no map within {WITHIN_S} s")


def marked_s(page: Page, mark: str) -> float:
    """Return when the page set a mark, seconds from the start of its navigation."""
    return float(page.evaluate(f"performance.getEntriesByName('{mark}')[0].startTime")) / 1000


def kilobytes(asked: list[Request], server: Server) -> dict[str, float]:
    """Return what came over the line, by what it was."""
    sizes: dict[str, float] = defaultdict(float)
    for request in asked:
        if request.url.startswith(("data:", "blob:")):
            continue
        if not request.url.startswith(server.address):
            raise SystemExit(f"another machine was asked: {request.url}")
        path = urlsplit(request.url).path
        kind = KINDS.get(PurePosixPath(path).suffix, "page")
        sizes[kind] += max(0, request.sizes()["responseBodySize"]) / 1000
    return dict(sizes)


if __name__ == "__main__":
    main()
