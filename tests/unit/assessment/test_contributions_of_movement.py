"""An answer about movement leaves as a layer no finer than its owner allows."""

import json

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from click.testing import CliRunner

from kulan.assessment.movement.folders import MovementAnswer, write_answer
from kulan.cli import kulan
from kulan.errors import (
    InvalidFileError,
    InvalidRequestError,
    InvalidTableError,
    NotEnoughDataError,
    UnknownNameError,
)


@pytest.fixture
def answer(tmp_path):
    points = gpd.GeoDataFrame(
        {
            "animal_id": ["k1", "k1", "k2"],
            "state": [1, 2, 2],
            "time": pd.to_datetime(["2024-03-01T05:17Z", "2024-03-02T05:17Z", "2024-07-01T00:00Z"]),
        },
        geometry=shapely.points([[107.123456, 45.1], [107.13, 45.12], [109.0, 46.0]]),
        crs="EPSG:4326",
    )
    corridors = gpd.GeoDataFrame(
        {"use": ["high"]}, geometry=[shapely.box(107.01, 45.01, 107.02, 45.02)], crs="EPSG:4326"
    )
    folder = tmp_path / "answer"
    write_answer(
        folder,
        MovementAnswer(
            "kulan.made_up",
            {},
            [],
            {},
            features={"points": points, "corridors": corridors},
            notes=["k3 has no fix."],
        ),
    )
    return folder


def _given(answer, *options):
    out = answer.parent / "out"
    words = ["movement", "contribute", str(answer), "--out", str(out), "--replace", *options]
    result = CliRunner().invoke(kulan, words, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return out


def test_points_leave_as_cells_and_their_times_as_months(answer):
    out = _given(
        answer, "--layer", "points", "--precision", "0.1", "--keep", "state", "--keep", "time"
    )
    given = gpd.read_file(out / "features.gpkg", layer="points")
    assert sorted({(round(p.x, 3), round(p.y, 3)) for p in given.geometry}) == [
        (107.15, 45.15),
        (109.05, 46.05),
    ]
    assert set(given["time"]) == {"2024-03", "2024-07"}
    assert "animal_id" not in given


def _said_in(path):
    """What a file says: its bytes, and of Parquet, which is packed, its cells and metadata."""
    if path.suffix != ".parquet":
        return path.read_bytes()
    pq = pytest.importorskip("pyarrow.parquet")
    told = dict(pq.read_metadata(path).metadata)
    told.pop(b"ARROW:schema", None)  # names and types of columns in base64, where any pair occurs
    cells = gpd.read_parquet(path).to_csv() + str(pq.read_table(path).to_pydict())
    return b"".join(told.values()) + cells.encode()


def test_nothing_finer_and_no_name_is_anywhere_in_the_folder(answer):
    out = _given(answer, "--layer", "points", "--precision", "0.1")
    for path in out.iterdir():
        content = _said_in(path)
        for secret in (b"107.123", b"k1", b"k3", b"05:17"):
            assert secret not in content, path.name


def test_an_area_leaves_as_the_cells_it_meets(answer):
    out = _given(answer, "--layer", "corridors", "--precision", "1", "--keep", "use")
    given = gpd.read_file(out / "features.gpkg", layer="corridors")
    assert given.total_bounds.tolist() == [107.0, 45.0, 108.0, 46.0]
    told = json.loads((out / "result.json").read_text())
    assert told["recipe"]["parameters"]["made_by"] == "kulan.made_up"


def test_a_place_of_one_animal_is_not_shown_where_two_are_asked_for(answer):
    with pytest.raises(NotEnoughDataError, match="none of the 3 rows"):
        _given(answer, "--layer", "points", "--precision", "0.1", "--fewest", "2")
    out = _given(answer, "--layer", "corridors", "--precision", "0.1")
    assert len(gpd.read_file(out / "features.gpkg", layer="corridors")) == 1


def test_what_stayed_behind_is_told_to_the_owner_alone(answer):
    out = answer.parent / "out"
    words = ["movement", "contribute", str(answer), "--layer", "points", "--precision", "0.1",
             "--out", str(out)]  # fmt: skip
    told = CliRunner().invoke(kulan, words, catch_exceptions=False).output
    assert "3 of 3 rows leave" in told
    assert "animal_id, state, time" in told
    result = (out / "result.json").read_text()
    assert "stay behind" not in result
    assert "answer" not in json.loads(result)["recipe"]["inputs"][0]["name"]


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (("--precision", "exact", "--fewest", "2"), "no two share one"),
        (("--precision", "0.1", "--keep", "row"), "finer than the cells"),
    ],
)
def test_what_would_undo_the_precision_is_refused(answer, options, word):
    with pytest.raises(InvalidRequestError, match=word):
        _given(answer, "--layer", "points", *options)


def test_seconds_of_an_elapsed_clock_are_no_days(tmp_path):
    journeys = gpd.GeoDataFrame(
        {"start": ["8640"]}, geometry=[shapely.Point(107, 45)], crs="EPSG:4326"
    )
    folder = tmp_path / "answer"
    write_answer(folder, MovementAnswer("kulan.made_up", {}, [], {}, features={"j": journeys}))
    with pytest.raises(InvalidTableError, match="elapsed clock"):
        _given(folder, "--precision", "0.1", "--keep", "start")


@pytest.mark.parametrize(
    ("options", "word"),
    [
        ((), "several layers"),
        (("--layer", "ranges"), "no layer 'ranges'"),
        (("--layer", "points", "--keep", "name"), "no column name"),
        (("--layer", "points", "--species-id", "unicorn"), "no species 'unicorn'"),
    ],
)
def test_what_is_not_there_is_named_beside_what_is(answer, options, word):
    with pytest.raises(UnknownNameError, match=word):
        _given(answer, "--precision", "0.1", *options)


def test_a_folder_without_an_answer_is_refused(tmp_path):
    (tmp_path / "answer").mkdir()
    with pytest.raises(InvalidFileError, match=r"no result\.json"):
        _given(tmp_path / "answer", "--precision", "1")
