"""Locks, licences and the version are what they claim to be."""

import re
import tomllib
from importlib.metadata import metadata, version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import kulan

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
PYTHON_LOCKS = ["requirements.lock", "requirements-postgres.lock", "requirements-dev.lock"]
LOCKS = [*PYTHON_LOCKS, "front_end/node.lock"]
LARGEST_PACKAGE_DATA_BYTES = 10 * 1024**2


def requirements(lock: str) -> dict[str, list[str]]:
    """Requirement lines of a lock, with the hashes each is allowed to have."""
    text = (ROOT / lock).read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return {line.split(" --hash")[0].strip(): re.findall(r"--hash=(\S+)", line) for line in lines}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_host(lock):
    text = (ROOT / lock).read_text()
    assert "://" not in text
    assert "--index-url" not in text
    assert "--find-links" not in text


@pytest.mark.parametrize("lock", LOCKS)
def test_every_line_of_a_lock_is_one_exact_version_with_hashes(lock):
    locked = requirements(lock)
    assert locked
    for line, hashes in locked.items():
        assert re.fullmatch(r"==[^,*]+", str(Requirement(line).specifier)), line
        assert hashes, line
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", item) for item in hashes), line


def versions(lock: str) -> dict[str, list[str]]:
    """Name and version of every line of a lock, with its hashes; when it applies is left out."""
    return {line.split(";")[0].strip(): hashes for line, hashes in requirements(lock).items()}


@pytest.mark.parametrize("lock", PYTHON_LOCKS[1:])
def test_developers_and_servers_run_the_versions_that_users_run(lock):
    theirs = versions(lock)
    # their packages may need one on more systems, never in another version
    assert {name: theirs.get(name) for name in versions("requirements.lock")} == versions(
        "requirements.lock"
    )


def test_every_dependency_is_locked():
    locked = {
        canonicalize_name(Requirement(line).name) for line in requirements("requirements.lock")
    }
    asked = {canonicalize_name(Requirement(text).name) for text in PROJECT["dependencies"]}
    assert asked <= locked


def test_the_version_is_the_first_one_in_the_changelog():
    changelog = (ROOT / "CHANGELOG.md").read_text()
    first = re.search(r"^## (\d+\.\d+\.\d+)", changelog, re.M)
    assert first is not None
    assert kulan.__version__ == version("kulan") == first.group(1)


def test_nothing_in_the_core_is_under_a_strong_copyleft():
    strong = []
    for line in requirements("requirements.lock"):
        requirement = Requirement(line)
        if requirement.marker and not requirement.marker.evaluate():
            continue
        fields = metadata(requirement.name)
        said = [fields.get("License-Expression", ""), (fields.get("License") or "")[:200]]
        said += [item for item in fields.get_all("Classifier", []) if item.startswith("License")]
        if any(
            re.search(r"(?<!L)(?<!Lesser )\bA?GPL|Affero|(?<!Lesser )General Public", text or "")
            for text in said
        ):
            strong.append(requirement.name)
    assert strong == []


def test_the_licence_is_the_whole_apache_licence():
    text = (ROOT / "LICENSE").read_text()
    assert PROJECT["license"].startswith("Apache-2.0")
    assert "Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text


def test_data_in_the_package_stay_small():
    package = Path(kulan.__file__).parent
    files = [
        path for path in package.rglob("*") if path.is_file() and path.suffix not in (".py", ".pyc")
    ]
    # compiled loops are kept beside the code, and are no part of the package;
    # what the pages load is listed and hashed in front_end/
    left_out = {"fonts", "vendor", "__pycache__"}
    total = sum(path.stat().st_size for path in files if not left_out.intersection(path.parts))
    assert 0 < total <= LARGEST_PACKAGE_DATA_BYTES
