"""Tiles are made before anybody asks, of what the public sees; those of lost sights are cleared."""

import os
import time

import pytest

from builders_of_the_web import make_layer, make_point, make_version
from kulan.web.atlas import readiness
from kulan.web.atlas.jobs import WARM, make_tiles, warm_soon
from kulan.web.atlas.listing import map_versions
from kulan.web.atlas.search import gazetteer
from kulan.web.atlas.tiles import KeptTiles, seen_tile
from kulan.web.atlas.warming import KEEP_TILES_S, clear_tiles, warm
from kulan.web.jobs.models import Job
from kulan.web.policy import PUBLIC, fingerprint

DEN = (103.1234567, 44.7654321)
TILE = (6, 50, 23)


@pytest.fixture
def version(people):
    made = make_version(make_layer(owner=people["aigul"]), bounds=[103, 44, 104, 45])
    make_point(made, *DEN, default_level=3, species_id="snow_leopard", iso3="MNG")
    return made


def kept(viewer, version, tile=TILE):
    return KeptTiles(fingerprint(viewer, version)).get(*tile, ".mvt")


def test_the_public_finds_its_tiles_made(version):
    job = Job.objects.create(kind=WARM)
    made = make_tiles(job)["made"]
    assert made >= 7  # one of each zoom
    assert kept(PUBLIC, version) == seen_tile(PUBLIC, version, *TILE) != b""
    assert make_tiles(job)["made"] == 0


def test_no_tile_is_made_ahead_of_what_only_some_may_see(version, viewer, people):
    hidden = make_version(make_layer("hidden", owner=people["aigul"], audience="named"))
    make_point(hidden, *DEN)
    warm()
    assert kept(viewer("aigul"), version) is None
    assert kept(viewer("aigul"), hidden) is None
    assert kept(PUBLIC, hidden) is None


def test_a_worker_is_asked_once_however_often_something_changes(db):  # noqa: ARG001
    for _ in range(3):
        warm_soon()
    assert Job.objects.filter(kind=WARM).count() == 1


def test_tiles_of_a_sight_nobody_has_any_more_are_cleared_and_others_stay(version, viewer):
    warm()
    lost, fresh = KeptTiles("0" * 24), KeptTiles(fingerprint(viewer("bat"), version))
    for one in (lost, fresh):
        one.put(*TILE, ".mvt", b"tile")
    long_ago = time.time() - KEEP_TILES_S - 60
    for folder in (lost.folder, KeptTiles(fingerprint(PUBLIC, version)).folder):
        for path in (*folder.iterdir(), folder):
            os.utime(path, (long_ago, long_ago))

    assert clear_tiles() >= 1

    assert not lost.folder.exists()
    assert fresh.get(*TILE, ".mvt") == b"tile"
    assert kept(PUBLIC, version)


def test_a_tile_that_cannot_be_kept_is_given_all_the_same(
    version, browser_of, tmp_path, monkeypatch
):
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setattr("kulan.web.atlas.tiles.kept_folder", lambda: tmp_path / "file")
    seen = fingerprint(PUBLIC, version)
    z, x, y = TILE
    assert browser_of("nobody").get(f"/atlas/tiles/dens/{seen}/{z}/{x}/{y}.mvt").status_code == 200


def test_the_first_reader_waits_for_no_list_of_names(version, monkeypatch):  # noqa: ARG001
    readiness.get_ready()
    monkeypatch.setattr("kulan.web.atlas.search._entries", None)  # would fail if it were made anew
    assert gazetteer(PUBLIC, map_versions(PUBLIC)).search("saiga")
