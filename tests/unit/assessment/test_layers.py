"""Layers the user brings, as he writes them."""

from pathlib import Path

import pytest

from kulan.assessment import parse_layer
from kulan.errors import InvalidTableError, UnknownNameError


def test_a_path_alone_is_a_layer():
    assert parse_layer("ranges.gpkg").path == Path("ranges.gpkg")


def test_properties_follow_the_path():
    given = parse_layer(
        "a.gpkg,species=saiga,kind=corridor,date=2021-05,resolution_m=250,crs=EPSG:3857"
    )
    assert (given.species, given.kind, given.date) == ("saiga", "corridor", "2021-05")
    assert (given.resolution_m, given.crs) == (250.0, "EPSG:3857")


def test_a_path_may_hold_commas_and_spaces():
    given = parse_layer("Карты, 2021/ареал сайгака.gpkg,species=saiga")
    assert given.path == Path("Карты, 2021/ареал сайгака.gpkg")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a.gpkg,colour=red", "'colour' is no property of a layer; use kind, species"),
        ("a.gpkg,kind=home", "kind 'home' is not known; use one of range"),
        ("a.gpkg,species=unicorn", "species 'unicorn' is not known; use one of argali"),
    ],
)
def test_a_word_that_is_not_known_is_refused_with_those_that_are(text, words):
    with pytest.raises(UnknownNameError, match=words):
        parse_layer(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a.gpkg,date=yesterday", "write 2021"),
        ("a.gpkg,resolution_m=fine", "positive number of metres"),
        ("a.gpkg,resolution_m=-5", "positive number of metres"),
        ("a.gpkg,resolution_m=inf", "positive number of metres"),
    ],
)
def test_a_value_that_cannot_be_read_is_refused(text, words):
    with pytest.raises(InvalidTableError, match=words):
        parse_layer(text)
