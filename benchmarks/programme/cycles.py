"""Pages and files of reporting cycles at full size: 20 cycles, 14 states, every question answered.

    python benchmarks/programme/cycles.py [--cycles 20]

A new database is made (SQLite; with DATABASE_URL, in that server), seeded, and pages and files are
asked for as a browser asks, each three times after a first one; the best is told. Every answer is
checked: a page that failed or lacks what was seeded ends the run. The bars: pages under 0.3 s,
files under 20 s.
"""

import argparse
import io
import os
import sys
import tempfile
import time
import zipfile
from datetime import date
from typing import Any

PAGE_S, FILE_S = 0.3, 20.0
MARK = "Rangers of the benchmark"


def main() -> int:
    """Seed, ask, and tell; 1 where a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cycles", type=int, default=20)
    cycles = parser.parse_args().cycles
    _set_up()
    began = time.perf_counter()
    rows = _seed(cycles)
    print(f"seeded {cycles} cycles, {rows} answers in {time.perf_counter() - began:.1f} s")
    return _ask(cycles)


def _set_up() -> None:
    os.environ["KULAN_DEMO"] = "1"  # accounts without a second factor
    os.environ["KULAN_STATE"] = tempfile.mkdtemp(prefix="kulan-cycles-")
    os.environ.setdefault("KULAN_LOG_LEVEL", "ERROR")
    os.environ["DJANGO_SETTINGS_MODULE"] = "kulan.web.settings"
    import django  # noqa: PLC0415  after the environment is set
    from django.core.management import call_command  # noqa: PLC0415

    django.setup()
    call_command("migrate", verbosity=0)


def _seed(cycles: int) -> int:
    from kulan.programme.reporting import Told, slots  # noqa: PLC0415
    from kulan.web.people.models import Grant, Organisation, User  # noqa: PLC0415
    from kulan.web.policy import viewer_of  # noqa: PLC0415
    from kulan.web.programme.reporting import composing, stored  # noqa: PLC0415
    from kulan.web.programme.reporting.models import Cycle, GivenAnswer  # noqa: PLC0415

    house = Organisation.objects.create(name="Benchmark")
    for name, role in (("farida", "secretariat"), ("bat", "focal_point")):
        user = User.objects.create_user(f"{name}@bench.example", name=name, organisation=house)
        Grant.objects.create(user=user, role=role, iso3="MNG" if role == "focal_point" else "")
    farida = viewer_of(User.objects.get(name="farida"))
    rows: list[Any] = []
    for number in range(cycles):
        cycle = composing.begin_cycle(
            farida,
            f"bench-{number}",
            Told(f"Cycle {number}", f"Цикл {number}", f"Cycle {number}"),
            edition_id="cami-2021",
            opens=date(2000 + number, 1, 1),
            due=date(2000 + number, 12, 31),
        )
        questionnaire = stored.questionnaire_of(cycle, "national")
        for filing in cycle.filings.all():
            rows += [
                GivenAnswer(
                    filing=filing, question_id=slot.key[0], subject=slot.subject,
                    value=_value(slot.question),
                )
                for slot in slots(questionnaire, stored.reporter_of(filing))
            ]  # fmt: skip
        Cycle.objects.filter(pk=cycle.pk).update(stage="open")
        last = number == cycles - 1
        state = "in_progress" if last else "accepted"
        accepted = None if last else "2026-01-01T00:00:00Z"
        cycle.filings.update(state=state, accepted_at=accepted, required=250, required_answered=250)
    GivenAnswer.objects.bulk_create(rows, batch_size=1000)
    return len(rows)


def _value(question: Any) -> Any:
    if question.kind == "choice":
        return question.choices[1].code
    if question.kind == "choices":
        return [question.choices[0].code]
    plain = {"number": 12, "yes_no": True, "date": "2026-01-01", "references": ["layer:roads/2"]}
    return plain.get(question.kind, MARK)


def _ask(cycles: int) -> int:
    from django.conf import settings  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    from kulan.web.people.models import User  # noqa: PLC0415
    from kulan.web.programme.reporting.models import Filing  # noqa: PLC0415

    settings.ALLOWED_HOSTS.append("testserver")
    last = f"bench-{cycles - 1}"
    mine = Filing.objects.get(cycle__cycle_id=last, iso3="MNG").uid
    done = Filing.objects.get(cycle__cycle_id="bench-0", iso3="KAZ").uid
    asked = [
        ("farida", "/programme/cycles/", b"Cycle 0", PAGE_S),
        ("farida", f"/programme/cycles/{last}/", b"Mongolia", PAGE_S),
        ("farida", f"/programme/cycles/{last}/compose", b"Mongolia", PAGE_S),
        ("bat", f"/programme/report/{mine}/", b"Mongolia", PAGE_S),
        ("bat", f"/programme/report/{mine}/section/1", MARK.encode(), PAGE_S),
        ("bat", f"/programme/report/{mine}/section/species", b"value", PAGE_S),
        ("nobody", f"/programme/report/{done}/section/1", MARK.encode(), PAGE_S),
        ("farida", "/programme/cycles/answers?reporter=KAZ&tag=cites", b"KAZ", PAGE_S),
        ("bat", f"/programme/report/{mine}/form.xlsx", b"PK", FILE_S),
        *(
            ("nobody", f"/programme/cycles/file/{ending}", beginning, FILE_S)
            for ending, beginning in (
                ("csv", b""), ("json", b"{"), ("xlsx", b"PK"), ("languages.xlsx", b"PK"),
                ("zip", b"PK"),
            )
        ),
        *(
            ("nobody", f"/programme/cycles/bench-0/file/{ending}", beginning, FILE_S)
            for ending, beginning in (
                ("csv", b""), ("json", b"{"), ("xlsx", b"PK"), ("zip", b"PK"), ("docx", b"PK"),
                ("pdf", b"%PDF"),
            )
        ),
    ]  # fmt: skip
    missed = 0
    for who, address, mark, bar in asked:
        client = Client()
        if who != "nobody":
            client.force_login(User.objects.get(name=who))
        seconds, body = _best(client, address, once=bar == FILE_S)
        if mark not in body or (mark == b"PK" and not zipfile.is_zipfile(io.BytesIO(body))):
            raise SystemExit(f"{address} does not hold {mark!r}")
        verdict = "" if seconds <= bar else f"  OVER {bar} s"
        missed += seconds > bar
        print(f"{seconds:8.3f} s  {len(body) / 1e6:7.2f} MB  {who:7} {address}{verdict}")
    return 1 if missed else 0


def _best(client: Any, address: str, *, once: bool) -> tuple[float, bytes]:
    best, body = float("inf"), b""
    for number in range(1 if once else 4):
        began = time.perf_counter()
        answer = client.get(address, HTTP_ACCEPT_LANGUAGE="en")
        body = answer.getvalue()
        if answer.status_code != 200:
            raise SystemExit(f"{address} answered {answer.status_code}")
        if number or once:
            best = min(best, time.perf_counter() - began)
    return best, body


if __name__ == "__main__":
    sys.exit(main())
