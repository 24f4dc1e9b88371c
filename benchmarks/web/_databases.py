"""What the benchmarks of the web share: a database of each kind, thrown away afterwards; bars.

A program measures one database in a process of its own, as Django knows one for each process, and
prints what it found as the last line, JSON.
"""

import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
DATABASES = ("sqlite", "postgis")


@contextmanager
def database(kind: str) -> Iterator[dict[str, str]]:
    """Give the environment of an empty state folder, and of an empty database of a kind.

    PostgreSQL is one of its own, as ``tools/postgres.sh`` makes it: it does not wait for the disk.
    """
    with tempfile.TemporaryDirectory(prefix="kulan-bench-", dir="/var/tmp") as folder:
        environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
        environment["KULAN_STATE"] = f"{folder}/state"
        environment["KULAN_LOG_LEVEL"] = "ERROR"
        if kind == "sqlite":
            yield environment
            return
        Path(folder).chmod(0o755)  # PostgreSQL may run as a user of its own
        server = f"{folder}/postgres"
        try:
            yield {**environment, "DATABASE_URL": _postgres("start", server)}
        finally:
            _postgres("stop", server)


def _postgres(word: str, folder: str) -> str:
    command = ["sh", str(ROOT / "tools" / "postgres.sh"), word, folder]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def has_postgis() -> bool:
    """Whether this machine has PostgreSQL's programs."""
    found = [*Path("/usr/lib/postgresql").glob("*/bin/initdb"), *Path("/opt").glob("*/bin/initdb")]
    return bool(found)


def kinds(asked: list[str]) -> list[str]:
    """Return the databases to measure: those asked for, without what this machine lacks."""
    if "postgis" in asked and not has_postgis():
        print("PostgreSQL is not on this machine: not measured")
        return [kind for kind in asked if kind != "postgis"]
    return asked


def in_process(file: str, *arguments: str, environment: dict[str, str]) -> dict[str, Any]:
    """Run one measurement in a process of its own, and return what its last line says."""
    answer = subprocess.run(
        [sys.executable, file, *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if answer.returncode != 0:
        raise SystemExit(f"{file} {' '.join(arguments)} failed; it says why above")
    found: dict[str, Any] = json.loads(answer.stdout.splitlines()[-1])
    return found


def verdict(value: float, bar: float | None) -> str:
    """Say whether a figure that should be at most `bar` is."""
    if bar is None:
        return ""
    return f"  [bar {bar:g}: {'met' if value <= bar else 'MISSED'}]"


def percentile(values: list[float], share: float) -> float:
    """Return the value that `share` (0 to 1) of the values do not exceed, by nearest rank."""
    ordered = sorted(values)
    return ordered[max(0, min(len(ordered), int(-(-share * len(ordered) // 1))) - 1)]


def machine() -> str:
    """Say what this machine is, and how busy."""
    information = Path("/proc/cpuinfo")
    names = information.read_text().splitlines() if information.is_file() else []
    model = next((line.split(":")[1].strip() for line in names if "model name" in line), "")
    return (
        f"{model or platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; "
        f"Python {platform.python_version()}"
    )
