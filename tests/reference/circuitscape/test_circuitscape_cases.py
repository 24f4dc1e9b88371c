"""Circuitscape's own test cases, run as they are, give the numbers it publishes with them.

The cases are data of Circuitscape.jl 5.17 (MIT licence), looked for beside the shared data.
"""

import dataclasses
import os
import re
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from kulan.cli import kulan
from kulan.connectivity.circuits import multigrid
from kulan.connectivity.circuits.solving import Solving
from kulan.connectivity.configurations.circuitscape_ini import (
    CircuitscapeSettings,
    read_circuitscape_ini,
)
from kulan.connectivity.configurations.circuitscape_run import run_circuitscape

ROOT = Path(__file__).resolve().parents[3]
SHARED = Path(os.environ.get("KULAN_SHARED_DATA", ROOT.parent / "shared" / "data"))
CASES = SHARED.parent / "conformance" / "circuitscape"
INIS = sorted(CASES.glob("input/**/*.ini"))
# files that no run of their configuration writes
STALE = {"sgVerify12_cum_curmap.asc"}
# sgVerify17 was computed with single precision on the way
LOOSE = {"sgVerify17": 1e-5}
SOLVERS = {
    "direct": Solving(solvers=("direct",)),
    "multigrid": Solving(tolerance=1e-10, solvers=("multigrid",)),
}


def case_files(stem: str) -> list[Path]:
    pattern = re.compile(re.escape(stem) + r"_.*\.(asc|out|txt)$")
    return [
        path
        for path in sorted((CASES / "output_verify").iterdir())
        if pattern.match(path.name) and path.name not in STALE
    ]


def beside_the_ini(settings: CircuitscapeSettings, ini: Path) -> CircuitscapeSettings:
    """Find inputs that moved into the folder of the configuration after it was written."""
    moved = {}
    for one in dataclasses.fields(settings):
        value = getattr(settings, one.name)
        if isinstance(value, Path) and one.name.endswith("_file") and not value.exists():
            near = ini.parent / value.name
            if near.exists():
                moved[one.name] = near
    return dataclasses.replace(settings, **moved)


def numbers(path: Path) -> np.ndarray:
    skip = 6 if path.suffix == ".asc" else 0
    return np.loadtxt(path, skiprows=skip, ndmin=2)


def by_branch(rows: np.ndarray, like: np.ndarray) -> np.ndarray:
    """Currents of the branches that either list names; one that is not listed carries none."""
    found = {(a, b): value for a, b, value in rows.tolist()}
    keys = sorted({(a, b) for a, b, _ in [*rows.tolist(), *like.tolist()]})
    return np.array([found.get(key, 0.0) for key in keys])


def off_by(theirs: Path, ours: Path, stem: str) -> float:
    """Largest difference of two files as a share of what the collection allows."""
    expected, found = numbers(theirs), numbers(ours)
    if "branch_currents" in theirs.name:
        expected, found = by_branch(expected, found), by_branch(found, expected)
    assert expected.shape == found.shape, theirs.name
    largest = np.abs(expected[expected != -9999]).max(initial=1.0)
    return float(np.abs(expected - found).max()) / (LOOSE.get(stem, 1e-6) * largest)


def same_name(name: str) -> str:
    """The name we give to a file; one map has two names in the collection."""
    return re.sub(r"_curmap_max\.asc$", "_max_curmap.asc", name)


@pytest.mark.skipif(not INIS, reason=f"no Circuitscape cases at {CASES}")
@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize("ini", INIS, ids=lambda ini: ini.stem)
def test_a_published_case_gives_the_published_numbers(ini, solver, tmp_path, monkeypatch):
    monkeypatch.setattr(multigrid, "DIRECT_UNKNOWNS", 6)  # small cases, too, take several grids
    if solver == "multigrid" and "network" in ini.parts:
        pytest.skip("multigrid is for rasters")
    expected = case_files(ini.stem)
    assert expected
    settings = dataclasses.replace(
        beside_the_ini(read_circuitscape_ini(ini, folder=CASES), ini),
        output_file=tmp_path / f"{ini.stem}.out",
        write_cur_maps=True,
        write_volt_maps=True,
        write_max_cur_maps=True,
        write_cum_cur_map_only=False,
    )

    run = run_circuitscape(settings, solving=SOLVERS[solver])

    assert run.failures == ()
    wrong = {}
    for path in expected:
        ours = tmp_path / same_name(path.name)
        assert ours.is_file(), f"{path.name} was not written"
        if not (off := off_by(path, ours, ini.stem)) <= 1:
            wrong[path.name] = off
    assert wrong == {}


@pytest.mark.skipif(not INIS, reason=f"no Circuitscape cases at {CASES}")
def test_every_file_that_the_collection_lists_is_compared():
    rows = re.findall(
        r"(?m)^\| (\S+\.ini) \|.*\| (\d+) \|$", (CASES.parent / "README.md").read_text()
    )
    listed = {Path(ini).stem: int(n_files) for ini, n_files in rows}
    assert {ini.stem for ini in INIS} <= set(listed)
    assert {ini.stem: len(case_files(ini.stem)) for ini in INIS} == {
        ini.stem: listed[ini.stem] for ini in INIS
    }


def is_asked_for(name: str, settings: CircuitscapeSettings) -> bool:
    """Whether a configuration as it stands writes a file; the collection has some that none do."""
    if "max_curmap" in name:
        return settings.write_max_cur_maps
    if "volt" in name:
        return settings.write_volt_maps
    if "resistances" in name or "cum" in name:
        return "resistances" in name or settings.write_cur_maps or settings.write_cum_cur_map_only
    return settings.write_cur_maps and not settings.write_cum_cur_map_only


@pytest.mark.skipif(not INIS, reason=f"no Circuitscape cases at {CASES}")
@pytest.mark.parametrize("ini", INIS, ids=lambda ini: ini.stem)
def test_a_published_configuration_runs_from_the_command_line_as_it_is(ini, tmp_path):
    (tmp_path / "input").symlink_to(CASES / "input")
    settings = read_circuitscape_ini(ini, folder=tmp_path)
    if not all(path.is_file() for path in settings.inputs().values()):
        pytest.skip("the collection lacks an input where the configuration looks for it")
    asked = {
        same_name(path.name): path
        for path in case_files(ini.stem)
        if is_asked_for(same_name(path.name), settings)
    }

    result = CliRunner().invoke(
        kulan, ["connectivity", "circuitscape", str(ini), "--folder", str(tmp_path)]
    )

    assert result.exit_code == 0, (result.output, result.exception)
    written = settings.output_file.parent
    assert {name for name in asked if not (written / name).is_file()} == set()
    wrong = {name: off_by(path, written / name, ini.stem) for name, path in asked.items()}
    assert {name: off for name, off in wrong.items() if off > 1} == {}
