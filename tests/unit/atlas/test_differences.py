"""What changed between two releases."""

import numpy as np
import pandas as pd
import pyogrio
import pytest

from kulan import programme
from kulan.atlas import build_starter, diff, open_release
from kulan.atlas.differences import vector_difference
from kulan.grids import read_grid, write_grid


def changes_by_layer(differences):
    return {change.layer_id: change for change in differences.changes}


@pytest.fixture
def compare(built, pocket, tmp_path):
    """Build from the changed pocket and compare with the unchanged one."""

    def compared():
        return diff(built.release, build_starter(tmp_path / "new", folder=pocket).release)

    return compared


def test_a_release_does_not_differ_from_itself(built):
    differences = diff(built.release, built.release)
    assert differences.changes == ()
    assert differences.sentences() == (
        f"Nothing differs: {len(built.release.layers)} layers are the same.",
    )


def test_changed_cells_are_counted_and_measured(compare, pocket):
    grid = read_grid(pocket / "land_cover.tif")
    values = grid.values.copy()
    values[10, 20:25] = 13 - values[10, 20:25]
    write_grid(pocket / "land_cover.tif", grid.with_values(values, grid.nodata))
    change = changes_by_layer(compare())["land_cover"]
    assert change.cells_changed == 5
    assert change.area_km2 == pytest.approx(5 * grid.row_areas_km2[10])
    assert change.because == ("land_cover.tif",)


def test_a_layer_says_which_of_its_inputs_changed(compare, pocket):
    grid = read_grid(pocket / "elevation.tif")
    raised = np.where(grid.values == grid.nodata, grid.values, grid.values + 280)
    write_grid(pocket / "elevation.tif", grid.with_values(raised.astype("int16"), grid.nodata))
    differences = compare()
    assert changes_by_layer(differences)["habitat_argali"].because == ("elevation.tif",)
    assert any("because of elevation.tif" in sentence for sentence in differences.sentences())
    assert "states" not in changes_by_layer(differences)


def test_rows_of_a_table_without_key_are_added_and_removed(compare, pocket):
    places = pyogrio.read_dataframe(pocket / "places.fgb", use_arrow=False)
    places.loc[0, "population"] += 1
    pyogrio.write_dataframe(places.iloc[:-2], pocket / "places.fgb", driver="FlatGeobuf")
    change = changes_by_layer(compare())["places"]
    assert (change.rows_added, change.rows_removed, change.rows_changed) == (1, 3, 0)


def test_rows_with_a_key_are_changed_added_and_removed(compare, monkeypatch):
    barriers = programme.barriers()
    first = barriers.iloc[[0]].assign(barrier_id="a_new_one")
    fewer = barriers.iloc[2:].copy()
    fewer.iloc[0, fewer.columns.get_loc("name")] = "Another name"
    changed = pd.concat([fewer, first], ignore_index=True)
    monkeypatch.setattr(programme, "barriers", lambda: changed)
    change = changes_by_layer(compare())["barriers"]
    assert (change.rows_added, change.rows_removed, change.rows_changed) == (1, 2, 1)


def test_layers_added_and_removed_are_named(built, compare, monkeypatch, tmp_path):
    fewer = programme.species().query("species_id != 'chinkara'")
    monkeypatch.setattr(programme, "species", lambda: fewer)
    differences = compare()
    assert changes_by_layer(differences)["habitat_chinkara"].change == "removed"
    fewer_layers = open_release(tmp_path / "new", differences.after)
    back = diff(fewer_layers, built.release)
    assert changes_by_layer(back)["habitat_chinkara"].change == "added"
    assert any("habitat_chinkara: added" in sentence for sentence in back.sentences())


def test_the_table_has_a_row_for_each_change(compare, pocket):
    grid = read_grid(pocket / "elevation.tif")
    write_grid(pocket / "elevation.tif", grid.with_values(grid.values + 28, grid.nodata))
    differences = compare()
    table = differences.table()
    assert table["layer_id"].tolist() == [change.layer_id for change in differences.changes]
    assert {"cells_changed", "area_km2", "because"} <= set(table.columns)


def test_the_features_of_a_layer_are_compared_too(built):
    found = vector_difference(built.release, built.release, "states")
    assert found.is_empty
    assert found.unchanged == len(built.release.read_vector("states"))
