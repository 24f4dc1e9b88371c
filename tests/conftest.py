"""What all tests share: where real data lie, which browser there is, and how Hypothesis behaves."""

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from kulan.atlas import build_starter

ROOT = Path(__file__).resolve().parent.parent

# the same examples on every run; a machine under load must not fail a property by being slow
settings.register_profile(
    "kulan", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
# `HYPOTHESIS_PROFILE=search` looks for new examples, and for longer
settings.register_profile("search", deadline=None, max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "kulan"))


@pytest.fixture(autouse=True)
def _own_state(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes the Atlas of the person who runs it."""
    monkeypatch.delenv("KULAN_STATE", raising=False)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of real data, named by KULAN_SHARED_DATA; tests that need it skip without."""
    folder = Path(os.environ.get("KULAN_SHARED_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no real data at {folder}; name their folder in KULAN_SHARED_DATA")
    return folder


@pytest.fixture(scope="session")
def starter_state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """State folder with the starter Atlas; tests only read it."""
    folder = tmp_path_factory.mktemp("state")
    build_starter(folder)
    return folder


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of a Chromium; tests that open a page skip without one."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    pytest.skip("no Chromium on this machine, so pages cannot be opened")


@pytest.fixture(scope="session")
def pdftoppm() -> str:
    """Path of poppler's pdftoppm; tests that look at a PDF's pages skip without it."""
    return _program("pdftoppm", "poppler-utils")


@pytest.fixture(scope="session")
def ogrinfo() -> str:
    """Path of GDAL's ogrinfo; tests that read our files with another program skip without it."""
    return _program("ogrinfo", "gdal-bin")


def _program(name: str, package: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"no {name} on this machine; on Debian it is in {package}")
    return found
