"""Circuitscape runs on small landscapes: inputs in every form, refusals, outputs as asked."""

import dataclasses
import gzip
from pathlib import Path

import numpy as np
import pytest

from kulan.connectivity.configurations.circuitscape_ini import CircuitscapeSettings
from kulan.connectivity.configurations.circuitscape_lists import read_pairs
from kulan.connectivity.configurations.circuitscape_run import run_circuitscape
from kulan.connectivity.configurations.raster_files import (
    PlainRaster,
    read_raster,
    write_ascii_grid,
    write_geotiff,
)
from kulan.errors import InvalidFileError, InvalidGridError, InvalidTableError

CELLS = np.array([[1.0, 2.0, 1.0, 4.0], [1.0, np.nan, 2.0, 1.0], [3.0, 1.0, 1.0, 2.0]])
POINTS = np.full((3, 4), np.nan)
POINTS[0, 0], POINTS[0, 3], POINTS[2, 1] = 1, 2, 3


def at(values: np.ndarray, **where) -> PlainRaster:
    return PlainRaster(values, **{"west": 100.0, "south": 40.0, "cell": 10.0, **where})


def stored(path: Path, values: np.ndarray, **where) -> Path:
    raster = at(values, **where)
    (write_geotiff if path.suffix == ".tif" else write_ascii_grid)(path, values, raster)
    return path


@pytest.fixture
def settings(tmp_path: Path) -> CircuitscapeSettings:
    return CircuitscapeSettings(
        tmp_path,
        habitat_file=stored(tmp_path / "cells.asc", CELLS),
        point_file=stored(tmp_path / "points.asc", POINTS),
        output_file=tmp_path / "out" / "run.out",
        write_cur_maps=True,
    )


def resistances(settings: CircuitscapeSettings) -> np.ndarray:
    run = run_circuitscape(settings)
    table = np.loadtxt(next(path for path in run.files if path.name.endswith("_resistances.out")))
    return table[1:, 1:] if settings.scenario == "pairwise" else table[:, 1]


def test_all_forms_of_input_give_the_same(tmp_path, settings):
    expected = resistances(settings)
    points = "1 105 65\n2 135 65\n3, 115, 45\n"
    (tmp_path / "points.txt").write_text(points)
    zipped = tmp_path / "cells.asc.gz"
    zipped.write_bytes(gzip.compress((tmp_path / "cells.asc").read_bytes()))
    forms = [
        {"habitat_file": stored(tmp_path / "cells.tif", CELLS)},
        {"habitat_file": zipped},
        {"point_file": tmp_path / "points.txt"},
        {"point_file": stored(tmp_path / "points.tif", POINTS, crs="EPSG:32648")},
    ]
    for form in forms:
        assert (resistances(dataclasses.replace(settings, **form)) == expected).all()


def test_a_conductance_map_is_the_inverse_of_a_resistance_map(tmp_path, settings):
    inverse = dataclasses.replace(
        settings,
        habitat_file=stored(tmp_path / "inverse.asc", 1 / CELLS),
        habitat_map_is_resistances=False,
    )
    np.testing.assert_allclose(resistances(inverse), resistances(settings), rtol=1e-8)


def test_a_mask_drops_cells(tmp_path, settings):
    mask = np.ones(CELLS.shape)
    mask[:, 2] = 0
    masked = dataclasses.replace(
        settings, use_mask=True, mask_file=stored(tmp_path / "mask.asc", mask)
    )
    found = resistances(masked)
    assert found[0, 1] == -1
    assert found[0, 2] > 0


def test_included_pairs_alone_are_solved_and_mapped(tmp_path, settings):
    (tmp_path / "pairs.txt").write_text("mode\tinclude\n1\t3\n")
    chosen = dataclasses.replace(
        settings, use_included_pairs=True, included_pairs_file=tmp_path / "pairs.txt"
    )
    run = run_circuitscape(chosen)
    assert {path.name for path in run.files if "_curmap_" in path.name} == {"run_curmap_1_3.asc"}
    assert resistances(chosen).shape == (2, 2)


def test_excluded_pairs_are_left_out(tmp_path):
    path = tmp_path / "pairs.txt"
    path.write_text("mode exclude\n2 1\n")
    chosen = read_pairs(path, (1, 2, 3))
    assert chosen.sites == {1, 2, 3}
    assert chosen.pairs == {(1, 3), (2, 3)}
    assert chosen.partners() == {1: (3,), 2: (3,), 3: (1, 2)}


