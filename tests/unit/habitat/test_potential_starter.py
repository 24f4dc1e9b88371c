"""The starter Atlas's potential habitat, asked at places whose animals are known."""

import numpy as np
import pytest

from kulan.atlas.inputs import StarterInputs
from kulan.grids import Grid

SUITABLE = {1, 2, 3}


@pytest.fixture(scope="module")
def inputs():
    return StarterInputs()


def value_at(grid: Grid, lon: float, lat: float) -> int:
    row = int((grid.north - lat) / grid.cell_y_deg)
    column = int((lon - grid.west) / grid.cell_x_deg)
    return int(grid.values[row, column])


def share_suitable_near(grid: Grid, lon: float, lat: float, reach_cells: int = 5) -> float:
    """Share of suitable cells in a square of about 60 km around a place."""
    row = int((grid.north - lat) / grid.cell_y_deg)
    column = int((lon - grid.west) / grid.cell_x_deg)
    rows = slice(row - reach_cells, row + reach_cells + 1)
    columns = slice(column - reach_cells, column + reach_cells + 1)
    return float(np.isin(grid.values[rows, columns], list(SUITABLE)).mean())


@pytest.mark.parametrize(
    ("species_id", "lon", "lat"),
    [
        ("saiga", 70.0, 46.0),  # Betpak-Dala
        ("saiga", 49.0, 49.0),  # Volga-Ural sands
        ("saiga", 95.0, 46.0),  # Shargyn Gobi
        ("khulan", 108.0, 43.5),  # Mongolian south-east Gobi
        ("khulan", 62.0, 35.7),  # Badkhyz
        ("mongolian_gazelle", 115.0, 47.5),  # Dornod steppe
        ("snow_leopard", 100.6, 43.2),  # Tost mountains
        ("snow_leopard", 78.5, 42.0),  # Sarychat-Ertash
        ("snow_leopard", 72.5, 38.3),  # Western Pamir
        ("argali", 74.0, 38.2),  # Murghab
        ("argali", 108.6, 45.6),  # Ikh Nart
        ("urial", 57.5, 38.1),  # Kopet Dag
        ("kiang", 88.0, 33.5),  # Chang Tang
        ("chiru", 88.0, 34.5),  # Chang Tang
        ("wild_yak", 90.0, 35.5),  # Kekexili
        ("wild_camel", 99.0, 43.0),  # Great Gobi A
        ("gobi_bear", 99.0, 43.1),  # Great Gobi A
        ("przewalski_horse", 93.5, 45.3),  # Great Gobi B
        ("goitered_gazelle", 62.5, 42.5),  # Kyzylkum
        ("asiatic_cheetah", 56.0, 35.5),  # Touran
        ("persian_leopard", 57.0, 37.5),  # Golestan and Kopet Dag
        ("pallas_cat", 105.9, 47.7),  # Hustai
        ("eurasian_lynx", 100.0, 56.0),  # southern Siberian forest
        ("bukhara_deer", 68.3, 37.1),  # Tigrovaya Balka
    ],
)
def test_habitat_is_where_the_species_is_known_from(inputs, species_id, lon, lat):
    assert share_suitable_near(inputs.habitat(species_id), lon, lat) > 0.1


@pytest.mark.parametrize(
    ("species_id", "lon", "lat"),
    [
        ("saiga", 100.0, 58.0),  # Siberian forest
        ("saiga", 76.0, 41.5),  # Tien Shan
        ("snow_leopard", 63.0, 42.8),  # Kyzylkum plain
        ("snow_leopard", 83.0, 39.0),  # Taklamakan
        ("snow_leopard", 115.0, 47.0),  # eastern steppe
        ("argali", 83.0, 39.0),  # Taklamakan
        ("argali", 63.0, 42.8),  # Kyzylkum plain
        ("urial", 60.0, 39.5),  # Karakum plain
        ("mongolian_gazelle", 70.0, 46.0),  # Kazakhstan
        ("kiang", 83.0, 39.0),  # Taklamakan
        ("goitered_gazelle", 88.0, 33.5),  # Chang Tang
        ("pallas_cat", 110.0, 28.0),  # southern China
        ("eurasian_lynx", 110.0, 26.0),  # southern China
        ("eurasian_lynx", 68.0, 50.0),  # Kazakh steppe
        ("persian_leopard", 60.0, 39.5),  # Karakum plain
        ("bukhara_deer", 63.0, 45.0),  # desert beside the Syr Darya
    ],
)
def test_there_is_no_habitat_where_the_species_does_not_live(inputs, species_id, lon, lat):
    assert value_at(inputs.habitat(species_id), lon, lat) == 0
    assert share_suitable_near(inputs.habitat(species_id), lon, lat) < 0.05


def test_presence_follows_the_state(inputs):
    # khulan of Altyn-Emel were brought there, those of the Gobi never left
    assert value_at(inputs.habitat("khulan"), 78.5, 44.1) == 2
    assert value_at(inputs.habitat("khulan"), 108.0, 43.5) == 1


def test_hardly_any_land_is_not_known(inputs):
    for species_id in inputs.preferences["species_id"]:
        values = inputs.habitat(species_id).values
        assert (values == 255).sum() <= 0.01 * max((values > 0).sum(), 1), species_id
