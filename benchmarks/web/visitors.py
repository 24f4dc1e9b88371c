"""How the server answers 50 visitors at once, on both databases: pages, tiles, search, facts.

A server with the starter Atlas is started on this machine, and visitors open the map, move it, zoom
it, click into it, search, and read pages, with a pause of 1 to 5 s after each. Who moves the map
asks for all tiles of the layers shown that the window (1200 x 800 pixels, tiles of 512) has come to
show, six at a time, as a browser does, and asks for none twice. The caches of the server are empty
when the visitors come. Figures are of the time after all have come, and count from the first byte
sent to the last received; the visitors themselves take part of the same processors.

Before any time is told, every answer is checked: status 200, or 204 for a tile where nothing lies;
a tile is gzipped or a PNG, a page ends with </html>, a list of layers has themes. Any other answer
is a failure, and there must be none.

Locust makes the load; it goes to this machine only, and ends by itself.

Run: ``python benchmarks/web/visitors.py [--visitors 50] [--seconds 40] [--databases sqlite]``
"""

import argparse
import json
import math
import random
import re
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import gevent
import locust
from _databases import DATABASES, database, kinds, machine, percentile, verdict
from _serving import Server, memory_mb, processor_s, serving
from gevent.pool import Pool
from locust.contrib.fasthttp import FastHttpUser
from locust.env import Environment

BARS_MS = {"tile": 150.0, "page": 400.0}
WINDOW_PX = (1200, 800)
TILE_PX = 512
AT_ONCE = 6
COME_WITHIN_S = 8
WORDS = ("saiga", "сайга", "khulan", "Ulaanbaatar", "Астана", "snow leopard", "Ustyurt", "barriers")
# visitors come from many addresses, as through a proxy: limits hold for each of them
PROXY = {"KULAN_BEHIND_PROXY": "yes"}
NUMBERS = count(1)
SAVED: dict[str, Any] = {}


@dataclass
class Figures:
    """What was measured: milliseconds by kind, and failures."""

    times_ms: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    failures: list[str] = field(default_factory=list)
    seconds: float = 0.0
    processor_s: float = 0.0

    def clear(self) -> None:
        """Forget what came before all visitors were there; failures stay."""
        self.times_ms.clear()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--visitors", type=int, default=50)
    options.add_argument("--seconds", type=int, default=40)
    options.add_argument("--databases", nargs="+", choices=DATABASES, default=list(DATABASES))
    asked = options.parse_args()
    print(f"{machine()}\n{asked.visitors} visitors for {asked.seconds} s")
    failed = 0
    for kind in kinds(asked.databases):
        with database(kind) as environment, serving(environment | PROXY) as server:
            figures = visit(server, asked.visitors, asked.seconds)
            tell(kind, figures, server)
        failed += len(figures.failures)
    if failed:
        raise SystemExit(f"{failed} answers failed")


def tell(kind: str, figures: Figures, server: Server) -> None:
    total = sum(map(len, figures.times_ms.values()))
    print(
        f"{kind}: ready after {server.ready_s:.0f} s; {total / figures.seconds:.0f} answers a "
        f"second, {figures.processor_s / total * 1000:.1f} ms of the server's processor time each, "
        f"{memory_mb(server.pid):.0f} MB; ms:"
    )
    for name in sorted(figures.times_ms):
        times = figures.times_ms[name]
        bar = BARS_MS["tile" if name.startswith("tile") else "page"]
        middle, slow = percentile(times, 0.5), percentile(times, 0.95)
        told = f"p50 {middle:.0f}, p95 {slow:.0f}{verdict(slow, bar)}, most {max(times):.0f}"
        print(f"  {name} ({len(times):,}): {told}")
    print(f"  failures: {len(figures.failures)}{verdict(len(figures.failures), 0)}")
    for failure in sorted(set(figures.failures))[:10]:
        print(f"    {failure}")


def visit(server: Server, visitors: int, seconds: int) -> Figures:
    """Let the visitors come, measure while all are there, let them go."""
    figures = Figures()
    Visitor.host = server.address
    environment = Environment(user_classes=[Visitor], events=locust.events)
    environment.figures = figures
    SAVED.clear()
    runner = environment.create_local_runner()
    runner.start(visitors, spawn_rate=visitors / COME_WITHIN_S)
    gevent.sleep(COME_WITHIN_S + 2)
    figures.clear()
    started, before_s = time.perf_counter(), processor_s(server.pid)
    gevent.sleep(seconds)
    figures.seconds = time.perf_counter() - started
    figures.processor_s = processor_s(server.pid) - before_s
    runner.stop()
    runner.quit()
    return figures


def is_page(body: bytes) -> bool:
    return body.rstrip().endswith(b"</html>")


def is_part(body: bytes) -> bool:
    return body.rstrip().endswith(b"</div>")


def is_tile(body: bytes) -> bool:
    return not body or body[:2] == b"\x1f\x8b" or body[:4] == b"\x89PNG" or body[:1] == b"\x1a"