def test_a_matrix_of_distances_chooses_pairs_between_its_limits(tmp_path):
    path = tmp_path / "pairs.txt"
    rows = ["min 2", "max 50", "0 1 2 3 4", "1 0 100 6 7", "2 100 0 11 1", "3 6 11 0 -1"]
    path.write_text("\n".join([*rows, "4 7 1 -1 0"]))
    chosen = read_pairs(path, (1, 2, 3, 4, 5))
    assert chosen.sites == {1, 2, 3, 4}
    assert chosen.pairs == {(1, 3), (1, 4), (2, 3)}


def test_strengths_scale_the_currents_of_their_site(tmp_path, settings):
    (tmp_path / "strengths.txt").write_text("1 5\n")
    one_to_all = dataclasses.replace(settings, scenario="one-to-all")
    strong = dataclasses.replace(
        one_to_all,
        use_variable_source_strengths=True,
        variable_source_file=tmp_path / "strengths.txt",
    )
    folder = settings.output_file.parent
    plain = resistances(one_to_all)
    weak = read_raster(folder / "run_curmap_1.asc").values
    assert (resistances(strong) == plain).all()
    np.testing.assert_allclose(read_raster(folder / "run_curmap_1.asc").values, 5 * weak)


@pytest.mark.parametrize(
    ("conflicts", "expected"),
    [("keepall", 1 / 1.5), ("rmvsrc", 0.0), ("rmvgnd", 0.5 * 4), ("rmvall", 0.0)],
)
def test_a_node_that_is_source_and_ground_is_settled_as_asked(tmp_path, conflicts, expected):
    """Two cells one siemens apart; the first is source and ground of 1 S, the second of 1/2 S."""
    row = np.array([[1.0, 1.0]])
    source, ground = np.array([[1.0, np.nan]]), np.array([[1.0, np.inf]])
    ground[0, 1] = 1.0
    settings = CircuitscapeSettings(
        tmp_path,
        scenario="advanced",
        habitat_file=stored(tmp_path / "cells.asc", row),
        source_file=stored(tmp_path / "source.asc", source),
        ground_file=stored(tmp_path / "ground.asc", ground),
        remove_src_or_gnd=conflicts,
        output_file=tmp_path / "run.out",
        write_volt_maps=True,
    )
    run_circuitscape(settings)
    voltage = read_raster(tmp_path / "run_voltmap.asc").values
    assert voltage[0, 0] == pytest.approx(expected)


def test_maps_can_be_compressed_logarithmic_or_geotiff(tmp_path, settings):
    plain = run_circuitscape(settings)
    name = "run_cum_curmap"
    expected = read_raster(settings.output_file.parent / f"{name}.asc").values
    for option, ending, inverse in (
        ("compress_grids", ".asc.gz", lambda v: v),
        ("write_as_tif", ".tif", lambda v: v),
        ("log_transform_maps", ".asc", lambda v: np.nan_to_num(10**v)),
    ):
        folder = tmp_path / option
        changed = dataclasses.replace(settings, output_file=folder / "run.out", **{option: True})
        run = run_circuitscape(changed)
        assert len(run.files) == len(plain.files)
        assert all(path.is_file() for path in run.files)
        found = inverse(read_raster(folder / f"{name}{ending}").values)
        np.testing.assert_allclose(found, expected, atol=1e-8)


def test_null_currents_become_nodata_where_the_habitat_is(settings):
    run_circuitscape(dataclasses.replace(settings, set_null_currents_to_nodata=True))
    current = read_raster(settings.output_file.parent / "run_cum_curmap.asc").values
    assert (np.isnan(current) == np.isnan(CELLS)).all()


def test_a_network_prints_the_nodes_of_its_input_and_one_more_for_circuitscape_5(tmp_path):
    (tmp_path / "net.txt").write_text("0 1 2\n1 2 3\n")
    (tmp_path / "focal.txt").write_text("0\n2\n")
    settings = CircuitscapeSettings(
        tmp_path,
        data_type="network",
        habitat_file=tmp_path / "net.txt",
        point_file=tmp_path / "focal.txt",
        output_file=tmp_path / "run.out",
    )
    run_circuitscape(settings)
    assert (tmp_path / "run_resistances_3columns.out").read_text() == "0 2 5\n"
    run_circuitscape(settings, compat="circuitscape5")
    assert (tmp_path / "run_resistances_3columns.out").read_text() == "1 3 5\n"


