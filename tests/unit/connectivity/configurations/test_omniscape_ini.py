"""Omniscape configurations: read as they are, and refused where they could not be meant."""

from pathlib import Path

import numpy as np
import pytest

from kulan.connectivity.configurations.omniscape_ini import read_omniscape_ini
from kulan.connectivity.configurations.omniscape_run import run_omniscape
from kulan.connectivity.configurations.raster_files import (
    PlainRaster,
    read_raster,
    write_ascii_grid,
)
from kulan.errors import InvalidFileError, InvalidGridError, OutputExistsError

NEEDED = "resistance_file = r.asc\nradius = 3\nproject_name = out\n"


def ini(folder: Path, text: str) -> Path:
    path = folder / "run.ini"
    path.write_text(text)
    return path


def grid(folder: Path, name: str, values: np.ndarray) -> None:
    write_ascii_grid(folder / name, values, PlainRaster(values, 0.0, 0.0, 1.0))


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("source_from_resistance = ja", "True or False is needed"),
        ("raduis = 5", "did you mean radius"),
        ("radius = 4", "given twice, as '3' and '4'"),
        ("buffer = -1", "whole number of cells"),
        ("block_size = three", "a number is needed"),
        ("conditional = true", "condition1_file: not given"),
        ("comparison1 = near", "one of within, equal"),
        ("precision = half", "one of double, single"),
        ("parallelize = perhaps", "True or False is needed"),
        ("r_cutoff = nan", "a number is needed"),
        ("reclassify_resistance = TRUE", "reclass_table: not given"),
        ("nonsense", "`option = value` is needed"),
    ],
)
def test_a_setting_that_cannot_be_meant_is_refused(line, told, tmp_path):
    text = NEEDED + "source_from_resistance = true\n" + line
    with pytest.raises(InvalidFileError, match=told):
        read_omniscape_ini(ini(tmp_path, text))


def test_older_names_and_spellings_are_understood(tmp_path):
    text = NEEDED + (
        "[options]\n; a remark\nSource_from_resistance = TRUE\n"
        "resistance_file_is_conductance = True\ncomparison1 = equals\nr_cutoff = Inf\n"
    )

    settings = read_omniscape_ini(ini(tmp_path, text))

    assert settings.resistance_is_conductance
    assert settings.comparison1 == "equal"
    assert settings.r_cutoff == float("inf")
    assert settings.resistance_file == tmp_path / "r.asc"


def test_a_run_writes_what_was_asked_for_in_the_programs_names(tmp_path):
    cells = np.random.default_rng(1).uniform(1, 9, (12, 14))
    cells[3, 3] = np.nan
    grid(tmp_path, "r.asc", cells)
    text = NEEDED + (
        "source_from_resistance = true\nr_cutoff = 5\nblock_size = 2\n"
        "calc_normalized_current = true\nwrite_as_tif = false\n"
    )
    settings = read_omniscape_ini(ini(tmp_path, text))

    run = run_omniscape(settings)

    assert [path.name for path in run.files] == [
        "cum_currmap.asc",
        "normalized_cum_currmap.asc",
        "config.ini",
    ]
    assert run.notes == ("block_size = 2 has no middle; 3 was used.",)
    written = read_raster(tmp_path / "out" / "cum_currmap.asc").values
    assert np.isnan(written[3, 3])
    np.testing.assert_allclose(written[5], run.flow.current[5], rtol=1e-9)
    with pytest.raises(OutputExistsError):
        run_omniscape(settings)
    assert run_omniscape(settings, replace_outputs=True).files == run.files


def test_conditions_link_like_with_like(tmp_path):
    grid(tmp_path, "r.asc", np.ones((8, 12)))
    grid(tmp_path, "kind.asc", np.tile(np.repeat([1.0, 2.0], 6), (8, 1)))
    text = NEEDED + (
        "source_from_resistance = true\nconditional = true\ncondition1_file = kind.asc\n"
        "comparison1 = equal\n"
    )

    run = run_omniscape(read_omniscape_ini(ini(tmp_path, text)))

    unconditioned = run_omniscape(
        read_omniscape_ini(ini(tmp_path, NEEDED + "source_from_resistance = true\n")),
        replace_outputs=True,
    )
    # far from the border between the kinds nothing changes, at it there is less
    assert run.flow.current[4, 5] < unconditioned.flow.current[4, 5]
    assert run.flow.current.sum() < unconditioned.flow.current.sum()


@pytest.mark.parametrize("value", [0.0, -3.0])
def test_resistances_that_are_not_above_zero_are_refused(value, tmp_path):
    cells = np.ones((6, 6))
    cells[2, 4] = value
    grid(tmp_path, "r.asc", cells)
    settings = read_omniscape_ini(ini(tmp_path, NEEDED + "source_from_resistance = true\n"))

    with pytest.raises(InvalidGridError, match="row 3, column 5"):
        run_omniscape(settings)


def test_rasters_on_other_cells_are_refused(tmp_path):
    grid(tmp_path, "r.asc", np.ones((6, 6)))
    grid(tmp_path, "s.asc", np.ones((6, 7)))
    settings = read_omniscape_ini(ini(tmp_path, NEEDED + "source_file = s.asc\n"))

    with pytest.raises(InvalidGridError, match="Resample one onto the cells"):
        run_omniscape(settings)


def test_a_reclass_table_with_a_bad_line_is_refused(tmp_path):
    grid(tmp_path, "r.asc", np.ones((6, 6)))
    (tmp_path / "t.txt").write_text("1 2\n2 0\n")
    text = NEEDED + (
        "source_from_resistance = true\nreclassify_resistance = true\nreclass_table = t.txt\n"
    )

    with pytest.raises(InvalidFileError, match="line 2 makes a resistance of 0"):
        run_omniscape(read_omniscape_ini(ini(tmp_path, text)))
