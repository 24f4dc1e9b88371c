"""The maps: drawn without a network, labels side by side, nothing of the user's left unescaped."""

import struct
import zlib
from xml.etree import ElementTree

import numpy as np
import pytest
import shapely

from hand_made import make_alternative, make_found, make_scene, make_screening
from kulan.places import Bounds
from kulan.report.cartography import Labels, make_frame, path_of, png
from kulan.report.maps import overview_map, species_maps
from kulan.report.reader import Reader
from kulan.words import words_in

SVG = "{http://www.w3.org/2000/svg}"


def drawn(screening, language="en") -> ElementTree.Element:
    figure = overview_map(screening, make_scene(screening), Reader(words_in(language)))
    return ElementTree.fromstring(figure.svg)


def texts(root: ElementTree.Element) -> list[str]:
    return [one.text for one in root.iter(f"{SVG}text") if one.get("aria-hidden") != "true"]


def test_a_map_has_a_title_and_a_description_for_those_who_cannot_see_it():
    root = drawn(make_screening())
    title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    assert "Route 1 over the steppe" in description.text


def test_alternatives_carry_their_numbers_and_the_legend_their_names():
    words = texts(drawn(make_screening()))
    assert {"1", "2", "1. Route 1 over the steppe", "2. Route 2 over the steppe"} <= set(words)


def test_a_disputed_border_is_dashed_and_explained():
    root = drawn(make_screening())
    assert "disputed or undefined border" in texts(root)


def test_a_town_without_room_for_its_name_is_left_out_with_its_mark():
    words = texts(drawn(make_screening()))
    assert "Choybalsan" in words
    assert "Baruun Urt" in words


def test_a_hostile_name_stays_text():
    found = make_found(1, name='<image href="https://example.org/x"/>')
    root = drawn(make_screening([found]))
    assert list(root.iter(f"{SVG}image")) == []
    assert '1. <image href="https://example.org/x"/>'[:20] in " ".join(texts(root))


def test_names_of_states_are_in_the_reader_s_language():
    assert "МОНГОЛИЯ" in texts(drawn(make_screening(), "ru"))


def test_a_polygon_is_filled():
    square = {
        "type": "Polygon",
        "coordinates": [[[114, 46], [115, 46], [115, 47], [114, 47], [114, 46]]],
    }
    found = make_found(1, geometry=square, shape="area", barrier_type="mine")
    assert make_alternative(1, shape="area").shape == "area"
    root = drawn(make_screening([found]))
    assert any(one.get("fill-opacity") == "0.35" for one in root.iter(f"{SVG}path"))


def test_no_more_than_six_species_get_a_map_and_the_first_is_of_most_concern():
    species = ("saiga", "khulan", "argali", "kiang", "urial", "chiru", "wild_yak")
    screening = make_screening([make_found(1, species=species)])
    maps = species_maps(screening, make_scene(screening), Reader(words_in("en")))
    assert len(maps) == 6
    assert "Saiga antelope" in maps[0].title
    assert all("not observed range" in one.caption for one in maps)


def test_nothing_touched_draws_no_map_of_a_species():
    screening = make_screening([make_found(1, species=())])
    assert species_maps(screening, make_scene(screening), Reader(words_in("en"))) == ()


def test_labels_never_cover_one_another():
    labels = Labels(200, 200)
    put = [labels.put(f"place {n}", 100, 100, size=10, fill="#000") for n in range(30)]
    assert 1 < sum(map(bool, put)) < 30
    boxes = labels.taken
    for place, a in enumerate(boxes):
        for b in boxes[place + 1 :]:
            assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]


def test_a_frame_lies_inside_what_may_be_drawn():
    bounds = Bounds(60, 42, 70, 48)
    seen = make_frame(bounds, 880, 680).bounds()
    assert bounds.west - 1e-6 <= seen.west
    assert seen.east <= bounds.east + 1e-6
    assert bounds.south - 1e-6 <= seen.south
    assert seen.north <= bounds.north + 1e-6


def test_a_frame_keeps_areas():
    frame = make_frame(Bounds(60, 42, 70, 48), 880, 680)
    west, east = (frame.to_paper(shapely.box(x, 45, x + 0.1, 45.1)).area for x in (61, 69))
    assert west == pytest.approx(east, rel=1e-3)


def test_a_path_of_a_polygon_is_closed_and_a_point_has_none():
    assert path_of(shapely.box(0, 0, 10, 10)).endswith("Z")
    assert path_of(shapely.Point(1, 1)) == ""


def test_a_png_holds_its_colours():
    image = png(np.array([[0, 1], [1, 0]], dtype=np.uint8), [(0, 0, 0), (86, 170, 132)])
    assert image.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", image[16:24]) == (2, 2)
    start = image.index(b"IDAT") + 4
    size = struct.unpack(">I", image[start - 8 : start - 4])[0]
    assert zlib.decompress(image[start : start + size]) == bytes([0, 0, 1, 0, 1, 0])