def changed(values: np.ndarray, row: int, column: int, value: float) -> np.ndarray:
    other = values.copy()
    other[row, column] = value
    return other


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (changed(CELLS, 0, 1, 0.0), r"a resistance of 0 in row 1, column 2"),
        (changed(CELLS, 2, 0, -3.0), r"-3 in row 3, column 1"),
        (CELLS * np.nan, "all cells are NoData"),
    ],
)
def test_a_habitat_that_cannot_be_meant_is_refused(tmp_path, settings, values, message):
    bad = dataclasses.replace(settings, habitat_file=stored(tmp_path / "bad.asc", values))
    with pytest.raises(InvalidGridError, match=message):
        run_circuitscape(bad)


@pytest.mark.parametrize(
    ("where", "message"),
    [
        ({"west": 110.0}, "western edge"),
        ({"south": 45.0}, "southern edge"),
        ({"cell": 11.0, "west": 100.0}, "cells of 11"),
    ],
)
def test_rasters_that_do_not_align_are_refused(tmp_path, settings, where, message):
    points = stored(tmp_path / "moved.asc", POINTS, **where)
    with pytest.raises(InvalidGridError, match=message):
        run_circuitscape(dataclasses.replace(settings, point_file=points))


def test_rasters_of_two_coordinate_systems_are_refused(tmp_path, settings):
    one = stored(tmp_path / "a.tif", CELLS, crs="EPSG:32648")
    with pytest.raises(InvalidFileError, match="no such file"):
        read_raster(tmp_path / "b.tif")
    write_geotiff(tmp_path / "a.tif", CELLS, at(CELLS, crs="EPSG:32648"))
    write_geotiff(tmp_path / "b.tif", POINTS, at(POINTS, crs="EPSG:32649"))
    bad = dataclasses.replace(settings, habitat_file=one, point_file=tmp_path / "b.tif")
    with pytest.raises(InvalidGridError, match="EPSG:32649"):
        run_circuitscape(bad)


def test_a_point_outside_the_map_is_refused_with_the_extent(tmp_path, settings):
    (tmp_path / "far.txt").write_text("1 105 65\n2 999 65\n")
    with pytest.raises(InvalidGridError, match=r"\(999, 65\) lies outside cells.asc"):
        run_circuitscape(dataclasses.replace(settings, point_file=tmp_path / "far.txt"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("ncols 2\nnrows 2\ncellsize 1\n1 2 3\n", "3 numbers found, but 2 rows of 2"),
        ("ncols 2\nnrows 2\n1 2 3 4\n", "lacks cellsize"),
        ("ncols 2\nnrows 1\ncellsize 1\n1 x\n", "holds only numbers"),
    ],
)
def test_a_broken_grid_is_refused(tmp_path, text, message):
    (tmp_path / "bad.asc").write_text(text)
    with pytest.raises(InvalidFileError, match=message):
        read_raster(tmp_path / "bad.asc")


def test_other_codes_for_nodata_are_understood(tmp_path):
    path = tmp_path / "codes.asc"
    path.write_text(
        "NCOLS 3\nNROWS 1\nXLLCENTER 5\nYLLCENTER 5\nCELLSIZE 10\n"
        "NODATA_VALUE -3.40282346638529e+38\n-3.4028235e+38 nan 2\n"
    )
    raster = read_raster(path)
    assert np.isnan(raster.values).tolist() == [[True, True, False]]
    assert (raster.west, raster.south) == (0.0, 0.0)


def test_a_network_link_without_resistance_is_refused(tmp_path):
    (tmp_path / "net.txt").write_text("0 1 2\n1 2 0\n")
    settings = CircuitscapeSettings(
        tmp_path, data_type="network", habitat_file=tmp_path / "net.txt"
    )
    with pytest.raises(InvalidTableError, match="line 2: a resistance of 0"):
        run_circuitscape(settings)


# --- analytic answers: a row of cells whose links have one ohm each -------------------------------


def row_settings(folder: Path, points: list[float], **options) -> CircuitscapeSettings:
    """A row of cells of 1 ohm; links of neighbours have one ohm, too."""
    numbers = np.array([[np.nan if one == 0 else float(one) for one in points]])
    return CircuitscapeSettings(
        folder,
        habitat_file=stored(folder / "row.asc", np.ones(numbers.shape)),
        connect_using_avg_resistances=True,
        point_file=stored(folder / "numbers.asc", numbers),
        output_file=folder / "row.out",
        **options,
    )


def written_map(folder: Path, kind: str) -> np.ndarray:
    return read_raster(folder / f"row_{kind}.asc").values


