"""`kulan movement select --kind resource`, and several animals at once, from files to a folder."""

import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
from click.testing import CliRunner
from rasterio.transform import from_origin

from kulan.cli import kulan
from kulan.errors import InvalidRequestError

ANIMALS = {"k1": 1.2, "k2": 0.8, "k3": 1.6, "k4": 1.0}
FIXES = 300


@pytest.fixture(scope="module")
def herd(tmp_path_factory):
    """Four animals that keep to their ranges, each liking woods by its own measure; one passes."""
    folder = tmp_path_factory.mktemp("herd")
    rng = np.random.default_rng(5)
    wood = rng.random((200, 200)) < 0.4
    rows = []
    for n, (name, strength) in enumerate(ANIMALS.items()):
        centre = np.array([500_000.0 + 8_000 * n, 5_000_000.0])
        at = centre.copy()
        for fix in range(FIXES):
            # the place after next is chosen among those within reach, by woods and by the way home
            reach = at + rng.normal(0, 2000.0, (40, 2))
            away = ((reach - centre) ** 2).sum(axis=1) / (2 * 2500.0**2)
            row = ((5_050_000 - reach[:, 1]) // 500).astype(int)
            column = ((reach[:, 0] - 450_000) // 500).astype(int)
            score = strength * wood[row, column] - away + rng.gumbel(size=40)
            at = reach[score.argmax()]
            rows.append((name, fix, *at))
    passing = np.cumsum(rng.normal(800.0, 100.0, (40, 2)), axis=0)
    passing += np.array([470_000.0, 4_970_000.0])
    rows += [("passer", fix, *at) for fix, at in enumerate(passing)]
    table = pd.DataFrame(rows, columns=["animal_id", "fix", "x", "y"])
    table["time"] = pd.Timestamp("2024-03-01", tz="UTC") + pd.to_timedelta(12 * table["fix"], "h")
    table.drop(columns="fix").to_csv(folder / "herd.csv", index=False)
    (folder / "herd.toml").write_text(
        'crs = "EPSG:32648"\n[columns]\nanimal_id = "animal_id"\ntime = "time"\nx = "x"\ny = "y"\n'
    )
    with rasterio.open(
        folder / "wood.tif", "w", driver="GTiff", width=200, height=200, count=1, dtype="float32",
        crs="EPSG:32648", transform=from_origin(450_000, 5_050_000, 500, 500),
    ) as file:  # fmt: skip
        file.write(wood.astype("float32"), 1)
    return folder


def run(folder, *options):
    arguments = ["movement", "select", str(folder / "herd.csv"), "--mapping",
                 str(folder / "herd.toml"), "--covariate", f"wood={folder / 'wood.tif'}",
                 "--out", str(folder / "out"), "--replace", *options]  # fmt: skip
    return CliRunner().invoke(kulan, arguments)


def answer(folder, *options):
    result = run(folder, *options)
    assert result.exit_code == 0, result.output
    return json.loads((folder / "out" / "result.json").read_text()), folder / "out"


def test_land_used_more_than_its_share_is_told_of_each_animal_and_of_the_population(herd):
    result, out = answer(herd, "--kind", "resource", "--available", "4000", "--plot")
    numbers = result["numbers"]
    assert numbers["population_animals"] == 4
    mean = numbers["population_mean"]["wood"]
    assert 0.2 < mean["low"] < mean["estimate"] < 2.5
    # woods are there or not: two classes have no order to be wrong in
    assert numbers["boyce_index"] is None
    assert numbers["calibration_share_inside"]["wood"] > 0
    for animal in ANIMALS:
        told = numbers["animals"][animal]
        assert told["effective_sample_size"] < told["fixes"] <= FIXES
    coefficients = pd.read_csv(out / "coefficients.csv")
    assert list(coefficients["term"]) == ["wood"]
    assert coefficients["strength_per_sd"].item() > 1
    assert (out / "selection.png").read_bytes().startswith(b"\x89PNG")
    land = gpd.read_file(out / "features.gpkg", layer="available").set_index("animal_id")
    assert land.loc["k1"].geometry.area / 1e6 == pytest.approx(
        numbers["animals"]["k1"]["land_km2"], rel=1e-6
    )


def test_an_animal_that_only_passed_is_left_out_with_its_reason(herd):
    result, out = answer(herd, "--kind", "resource", "--available", "1000")
    assert result["numbers"]["animals"]["passer"]["word"]
    animals = pd.read_csv(out / "animals.csv").set_index("animal_id")
    assert animals.loc["passer", "word"] == result["numbers"]["animals"]["passer"]["word"]
    assert any(note.startswith("passer is left out") for note in result["notes"])
    assert any("independent" in note for note in result["notes"])
    assert not any("Raise --available" in note for note in result["notes"])


def test_an_animal_that_never_uses_a_class_is_not_in_the_mean_and_that_is_said(herd):
    fixes = pd.read_csv(herd / "herd.csv").query("animal_id == 'k1'")
    with rasterio.open(herd / "wood.tif") as wood:
        profile, transform = wood.profile, wood.transform
    town = np.random.default_rng(3).random((200, 200)) < 0.3
    row, column = rasterio.transform.rowcol(transform, fixes["x"], fixes["y"])
    town[np.asarray(row, int), np.asarray(column, int)] = False
    with rasterio.open(herd / "town.tif", "w", **profile) as file:
        file.write(town.astype("float32"), 1)
    result, out = answer(
        herd, "--kind", "resource", "--available", "1000",
        "--covariate", f"town={herd / 'town.tif'}",
    )  # fmt: skip
    assert result["numbers"]["population_animals"] == 3
    assert "town: separates" in result["numbers"]["animals"]["k1"]["word"]
    assert any("k1" in n and "mean of the others is too high" in n for n in result["notes"])
    of_k1 = pd.read_csv(out / "animals.csv").query("animal_id == 'k1'")
    assert of_k1["coefficient"].isna().all()


def test_few_available_points_are_noted_and_a_polygon_may_hold_all_fixes(herd):
    result, _ = answer(
        herd, "--kind", "resource", "--available", "100", "--only", "k1", "--only", "k2",
        "--availability", "mcp", "--share", "1",
    )  # fmt: skip
    assert any("Raise --available" in note for note in result["notes"])


def test_two_animals_are_not_enough_for_a_population(herd):
    result, out = answer(
        herd, "--kind", "resource", "--available", "1000", "--only", "k1", "--only", "k2",
        "--availability", "mcp",
    )  # fmt: skip
    assert result["numbers"]["population_mean"]["wood"]["estimate"] is None
    assert any("not enough for the mean of a population" in note for note in result["notes"])
    assert set(pd.read_csv(out / "coefficients.csv")["term"]) == {"wood, k1", "wood, k2"}


def test_all_land_within_reach_of_a_fix_can_be_what_is_available(herd):
    result, _ = answer(
        herd, "--kind", "resource", "--available", "1000", "--only", "k1",
        "--availability", "buffer", "--buffer-km", "3",
    )  # fmt: skip
    wide = result["numbers"]["animals"]["k1"]["land_km2"]
    result, _ = answer(
        herd, "--kind", "resource", "--available", "1000", "--only", "k1",
        "--availability", "buffer", "--buffer-km", "1",
    )  # fmt: skip
    assert result["numbers"]["animals"]["k1"]["land_km2"] < wide


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--kind", "resource", "--every-hours", "12"], "--every-hours means nothing"),
        (["--every-hours", "12", "--buffer-km", "1"], "--buffer-km means nothing"),
        ([], "needs --every-hours"),
        (["--kind", "resource", "--share", "1"], "--share 1 has no range"),
    ],
)
def test_options_of_the_other_kind_are_refused(herd, options, said):
    result = run(herd, *options)
    assert result.exit_code != 0
    assert said in result.output


def test_a_buffer_without_a_width_is_refused(herd):
    with pytest.raises(InvalidRequestError, match="--buffer-km"):
        raise run(herd, "--kind", "resource", "--availability", "buffer").exception


def test_steps_of_several_animals_tell_the_population_beside_each_of_them(herd):
    result, out = answer(herd, "--every-hours", "12", "--controls", "10")
    numbers = result["numbers"]
    assert numbers["population_animals"] >= 4
    mean, spread = (numbers[f"population_{name}"]["wood"] for name in ("mean", "spread"))
    assert mean["low"] < numbers["coefficients"]["wood"]["estimate"] < mean["high"]
    assert spread["low"] >= 0
    animals = pd.read_csv(out / "animals.csv")
    own = animals[(animals["term"] == "wood") & animals["animal_id"].isin(list(ANIMALS))]
    assert len(own) == 4
    assert own["coefficient"].std() > 0