class Visitor(FastHttpUser):
    """Somebody with a browser."""

    wait_time = locust.between(1, 5)
    connection_timeout = network_timeout = 30.0

    def on_start(self) -> None:
        """Open the map."""
        number = next(NUMBERS)
        self.chance = random.Random(number)
        self.sender = f"10.0.{number >> 8 & 255}.{number & 255}"
        self.seen: set[str] = set()
        self.longitude, self.latitude = self.chance.uniform(55, 110), self.chance.uniform(36, 50)
        self.zoom = 4
        self.open_the_map()

    def ask(self, name: str, address: str, right: Callable[[bytes], bool]) -> bytes:
        """Ask for one thing, check it, and write down how long it took."""
        figures: Figures = self.environment.figures
        started = time.perf_counter()
        headers = {"X-Forwarded-For": self.sender, "Accept-Encoding": "gzip"}
        with self.client.get(address, headers=headers, catch_response=True) as answer:
            body = answer.content or b""
            took_ms = (time.perf_counter() - started) * 1000
            if answer.status_code not in (200, 204) or not right(body):
                figures.failures.append(f"{name} {answer.status_code} {address} {body[:80]!r}")
            figures.times_ms[name].append(took_ms)
        return body

    def open_the_map(self) -> None:
        """Ask for the page, its files, the list of layers and the first tiles."""
        page = self.ask("page: map", "/", is_page).decode()
        SAVED.setdefault("files", sorted(set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page))))
        for file in SAVED["files"]:
            self.ask("file", file, bool)
        listing = self.ask("page: list of layers", "/atlas/layers.json", lambda b: b'"themes"' in b)
        layers = json.loads(listing)
        every = [one for theme in layers["themes"] for one in theme["layers"]] + layers["base"]
        self.others = [one["id"] for one in every if not one["shown"]]
        self.shown = [one for one in every if one["shown"]]
        self.every = {one["id"]: one for one in every}
        self.see()

    def see(self) -> None:
        """Ask for all tiles of the window that this browser does not have yet."""
        n = 2**self.zoom
        x = (self.longitude + 180) / 360 * n
        y = (1 - math.asinh(math.tan(math.radians(self.latitude))) / math.pi) / 2 * n
        across, down = (side / TILE_PX / 2 for side in WINDOW_PX)
        wanted = []
        for layer in self.shown:
            if layer["kind"] == "raster" and self.zoom > layer["maxzoom"]:
                continue
            for column in range(math.floor(x - across), math.floor(x + across) + 1):
                for row in range(max(0, math.floor(y - down)), min(n, math.floor(y + down) + 1)):
                    place = {"{z}": self.zoom, "{x}": column % n, "{y}": row}
                    address = layer["tiles"]
                    for name, value in place.items():
                        address = address.replace(name, str(value))
                    wanted.append((f"tile: {layer['kind']}", address))
        fresh = [one for one in wanted if one[1] not in self.seen]
        self.seen.update(address for _, address in fresh)
        pool = Pool(AT_ONCE)
        for name, address in fresh:
            pool.spawn(self.ask, name, address, is_tile)
        pool.join()

    @locust.task(50)
    def move(self) -> None:
        """Move the map by part of the window."""
        step_deg = 360 / 2**self.zoom
        self.longitude = min(118, max(47, self.longitude + self.chance.uniform(-1, 1) * step_deg))
        self.latitude = min(54, max(30, self.latitude + self.chance.uniform(-0.6, 0.6) * step_deg))
        self.see()

    @locust.task(25)
    def go_nearer_or_away(self) -> None:
        """Zoom."""
        self.zoom = min(11, max(3, self.zoom + self.chance.choice((-1, 1, 1))))
        self.see()

    @locust.task(6)
    def switch_a_layer(self) -> None:
        """Look at another layer, such as the habitat of a species, beside the first ones."""
        base = [one for one in self.every.values() if one["shown"]]
        self.shown = [*base, self.every[self.chance.choice(self.others)]]
        self.see()

    @locust.task(12)
    def click(self) -> None:
        """Ask what lies at a place."""
        names = ",".join(one["id"] for one in self.shown)
        longitude = self.longitude + self.chance.uniform(-0.5, 0.5) * 360 / 2**self.zoom
        where = f"lon={longitude:.5f}&lat={self.latitude:.5f}&zoom={self.zoom}"
        self.ask("page: facts", f"/atlas/facts?{where}&layers={names}", is_part)

    @locust.task(8)
    def search(self) -> None:
        """Type a name; the page asks after a few letters, and at its end."""
        word = self.chance.choice(WORDS)
        for text in (word[:3], word[:5], word):
            self.ask("page: search", f"/atlas/search?q={text}", lambda body: b'"hits"' in body)
            gevent.sleep(0.3)

    @locust.task(15)
    def read(self) -> None:
        """Read a page of the menu, or one that it leads to."""
        if "pages" not in SAVED:
            SAVED["pages"] = []
            SAVED["pages"] = self.pages()
        if SAVED["pages"]:
            name, address = self.chance.choice(SAVED["pages"])
            self.ask(name, address, is_page)

    def pages(self) -> list[tuple[str, str]]:
        """Return the pages of the menu, and some that each leads to, as far as they are there."""
        front = self.ask("page: map", "/", is_page).decode()
        menu = re.search(r'<nav class="site-nav".*?</nav>', front, re.DOTALL)
        found = []
        for first in re.findall(r'href="(/[^"#?]+)"', menu.group() if menu else ""):
            found.append((f"page: {first}", first))
            body = self.ask(f"page: {first}", first, is_page).decode()
            deeper = set(re.findall(rf'href="({re.escape(first.rstrip("/"))}/[\w-]+/?)"', body))
            found += [(f"page: {first} ...", address) for address in sorted(deeper)[:10]]
        return found


if __name__ == "__main__":
    main()