def test_a_region_that_overlaps_a_polygon_is_one_node_with_it(tmp_path):
    polygons = np.array([[np.nan, 7.0, 7.0, np.nan, np.nan]])
    settings = row_settings(
        tmp_path,
        [1, 1, 0, 0, 2],
        use_polygons=True,
        polygon_file=stored(tmp_path / "polygons.asc", polygons),
    )
    assert resistances(settings).tolist() == [[0.0, 2.0], [2.0, 0.0]]


def test_sums_alone_are_written_where_they_alone_are_asked_for(tmp_path):
    every = row_settings(tmp_path, [1, 2, 0, 3], write_cur_maps=True, write_max_cur_maps=True)
    run_circuitscape(every)
    pairs = [written_map(tmp_path, f"curmap_{a}_{b}") for a, b in ((1, 2), (1, 3), (2, 3))]
    total, most = (written_map(tmp_path, f"{kind}_curmap") for kind in ("cum", "max"))
    np.testing.assert_allclose(total, np.sum(pairs, axis=0), rtol=1e-12)
    np.testing.assert_allclose(most, np.max(pairs, axis=0), rtol=1e-12)

    for switches in (
        {"write_cur_maps": True},
        {"write_cur_maps": False},  # Circuitscape writes the sum for either switch
    ):
        folder = tmp_path / str(switches["write_cur_maps"])
        only = dataclasses.replace(
            every, write_cum_cur_map_only=True, output_file=folder / "row.out", **switches
        )
        names = {path.name for path in run_circuitscape(only).files}
        assert names == {
            "row_resistances.out",
            "row_resistances_3columns.out",
            "row_cum_curmap.asc",
            "row_max_curmap.asc",
        }
        np.testing.assert_allclose(written_map(folder, "cum_curmap"), total, rtol=1e-12)


def test_focal_nodes_carry_no_current_of_their_own_where_that_is_asked_for(tmp_path):
    settings = row_settings(
        tmp_path,
        [1, 2, 0, 3],
        write_cur_maps=True,
        write_max_cur_maps=True,
        set_focal_node_currents_to_zero=True,
    )
    run_circuitscape(settings)
    assert written_map(tmp_path, "curmap_1_3").tolist() == [[0, 1, 1, 0]]
    assert written_map(tmp_path, "cum_curmap").tolist() == [[0, 1, 2, 0]]
    assert written_map(tmp_path, "max_curmap").tolist() == [[0, 1, 1, 0]]


def test_all_focal_nodes_are_active_from_one_to_all(tmp_path):
    settings = row_settings(
        tmp_path,
        [1, 0, 2, 0, 3],
        scenario="one-to-all",
        write_cur_maps=True,
        set_focal_node_currents_to_zero=True,
    )
    run_circuitscape(settings)
    assert written_map(tmp_path, "curmap_2").tolist() == [[0, 0.5, 0, 0.5, 0]]


def test_a_matrix_of_pairs_chooses_whom_a_site_sends_to(tmp_path):
    matrix = "min 1\nmax 5\n0 1 2 3\n1 0 9 2\n2 9 0 9\n3 2 9 0\n"
    (tmp_path / "matrix.txt").write_text(matrix)
    (tmp_path / "strengths.txt").write_text("1 5\n3 2\n")
    settings = row_settings(
        tmp_path,
        [1, 2, 3],
        scenario="one-to-all",
        use_included_pairs=True,
        included_pairs_file=tmp_path / "matrix.txt",
        use_variable_source_strengths=True,
        variable_source_file=tmp_path / "strengths.txt",
        write_cur_maps=True,
    )
    run = run_circuitscape(settings)
    # 1 sends its five amperes past 2 to 3; 2 has no partner
    assert run.resistance.tolist() == [2.0, np.inf, 2.0]
    assert written_map(tmp_path, "curmap_1").tolist() == [[5, 5, 5]]
    assert "2 -1" in (tmp_path / "row_resistances.out").read_text().splitlines()


def test_a_table_turns_values_of_the_habitat_into_others(tmp_path):
    (tmp_path / "reclass.txt").write_text("1 3\n3 1\n8, missing\n")
    settings = row_settings(tmp_path, [1, 0, 0, 2])
    habitat = stored(tmp_path / "codes.asc", np.array([[1.0, 3.0, 3.0, 1.0]]))
    changed = dataclasses.replace(
        settings,
        habitat_file=habitat,
        use_reclass_table=True,
        reclass_file=tmp_path / "reclass.txt",
    )
    # 3, 1, 1, 3 ohm; both lines look at the values as they were
    assert resistances(changed)[0, 1] == pytest.approx(2 + 1 + 2)
    stored(habitat, np.array([[1.0, 8.0, 3.0, 1.0]]))
    assert resistances(changed)[0, 1] == -1


