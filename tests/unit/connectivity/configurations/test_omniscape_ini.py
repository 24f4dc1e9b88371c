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


ROW = "resistance_file = r.asc\nradius = 2\nproject_name = out\nsource_file = s.asc\n"


def current_of_row(folder: Path, lines: str, compat: str = "") -> list[float]:
    """Run three cells in a row; each is a target of one ampere, shared among the two others."""
    if not (folder / "r.asc").exists():
        grid(folder, "r.asc", np.ones((1, 3)))
        grid(folder, "s.asc", np.ones((1, 3)))
        grid(folder, "kind.asc", np.array([[1.0, 2.0, 1.0]]))
        grid(folder, "later.asc", np.array([[2.0, 1.0, 2.0]]))
    settings = read_omniscape_ini(ini(folder, ROW + lines), compat=compat)
    run = run_omniscape(settings, compat=compat, replace_outputs=True)
    return np.round(run.flow.current[0], 9).tolist()


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("", [2, 3, 2]),
        # the share of those that do not meet a condition is not given to others
        ("conditional = true\ncondition1_file = kind.asc\n", [1, 1, 1]),
        (
            "conditional = true\ncondition1_file = kind.asc\ncondition1_upper = 1\n",
            [1.5, 2, 1.5],
        ),
        (
            "conditional = true\ncondition1_file = kind.asc\ncomparison1 = equal\n"
            "compare_to_future = 1\ncondition1_future_file = later.asc\n",
            [1, 2, 1],
        ),
        (
            "conditional = true\ncondition1_file = kind.asc\ncondition1_lower = -9\n"
            "condition1_upper = 9\nn_conditions = 2\ncondition2_file = kind.asc\n"
            "comparison2 = equal\ncompare_to_future = 2\ncondition2_future_file = later.asc\n",
            [1, 2, 1],
        ),
    ],
)
def test_conditions_mean_what_the_settings_say(tmp_path, lines, expected):
    assert current_of_row(tmp_path, lines) == expected


def test_weak_sources_are_none(tmp_path):
    current_of_row(tmp_path, "")
    grid(tmp_path, "s.asc", np.array([[1.0, 0.1, 1.0]]))
    assert current_of_row(tmp_path, "source_threshold = 0.2\n") == [2, 2, 2]


def test_sources_from_resistances_end_at_a_cutoff(tmp_path):
    current_of_row(tmp_path, "")
    grid(tmp_path, "r.asc", np.array([[1.0, 8.0, 1.0]]))
    assert current_of_row(tmp_path, "source_from_resistance = true\nr_cutoff = 4\n") == [2, 2, 2]
    # as conductances 8 is the strongest source; r_cutoff stays a resistance
    strong = "source_from_resistance = true\nr_cutoff = 0.5\nresistance_is_conductance = true\n"
    assert current_of_row(tmp_path, strong) == [0, 0, 0]


def test_only_the_maps_that_are_asked_for_are_written(tmp_path):
    current_of_row(tmp_path, "write_raw_currmap = false\ncalc_flow_potential = true\n")
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "flow_potential.tif",
        "config.ini",
    }


def test_cells_without_data_keep_their_numbers_where_they_are_not_masked(tmp_path):
    current_of_row(tmp_path, "")
    grid(tmp_path, "r.asc", np.array([[1.0, np.nan, 1.0]]))
    for mask, known in (("true", False), ("false", True)):
        current_of_row(tmp_path, f"mask_nodata = {mask}\nwrite_as_tif = false\n")
        values = read_raster(tmp_path / "out" / "cum_currmap.asc").values
        assert bool(np.isfinite(values[0, 1])) is known


def test_other_corners_and_projections_are_refused_unless_allowed(tmp_path):
    aligned = current_of_row(tmp_path, "", "omniscape0.6")
    write_ascii_grid(
        tmp_path / "s.asc", np.ones((1, 3)), PlainRaster(np.ones((1, 3)), 70.0, 0.0, 1.0)
    )
    with pytest.raises(InvalidGridError, match="western edge"):
        current_of_row(tmp_path, "")
    assert current_of_row(tmp_path, "", "omniscape0.6") == aligned
    grid(tmp_path, "s.asc", np.ones((1, 3)))
    (tmp_path / "r.prj").write_text("EPSG:32648")
    (tmp_path / "s.prj").write_text("EPSG:32649")
    with pytest.raises(InvalidGridError, match="EPSG:32649"):
        current_of_row(tmp_path, "")
    assert current_of_row(tmp_path, "allow_different_projections = TRUE\n") == [2, 3, 2]


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
