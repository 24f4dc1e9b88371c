"""`kulan connectivity circuitscape` and `omniscape`: run as a person runs them."""

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from kulan.cli import kulan
from kulan.connectivity.circuits.raster_circuit import RasterCircuit
from kulan.connectivity.configurations.raster_files import (
    PlainRaster,
    read_raster,
    write_ascii_grid,
)
from kulan.connectivity.windows import exact
from kulan.errors import (
    InvalidFileError,
    KulanError,
    NotSolvedError,
    OutputDeniedError,
    OutputExistsError,
)

PAIRWISE = """[Circuitscape mode]
data_type = raster
scenario = pairwise
habitat_file = input/cells.asc
point_file = input/points.asc
connect_using_avg_resistances = True
write_cur_maps = True
output_file = output/run.out
"""
WINDOWS = """[Required]
resistance_file = input/cells.asc
radius = 3
project_name = windows
source_from_resistance = true
calc_normalized_current = true
write_as_tif = false
"""


def stored(path: Path, values: np.ndarray) -> None:
    path.parent.mkdir(exist_ok=True)
    write_ascii_grid(path, values, PlainRaster(values, 0.0, 0.0, 10.0))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a landscape of five focal nodes and two configurations."""
    points = np.full((12, 14), np.nan)
    for number, (row, column) in enumerate([(0, 0), (1, 12), (11, 2), (6, 6), (9, 13)], start=1):
        points[row, column] = number
    stored(tmp_path / "input/cells.asc", np.random.default_rng(2).uniform(1, 9, points.shape))
    stored(tmp_path / "input/points.asc", points)
    (tmp_path / "pairwise.ini").write_text(PAIRWISE)
    (tmp_path / "windows.ini").write_text(WINDOWS)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words: str):
    return CliRunner().invoke(kulan, ["connectivity", *words])


def done(*words: str) -> str:
    result = run(*words)
    assert result.exit_code == 0, (result.output, result.exception)
    return result.output


def refused(refusal: type[KulanError], *words: str) -> str:
    result = run(*words)
    assert isinstance(result.exception, refusal), result.output
    return str(result.exception)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_a_run_writes_beside_the_working_folder_and_says_what_it_did(folder):
    told = done("circuitscape", "pairwise.ini")
    assert "pairwise between 5 focal nodes on 168 cells of cells.asc" in told
    assert "10 pairs with a resistance" in told
    assert "solved by direct" in told
    assert "output/run_resistances.out" in told.split()
    assert "... and 8 others in output" in told
    names = set(contents(folder / "output"))
    assert {"run_resistances_3columns.out", "run_cum_curmap.asc", "run_curmap_1_5.asc"} <= names
    assert len(names) == 13


def test_relative_names_start_elsewhere_where_that_is_asked_for(folder, monkeypatch):
    (folder / "elsewhere").mkdir()
    monkeypatch.chdir(folder / "elsewhere")
    told = refused(InvalidFileError, "circuitscape", "../pairwise.ini")
    assert f"Relative names start at {folder / 'elsewhere'}; the option --folder" in told
    assert f"They are there when names start at {folder}." in told
    done("circuitscape", "../pairwise.ini", "--folder", "..")
    assert (folder / "output" / "run_cum_curmap.asc").is_file()


@pytest.mark.parametrize("workers", [("--workers", "2"), ("--workers", "2", "--processes")])
def test_several_workers_write_the_same_bytes(folder, workers):
    done("circuitscape", "pairwise.ini")
    alone = contents(folder / "output")
    done("circuitscape", "pairwise.ini", *workers)
    assert contents(folder / "output") == alone


def test_a_stopped_run_goes_on_from_what_was_kept(folder, monkeypatch):
    done("circuitscape", "pairwise.ini", "--keep", "kept")
    first = contents(folder / "output")

    def solved_again(*_args: object) -> None:
        pytest.fail("it was solved before")

    monkeypatch.setattr(RasterCircuit, "solve", solved_again)
    done("circuitscape", "pairwise.ini", "--keep", "kept")
    assert contents(folder / "output") == first


def test_failed_pairs_end_the_run_with_their_names_and_the_others_done(folder, monkeypatch):
    sound = RasterCircuit.solve

    def solve(circuit, injection):
        if 0 in injection.places:
            raise NotSolvedError("no solver balanced the currents")
        return sound(circuit, injection)

    (folder / "pairs.txt").write_text("mode include\n1 2\n3 4\n")
    asked = PAIRWISE + "use_included_pairs = True\nincluded_pairs_file = pairs.txt\n"
    (folder / "pairwise.ini").write_text(asked)
    monkeypatch.setattr(RasterCircuit, "solve", solve)
    result = run("circuitscape", "pairwise.ini")
    assert isinstance(result.exception, NotSolvedError)
    assert result.exception.exit_code == 19
    assert "1 pairs of focal nodes have no result: 1-2." in str(result.exception)
    assert "1 pairs with a resistance, 1 failed, 4 left out" in result.output
    rows = (folder / "output" / "run_resistances_3columns.out").read_text().splitlines()
    assert rows[0] == "1 2 -777"
    assert float(rows[-1].split()[2]) > 0
    assert (folder / "output" / "run_curmap_3_4.asc").is_file()


def test_from_one_to_all_and_the_wired_mode_have_their_summaries(folder):
    (folder / "each.ini").write_text(PAIRWISE.replace("pairwise", "one-to-all"))
    assert "resistance to all others from" in done("circuitscape", "each.ini")
    (folder / "sources.txt").write_text("2 5 115\n")
    (folder / "grounds.txt").write_text("0 135 5\n")
    wired = "source_file = sources.txt\nground_file = grounds.txt\n"
    (folder / "wired.ini").write_text(PAIRWISE.replace("pairwise", "advanced") + wired)
    assert "Circuitscape, advanced on 168 cells" in done("circuitscape", "wired.ini")


@pytest.mark.parametrize(
    ("change", "refusal", "told"),
    [
        (("scenario", "scenaro"), InvalidFileError, "did you mean scenario"),
        (("write_cur_maps = True", "write_cur_maps = Yep"), InvalidFileError, "True or False"),
        (("input/points.asc", "input/nodes.asc"), InvalidFileError, "point_file = input/nodes.asc"),
        (("input/points.asc", "input/cells.asc"), InvalidFileError, "whole numbers are needed"),
        (("output/run.out", "pairwise.ini/run.out"), OutputDeniedError, "is a file, not a folder"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_words(folder, change, refusal, told):
    (folder / "pairwise.ini").write_text(PAIRWISE.replace(*change))
    assert told in refused(refusal, "circuitscape", "pairwise.ini")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("radius = 1000000000", "a radius of 19 covers it from anywhere"),
        ("reclassify_resistance = true\nreclass_table = binary.txt", "not a text file"),
    ],
)
def test_settings_of_windows_that_cannot_be_meant_are_refused_in_words(folder, line, told):
    (folder / "binary.txt").write_bytes(b"\xff\xfe\x00")
    others = WINDOWS.replace("radius = 3\n", "" if line.startswith("radius") else "radius = 3\n")
    (folder / "windows.ini").write_text(others + line)
    assert told in refused(InvalidFileError, "omniscape", "windows.ini")


@pytest.mark.parametrize("number", ["1e30", "1.5", "inf"])
def test_numbers_that_name_no_focal_node_are_refused(folder, number):
    (folder / "input" / "nodes.txt").write_text(f"1 5 5\n{number} 15 15\n")
    asked = PAIRWISE.replace("input/points.asc", "input/nodes.txt")
    (folder / "pairwise.ini").write_text(asked)
    told = refused(InvalidFileError, "circuitscape", "pairwise.ini")
    assert "nodes.txt: a focal node with the number" in told


@pytest.mark.parametrize("command", ["circuitscape", "omniscape"])
def test_a_configuration_that_is_none_is_refused(folder, command):
    assert "no such file" in refused(InvalidFileError, command, "nowhere.ini")
    (folder / "binary.ini").write_bytes(b"\xff\xfe\x00")
    assert "not a text file" in refused(InvalidFileError, command, "binary.ini")


def test_windows_write_a_folder_and_say_what_they_did(folder):
    told = done("omniscape", "windows.ini")
    assert "Omniscape, 168 windows on 12 rows of 14 cells" in told
    assert set(contents(folder / "windows")) == {
        "cum_currmap.asc",
        "normalized_cum_currmap.asc",
        "config.ini",
    }
    assert (folder / "windows" / "config.ini").read_text() == WINDOWS
    normalised = read_raster(folder / "windows" / "normalized_cum_currmap.asc").values
    assert 0.5 < np.median(normalised) < 1.5


def test_windows_solved_elsewhere_or_before_write_the_same_bytes(folder):
    done("omniscape", "windows.ini", "--keep", "pieces")
    first = contents(folder / "windows")
    for words in (["--keep", "pieces"], ["--workers", "2"]):
        done("omniscape", "windows.ini", "--replace", *words)
        assert contents(folder / "windows") == first


def test_an_output_folder_is_replaced_only_when_asked_and_never_another(folder):
    done("omniscape", "windows.ini")
    assert "--replace" in refused(OutputExistsError, "omniscape", "windows.ini")
    (folder / "windows" / "thesis.txt").write_text("")
    told = refused(OutputExistsError, "omniscape", "windows.ini", "--replace")
    assert "holds thesis.txt, which is no output of Omniscape" in told
    assert (folder / "windows" / "thesis.txt").exists()


def test_what_omniscape_passes_over_is_refused_or_told(folder):
    (folder / "windows.ini").write_text(WINDOWS + "solver = magic\nmask_nodat = true\n")
    told = refused(InvalidFileError, "omniscape", "windows.ini")
    assert "solver = magic: no such solver" in told
    assert "did you mean mask_nodata" in told
    told = done("omniscape", "windows.ini", "--compat", "omniscape0.6")
    assert "Note: solver = magic: no such solver" in told


def test_failed_windows_end_the_run_with_the_place_of_the_first(folder, monkeypatch):
    sound = exact.window_current

    def solve(window, row, column, amps, solving):
        if (row, column) == (0, 0):
            raise NotSolvedError("no solver balanced the currents")
        return sound(window, row, column, amps, solving)

    monkeypatch.setattr(exact, "window_current", solve)
    told = refused(NotSolvedError, "omniscape", "windows.ini")
    assert "1 windows have no result" in told
    assert "row 1, column 1: no solver" in told
    assert (folder / "windows" / "cum_currmap.asc").is_file()
