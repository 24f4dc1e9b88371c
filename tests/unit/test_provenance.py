"""Recipes and hashes."""

import hashlib

import pytest

from kulan.provenance import Input, Recipe, canonical_json, hash_bytes, hash_file


def test_the_order_of_keys_does_not_change_the_bytes():
    assert canonical_json({"b": 1, "a": 2}) == canonical_json({"a": 2, "b": 1})


def test_not_a_number_has_no_place_in_a_record():
    with pytest.raises(ValueError, match="Out of range"):
        canonical_json({"length_km": float("nan")})


def test_a_recipe_changes_with_its_inputs_and_parameters():
    recipe = Recipe("kulan.screening.exposure", "1", (Input("line", "ab"),), {"distance_m": 5000})
    same = Recipe("kulan.screening.exposure", "1", (Input("line", "ab"),), {"distance_m": 5000})
    other = Recipe("kulan.screening.exposure", "1", (Input("line", "ac"),), {"distance_m": 5000})
    assert recipe.digest == same.digest
    assert recipe.digest != other.digest


def test_a_file_is_hashed_by_its_content_alone(tmp_path):
    content = b"hulan" * 500_000
    (tmp_path / "a").write_bytes(content)
    assert hash_file(tmp_path / "a") == hash_bytes(content) == hashlib.sha256(content).hexdigest()
