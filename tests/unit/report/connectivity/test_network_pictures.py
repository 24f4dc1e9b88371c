"""Maps of patches and links: widths by importance, ways where they lead, odd networks."""

import numpy as np
import pandas as pd
import pytest

from kulan.connectivity.frames import Frame
from kulan.connectivity.least_cost.link_networks import LinkNetwork, link_patches
from kulan.connectivity.least_cost.surface import CostSurface
from kulan.errors import InvalidGridError
from kulan.report.connectivity.network_maps import WIDTHS_PT, network_map
from kulan.report.connectivity.sheets import Caption, Picture
from kulan.words import words_in

CAPTION, EN = Caption("Network"), words_in("en")
FRAME = Frame(3, 9, 0.0, 30.0, 10.0, 10.0)


def chain() -> tuple[np.ndarray, LinkNetwork]:
    patches = np.zeros((3, 9), int)
    patches[1, 0], patches[1, 4], patches[1, 8] = 1, 2, 3
    return patches, link_patches(CostSurface(np.ones((3, 9))), patches)


def drawn(picture: Picture) -> dict:
    axes = next(axes for axes in picture.figure.axes if axes.get_label() != "paper")
    return {one.get_gid(): one for one in axes.collections if one.get_gid()}


def said(picture: Picture) -> list[str]:
    return [text.get_text() for axes in picture.figure.axes for text in axes.texts]


def test_links_lead_through_the_centres_of_their_cells_between_numbered_patches():
    patches, network = chain()
    picture = network_map(patches, FRAME, network, CAPTION, EN)
    ways = drawn(picture)["least-cost link"].get_segments()
    assert [way[0].tolist() for way in ways] == [[5, 15], [45, 15]]
    assert [way[-1].tolist() for way in ways] == [[45, 15], [85, 15]]
    assert {"1", "2", "3", "patch"} <= set(said(picture))


def test_links_are_wider_where_they_matter_more():
    patches, network = chain()
    importance = pd.Series([1.0, 8.0], index=network.links.index)
    picture = network_map(
        patches, FRAME, network, CAPTION, EN, importance=importance, measure="betweenness"
    )
    lines = drawn(picture)
    widths = {name: one.get_linewidth()[0] for name, one in lines.items()}
    assert widths == {
        "betweenness: 0 to 2": WIDTHS_PT[0],
        "betweenness: 6 to 8": WIDTHS_PT[3],
    }


def test_links_without_importance_at_all_are_all_thin():
    patches, network = chain()
    nothing = pd.Series([0.0, 0.0], index=network.links.index)
    picture = network_map(patches, FRAME, network, CAPTION, EN, importance=nothing, measure="b")
    (only,) = drawn(picture).values()
    assert only.get_linewidth()[0] == WIDTHS_PT[0]
    assert len(only.get_segments()) == 2


def test_a_network_of_one_patch_has_no_links_and_says_so():
    patches = np.zeros((3, 9), int)
    patches[1, 1] = 5
    network = link_patches(CostSurface(np.ones((3, 9))), patches)
    assert "no links" in said(network_map(patches, FRAME, network, CAPTION, EN))


def test_importance_of_other_links_is_refused():
    patches, network = chain()
    with pytest.raises(InvalidGridError, match="2 values for 2 links, of which 1 are missing"):
        network_map(patches, FRAME, network, CAPTION, EN, importance=pd.Series([1.0, 2.0], [0, 7]))
