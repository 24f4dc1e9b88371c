"""Whether 20 people who write at once lose anything, and how long they wait; on both databases.

A server is started on this machine with 20 accounts of scientists, signed in. Each sends one
population record of the saiga after the other through the page's own form, without a pause, so that
20 writes are under way at any time; a reader asks for the species' page meanwhile. Every write is a
transaction of several rows: the record, an event of the audit trail, the session's.

Afterwards another process counts. Each record that the server has said it took must be there once
and whole, with one event, and none besides; every writer's records must be numbered without a gap.
Any refusal or time-out is a failure, and there must be none.

Run: ``python benchmarks/web/writers.py [--writers 20] [--each 15] [--databases sqlite postgis]``
"""

import argparse
import http.client
import json
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from _databases import DATABASES, database, in_process, kinds, machine, percentile, verdict
from _serving import Server, processor_s, serving

TOKEN = "w" * 32  # of the form and the cookie alike, as a browser has it from the page
ADDRESS = "/species/saiga/propose"
FIGURES = {
    "iso3": "MNG", "quantity": "individuals", "interval_kind": "none", "season": "spring",
    "method": "distance_sampling", "survey_from": "2023-05", "survey_to": "2023-05",
    "reference": "A report of 2023", "quality": "high", "readers": "public",
    "population": "", "low": "", "high": "", "area_covered_km2": "", "doi": "", "notes": "",
    "embargo_until": "", "reason": "",
}  # fmt: skip


@dataclass
class Found:
    """What the writers found."""

    taken: list[tuple[int, int]] = field(default_factory=list)
    times_ms: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    reads_ms: list[float] = field(default_factory=list)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--writers", type=int, default=20)
    options.add_argument("--each", type=int, default=15)
    options.add_argument("--databases", nargs="+", choices=DATABASES, default=list(DATABASES))
    options.add_argument("--measure", choices=("sign-in", "count"), help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.measure:
        print(json.dumps(signed_in(asked.writers) if asked.measure == "sign-in" else counted()))
        return
    print(f"{machine()}\n{asked.writers} writers, {asked.each} records each")
    bad = 0
    for kind in kinds(asked.databases):
        with database(kind) as environment, serving(environment) as server:
            given = ["--writers", str(asked.writers), "--measure"]
            keys = in_process(__file__, *given, "sign-in", environment=environment)["keys"]
            started, before_s = time.perf_counter(), processor_s(server.pid)
            found = write(server, keys, asked.each)
            seconds = time.perf_counter() - started
            cost_s = processor_s(server.pid) - before_s
            there = in_process(__file__, *given, "count", environment=environment)
        bad += tell(kind, found, there, seconds, cost_s)
    if bad:
        raise SystemExit("something was lost, or failed")


def tell(kind: str, found: Found, there: dict[str, Any], seconds: float, cost_s: float) -> int:
    """Print the figures; return how much is wrong."""
    records = Counter(tuple(one) for one in there["records"])
    taken = Counter(found.taken)
    lost = sum((taken - records).values())
    besides = sum((records - taken).values())
    middle, slow = percentile(found.times_ms, 0.5), percentile(found.times_ms, 0.95)
    count = len(found.taken)
    print(
        f"{kind}: {count} records in {seconds:.1f} s ({count / seconds:.0f} a second, "
        f"{cost_s / max(1, count) * 1000:.0f} ms of the server's processor time each)\n"
        f"  ms: p50 {middle:.0f}, p95 {slow:.0f}, "
        f"most {max(found.times_ms):.0f}; the reader meanwhile: "
        f"p95 {percentile(found.reads_ms, 0.95):.0f}"
    )
    unsaid = abs(there["events"] - len(there["records"]))
    for what, wrong in (
        ("lost", lost),
        ("there besides", besides),
        ("without their event, or events without their record", unsaid),
        ("failures", len(found.failures)),
    ):
        print(f"  {what}: {wrong}{verdict(wrong, 0)}")
    for failure in sorted(set(found.failures))[:5]:
        print(f"    {failure}")
    return lost + besides + unsaid + len(found.failures)


def write(server: Server, keys: list[str], each: int) -> Found:
    """Let all writers write, and a reader read, until the writers are done."""
    found, done = Found(), threading.Event()
    writers = [
        threading.Thread(target=write_on, args=(server.port, number, key, each, found))
        for number, key in enumerate(keys)
    ]
    reader = threading.Thread(target=read_on, args=(server.port, found, done))
    for thread in (reader, *writers):
        thread.start()
    for thread in writers:
        thread.join()
    done.set()
    reader.join()
    return found


def write_on(port: int, number: int, key: str, each: int, found: Found) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {
        "Cookie": f"sessionid={key}; csrftoken={TOKEN}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    for turn in range(each):
        form = FIGURES | {
            "estimate": str(1000 + turn),
            "data_source": f"writer {number} {turn}",
            "csrfmiddlewaretoken": TOKEN,
        }
        started = time.perf_counter()
        try:
            connection.request("POST", ADDRESS, urlencode(form), headers)
            answer = connection.getresponse()
            body = answer.read()
        except OSError as problem:
            found.failures.append(f"{type(problem).__name__}: {problem}")
            connection.close()
            continue
        found.times_ms.append((time.perf_counter() - started) * 1000)
        if answer.status == 302 and "/species/record/" in answer.headers["Location"]:
            found.taken.append((number, turn))
        else:
            found.failures.append(f"{answer.status} {answer.headers['Location']} {body[:200]!r}")
    connection.close()


def read_on(port: int, found: Found, done: threading.Event) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    while not done.wait(0.05):
        started = time.perf_counter()
        connection.request("GET", "/species/saiga")
        answer = connection.getresponse()
        body = answer.read()
        found.reads_ms.append((time.perf_counter() - started) * 1000)
        if answer.status != 200 or not body.rstrip().endswith(b"</html>"):
            found.failures.append(f"read: {answer.status}")
    connection.close()


def ready() -> None:
    from kulan.web.operation.django_setup import set_up  # noqa: PLC0415  settings come first

    set_up()


def signed_in(count: int) -> dict[str, Any]:
    """Make accounts of scientists, and sign each in; return the keys of their sessions."""
    ready()
    from django.contrib.auth import (  # noqa: PLC0415
        BACKEND_SESSION_KEY,
        HASH_SESSION_KEY,
        SESSION_KEY,
    )
    from django.contrib.sessions.backends.db import SessionStore  # noqa: PLC0415

    from kulan.web.people.models import Grant, User  # noqa: PLC0415
    from kulan.web.people.roles import Role  # noqa: PLC0415

    keys = []
    for number in range(count):
        user = User.objects.create_user(f"writer{number}@test.example", None, name=f"W{number}")
        Grant.objects.create(user=user, role=Role.SCIENTIST)
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
        keys.append(session.session_key)
    return {"keys": keys}


def counted() -> dict[str, Any]:
    """Return which records are there, whole, and how many events tell of them."""
    ready()
    from kulan.web.events.models import Event  # noqa: PLC0415
    from kulan.web.species.models import PopulationRecord  # noqa: PLC0415

    rows = PopulationRecord.objects.filter(data_source__startswith="writer ")
    records = []
    for row in rows:
        number, turn = map(int, row.data_source.split()[1:])
        whole = row.estimate == 1000 + turn and row.proposed_by.name == f"W{number}"
        records.append((number, turn) if whole else (-1, -1))
    subjects = [str(row.uid) for row in rows]
    return {"records": records, "events": Event.objects.filter(subject_id__in=subjects).count()}


if __name__ == "__main__":
    main()
