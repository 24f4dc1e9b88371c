"""After a deletion nothing of the plan is left: in no file, in no table, in no journal."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

MARKER = "Qxzplan"
"""Planted in the title, the file's name, a value of it, and the address it is shared with."""
LONGITUDE = "114.512387"
"""Planted in the geometry."""

SCRIPT = """
import json, sys
from pathlib import Path
from kulan.web.operation.django_setup import set_up
set_up()
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import Client
from kulan.web.jobs.models import Job
from kulan.web.jobs.queue import do
from kulan.web.people.models import User
from kulan.web.screenings.models import Screening

MARKER, LONGITUDE = sys.argv[1:]
call_command("migrate", verbosity=0)
aigul = User.objects.create_user("aigul@test.example", "a long enough password", name="Aigul")
browser = Client(headers={"host": "localhost"})
browser.force_login(aigul)


def line(**told):
    return json.dumps({"type": "FeatureCollection", "features": [{
        "type": "Feature", "properties": {"name": MARKER + " line", **told},
        "geometry": {
            "type": "LineString", "coordinates": [[float(LONGITUDE), 47.0], [114.9, 47.3]],
        },
    }]}).encode()


def ask(content, address="/screenings/new", **told):
    fields = {"day": "2026-11-25", "within_km": "50", "language": "en", **told}
    if content is not None:
        fields["lines"] = SimpleUploadedFile(MARKER + ".geojson", content)
    answer = browser.post(address, {"title": MARKER + " plan", **fields})
    assert answer.status_code == 302, answer.content.decode()
    return answer.url


def work():
    for job in Job.objects.filter(state="queued"):
        do(job)


def found():
    '''Return where the marker, or the longitude, still stands.'''
    places = []
    for path in sorted(Path(settings.STATE).rglob("*")):
        if path.is_file() and "atlas" not in path.relative_to(settings.STATE).parts:
            content = path.read_bytes()
            if MARKER in str(path) or any(
                text.encode() in content for text in (MARKER, LONGITUDE)
            ):
                places.append(str(path))
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            if any(MARKER in str(row) or LONGITUDE in str(row) for row in cursor.fetchall()):
                places.append(table)
    return places


page = ask(line(type="railway", fenced="no"))
work()
browser.post(page + "share", {"email": MARKER.lower() + "@test.example"})
browser.post(page + "link", {"days": "1"})
browser.post(page + "language", {"language": "ru"})
work()
# another, which was refused for a value of its own and then asked again, and drawn
refused = ask(line(type="railway", fenced=MARKER + " maybe"))
work()
assert MARKER in Job.objects.get(state="failed").refusal
ask(line(type="railway"), refused + "again")
work()
drawn = ask(None, drawn=line().decode(), barrier_type="road")
before = found()
assert any(place.endswith(".sqlite3") or place.endswith("-wal") for place in before), before
assert any("reports" in place for place in before), before
for address in (page, refused, drawn):
    assert browser.post(address + "delete").status_code == 302
assert not Screening.objects.exists()
print(json.dumps(found()))
"""


@pytest.mark.slow
def test_after_a_deletion_no_file_and_no_table_holds_anything_of_the_plan(tmp_path, starter_state):
    state = tmp_path / "state"
    state.mkdir()
    (state / "atlas").symlink_to(starter_state / "atlas")
    environment = {**os.environ, "KULAN_STATE": str(state), "KULAN_LOG_LEVEL": "ERROR"}
    for name in ("DJANGO_SETTINGS_MODULE", "DATABASE_URL", "KULAN_PUBLIC_URL"):
        environment.pop(name, None)
    (tmp_path / "temporary").mkdir()
    environment["TMPDIR"] = str(tmp_path / "temporary")

    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, MARKER, LONGITUDE],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"
    assert MARKER not in done.stderr  # the log
    left = [path for path in Path(environment["TMPDIR"]).rglob("*") if path.is_file()]
    assert [path for path in left if MARKER.encode() in path.read_bytes()] == []
