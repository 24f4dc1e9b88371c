"""A map of resistance asked for from the Atlas."""

import numpy as np
import pytest
import rasterio

from kulan.assessment.connectivity.combination import Combination, read_judgements
from kulan.assessment.connectivity.folders import write_answer
from kulan.assessment.connectivity.landscapes import read_landscape
from kulan.assessment.connectivity.resistance import (
    ResistanceQuestion,
    build_resistance,
    without_sea,
)
from kulan.atlas import open_release
from kulan.errors import InvalidGridError, InvalidTableError, OutsideRegionError, UnknownNameError
from kulan.places import Bounds

GOBI = Bounds(106, 42, 112, 46)


@pytest.fixture(scope="module")
def atlas(starter_state):
    return open_release(starter_state)


def ask(atlas, **changes):
    question = ResistanceQuestion("khulan", cell_m=10_000, bounds=GOBI, **changes)
    return build_resistance(question, atlas)


def test_the_best_land_resists_least_and_nothing_less_than_one(atlas):
    answer = ask(atlas)
    values = answer.grids["resistance"].known
    assert np.nanmin(values) >= 1
    assert np.nanmax(values) <= 1000
    assert answer.numbers["layers_used"] == ["elevation_m", "land_cover", "relief_m"]


def test_a_part_beyond_the_atlas_is_refused(atlas):
    question = ResistanceQuestion("khulan", cell_m=10_000, bounds=Bounds(10, 10, 12, 12))
    with pytest.raises(OutsideRegionError, match=r"longitude 10 to 12.*--layer land_cover=FILE"):
        build_resistance(question, atlas)


def test_layers_of_the_profile_that_are_not_there_are_told(atlas):
    answer = ask(atlas)
    assert "people_per_km2" in answer.numbers["layers_the_profile_lacks_here"]
    assert any("people_per_km2" in note for note in answer.notes)


def test_the_same_question_gives_the_same_bytes(atlas, tmp_path):
    for name in ("one", "two"):
        write_answer(tmp_path / name, ask(atlas, members=2))
    names = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert "member_02.tif" in names
    for name in names:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_members_of_an_ensemble_differ_and_their_spread_is_told(atlas):
    answer = ask(atlas, members=3)
    one, two = (answer.grids[f"member_0{k}"].known for k in (1, 2))
    assert not np.array_equal(one, two, equal_nan=True)
    assert np.nanmax(answer.grids["resistance_cv"].known) > 0.1


def test_another_seed_draws_other_members(atlas):
    one, two = (ask(atlas, members=2, seed=seed).grids["member_01"].known for seed in (1, 2))
    assert not np.array_equal(one, two, equal_nan=True)


def test_the_file_says_whose_resistance_it_is(atlas, tmp_path):
    write_answer(tmp_path / "out", ask(atlas, season="winter"))
    landscape = read_landscape(tmp_path / "out" / "resistance.tif")
    assert (landscape.species_id, landscape.season) == ("khulan", "winter")


def test_a_layer_of_the_users_own_takes_part(atlas, tmp_path):
    path = tmp_path / "people.tif"
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        width=80,
        height=60,
        count=1,
        dtype="float32",
        crs="EPSG:4326",
        transform=rasterio.transform.from_origin(105, 47, 0.1, 0.1),
        nodata=-1,
    ) as raster:
        raster.write(np.full((60, 80), 50, "float32"), 1)
    with_people = ask(atlas, layers={"people_per_km2": path})
    assert "people_per_km2" in with_people.numbers["layers_used"]
    more = with_people.numbers["resistance_median"]
    assert more > ask(atlas).numbers["resistance_median"]


def test_a_layer_that_no_profile_knows_is_refused(atlas, tmp_path):
    with pytest.raises(UnknownNameError, match="No layer 'dogs'; known: land_cover"):
        ask(atlas, layers={"dogs": tmp_path / "dogs.tif"})


def test_without_a_layer_its_effect_is_gone(atlas):
    answer = ask(atlas, without=("relief_m",))
    assert "relief_m" not in answer.numbers["layers_used"]


def test_leaving_out_a_layer_that_is_not_there_is_refused(atlas):
    with pytest.raises(InvalidGridError, match="leaves out snow_depth_cm"):
        ask(atlas, without=("snow_depth_cm",))


def test_an_average_of_layers_resists_less_than_their_product(atlas):
    product = ask(atlas).numbers["resistance_p95"]
    average = ask(atlas, combination=Combination("geometric-mean")).numbers["resistance_p95"]
    assert average < product


def test_open_sea_is_nodata_and_a_lake_is_not():
    cover = np.array([[0.0, 0.0, 10.0, 0.0]])
    kept, sea_km2 = without_sea(cover, cell_km2=150_000)
    assert np.isnan(kept[0, :2]).all()
    assert kept[0, 3] == 0
    assert sea_km2 == 300_000


# --- combinations ---------------------------------------------------------------------------------


def test_weights_for_a_product_are_refused():
    with pytest.raises(InvalidTableError, match="'product', which has none"):
        Combination("product", {"relief_m": 2.0})


def test_ranks_need_their_weights():
    with pytest.raises(InvalidTableError, match="it needs them"):
        Combination("ordered")


def test_all_weight_on_the_first_rank_is_the_largest_layer():
    layers = {"a": np.array([1.0, 4.0]), "b": np.array([3.0, 2.0])}
    combine = Combination("ordered", order=(1.0, 0.0)).function(list(layers))
    assert combine(layers).tolist() == [3.0, 4.0]


def test_drawn_weights_lie_around_those_given():
    choice = Combination("weighted-sum", {"a": 3.0, "b": 1.0}, concentration=50)
    layers = {"a": np.array([1.0]), "b": np.array([0.0])}
    rng = np.random.default_rng(3)
    drawn = [float(choice.function(["a", "b"], rng)(layers)[0]) for _ in range(400)]
    assert np.mean(drawn) == pytest.approx(0.75, abs=0.02)
    assert np.std(drawn) == pytest.approx(np.sqrt(0.75 * 0.25 / 51), rel=0.15)


def judgements(tmp_path, *rows):
    path = tmp_path / "judgements.csv"
    path.write_text("\n".join(["layer,other_layer,times_as_important", *rows]) + "\n")
    return path


def test_judgements_in_pairs_become_weights(tmp_path):
    weights, ratio = read_judgements(judgements(tmp_path, "a,b,2", "b,c,2", "a,c,4"))
    assert weights == pytest.approx({"a": 4 / 7, "b": 2 / 7, "c": 1 / 7})
    assert ratio == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize(
    ("row", "error", "words"),
    [
        ("a,b,often", InvalidTableError, "line 2: times_as_important is 'often'"),
        ("a,b,20", InvalidGridError, "the scale is 1/9 to 9"),
    ],
)
def test_a_judgement_that_is_none_is_refused(tmp_path, row, error, words):
    with pytest.raises(error, match=words):
        read_judgements(judgements(tmp_path, row))


def test_a_file_without_the_columns_is_refused(tmp_path):
    path = tmp_path / "judgements.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(InvalidTableError, match="lacks layer, other_layer"):
        read_judgements(path)
