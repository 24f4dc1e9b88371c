"""How the Atlas is drawn: complete for every closed list, told apart without colour vision."""

import re
from itertools import combinations

import numpy as np
import pytest

from kulan.atlas.styles import Style, style_of, styles
from kulan.errors import UnknownNameError
from kulan.vocabulary import BARRIER_STATUSES, BARRIER_TYPES, STRUCTURE_KINDS
from kulan.words import LANGUAGES, words_in

GROUNDS = {"light": "#fbfaf6", "dark": "#1d2226"}
# Machado, Oliveira and Fernandes 2009, severity 1.0: red-blind and green-blind eyes
SEEN_BY = {
    "protan": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deutan": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
}


def linear(colour: str) -> np.ndarray:
    values = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    """WCAG 2.2's contrast ratio."""
    bright, dark = sorted(
        (float(linear(colour) @ [0.2126, 0.7152, 0.0722]) for colour in (one, other)), reverse=True
    )
    return (bright + 0.05) / (dark + 0.05)


def difference(one: str, other: str, eye: str) -> float:
    seen = [np.clip(SEEN_BY[eye] @ linear(colour), 0, 1) ** (1 / 2.2) for colour in (one, other)]
    return float(np.linalg.norm(seen[0] - seen[1]))


@pytest.mark.parametrize("status", BARRIER_STATUSES)
@pytest.mark.parametrize("kind", BARRIER_TYPES)
def test_every_barrier_has_a_style_in_every_status(kind, status):
    style = style_of("barriers", kind, status)
    assert (style.kind, style.value) == (kind, status)
    assert (style.dash_px == ()) == (status == "operational")


@pytest.mark.parametrize("kind", STRUCTURE_KINDS)
def test_every_structure_has_a_style_standing_and_planned(kind):
    assert style_of("mitigation", kind, "operational").value == "operational"
    assert style_of("mitigation", kind, "planned").value == "planned"


@pytest.mark.parametrize("style", styles(), ids=lambda one: f"{one.theme}-{one.kind}-{one.value}")
def test_colours_are_written_in_full_for_both_grounds(style: Style):
    for light, dark in ((style.fill, style.fill_dark), (style.stroke, style.stroke_dark)):
        assert bool(light) == bool(dark)
        for colour in filter(None, (light, dark)):
            assert re.fullmatch(r"#[0-9a-f]{6}", colour)
    assert style.fill or style.stroke
    assert 0 < style.opacity <= 1


def test_lines_stand_out_from_the_ground_by_day_and_by_night():
    lines = [one for one in styles() if one.theme in ("barriers", "corridors", "telemetry")]
    for style in lines:
        if style.shape == "line":
            assert contrast(style.stroke, GROUNDS["light"]) >= 3, style
            assert contrast(style.stroke_dark, GROUNDS["dark"]) >= 3, style


@pytest.mark.parametrize("eye", SEEN_BY)
def test_colour_blind_eyes_tell_barriers_apart_by_hue_or_mark_or_width(eye):
    standing = [one for one in styles() if one.theme == "barriers" and one.value == "operational"]
    for one, other in combinations(standing, 2):
        looks_alike = (one.marker, one.width_px, one.shape) == (
            other.marker,
            other.width_px,
            other.shape,
        )
        if looks_alike:
            assert difference(one.stroke, other.stroke, eye) > 0.15, (one.kind, other.kind)


@pytest.mark.parametrize("eye", SEEN_BY)
def test_colour_blind_eyes_tell_suitable_from_marginal_habitat(eye):
    for value in ("1", "2", "3"):
        good, less = (
            style_of("habitat", "potential", value),
            style_of("habitat", "potential", f"1{value}"),
        )
        assert difference(good.fill, less.fill, eye) > 0.15
        assert difference(good.fill_dark, less.fill_dark, eye) > 0.15


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_legends_words_are_unique_within_a_theme(language):
    words = words_in(language)
    for theme in {one.theme for one in styles()}:
        said = [one.legend_words(words) for one in styles() if one.theme == theme]
        assert len(said) == len(set(said))


def test_a_value_without_a_style_of_its_own_is_drawn_as_its_kind():
    assert style_of("areas", "protected_area", "whatever") == style_of("areas", "protected_area")


def test_an_unknown_kind_is_refused_with_those_there_are():
    with pytest.raises(UnknownNameError, match="the kinds of borders are states, disputed"):
        style_of("borders", "moat")
    with pytest.raises(UnknownNameError, match="no theme is called 'moats'"):
        style_of("moats", "moat")
