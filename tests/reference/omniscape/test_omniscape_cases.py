"""Omniscape's own test cases, run as they are, give the maps it publishes with them.

The cases are data of Omniscape.jl (MIT licence), looked for beside the shared data.
"""

import dataclasses
import os
import re
from pathlib import Path

import numpy as np
import pytest

from kulan.connectivity.circuits.solving import Solving
from kulan.connectivity.configurations.omniscape_ini import read_omniscape_ini
from kulan.connectivity.configurations.omniscape_run import run_omniscape
from kulan.connectivity.configurations.raster_files import read_raster
from kulan.errors import InvalidFileError

ROOT = Path(__file__).resolve().parents[3]
SHARED = Path(os.environ.get("KULAN_SHARED_DATA", ROOT.parent / "shared" / "data"))
CASES = SHARED.parent / "conformance" / "omniscape"
COMPAT = "omniscape0.6"
SOLVERS = {
    "direct": Solving(solvers=("direct",)),
    "multigrid": Solving(tolerance=1e-10, solvers=("multigrid",)),
}
# share of a map's largest value; the maps of test1 come from an iteration that its program stops at
# a residual of 1e-6, and a factorisation and our own iteration to 1e-10 agree that they are off. An
# iteration of its kind, conjugate gradients after smoothed aggregation stopped there too, is off by
# as much and at the same cells (correlation 0.6)
TOLERANCES = {"test1": 2e-5, "test3": 1e-6}
pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason=f"no Omniscape cases at {CASES}")


def case(name, tmp_path, ini=None):
    settings = read_omniscape_ini(
        CASES / "input" / ini if ini else CASES / "output_verify" / name / "config.ini",
        folder=CASES,
        compat=COMPAT,
    )
    return dataclasses.replace(settings, project_name=tmp_path / name)


def differences(run, name):
    """Largest difference of each published map, as a share of its largest value."""
    found = {}
    for expected in sorted((CASES / "output_verify" / name).glob("*.[at][si][cf]")):
        ours = next((path for path in run.files if path.name == expected.name), None)
        assert ours is not None, f"{expected.name} was not written"
        theirs, mine = read_raster(expected).values, read_raster(ours).values
        assert np.array_equal(np.isnan(theirs), np.isnan(mine)), expected.name
        found[expected.name] = np.nanmax(np.abs(theirs - mine)) / max(1.0, np.nanmax(theirs))
    return found


@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize(
    ("name", "ini"),
    [("test1", None), ("test1", "config.ini"), ("test3", None), ("test3", "config3.ini")],
)
def test_a_published_case_gives_the_published_maps(name, ini, solver, tmp_path):
    run = run_omniscape(case(name, tmp_path, ini), solving=SOLVERS[solver], compat=COMPAT)

    assert run.failures == ()
    found = differences(run, name)
    assert len(found) == (3 if name == "test1" else 2)
    assert {file: off for file, off in found.items() if off > TOLERANCES[name]} == {}


def test_the_whole_map_is_as_near_as_the_collection_says_an_exact_solution_comes(tmp_path):
    """Its README gives 2e-8: the norm of the difference over that of the map, NoData included."""
    run = run_omniscape(case("test1", tmp_path), solving=SOLVERS["direct"], compat=COMPAT)
    ours = next(path for path in run.files if path.name == "cum_currmap.tif")
    theirs = CASES / "output_verify" / "test1" / ours.name
    a, b = (np.nan_to_num(read_raster(path).values, nan=-9999.0) for path in (theirs, ours))
    assert np.linalg.norm(a - b) / np.linalg.norm(a) <= 2.5e-8


def test_reclassified_resistances_give_the_published_maps(tmp_path):
    # the collection lacks the raster that is reclassified: any raster will do that its table
    # turns into the published one
    table = {3.0: 1.0, 4.0: 2.0, 7.0: 3.0, 1.0: 4.0}
    published = read_raster(CASES / "output_verify" / "test_reclass" / "classified_resistance.asc")
    cells = [5.0 if np.isnan(v) else table.get(v, v) for v in published.values.ravel().tolist()]
    rows = np.reshape([f"{v:g}" for v in cells], published.shape)
    header = re.sub(
        r"(?m)^ .*\n?",
        "",
        (CASES / "output_verify" / "test_reclass" / "classified_resistance.asc").read_text(),
    )
    before = tmp_path / "discrete_resistance.asc"
    before.write_text(header + "\n".join(" ".join(row) for row in rows) + "\n")
    settings = dataclasses.replace(case("test_reclass", tmp_path), resistance_file=before)

    run = run_omniscape(settings, compat=COMPAT)

    found = differences(run, "test_reclass")
    assert found["classified_resistance.asc"] == 0
    assert found["cum_currmap.asc"] <= 1e-6


def test_settings_that_the_program_passes_over_are_refused_by_name():
    with pytest.raises(InvalidFileError, match=r"foo: no such option.*bar: no such option"):
        read_omniscape_ini(CASES / "input" / "config3.ini", folder=CASES)
    with pytest.raises(InvalidFileError, match="wrong_solver_name: no such solver"):
        read_omniscape_ini(CASES / "input" / "config.ini", folder=CASES)


@pytest.mark.parametrize(
    ("ini", "lacking"),
    [("bad_config.ini", "radius: not given"), ("no_source_provided.ini", "source_file: not given")],
)
def test_a_configuration_that_lacks_something_is_refused_in_either_reading(ini, lacking):
    for compat in ("", COMPAT):
        with pytest.raises(InvalidFileError, match=lacking):
            read_omniscape_ini(CASES / "input" / ini, folder=CASES, compat=compat)


def test_the_right_placement_of_the_block_differs_only_where_edges_cut_windows(tmp_path):
    settings = case("test1", tmp_path)
    theirs = run_omniscape(settings, compat=COMPAT)
    ours = run_omniscape(dataclasses.replace(settings, project_name=tmp_path / "right"))

    apart = np.abs(theirs.flow.current - ours.flow.current) > 1e-6
    reach = settings.radius + settings.buffer
    assert apart[: 2 * reach].any()
    assert not apart[2 * reach + 1 :, 2 * reach + 1 :].any()
