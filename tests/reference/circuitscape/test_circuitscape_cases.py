"""Circuitscape's own test cases, run as they are, give the numbers it publishes with them.

The cases are data of Circuitscape.jl 5.17 (MIT licence), looked for beside the shared data.
"""

import dataclasses
import os
import re
from pathlib import Path

import numpy as np
import pytest

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
        theirs, mine = numbers(path), numbers(ours)
        if "branch_currents" in path.name:
            theirs, mine = by_branch(theirs, mine), by_branch(mine, theirs)
        assert theirs.shape == mine.shape, path.name
        tolerance = LOOSE.get(ini.stem, 1e-6) * max(1.0, np.abs(theirs[theirs != -9999]).max())
        difference = np.abs(theirs - mine).max()
        if not difference <= tolerance:
            wrong[path.name] = float(difference)
    assert wrong == {}
