"""What barriers take away, asked from files."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import shapely
from rasterio.transform import from_bounds

from kulan.assessment.connectivity.barrier_pictures import draw_effect
from kulan.assessment.connectivity.effects import EffectQuestion, weigh_barriers
from kulan.assessment.connectivity.folders import write_answer
from kulan.assessment.connectivity.habitats import read_habitat
from kulan.errors import InvalidGeometryError, InvalidGridError, UnknownNameError

from . import small_world as world


@pytest.fixture
def land(tmp_path):
    return world.landscape(tmp_path)


def ask(land, sites, barriers, **asked):
    return weigh_barriers(EffectQuestion(land, sites, barriers, **asked))


def test_a_fence_makes_the_pair_dearer_by_every_measure(tmp_path, land):
    answer = ask(land, world.sites(tmp_path, land), world.fence(tmp_path, land))
    row = answer.tables["pairs"].iloc[0]
    assert row["resistance_with_ohm"] > row["resistance_without_ohm"] > 0
    assert row["way_with_km"] > row["way_without_km"] > 17
    assert row["path_without_km"] == pytest.approx(17)
    # one step of 1 km costs ten times as much
    assert row["cost_without_km_of_best_land"] == pytest.approx(17)
    assert row["cost_with_km_of_best_land"] == pytest.approx(17 + 9)
    assert row["state"] == "connected"
    change = answer.grids["current_change"].known
    assert np.isfinite(change).all()
    assert change.min() < 0 < change.max()
    assert answer.numbers["conductance_lost_share"] == pytest.approx(
        1 - row["resistance_without_ohm"] / row["resistance_with_ohm"]
    )


def test_a_closed_fence_parts_the_sites_and_says_so(tmp_path, land):
    answer = ask(land, world.sites(tmp_path, land), world.fence(tmp_path, land, share=0.0))
    row = answer.tables["pairs"].iloc[0]
    assert row["state"] == "parted by the barriers"
    assert row["resistance_with_ohm"] is None
    assert answer.numbers["pairs_parted_by_the_barriers"] == 1
    assert answer.numbers["conductance_lost_share"] == 1
    habitat = answer.numbers["habitat"]
    assert (habitat["parts_without"], habitat["parts_with"]) == (1, 2)
    assert habitat["mesh_with_km2"] == pytest.approx(habitat["mesh_without_km2"] / 2)
    assert habitat["isolated_km2"] == 0


def test_land_behind_a_fence_without_a_site_is_isolated(tmp_path, land):
    sites = world.sites(tmp_path, land, ((3.5, 3.5), (3.5, 12.5)))
    answer = ask(land, sites, world.fence(tmp_path, land, share=0.04))
    assert answer.numbers["habitat"]["isolated_km2"] == world.ROWS * 12
    isolated = answer.grids["isolated_habitat"].known
    assert (isolated[:, 12:] == 1).all()
    assert (isolated[:, :12] == 0).all()
    assert any("beside the sites" in note for note in answer.notes)


def test_a_fence_that_lets_more_through_than_the_threshold_isolates_nothing(tmp_path, land):
    sites = world.sites(tmp_path, land, ((3.5, 3.5), (3.5, 12.5)))
    answer = ask(land, sites, world.fence(tmp_path, land, share=0.04), closed_at=0.03)
    assert answer.numbers["habitat"]["isolated_km2"] == 0


def test_standing_lines_are_there_before_and_after(tmp_path, land):
    sites, fence = world.sites(tmp_path, land), world.fence(tmp_path, land)
    standing = world.fence(tmp_path, land, name="canal", x=8.0)
    alone = ask(land, sites, fence).tables["pairs"].iloc[0]
    among = ask(land, sites, fence, standing=standing).tables["pairs"].iloc[0]
    assert among["resistance_without_ohm"] > alone["resistance_without_ohm"]
    assert among["cost_without_km_of_best_land"] == pytest.approx(17 + 9)
    assert among["cost_with_km_of_best_land"] == pytest.approx(17 + 18)


def test_the_loss_is_shared_out_among_barriers(tmp_path, land):
    both = world.fence(tmp_path, land).together(
        world.fence(tmp_path, land, name="canal", x=8.0, share=0.5)
    )
    answer = ask(land, world.sites(tmp_path, land), both)
    table, told = answer.tables["attribution"], answer.numbers["attribution"]
    assert table["barrier_id"].tolist() == ["fence", "canal"]
    assert table["shapley_s"].sum() == pytest.approx(told["total_s"])
    assert table["shapley_share"].sum() == pytest.approx(1)
    assert (table["last_s"] <= table["shapley_s"]).all()
    drawn = ask(land, world.sites(tmp_path, land), both, most_exact=1, n_orders=8)
    assert drawn.numbers["attribution"]["orders_drawn"] == 8
    assert drawn.tables["attribution"]["shapley_standard_error_s"].gt(0).all()
    assert any("8 orders" in note for note in drawn.notes)


def test_one_barrier_has_no_shares(tmp_path, land):
    answer = ask(land, world.sites(tmp_path, land), world.fence(tmp_path, land))
    assert "attribution" not in answer.tables


def test_how_much_land_a_barrier_hinders_like_is_told(tmp_path, land):
    answer = ask(land, world.sites(tmp_path, land), world.fence(tmp_path, land))
    assert any("fence (0.1) like 9 km" in note for note in answer.notes)


def test_a_hole_between_lines_is_told_and_closed_when_asked(tmp_path, land):
    halves = [
        shapely.LineString([(12, -5), (12, 7)]),
        shapely.LineString([(12, 10), (12, world.ROWS + 5)]),
    ]
    sites = world.sites(tmp_path, land)
    found = {}
    for width in (0.0, 4.0):
        named = {"barrier_id": ["rail", "rail"], "segment_id": ["n", "s"]}
        barriers = world.lines(
            tmp_path, land, halves, close_gaps_km=width, permeability=[0.0, 0.0], **named
        )
        (hole,) = barriers.holes
        assert hole.width_km == pytest.approx(3, rel=0.01)
        assert hole.closed == (width > 0)
        found[width] = ask(land, sites, barriers)
    assert any("add --close-gaps 4" in note for note in found[0.0].notes)
    assert found[0.0].tables["pairs"]["state"].iloc[0] == "connected"
    assert found[4.0].tables["pairs"]["state"].iloc[0] == "parted by the barriers"
    assert "3.0 km" in found[4.0].parameters["gaps_closed"][0]


def test_lines_elsewhere_are_refused(tmp_path, land):
    far = world.fence(tmp_path, land, x=400.0)
    with pytest.raises(InvalidGeometryError, match="nothing to compare"):
        ask(land, world.sites(tmp_path, land), far)


def test_a_barrier_that_is_not_there_is_refused_by_name(tmp_path, land):
    with pytest.raises(UnknownNameError, match=r"B99.*there are: fence"):
        world.fence(tmp_path, land).asked_for(["B99"])


def raster(folder, values):
    box = gpd.GeoSeries([shapely.box(499_000, 4_980_000, 526_000, 5_001_000)], crs=world.CRS)
    west, south, east, north = box.to_crs("EPSG:4326").total_bounds
    path = folder / "habitat.tif"
    profile = {"driver": "GTiff", "count": 1, "dtype": "float32", "crs": "EPSG:4326"}
    rows, columns = values.shape
    transform = from_bounds(west, south, east, north, columns, rows)
    with rasterio.open(
        path, "w", height=rows, width=columns, transform=transform, **profile
    ) as file:
        file.write(values.astype(np.float32), 1)
    return path


def test_habitat_is_the_share_of_each_cell(tmp_path, land):
    habitat = read_habitat(str(raster(tmp_path, np.full((40, 60), 0.25))), land, release=None)
    assert habitat.area_km2.sum() == pytest.approx(world.ROWS * world.COLUMNS / 4)


def test_a_share_above_one_is_refused(tmp_path, land):
    with pytest.raises(InvalidGridError, match="0 to 1"):
        read_habitat(str(raster(tmp_path, np.full((40, 60), 30.0))), land, release=None)


def test_no_habitat_at_all_is_refused(tmp_path, land):
    with pytest.raises(InvalidGridError, match="none on the cells"):
        read_habitat(str(raster(tmp_path, np.zeros((40, 60)))), land, release=None)


def test_the_folder_holds_maps_tables_and_pictures(tmp_path, land):
    sites, barriers = world.sites(tmp_path, land), world.fence(tmp_path, land)
    question = EffectQuestion(
        land, sites, barriers, standing=world.fence(tmp_path, land, name="canal", x=8.0)
    )
    answer = draw_effect(question, weigh_barriers(question))
    names = {path.name for path in write_answer(tmp_path / "out", answer)}
    pictures = {f"current_{name}.png" for name in ("without", "with", "change")} | {"pairs.png"}
    assert pictures <= names
    assert {"current_change.tif", "isolated_habitat.tif", "pairs.csv", "result.json"} <= names


def test_a_permeability_told_for_a_longer_way_hinders_more(tmp_path, land):
    sites, fence = world.sites(tmp_path, land), world.fence(tmp_path, land)
    answer = ask(land, sites, replace(fence, way_km=5.0))
    # 9 ways of 5 km more, in place of 9 cells of 1 km
    cost = answer.tables["pairs"]["cost_with_km_of_best_land"].iloc[0]
    assert cost == pytest.approx(17 + 45)
    assert answer.parameters["way_km"] == 5.0
    assert any("fence (0.1) like 45 km" in note for note in answer.notes)
    # what counts as closed is the permeability as it was told
    assert answer.numbers["habitat"]["parts_with"] == 1
