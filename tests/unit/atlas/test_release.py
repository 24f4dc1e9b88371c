"""Opening, checking and reading a release."""

import json
import time

import pandas as pd
import pytest

from kulan import programme
from kulan.atlas import open_release, verify
from kulan.atlas.release import VECTOR_TABLES
from kulan.errors import AtlasMissingError, TamperedFileError, UnknownNameError
from kulan.schemas import check_table


def test_a_changed_file_is_found_by_its_layer(state):
    path = open_release(state).path("rivers")
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(bytes(content))
    with pytest.raises(TamperedFileError, match=r"1 of .* rivers was changed") as refusal:
        verify(open_release(state))
    assert path.name in str(refusal.value)


def test_all_missing_and_changed_files_are_named_at_once(state):
    release = open_release(state)
    release.path("states").unlink()
    release.path("places").write_bytes(b"")
    with pytest.raises(TamperedFileError, match="2 of") as refusal:
        verify(release)
    assert "states is missing" in str(refusal.value)
    assert "places was changed" in str(refusal.value)
    assert "kulan atlas build" in str(refusal.value)


def test_the_path_of_a_missing_file_is_refused(state):
    release = open_release(state)
    release.path("states").unlink()
    with pytest.raises(TamperedFileError, match="'states' is missing"):
        release.path("states")


@pytest.mark.parametrize("layer_id", ["states", "habitat_saiga", "habitat_areas"])
def test_nothing_is_read_from_a_changed_file(state, layer_id):
    release = open_release(state)
    path = release.path(layer_id)
    path.write_bytes(path.read_bytes() + b"0")
    with pytest.raises(TamperedFileError, match=f"'{layer_id}' was changed"):
        release.baseline_tables()


def test_a_changed_list_of_layers_is_found(state):
    release = open_release(state)
    path = state / "atlas" / "releases" / f"{release.release_id}.json"
    path.write_text(path.read_text().replace('"CC0-1.0"', '"all rights reserved"'))
    with pytest.raises(TamperedFileError, match="not the one its name promises"):
        open_release(state)


def test_a_broken_list_of_layers_is_refused_in_words(state):
    release = open_release(state)
    path = state / "atlas" / "releases" / f"{release.release_id}.json"
    path.write_text("{}")
    with pytest.raises(TamperedFileError, match="cannot be read"):
        open_release(state)


def test_an_empty_folder_holds_no_atlas(tmp_path):
    with pytest.raises(AtlasMissingError, match="no Atlas in this folder"):
        open_release(tmp_path)


def test_a_release_is_found_by_the_beginning_of_its_id(built):
    release = open_release(built.release.state, built.release.release_id[:10])
    assert release.release_id == built.release.release_id


def test_an_unknown_release_is_refused_with_those_there_are(built):
    with pytest.raises(AtlasMissingError, match=built.release.release_id):
        open_release(built.release.state, "starter-zzz")


def test_an_unknown_layer_is_refused_with_those_there_are(built):
    with pytest.raises(UnknownNameError, match="habitat_saiga"):
        built.release.layer("habitat_unicorn")


def test_a_raster_is_not_read_as_a_vector(built):
    with pytest.raises(UnknownNameError, match="no vector layer"):
        built.release.read_vector("land_cover")


@pytest.mark.parametrize("layer_id", VECTOR_TABLES)
def test_a_vector_layer_keeps_its_declaration(built, layer_id):
    table = built.release.read_vector(layer_id)
    check_table(table, VECTOR_TABLES[layer_id])
    assert table.crs.to_epsg() == 4326
    assert table.is_valid.all()
    assert len(table) > 0


def test_barriers_come_back_as_they_went_in(built):
    given = programme.barriers()
    back = built.release.read_vector("barriers")
    cells = pd.DataFrame(given).drop(columns="geometry").astype(object)
    pd.testing.assert_frame_equal(
        pd.DataFrame(back).drop(columns="geometry"),
        cells.where(cells.notna(), None),
        check_dtype=False,
    )
    assert back.geometry.geom_equals(given.geometry).all()


def test_flags_lists_and_numbers_of_landscapes_come_back_as_they_went_in(built):
    given = programme.landscapes()
    back = pd.DataFrame(built.release.read_vector("landscapes")).drop(columns="geometry")
    pd.testing.assert_frame_equal(back, given, check_dtype=False)


def test_the_baseline_holds_what_screening_asks_for(built):
    tables = built.release.baseline_tables()
    assert set(tables["habitats"]) == set(programme.species()["species_id"])
    assert {"states", "barriers", "key_areas", "landscapes", "rivers", "places"} <= set(tables)
    notes = tables["layer_notes"]
    assert set(notes["layer_id"]) == {layer.layer_id for layer in built.release.layers}
    assert (notes["source"].str.len() > 0).all()
    without = notes.loc[notes["resolution_m"].isna(), "layer_id"]
    assert set(without) == {"barriers", "key_areas", "landscapes"}


def test_the_baseline_is_read_in_a_blink(built):
    built.release.baseline_tables()
    start = time.process_time()
    built.release.baseline_tables()
    # 0.1 s; of the processor: a busy machine lets wait
    assert time.process_time() - start < 1.0


def test_the_list_of_layers_holds_no_time_of_day(built):
    path = built.release.state / "atlas" / "releases" / f"{built.release.release_id}.json"
    manifest = json.loads(path.read_text())
    assert set(manifest) == {"format", "title", "kulan_version", "region", "layers"}
    assert "built" not in manifest["layers"][0]
