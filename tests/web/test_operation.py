"""What whoever runs the Atlas sees of it: health, figures, log lines; and what those never hold."""

import json
import logging
import os
import shutil
import sqlite3
import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from builders_of_the_web import make_layer, make_point, make_version
from kulan.errors import UnhealthyError
from kulan.web.jobs.models import Job, Worker
from kulan.web.logs import JsonLines
from kulan.web.operation import access, checks, health
from kulan.web.operation.backups.saving import LAST_BACKUP

pytestmark = pytest.mark.django_db


def said(part: str) -> list[tuple[str, str]]:
    return list(checks._PARTS[part](settings.STATE))


# --- health ---------------------------------------------------------------------------------------


def test_a_server_that_can_do_its_work_says_so(client):
    assert client.get("/readyz").content == b"ok\n"
    assert client.get("/healthz").content == b"ok\n"


def test_a_server_without_room_is_not_ready_and_names_the_part(client, monkeypatch):
    monkeypatch.setattr(health, "LEAST_FREE_BYTES", 10**18)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"disk: wrong\n")


def test_a_database_of_another_version_is_not_ready(client, monkeypatch):
    monkeypatch.setitem(health._seen, "migrated", False)
    monkeypatch.setattr("kulan.web.operation.migrating.is_behind", lambda: True)
    assert client.get("/readyz").content == b"database: wrong\n"


# --- figures --------------------------------------------------------------------------------------


def test_figures_count_requests_by_route_and_never_by_address(client):
    client.get("/healthz?near=46.512,103.25")
    text = client.get("/metrics").content.decode()
    assert 'kulan_requests_total{method="GET",route="alive",status="200"}' in text
    assert 'kulan_request_seconds_bucket{le="0.15",route="alive"}' in text
    assert "46.512" not in text


def test_a_method_nobody_knows_makes_no_figure_of_its_own(client):
    client.generic("BREW", "/healthz")
    text = client.get("/metrics").content.decode()
    assert "BREW" not in text
    assert 'method="OTHER"' in text


def test_figures_tell_of_jobs_workers_and_room(client):
    Job.objects.create(kind="screening")
    Worker.objects.create(name="far-away", host="elsewhere")
    text = client.get("/metrics").content.decode()
    assert 'kulan_jobs{kind="screening",state="queued"} 1.0' in text
    assert "kulan_workers_alive 1.0" in text
    size = next(line for line in text.splitlines() if line.startswith("kulan_database_bytes "))
    assert float(size.split()[1]) > 10_000


@pytest.mark.parametrize(
    "seen",
    [
        {"REMOTE_ADDR": "192.0.2.7"},
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "127.0.0.1"},
        {"REMOTE_ADDR": "192.0.2.7", "HTTP_AUTHORIZATION": "Bearer wrong"},
        {"REMOTE_ADDR": "192.0.2.7", "HTTP_AUTHORIZATION": "Bearer "},
    ],
)
def test_figures_are_not_for_the_world(client, seen):
    assert client.get("/metrics", **seen).status_code == 404


def test_who_has_the_token_reads_figures_from_elsewhere(client, monkeypatch):
    monkeypatch.setattr(settings, "METRICS_TOKEN", "a secret")
    seen = {"REMOTE_ADDR": "192.0.2.7"}
    assert client.get("/metrics", **seen, HTTP_AUTHORIZATION="Bearer a secret").status_code == 200
    assert client.get("/metrics", **seen, HTTP_AUTHORIZATION="Bearer a secre").status_code == 404


