"""The pages' colours can be read, in light and in dark, and nothing is styled from elsewhere."""

import re
from pathlib import Path

import pytest

import kulan

STYLES = Path(kulan.__file__).parent / "web" / "static" / "kulan"
# what is written with the first colour on the second; WCAG 2.2, 1.4.3: at least 4.5
TEXT = [
    *[(ink, ground) for ink in ("ink", "ink-soft") for ground in ("paper", "sheet", "sunken")],
    *[("accent", ground) for ground in ("paper", "sheet")],
    *[("accent-strong", ground) for ground in ("paper", "sheet", "accent-wash")],
    *[("ink", f"{state}-wash") for state in ("accent", "good", "caution", "bad")],
    *[(state, f"{state}-wash") for state in ("good", "caution", "bad")],
    *[("bad", ground) for ground in ("paper", "sheet")],
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("on-bad", "bad"),
]
# borders of fields, focus rings and marks; WCAG 2.2, 1.4.11: at least 3
SHAPES = [
    (shape, ground)
    for shape in ("line-strong", "accent", "mark", "bad")
    for ground in ("paper", "sheet", "sunken")
]


def tokens(selector: str, sheet: str = "base.css") -> dict[str, str]:
    text = (STYLES / sheet).read_text()
    block = re.search(rf"{re.escape(selector)} \{{(.*?)\}}", text, re.S)
    assert block is not None, selector
    return dict(re.findall(r"--([\w-]+): ([^;]+);", block.group(1)))


LIGHT = tokens(":root")
DARK = tokens(':root[data-theme="dark"]')


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb, as WCAG defines it."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted([luminance(one), luminance(other)], reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_that_of_the_standard():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_text_can_be_read_on_what_it_stands_on(theme):
    faint = {pair: contrast(theme[pair[0]], theme[pair[1]]) for pair in TEXT}
    assert {pair: ratio for pair, ratio in faint.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_fields_rings_and_marks_stand_out_from_their_ground(theme):
    faint = {pair: contrast(theme[pair[0]], theme[pair[1]]) for pair in SHAPES}
    assert {pair: ratio for pair, ratio in faint.items() if ratio < 3} == {}


def test_dark_is_the_same_whether_the_system_or_the_reader_asks_for_it():
    assert tokens(':root:not([data-theme="light"])') == DARK
    assert DARK.keys() == LIGHT.keys()


def test_the_maps_labels_can_be_read_on_its_ground():
    for selector in (":root", ':root[data-theme="dark"]'):
        colours = tokens(selector, "atlas.css")
        for label in ("map-label", "map-label-soft", "map-river"):
            assert contrast(colours[label], colours["map-land"]) >= 4.5, (selector, label)


def test_the_maps_dark_is_the_same_whoever_asks_for_it():
    by_system = tokens(':root:not([data-theme="light"])', "atlas.css")
    assert by_system == tokens(':root[data-theme="dark"]', "atlas.css")


def test_every_colour_that_is_used_is_there():
    known = {
        name
        for path in STYLES.glob("*.css")
        for name in re.findall(r"--([\w-]+):", path.read_text())
    }
    used = {
        name
        for path in STYLES.glob("*.css")
        for name in re.findall(r"var\(--([\w-]+)", path.read_text())
    }
    assert used
    assert used <= known


def test_no_style_asks_another_site_for_anything():
    for path in STYLES.glob("*.css"):
        assert not re.search(r"url\(\s*[\"']?(https?:)?//|@import", path.read_text()), path.name
