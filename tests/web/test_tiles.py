"""A tile shows what its reader may see, and is never given to another."""

import gzip
import math

import mapbox_vector_tile
import pytest

from builders_of_the_web import make_layer, make_point, make_version
from kulan.exchange.web_mercator import tile_bounds
from kulan.web.policy import fingerprint

DEN = (103.1234567, 44.7654321)


@pytest.fixture
def version(people):
    made = make_version(make_layer(owner=people["aigul"]))
    make_point(made, *DEN, default_level=3, species_id="snow_leopard", iso3="MNG")
    return made


def address(seen, z, x, y, query=""):
    return f"/atlas/tiles/dens/{seen}/{z}/{x}/{y}.mvt{query}"


def around(z):
    n = 2**z
    x = int((DEN[0] + 180) / 360 * n)
    latitude = math.radians(DEN[1])
    y = int((1 - math.asinh(math.tan(latitude)) / math.pi) / 2 * n)
    return x, y


def places_in(answer, z, x, y):
    if answer.status_code == 204:
        return []
    decoded = mapbox_vector_tile.decode(gzip.decompress(answer.content))
    west, _south, east, _north = tile_bounds(z, x, y)
    return [
        west + (east - west) * feature["geometry"]["coordinates"][0] / 4096
        for feature in decoded["dens"]["features"]
    ]


@pytest.mark.parametrize("z", range(15))
def test_at_no_zoom_does_the_public_see_more_than_the_cell(version, browser_of, viewer, z):
    x, y = around(z)
    seen = fingerprint(viewer("nobody"), version)

    answer = browser_of("nobody").get(address(seen, z, x, y))

    for longitude in places_in(answer, z, x, y):
        assert longitude == pytest.approx(103.15, abs=360 / 2**z / 2000)
        assert abs(longitude - 103.15) < abs(longitude - DEN[0]) or z < 6


def test_the_focal_point_sees_the_den(version, browser_of, viewer):
    x, y = around(12)
    answer = browser_of("bat").get(address(fingerprint(viewer("bat"), version), 12, x, y))
    assert places_in(answer, 12, x, y) == [pytest.approx(DEN[0], abs=1e-4)]


def test_the_address_of_another_s_tile_is_not_found(version, browser_of, viewer):
    x, y = around(12)
    theirs = address(fingerprint(viewer("bat"), version), 12, x, y)
    assert browser_of("bat").get(theirs).status_code == 200
    for who in ("nobody", "hassan", "dmitri", "irina", "chinara", "farida", "gulnara"):
        assert browser_of(who).get(theirs).status_code == 404


def test_a_tile_asked_for_again_has_not_changed(version, browser_of, viewer):
    x, y = around(5)
    tile = address(fingerprint(viewer("nobody"), version), 5, x, y)
    first = browser_of("nobody").get(tile)
    again = browser_of("nobody").get(tile, headers={"If-None-Match": first["ETag"]})
    assert (first.status_code, again.status_code) == (200, 304)


def test_another_s_etag_opens_nothing(version, browser_of, viewer):
    x, y = around(5)
    theirs = address(fingerprint(viewer("bat"), version), 5, x, y)
    etag = browser_of("bat").get(theirs)["ETag"]
    stolen = browser_of("nobody").get(theirs, headers={"If-None-Match": etag})
    assert stolen.status_code == 404
