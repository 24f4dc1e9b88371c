"""`make` on a machine that lacks something: it finds another way, or says plainly what to type."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PROGRAMS = ["sh", "cat", "cksum", "grep", "ln", "mkdir", "rm"]
LOCK = "requirements.lock"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with what the script reads, and a `bin` with ordinary programs but no Python."""
    (tmp_path / "tools").mkdir()
    (tmp_path / "bin").mkdir()
    for name in ("tools/environment.sh", "CHANGELOG.md", "pyproject.toml", LOCK):
        shutil.copy(ROOT / name, tmp_path / name)
    for name in PROGRAMS:
        if found := shutil.which(name):
            (tmp_path / "bin" / name).symlink_to(found)
    return tmp_path


def put_program(checkout: Path, name: str, script: str) -> None:
    path = checkout / "bin" / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def make_environment(checkout: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", "tools/environment.sh", LOCK],
        cwd=checkout,
        env={"PATH": str(checkout / "bin"), "HOME": str(checkout), **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def python_that(*, refuses: tuple[str, ...]) -> str:
    """A Python of this version whose modules named in `refuses` are not installed."""
    cases = "".join(f'case "$*" in *"-m {name}"*) exit 1;; esac\n' for name in refuses)
    return cases + f'exec {sys.executable} "$@"'


def test_without_python_it_says_which_is_needed_and_what_to_type(checkout):
    said = make_environment(checkout)
    assert said.returncode == 1
    assert "Python 3.11 or later; found no python3" in said.stderr
    assert "apt install python3 python3-venv" in said.stderr


def test_a_python_that_is_too_old_is_named(checkout):
    old = 'case "$1" in --version) echo Python 3.9.2;; *) exit 1;; esac'
    put_program(checkout, "python3", old)

    said = make_environment(checkout)

    assert said.returncode == 1
    assert "found Python 3.9.2" in said.stderr


def test_a_newer_python_beside_an_old_one_is_found(checkout):
    put_program(checkout, "python3", "exit 1")
    put_program(checkout, "python3.12", python_that(refuses=("venv", "pip", "virtualenv")))

    said = make_environment(checkout)

    assert "python3.12 cannot make a virtual environment" in said.stderr


def test_without_any_way_to_make_an_environment_it_says_what_to_type(checkout):
    put_program(checkout, "python3", python_that(refuses=("venv", "pip", "virtualenv")))

    said = make_environment(checkout)

    assert said.returncode == 1
    assert "apt install python3-venv" in said.stderr
    assert not (checkout / ".venv").exists()


def test_an_interpreter_that_was_named_and_does_not_serve_is_refused(checkout):
    said = make_environment(checkout, KULAN_PYTHON="/nowhere/python3")
    assert said.returncode == 1
    assert "KULAN_PYTHON is '/nowhere/python3'" in said.stderr


def put_noting_python(checkout: Path, *, ensurepip: bool = True) -> Path:
    """Put a Python that makes an environment of links and only notes what pip is asked for."""
    asked = checkout / "asked.txt"
    here = checkout / "bin" / "python3"
    no_ensurepip = "" if ensurepip else '"-m venv .venv") exit 1;;'
    script = f"""case "$*" in
    *" install "*) echo "$*" >> {asked}; exit 0;;
    "-m pip --version") exit 0;;
    {no_ensurepip}
    "-m venv "*) mkdir -p .venv/bin; ln -s {here} .venv/bin/python; exit 0;;
    esac
    """
    put_program(checkout, "python3", script + python_that(refuses=()))
    return asked


@pytest.mark.parametrize("ensurepip", [True, False], ids=["with ensurepip", "without"])
def test_the_packages_of_the_lock_are_installed_with_their_hashes(checkout, ensurepip):
    asked = put_noting_python(checkout, ensurepip=ensurepip)

    said = make_environment(checkout)

    assert said.returncode == 0, said.stderr
    assert f"--require-hashes -r {LOCK}" in asked.read_text()
    assert "--no-deps --no-build-isolation -e ." in asked.read_text()


def test_where_uv_fails_pip_gets_its_turn(checkout):
    asked = put_noting_python(checkout)
    put_program(checkout, "uv", f'echo "uv $*" >> {asked}; exit 1')

    said = make_environment(checkout)

    assert said.returncode == 0, said.stderr
    assert "uv could not install; trying pip." in said.stderr
    assert f"-m pip install --quiet --disable-pip-version-check --require-hashes -r {LOCK}" in (
        asked.read_text()
    )


def test_a_second_call_does_nothing(checkout):
    asked = put_noting_python(checkout)
    make_environment(checkout)
    first = asked.read_text()

    said = make_environment(checkout)

    assert (said.returncode, said.stderr) == (0, "")
    assert asked.read_text() == first


def test_another_python_gets_an_environment_of_its_own(checkout):
    asked = put_noting_python(checkout)
    make_environment(checkout)
    other = (checkout / "bin" / "python3").read_text()
    answer = 'case "$1" in --version) echo Python 3.99.0; exit 0;; esac\n'
    put_program(checkout, "other-python", answer + other)

    said = make_environment(checkout, KULAN_PYTHON="other-python")

    assert "making .venv with Python 3.99.0" in said.stderr
    assert asked.read_text().count("--require-hashes") == 2


def test_a_lock_that_changed_is_installed_again(checkout):
    asked = put_noting_python(checkout)
    make_environment(checkout)
    with (checkout / LOCK).open("a") as lock:
        lock.write("# changed\n")

    make_environment(checkout)

    assert asked.read_text().count("--require-hashes") == 2
