"""How long the dashboards of the programme take the server, on both databases.

Thousands of objects are added to the register by hand, over the 228 actions, the 14 states and the
years of the edition, a tenth of them for governments only; a board has the closing days of 20
reporting cycles, and today. Then the server answers each page (without a network), made anew for
another day's evidence each time, and kept from the time before. Before any time is told, the
numbers of the page's file must be those that `status_of` gives action by action, for a visitor and
for the secretariat.

Times are milliseconds, the median of some runs: of the clock, and in brackets of our process'
processor. With SQLite that is all of the work, and the bar, 300 ms for a page made anew, is held
against it; with PostGIS, against the clock.

Run: ``python benchmarks/web/dashboards.py [--objects 4000] [--databases sqlite postgis]``
"""

import argparse
import json
import os
import random
import time
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from _databases import DATABASES, database, in_process, kinds, machine, verdict

BAR_MS = 300.0
CYCLES = 20
START = date(2021, 1, 1)
PAGES = (
    "/programme/dashboard",
    "/programme/dashboard?state=KAZ",
    "/programme/stalled",
    "/programme/one-more",
    "/programme/states/KAZ",
)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--objects", type=int, default=4000)
    options.add_argument("--repeat", type=int, default=5)
    options.add_argument("--databases", nargs="+", choices=DATABASES, default=list(DATABASES))
    options.add_argument("--measure", choices=DATABASES, help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.measure:
        print(json.dumps(measured(asked.objects, asked.repeat)))
        return
    print(f"{machine()}\n{asked.objects:,} objects; ms a page")
    for kind in kinds(asked.databases):
        given = ["--measure", kind, "--objects", str(asked.objects), "--repeat", str(asked.repeat)]
        with database(kind) as environment:
            found = in_process(__file__, *given, environment=environment)
        print(f"{kind}: {found['days']} days")
        for page, (anew, kept) in found["pages"].items():
            held = anew[1] if kind == "sqlite" else anew[0]
            print(f"  {page}: anew {told(anew)}{verdict(held, BAR_MS)}, kept {told(kept)}")


def told(times: tuple[float, float]) -> str:
    return f"{times[0]:.0f} ({times[1]:.0f})"


def measured(objects: int, repeat: int) -> dict[str, Any]:
    """Fill the database of this process, check what its dashboard counts, time its pages."""
    state = Path(os.environ["KULAN_STATE"])
    state.mkdir(parents=True)
    from kulan.web.operation.django_setup import set_up  # noqa: PLC0415  settings come first

    set_up(state)
    from django.core.management import call_command  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    call_command("migrate", interactive=False, verbosity=0)
    fill(objects)
    browser = Client(headers={"host": "localhost"})
    check(browser)
    pages = {page: timed(browser, page, repeat) for page in PAGES}
    rows = json.loads(browser.get("/programme/dashboard.json").content)["rows"]
    return {"pages": pages, "days": sum(row["facet"] == "day" for row in rows)}


def fill(objects: int) -> None:
    """Add objects of the kinds that actions ask for, and some of other kinds."""
    from django.utils import timezone  # noqa: PLC0415  settings come first

    from kulan.programme.actions import action_key, actions  # noqa: PLC0415
    from kulan.programme.evidence import KINDS, declarations, states_concerned  # noqa: PLC0415
    from kulan.web.programme.register.models import EvidenceItem  # noqa: PLC0415
    from kulan.web.programme.reporting.models import Cycle  # noqa: PLC0415

    draw, declared, known = random.Random(3), declarations(), actions()
    days = (timezone.localdate() - START).days
    rows = []
    for number in range(objects):
        item = draw.choice(known)
        wanted = [need.kind for way in declared[action_key(item)].alternatives for need in way]
        homes = states_concerned(item)
        rows.append(
            EvidenceItem(
                kind=draw.choice(wanted if wanted and draw.random() < 0.8 else KINDS),
                reference=f"https://example.org/{number}",
                title=f"Object {number}",
                day=START + timedelta(days=draw.randrange(days)),
                states=draw.sample(homes, draw.randint(1, min(3, len(homes)))),
                species=list(item.species[:1]),
                actions=[action_key(item)],
                audience="government" if draw.random() < 0.1 else "public",
            )
        )
    EvidenceItem.objects.bulk_create(rows)
    for number in range(CYCLES):
        day = START + timedelta(days=(number + 1) * days // (CYCLES + 1))
        Cycle.objects.create(
            cycle_id=f"bench-{number}",
            title={"en": f"Cycle {number}"},
            edition_id="cami-2021",
            opens=START,
            due=day,
            stage=Cycle.Stage.LOCKED,
        )


def check(browser: Any) -> None:
    """Refuse numbers that differ from what single answers give."""
    from django.utils import timezone  # noqa: PLC0415

    from kulan.programme.actions import action_key, actions  # noqa: PLC0415
    from kulan.programme.evidence import declarations, states_concerned, status_of  # noqa: PLC0415
    from kulan.web.policy import PUBLIC  # noqa: PLC0415
    from kulan.web.programme.evidence_sources import all_evidence  # noqa: PLC0415

    evidence, declared = all_evidence(PUBLIC), declarations()
    plain: Counter[tuple[str, str]] = Counter()
    for item in actions():
        key = action_key(item)
        answer = status_of(
            key, declared[key], evidence, states=states_concerned(item), on=timezone.localdate()
        )
        plain[item.section_id, answer.status.value] += 1
    answer = json.loads(browser.get("/programme/dashboard.json").content)
    rows = [row for row in answer["rows"] if row["facet"] == "section"]
    found = {
        (row["value"], status): row[status]
        for row in rows
        for status in row
        if status not in ("facet", "name", "value", "total") and row[status]
    }
    if found != dict(plain):
        raise SystemExit("the dashboard counts otherwise than single answers do")


def timed(browser: Any, page: str, repeat: int) -> list[tuple[float, float]]:
    """Return wall and processor time of a page made anew, one object added before, and kept."""
    from kulan.web.programme.register.models import EvidenceItem  # noqa: PLC0415

    anew, kept = [], []
    for number in range(repeat + 1):
        EvidenceItem.objects.create(
            kind="meeting",
            reference=f"https://example.org{page}/{number}",
            title="A meeting",
            day=START,
            actions=["cami-2021:7.3"],
        )
        for times in (anew, kept):
            started, cpu = time.perf_counter(), time.process_time()
            answer = browser.get(page)
            times.append((time.perf_counter() - started, time.process_time() - cpu))
            if answer.status_code != 200:
                raise SystemExit(f"{page} answers {answer.status_code}")
    return [
        (1000 * median(wall for wall, _ in times[1:]), 1000 * median(cpu for _, cpu in times[1:]))
        for times in (anew, kept)
    ]


if __name__ == "__main__":
    main()
