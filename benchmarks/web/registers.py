"""How long the lists of the registers take the server, with thousands of records in one register.

For one register at a time its records are made over the 14 states and the years since 2015, a tenth
of them for governments only; the server then answers (without a network) the index, the list, a
page of it, searches and filters, and the programme of a species, for a visitor; the list for the
secretariat too. Before any time is told,
what the list counts must be what the table holds, and the pages together must show every record
once.

Times are milliseconds, the median of some runs: of the clock, and in brackets of our process'
processor. With SQLite that is all of the work, and the bar, 300 ms a page, is held against it; with
PostGIS, against the clock.

Run: ``python benchmarks/web/registers.py [--records 4000] [--databases sqlite postgis]``
"""

import argparse
import json
import os
import random
import re
import time
from pathlib import Path
from statistics import median
from typing import Any

from _databases import DATABASES, database, in_process, kinds, machine, verdict

BAR_MS = 300.0
MEASURED = ("meetings", "laws", "state-focal-points", "memberships")
QUERIES = ("", "?page=7", "?q=meeting", "?q=1234", "?state=KAZ")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--records", type=int, default=4000)
    options.add_argument("--repeat", type=int, default=5)
    options.add_argument("--registers", nargs="+", default=list(MEASURED))
    options.add_argument("--databases", nargs="+", choices=DATABASES, default=list(DATABASES))
    options.add_argument("--measure", choices=DATABASES, help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.measure:
        print(json.dumps(measured(asked)))
        return
    print(f"{machine()}\n{asked.records:,} records in a register; ms a page")
    for kind in kinds(asked.databases):
        given = ["--measure", kind, "--records", str(asked.records), "--repeat", str(asked.repeat)]
        given += ["--registers", *asked.registers]
        with database(kind) as environment:
            found = in_process(__file__, *given, environment=environment)
        print(kind)
        for page, times in found.items():
            held = times[1] if kind == "sqlite" else times[0]
            print(f"  {page}: {times[0]:.0f} ({times[1]:.0f}){verdict(held, BAR_MS)}")


def measured(asked: argparse.Namespace) -> dict[str, Any]:
    """Fill the database of this process, check what its lists count, time its pages."""
    state = Path(os.environ["KULAN_STATE"])
    state.mkdir(parents=True)
    from kulan.web.operation.django_setup import set_up  # noqa: PLC0415  settings come first

    set_up(state)
    from django.core.management import call_command  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    from kulan.web.programme.registers.models import Record  # noqa: PLC0415

    call_command("migrate", interactive=False, verbosity=0)
    browser = Client(headers={"host": "localhost"})
    keeper = secretariat()
    found = {}
    for name in asked.registers:
        Record.objects.all().delete()
        fill(name, asked.records)
        check(browser, name)
        found[f"index, {name}"] = timed(browser, "/programme/registers/", asked.repeat)
        for query in QUERIES:
            page = f"/programme/registers/{name}{query}"
            found[page] = timed(browser, page, asked.repeat)
        found[f"species, {name}"] = timed(browser, "/programme/species/saiga", asked.repeat)
        page = f"/programme/registers/{name}"
        found[f"{page}, secretariat"] = timed(keeper, page, asked.repeat)
    return found


def secretariat() -> Any:
    """Return the browser of a person of the secretariat."""
    from django.test import Client  # noqa: PLC0415  settings come first

    from kulan.web.people.models import Grant, User  # noqa: PLC0415
    from kulan.web.people.roles import Role  # noqa: PLC0415

    user = User.objects.create_user("s@bench.example", "a long enough password", name="S")
    Grant.objects.create(user=user, role=Role.SECRETARIAT)
    browser = Client(headers={"host": "localhost"})
    browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return browser


def fill(name: str, count: int) -> None:
    """Make records of a register."""
    from kulan.programme import range_states  # noqa: PLC0415  settings come first
    from kulan.programme.registers import register  # noqa: PLC0415
    from kulan.programme.registers import vocabularies as lists  # noqa: PLC0415
    from kulan.web.programme.registers.models import Record  # noqa: PLC0415

    draw, declared = random.Random(5), register(name)
    codes = [str(code) for code in range_states()["iso3"]]
    stages = [stage.code for stage in declared.stages] or [""]
    rows = []
    for number in range(count):
        state, day = draw.choice(codes), f"{draw.randint(2015, 2026)}-{draw.randint(1, 12):02d}"
        data = {
            "meetings": {"title": f"Meeting {number}", "kind": "workshop", "begins": day,
                         "states": sorted(draw.sample(codes, 2)), "about": "What was said. " * 20},
            "laws": {"state": state, "topics": [draw.choice(lists.LAW_TOPICS)[0]], "kind": "law",
                     "title": f"Law {number}", "citation": f"No. {number}", "valid_from": day},
            "state-focal-points": {"state": state, "function": draw.choice(lists.FUNCTIONS)[0],
                                   "person": f"Person {number}", "valid_from": f"{1000 + number}",
                                   "valid_to": f"{1001 + number}"},
            "memberships": {"state": state, "instrument": draw.choice(lists.INSTRUMENTS)[0],
                            "status": "party", "valid_from": day, "source": f"List {number}"},
        }[name]  # fmt: skip
        made = Record(register=name, stage=draw.choice(stages))
        made.audience = "government" if draw.random() < 0.1 else "public"
        made.take(data)
        rows.append(made)
    Record.objects.bulk_create(rows, batch_size=500)


def check(browser: Any, name: str) -> None:
    """Refuse a list whose pages together are not what its table holds."""
    address = f"/programme/registers/{name}"
    table = json.loads(browser.get(f"{address}.json").content)["records"]
    shown: list[str] = []
    for number in range(1, len(table) // 100 + 2):
        body = browser.get(f"{address}?page={number}").content.decode()
        shown += re.findall(rf'<h3><a href="{address}/([0-9a-f-]{{36}})"', body)
    if shown != [row["record"] for row in table] or len(set(shown)) != len(shown):
        raise SystemExit(f"{name}: the pages show {len(shown)}, the table {len(table)}")


def timed(browser: Any, page: str, repeat: int) -> tuple[float, float]:
    """Return wall and processor time of a page."""
    times = []
    for _ in range(repeat + 1):
        started, cpu = time.perf_counter(), time.process_time()
        answer = browser.get(page)
        times.append((time.perf_counter() - started, time.process_time() - cpu))
        if answer.status_code != 200:
            raise SystemExit(f"{page} answers {answer.status_code}")
    return (
        1000 * median(wall for wall, _ in times[1:]),
        1000 * median(cpu for _, cpu in times[1:]),
    )


if __name__ == "__main__":
    main()