def test_processes_of_one_server_add_up_their_figures(tmp_path):
    script = (
        "from kulan.web.operation import metrics; import sys, os\n"
        "metrics.REQUESTS.labels('alive', 'GET', '200').inc(int(sys.argv[1]))\n"
        "from prometheus_client import CollectorRegistry, generate_latest, multiprocess\n"
        "registry = CollectorRegistry(); multiprocess.MultiProcessCollector(registry)\n"
        "print(generate_latest(registry).decode())"
    )
    environment = os.environ | {
        "PROMETHEUS_MULTIPROC_DIR": str(tmp_path),
        "PYTHONPATH": os.pathsep.join(sys.path),
        "DJANGO_SETTINGS_MODULE": "web_settings",
    }
    for number, total in ((2, "2.0"), (3, "5.0")):
        ran = subprocess.run(
            [sys.executable, "-c", script, str(number)],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        assert f'status="200"}} {total}' in ran.stdout


# --- log lines ------------------------------------------------------------------------------------


def test_each_request_leaves_one_line_that_names_the_page_only(client, caplog):
    caplog.set_level(logging.INFO, logger="kulan.access")
    client.get("/no-such-page/103.1234567?bbox=46.1,44.7,46.2,44.8")
    (line,) = [record for record in caplog.records if record.name == "kulan.access"]
    assert (line.route, line.status, line.method) == ("none", 404, "GET")
    text = JsonLines().format(line)
    assert "103.12" not in text
    assert "46.1" not in text


def test_a_line_holds_the_account_as_a_number(browser_of, people, caplog):
    caplog.set_level(logging.INFO, logger="kulan.access")
    browser_of("bat").get("/account/password/change/")
    line = next(record for record in caplog.records if record.name == "kulan.access")
    assert line.user == people["bat"].pk
    assert "bat@" not in JsonLines().format(line)


def test_each_answer_carries_the_id_that_its_lines_carry(client):
    answer = client.get("/healthz", HTTP_X_REQUEST_ID="chosen-by-a-visitor")
    assert len(answer["X-Request-ID"]) == 16
    record = logging.makeLogRecord({"msg": "something"})
    known = access._request_id.set("abc123")
    access.WithRequestId().filter(record)
    access._request_id.reset(known)
    assert json.loads(JsonLines().format(record))["request_id"] == "abc123"


def test_a_proxy_that_is_believed_names_the_request(client, monkeypatch):
    monkeypatch.setattr(settings, "SECURE_PROXY_SSL_HEADER", ("HTTP_X_FORWARDED_PROTO", "https"))
    name = "4bf92f3577b34da6"
    assert client.get("/healthz", HTTP_X_REQUEST_ID=name)["X-Request-ID"] == name
    odd = client.get("/healthz", HTTP_X_REQUEST_ID="a\tb{} <script>")
    assert len(odd["X-Request-ID"]) == 16


# --- kulan check ----------------------------------------------------------------------------------


def test_an_index_that_agrees_with_its_table_is_ok_and_one_that_does_not_is_found():
    make_point(make_version(make_layer()))
    assert all(level == "ok" for level, _ in said("index of places"))
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL keeps its indexes itself")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM catalogue_rendition_bounds")
    level, says = next(pair for pair in said("index of places") if "catalogue_rendition" in pair[1])
    assert level == "wrong"
    assert says.startswith("1 rows")


def test_a_missing_file_of_a_layer_is_found():
    make_version(make_layer(), file_sha256="ab" * 32, file_extension="tif")
    assert said("files") == [
        ("wrong", "abababababab….tif is missing; restore the last backup."),
    ]


def test_a_spoiled_file_of_a_layer_is_found(tmp_path, monkeypatch):
    make_version(make_layer(), file_sha256="ab" * 32, file_extension="tif")
    path = tmp_path / "atlas" / "objects" / "ab" / f"{'ab' * 32}.tif"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"something else")
    monkeypatch.setattr(settings, "STATE", tmp_path)
    ((level, says),) = said("files")
    assert level == "wrong"
    assert "not what its name promises" in says


def test_jobs_that_wait_for_nobody_are_wrong_and_for_a_worker_are_not():
    Job.objects.create(kind="screening")
    assert said("workers")[0][0] == "wrong"
    Worker.objects.create(name="far-away", host="elsewhere")
    assert said("workers")[0][0] == "ok"


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "queued", "queued_at": timezone.now() - timedelta(hours=2)},
        {"state": "running", "seen_alive_at": timezone.now() - timedelta(hours=1)},
        {"state": "failed", "refusal": Job.INTERNAL, "ended_at": timezone.now()},
    ],
)
def test_stuck_and_failed_jobs_are_warned_of(fields):
    assert said("jobs") == [("ok", "none is stuck.")]
    Job.objects.create(kind="screening", **fields)
    assert [level for level, _ in said("jobs")] == ["warning"]


def test_an_old_backup_is_warned_of(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "STATE", tmp_path)
    assert said("backups")[0][0] == "warning"
    (tmp_path / LAST_BACKUP).parent.mkdir()
    for days, level in ((0, "ok"), (3, "warning")):
        made = timezone.now() - timedelta(days=days)
        (tmp_path / LAST_BACKUP).write_text(f"{made.isoformat()} /backups/a.tar\n")
        assert said("backups")[0][0] == level


def test_a_full_disk_is_wrong(monkeypatch):
    usage = shutil.disk_usage("/")
    monkeypatch.setattr(checks.shutil, "disk_usage", lambda _: usage._replace(free=1_000_000))
    assert said("disk")[0][0] == "wrong"


def test_warnings_end_well_unless_strict():
    found = [checks.Finding("backups", "warning", "none was made.")]
    checks.refuse_if_wrong(found)
    with pytest.raises(UnhealthyError, match="backups: none was made"):
        checks.refuse_if_wrong(found, strict=True)


@pytest.mark.slow
def test_the_settings_of_a_public_address_are_clean_for_django_too(tmp_path):
    environment = os.environ | {
        "KULAN_STATE": str(tmp_path / "state"),
        "KULAN_PUBLIC_URL": "https://atlas.example.org",
        "KULAN_HOSTS": "atlas.example.org",
        "DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "kulan.web.settings",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    command = [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING"]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr


@pytest.mark.slow
def test_a_database_of_no_version_is_found_by_the_command(tmp_path):
    environment = os.environ | {
        "KULAN_STATE": str(tmp_path),
        "DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "kulan.web.settings",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    with sqlite3.connect(tmp_path / "kulan.sqlite3") as database:
        database.execute("CREATE TABLE something (else_ TEXT)")
    command = [sys.executable, "-c", "from kulan.cli import main; main()", "check"]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == UnhealthyError.exit_code
    assert "not of this version" in ran.stdout
