"""What `deploy/` says agrees with itself, with the page about it and with the program."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
PAGE = ROOT / "docs" / "how-to" / "run-the-atlas-as-a-service.md"
UNITS = ["kulan.service", "kulan-worker.service", "kulan-backup.service"]
# for those who work on Kulan, not for those who serve it
NOT_FOR_SERVERS = {"KULAN_DEBUG", "KULAN_DEMO"}


def settings_read() -> set[str]:
    """Settings that the web application reads from its environment."""
    read = re.compile(r"(?:text|flag|names|whole_number)\(\s*\"(KULAN_\w+|DATABASE_URL)")
    sources = (ROOT / "src" / "kulan" / "web").rglob("*.py")
    return {name for path in sources for name in read.findall(path.read_text("utf-8"))}


def directives(unit: str) -> dict[str, list[str]]:
    """What a unit says, by directive."""
    said: dict[str, list[str]] = {}
    for line in (DEPLOY / unit).read_text("utf-8").splitlines():
        if "=" in line and not line.startswith("#"):
            name, _, value = line.partition("=")
            said.setdefault(name, []).append(value)
    return said


def test_every_setting_that_is_read_stands_on_the_page():
    settings = settings_read()
    assert {"DATABASE_URL", "KULAN_HOSTS", "KULAN_SECRET_KEY_FILE"} <= settings
    described = set(re.findall(r"^\| `(\w+)`", PAGE.read_text("utf-8"), re.M))
    assert settings - NOT_FOR_SERVERS <= described


def test_the_example_settings_name_none_that_the_page_does_not():
    named = re.findall(r"^#?([A-Z_]+)=", (DEPLOY / "kulan.env").read_text("utf-8"), re.M)
    assert named
    assert all(f"| `{name}` |" in PAGE.read_text("utf-8") for name in named)


@pytest.mark.parametrize("unit", UNITS[1:])
def test_all_units_are_shut_in_alike(unit):
    server, other = directives(UNITS[0]), directives(unit)
    own = {"Description", "After", "Wants", "StartLimitIntervalSec", "Type", "ExecStart", "Nice"}
    own |= {"Restart", "RestartSec", "TimeoutStopSec", "TimeoutStartSec", "LimitNOFILE"}
    own |= {"WantedBy"}
    assert {k: v for k, v in server.items() if k not in own} == {
        k: v for k, v in other.items() if k not in own
    }
    assert server["ProtectSystem"] == ["strict"]
    assert server["NoNewPrivileges"] == ["yes"]


@pytest.mark.parametrize("unit", [*UNITS, "kulan-backup.timer"])
def test_systemd_understands_every_directive(unit):
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("no systemd-analyze on this machine; on Debian it is in systemd")
    ran = subprocess.run(
        [analyze, "verify", DEPLOY / unit], capture_output=True, text=True, check=False
    )
    about = [line for line in ran.stderr.splitlines() if line.startswith((unit, str(DEPLOY)))]
    # Kulan need not be installed where the test runs
    assert [line for line in about if "is not executable" not in line] == []


def test_the_image_names_no_host_and_runs_as_nobody_in_particular():
    text = (DEPLOY / "Dockerfile").read_text("utf-8")
    images = re.findall(r"^FROM (\S+)", text, re.M)
    assert images
    assert all("." not in image.split("/")[0].split(":")[0] for image in images)
    assert re.search(r"^USER [1-9]\d+", text, re.M)
    assert "--require-hashes" in text