def test_a_table_that_changes_a_value_twice_is_refused(tmp_path):
    (tmp_path / "reclass.txt").write_text("1 3\n1 4\n")
    settings = row_settings(
        tmp_path, [1, 2], use_reclass_table=True, reclass_file=tmp_path / "reclass.txt"
    )
    with pytest.raises(InvalidFileError, match="line 2 changes 1, which a line before changes"):
        run_circuitscape(settings)


def wired(folder: Path, sources: list[float], grounds: list[float], **options):
    """Voltages of a row of cells with links of one ohm."""
    n = len(sources)
    nothing = [np.nan if value == 0 else value for value in sources]
    settings = dataclasses.replace(
        row_settings(folder, [1, 2, *[0] * (n - 2)], scenario="advanced", write_volt_maps=True),
        source_file=stored(folder / "sources.asc", np.array([nothing])),
        ground_file=stored(folder / "grounds.asc", np.array([grounds])),
        **options,
    )
    run_circuitscape(settings)
    return written_map(folder, "voltmap")[0]


NO = np.nan


def test_grounds_are_resistances_conductances_or_direct(tmp_path):
    by_resistance = wired(tmp_path, [3, 0, 0], [NO, NO, 2])
    assert by_resistance == pytest.approx([12, 9, 6])
    conductances = wired(tmp_path, [3, 0, 0], [NO, NO, 0.5], ground_file_is_resistances=False)
    assert conductances == pytest.approx(by_resistance)
    assert wired(tmp_path, [3, 0, 0], [NO, NO, 0]) == pytest.approx([6, 3, 0])
    assert wired(tmp_path, [3, 0, 0], [NO, NO, 2], use_direct_grounds=True) == pytest.approx(
        [6, 3, 0]
    )
    assert wired(tmp_path, [3, 0, 0], [NO, NO, 2], use_unit_currents=True) == pytest.approx(
        [4, 3, 2]
    )


def test_a_conductance_of_zero_is_no_ground_even_where_all_are_direct(tmp_path):
    found = wired(
        tmp_path,
        [3, 0, 0],
        [NO, 0, 2],
        ground_file_is_resistances=False,
        use_direct_grounds=True,
    )
    assert found == pytest.approx([6, 3, 0])


def test_a_negative_source_may_stand_on_a_direct_ground_and_does_nothing(tmp_path):
    assert wired(tmp_path, [3, 0, -3], [NO, NO, 0]) == pytest.approx([6, 3, 0])


@pytest.mark.parametrize(
    ("conflicts", "compat", "expected"),
    [
        ("rmvgnd", "", [6, 3, 0]),
        ("rmvall", "", [0, 0, 0]),
        # Circuitscape 5 leaves grounds that have a resistance in place
        ("rmvgnd", "circuitscape5", [2, 1, 0]),
        ("rmvall", "circuitscape5", [0, 0, 0]),
    ],
)
def test_circuitscape_5_removes_no_ground_with_a_resistance(tmp_path, conflicts, compat, expected):
    settings = dataclasses.replace(
        row_settings(tmp_path, [1, 2, 0], scenario="advanced", write_volt_maps=True),
        source_file=stored(tmp_path / "sources.asc", np.array([[3.0, NO, NO]])),
        ground_file=stored(tmp_path / "grounds.asc", np.array([[1.0, NO, 0.0]])),
        remove_src_or_gnd=conflicts,
    )
    run_circuitscape(settings, compat=compat)
    assert written_map(tmp_path, "voltmap")[0] == pytest.approx(expected)


def test_sources_and_grounds_may_be_lists_of_coordinates(tmp_path):
    settings = row_settings(tmp_path, [1, 2, 0], scenario="advanced", write_volt_maps=True)
    (tmp_path / "sources.txt").write_text("1.5\t105\t45\n3\t105\t45\n")
    (tmp_path / "grounds.txt").write_text("2 125 45\n")
    listed = dataclasses.replace(
        settings, source_file=tmp_path / "sources.txt", ground_file=tmp_path / "grounds.txt"
    )
    run = run_circuitscape(listed)
    assert written_map(tmp_path, "voltmap")[0] == pytest.approx([12, 9, 6])
    assert run.notes == (
        "sources.txt: 1 lines name a cell that a later line names too; the last one counts, as in "
        "Circuitscape.",
    )


