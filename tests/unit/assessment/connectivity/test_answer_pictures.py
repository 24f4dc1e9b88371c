"""The pictures of answers: in the reader's language, over borders that are at hand."""

from dataclasses import replace

import numpy as np
import pytest

from kulan.assessment.connectivity import pictures
from kulan.assessment.connectivity.circuits import CircuitQuestion, connect
from kulan.assessment.connectivity.corridors import CorridorQuestion, find_corridors
from kulan.assessment.connectivity.omnidirectional import (
    OmnidirectionalQuestion,
    find_flow,
    strengths_of_resistance,
)
from kulan.assessment.connectivity.picture_settings import PictureSetting, picture_setting
from kulan.assessment.connectivity.places import read_sites
from kulan.assessment.connectivity.wired import WiredQuestion, let_flow, read_wires
from kulan.atlas import open_release
from kulan.errors import UnknownNameError
from little_landscapes import landscape_of, write_points

TITLES = {
    "en": {
        "circuit": "Current between 3 sites",
        "corridors": "2 links between 3 sites",
        "flow": "Movement against that on even land",
        "wired": "from given sources to given grounds",
    },
    "ru": {
        "circuit": "Ток между 3 местами",
        "corridors": "2 связи; мест: 3",
        "flow": "Передвижение по сравнению с однородной местностью",
        "wired": "от заданных источников к заданным стокам",
    },
    "fr": {
        "circuit": "Courant entre 3 sites",
        "corridors": "2 liaisons entre 3 sites",
        "flow": "Déplacements par rapport à ceux d’un terrain uniforme",
        "wired": "de sources données vers des puits donnés",
    },
}
SPECIES = {"en": "Asiatic wild ass, winter", "ru": "Кулан, зима", "fr": "Âne sauvage d’Asie, hiver"}
MADE_BY = {"en": ", recipe ", "ru": ", рецепт ", "fr": ", recette "}


@pytest.fixture
def drawn(tmp_path, monkeypatch):
    """Draw an answer of one kind over even land; return what is written, picture by picture."""
    monkeypatch.setattr(pictures, "with_pictures", lambda _answer, found: found)
    even = replace(landscape_of(tmp_path, np.ones((7, 11))), species_id="khulan", season="winter")
    cells = [(3, 1), (3, 5), (3, 9)]
    file = write_points(tmp_path / "sites.geojson", even, cells, name=["West", "Middle", "East"])
    sites = read_sites(file, even)
    ends = [
        write_points(tmp_path / f"{name}.geojson", even, [cell], name=[name])
        for name, cell in (("herd", cells[0]), ("pasture", cells[2]))
    ]

    def draw(kind, setting):
        if kind == "circuit":
            circuit = CircuitQuestion(even, sites)
            found = pictures.draw_circuit(circuit, connect(circuit), setting)
        elif kind == "corridors":
            corridors = CorridorQuestion(even, sites)
            found = pictures.draw_corridors(corridors, find_corridors(corridors), setting)
        elif kind == "flow":
            flow = OmnidirectionalQuestion(even, strengths_of_resistance(even, None), 2.0)
            found = pictures.draw_flow(flow, find_flow(flow), setting)
        else:
            amps, grounds = (
                read_wires(file, even, what)
                for file, what in zip(ends, ("amps", "conductance"), strict=True)
            )
            wired = WiredQuestion(even, amps, grounds)
            found = pictures.draw_wired(wired, let_flow(wired), setting)
        return {name: said(picture) for name, picture in found.items()}

    return draw


def said(picture):
    texts = [text.get_text() for axes in picture.figure.axes for text in axes.texts]
    return " ".join(texts).replace("\u00a0", " ")


@pytest.mark.parametrize("kind", TITLES["en"])
@pytest.mark.parametrize("language", TITLES)
def test_titles_species_and_source_are_in_the_readers_language(drawn, kind, language):
    found = drawn(kind, picture_setting(language))
    assert TITLES[language][kind] in " ".join(found.values())
    for text in found.values():
        assert SPECIES[language] in text
        assert MADE_BY[language] in text


def test_a_picture_in_russian_has_no_english_sentence_left(drawn):
    every = set(TITLES["en"].values())
    for kind in TITLES["ru"]:
        for text in drawn(kind, picture_setting("ru")).values():
            bare = [word.strip(".,;:()") for word in text.split()]
            words = [word for word in bare if word.isascii() and word.isalpha()]
            # names of sites and files are data; N, A, V and W stand for themselves
            assert {word.lower() for word in words} <= {
                *("west", "middle", "east", "herd", "pasture", "kulan", "n", "a", "v", "w"),
            }, text
            assert not any(sentence in text for sentence in every)


def test_a_language_that_is_not_there_is_refused():
    with pytest.raises(UnknownNameError, match="'kk' is not available"):
        picture_setting("kk")


@pytest.mark.slow
def test_borders_of_the_atlas_are_drawn_and_their_source_is_told(drawn, starter_state):
    setting = picture_setting("en", open_release(starter_state))
    assert setting.states is not None
    assert setting.disputed is not None
    text = drawn("circuit", setting)["current"]
    assert "State borders: Natural Earth" in text
    assert "MONGOLIA" in text or "CHINA" in text
    assert "State borders" not in drawn("circuit", picture_setting("en"))["current"]


@pytest.mark.slow
def test_an_atlas_without_borders_draws_none(starter_state):
    release = open_release(starter_state)
    kept = tuple(layer for layer in release.layers if layer.layer_id != "states")
    bare = replace(release, manifest=replace(release.manifest, layers=kept))
    assert picture_setting("en", bare).states is None


def test_of_many_names_the_first_stand_and_the_others_are_counted():
    names = ["Road", "Fence", "Road", "Canal", "Pipe", "Rail"]
    assert PictureSetting().shortened(names[:4]) == "Road, Fence, Canal"
    assert PictureSetting().shortened(names) == "Road, Fence, Canal and 2 more"
    assert picture_setting("fr").shortened(names, most=4) == "Road, Fence, Canal, Pipe et 1 autre"
    assert picture_setting("ru").shortened(names) == "Road, Fence, Canal и ещё 2"
