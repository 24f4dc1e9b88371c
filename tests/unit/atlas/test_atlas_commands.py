"""`kulan atlas` at the command line."""

import json

import pytest
from click.testing import CliRunner

from kulan.atlas import build_starter
from kulan.cli import kulan
from kulan.errors import AtlasMissingError, TamperedFileError, UnknownNameError


def type_words(*words):
    return CliRunner().invoke(kulan, ["atlas", *map(str, words)], catch_exceptions=True)


def test_list_names_every_layer(built):
    answer = type_words("list", "--state", built.release.state)
    assert answer.exit_code == 0
    for layer in built.release.layers:
        assert layer.layer_id in answer.stdout


def test_list_as_json_is_the_list_of_layers(built):
    answer = type_words("list", "--json", "--state", built.release.state)
    layers = json.loads(answer.stdout)["layers"]
    assert [layer["layer_id"] for layer in layers] == [
        layer.layer_id for layer in built.release.layers
    ]
    assert all(layer["attribution"] and layer["recipe"]["inputs"] for layer in layers)


def test_show_says_what_a_layer_is_where_from_and_how_made(built):
    answer = type_words("show", "habitat_snow_leopard", "--state", built.release.state)
    layer = built.release.layer("habitat_snow_leopard")
    assert "potential habitat, not observed range" in answer.stdout
    assert layer.sha256 in answer.stdout
    assert layer.recipe.digest in answer.stdout
    assert "MCD12C1.006" in answer.stdout


def test_show_as_json_holds_the_path_of_the_file(built):
    answer = type_words("show", "states", "--json", "--state", built.release.state)
    assert json.loads(answer.stdout)["path"] == str(built.release.path("states"))


def test_verify_says_that_all_is_as_listed(built):
    answer = type_words("verify", "--state", built.release.state)
    assert f"{len(built.release.layers)} files" in answer.stdout
    assert "all as listed" in answer.stdout


def test_verify_names_a_spoiled_file(state):
    answer = type_words("verify", "--state", state)
    assert answer.exit_code == 0
    next((state / "atlas" / "objects").rglob("*.csv")).write_text("species_id")
    assert isinstance(type_words("verify", "--state", state).exception, TamperedFileError)


def test_diff_of_a_release_with_itself_says_that_nothing_differs(built):
    answer = type_words("diff", "current", "current", "--state", built.release.state)
    assert "Nothing differs" in answer.stdout


def test_diff_as_json_counts_unchanged_layers(built):
    answer = type_words("diff", "current", "current", "--json", "--state", built.release.state)
    assert json.loads(answer.stdout)["unchanged"] == len(built.release.layers)


def test_the_state_folder_may_come_from_the_environment(built, monkeypatch):
    monkeypatch.setenv("KULAN_STATE", str(built.release.state))
    assert built.release.release_id in type_words("list").stdout


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        (("show", "habitat_unicorn"), UnknownNameError),
        (("list", "--release", "starter-zzz"), AtlasMissingError),
    ],
)
def test_what_is_not_there_is_refused(built, words, refusal):
    answer = type_words(*words, "--state", built.release.state)
    assert isinstance(answer.exception, refusal)


def test_build_tells_what_it_made_and_kept(tmp_path, monkeypatch, shared_pocket):
    monkeypatch.setattr(
        "kulan.atlas.build_starter",
        lambda state, progress: build_starter(state, progress=progress, folder=shared_pocket),
    )
    first = type_words("build", "--state", tmp_path / "state")
    assert first.exit_code == 0, first.output
    assert "(30 made, 0 already there)" in first.stdout
    second = type_words("build", "--state", tmp_path / "state")
    assert "(0 made, 30 already there)" in second.stdout