def test_without_a_ground_in_reach_nothing_flows_and_that_is_told(tmp_path):
    settings = dataclasses.replace(
        row_settings(tmp_path, [1, 2, 0], scenario="advanced", write_cur_maps=True),
        habitat_file=stored(tmp_path / "split.asc", np.array([[1.0, NO, 1.0]])),
        source_file=stored(tmp_path / "sources.asc", np.array([[3.0, NO, NO]])),
        ground_file=stored(tmp_path / "grounds.asc", np.array([[NO, NO, 0.0]])),
    )
    run = run_circuitscape(settings)
    assert "no current flows" in run.notes[0]
    assert not written_map(tmp_path, "curmap").any()


# --- what Circuitscape takes and we refuse, unless asked to do likewise ---------------------------


def test_negative_cells_are_nodata_for_circuitscape_5(tmp_path):
    habitat = stored(tmp_path / "negative.asc", np.array([[1.0, -1.0, 1.0, 1.0]]))
    settings = dataclasses.replace(row_settings(tmp_path, [1, 0, 2, 3]), habitat_file=habitat)
    with pytest.raises(InvalidGridError, match="compat circuitscape5"):
        run_circuitscape(settings)
    run = run_circuitscape(settings, compat="circuitscape5")
    assert run.resistance[0, 1] == np.inf
    assert run.resistance[1, 2] == 1
    assert run.notes == ("negative.asc: 1 negative cells are NoData.",)


def test_rasters_with_other_corners_lie_on_the_same_cells_for_circuitscape_5(tmp_path):
    settings = row_settings(tmp_path, [1, 0, 2])
    moved = stored(tmp_path / "moved.asc", np.array([[1.0, NO, 2.0]]), west=130.0)
    settings = dataclasses.replace(settings, point_file=moved)
    with pytest.raises(InvalidGridError, match="western edge"):
        run_circuitscape(settings)
    assert run_circuitscape(settings, compat="circuitscape5").resistance[0, 1] == 2


def test_a_network_has_all_its_nodes_in_the_lists_of_the_advanced_mode(tmp_path):
    (tmp_path / "net.txt").write_text("0 1 1\n1 2 1\n5 6 1\n")
    (tmp_path / "sources.txt").write_text("0 3\n9 1\n")
    (tmp_path / "grounds.txt").write_text("2 0\n")
    settings = CircuitscapeSettings(
        tmp_path,
        data_type="network",
        scenario="advanced",
        habitat_file=tmp_path / "net.txt",
        source_file=tmp_path / "sources.txt",
        ground_file=tmp_path / "grounds.txt",
        output_file=tmp_path / "net.out",
        write_volt_maps=True,
        write_cur_maps=True,
    )
    with pytest.raises(InvalidTableError, match=r"sources\.txt: node 9: no link of the network"):
        run_circuitscape(settings)
    run = run_circuitscape(settings, compat="circuitscape5")
    assert run.notes == ("sources.txt: node 9 is not in the network.",)
    voltages = np.loadtxt(tmp_path / "net_voltages.txt")
    assert voltages.tolist() == [[1, 6], [2, 3], [3, 0], [6, 0], [7, 0]]
    assert np.loadtxt(tmp_path / "net_branch_currents.txt").tolist() == [[1, 2, 3], [2, 3, 3]]


def test_pairs_of_a_network_can_be_left_out(tmp_path):
    (tmp_path / "net.txt").write_text("# links\n0, 1, 2\n1, 2, 3\n")
    (tmp_path / "focal.txt").write_text("0\n1\n2\n")
    (tmp_path / "pairs.txt").write_text("mode\texclude\n0\t2\n")
    (tmp_path / "reclass.txt").write_text("2 4\n")
    settings = CircuitscapeSettings(
        tmp_path,
        data_type="network",
        habitat_file=tmp_path / "net.txt",
        point_file=tmp_path / "focal.txt",
        use_included_pairs=True,
        included_pairs_file=tmp_path / "pairs.txt",
        use_reclass_table=True,
        reclass_file=tmp_path / "reclass.txt",
        output_file=tmp_path / "net.out",
    )
    run_circuitscape(settings)
    found = (tmp_path / "net_resistances_3columns.out").read_text()
    assert found == "0 1 4\n0 2 -1\n1 2 3\n"
