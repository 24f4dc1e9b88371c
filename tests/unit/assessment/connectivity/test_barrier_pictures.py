"""The pictures of barriers and crossings call barriers by name, in the reader's language."""

import pytest
import shapely

from kulan.assessment.connectivity import barrier_pictures
from kulan.assessment.connectivity.candidates import (
    PassableShare,
    candidates_along,
    read_crossings,
)
from kulan.assessment.connectivity.crossings import CrossingQuestion, rank_candidates
from kulan.assessment.connectivity.effects import EffectQuestion, weigh_barriers
from kulan.assessment.connectivity.ensembles import Ensemble
from kulan.assessment.connectivity.picture_settings import picture_setting

from . import small_world as world

SHARE = PassableShare(0.9, 0.8, 1.0)


@pytest.fixture
def land(tmp_path):
    return world.landscape(tmp_path)


@pytest.fixture
def said(monkeypatch):
    """Draw, and return what is written, picture by picture."""
    monkeypatch.setattr(barrier_pictures, "with_pictures", lambda _answer, found: found)

    def read(drawn):
        return {
            name: " ".join(
                text.get_text() for axes in picture.figure.axes for text in axes.texts
            ).replace("\u00a0", " ")
            for name, picture in drawn.items()
        }

    return read


def barriers(folder, land):
    shapes = [shapely.LineString([(x, -5), (x, world.ROWS + 5)]) for x in (9.0, 14.0)]
    names = ["Long Fence (north - south)", "Old Road (west)"]
    ids = ["B01", "B02"]
    return world.lines(folder, land, shapes, barrier_id=ids, name=names, permeability=[0.1, 0.4])


@pytest.mark.parametrize(
    ("language", "titles"),
    [
        ("en", ("What is changed by Long Fence, Old Road", "Current without Long Fence, Old Road")),
        ("ru", ("Что меняют преграды: Long Fence, Old Road", "Ток без преград: Long Fence")),
        ("fr", ("Changement dû à Long Fence, Old Road", "Courant sans Long Fence, Old Road")),
    ],
)
def test_titles_and_charts_of_barriers_have_names(tmp_path, land, said, language, titles):
    question = EffectQuestion(land, world.sites(tmp_path, land), barriers(tmp_path, land))
    setting = picture_setting(language)
    drawn = said(barrier_pictures.draw_effect(question, weigh_barriers(question), setting))
    assert titles[0] in drawn["current_change"]
    assert titles[1] in drawn["current_without"]
    assert "Long Fence" in drawn["pairs"]
    assert "Long Fence (B01)" in drawn["attribution"]
    assert "north - south" not in " ".join(drawn.values())


@pytest.mark.parametrize("language", ["en", "ru", "fr"])
def test_places_along_a_barrier_are_called_by_it_and_their_kilometre(
    tmp_path, land, said, language
):
    lines = barriers(tmp_path, land)
    places = candidates_along(lines, ("B01",), land.frame, spacing_km=8.0, cost=None, share=SHARE)
    question = CrossingQuestion(
        land, world.sites(tmp_path, land), lines, places, ensemble=Ensemble((), 3, 1)
    )
    answer = rank_candidates(question)
    assert set(answer.tables["ranking"]["barrier_name"]) == {"Long Fence"}
    drawn = said(barrier_pictures.draw_crossings(question, answer, picture_setting(language)))
    km = {"en": "km", "ru": "км", "fr": "km"}[language]
    first = answer.tables["ranking"].iloc[0]
    number = picture_setting(language).words.number(first["km_along"], 1)
    assert f"1 Long Fence, {km} {number}" in drawn["ranking"].replace("  ", " ")
    assert "Long Fence" in drawn["crossings"]
    assert "B01/" not in " ".join(drawn.values())


def test_places_of_a_file_keep_the_names_they_have_there(tmp_path, land, said):
    lines = barriers(tmp_path, land)
    points = [shapely.Point(9.0, y) for y in (5.0, 11.0)]
    file = world.write(tmp_path, "places", points, crossing_id=["Bridge", "Gate"])
    places = read_crossings(file, permeabilities=None, species_id="khulan", season="", share=SHARE)
    question = CrossingQuestion(
        land, world.sites(tmp_path, land), lines, places, ensemble=Ensemble((), 3, 1)
    )
    drawn = said(barrier_pictures.draw_crossings(question, rank_candidates(question)))
    assert "Bridge" in drawn["ranking"]
    assert "Gate" in drawn["ranking"]
