"""A file becomes a version's features whole or not at all, and hostile files become nothing."""

import io
import json
import struct
import zipfile

import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin

from files_to_bring import ONE, TWO, geojson
from kulan.errors import (
    InvalidFileError,
    InvalidGeometryError,
    KulanError,
    NotAllowedNowError,
    OutsideRegionError,
    TooLargeError,
)
from kulan.web.catalogue.models import LayerVersion, Rendition
from kulan.web.catalogue.rasters import MOST_CELLS
from kulan.web.events.models import Event


def stored(version):
    rows = Rendition.objects.filter(version=version).order_by("uid", "level")
    return [(row.uid, row.level, row.geometry.wkt, row.properties) for row in rows]


def test_a_file_becomes_features_with_columns_checks_and_an_event(bring):
    version = bring("saiga.geojson", ONE)

    assert version.feature_count == 1
    assert version.file_name == "saiga.geojson"
    assert {name: told["role"] for name, told in version.columns.items()} == {
        "occurrenceID": "record_id", "species": "species", "note": "",
    }  # fmt: skip
    codes = [one["code"] for one in version.checks]
    assert {"file", "crs", "geometry", "region"} <= set(codes)
    assert Event.objects.filter(kind="layer_uploaded", subject_id=str(version.uid)).count() == 1


def test_the_same_file_a_second_time_changes_nothing(bring):
    before = stored(bring("saiga.geojson", ONE))
    assert stored(bring("saiga.geojson", ONE)) == before


def test_the_next_file_keeps_what_was_said_of_its_columns(bring):
    version = bring("one.geojson", ONE)
    version.columns["note"]["public_to"] = 4
    version.save()
    assert bring("two.geojson", ONE).columns["note"]["public_to"] == 4


def test_what_the_file_lost_is_told(bring):
    version = bring("l.geojson", geojson(([66, 48, 700], ("species", "saiga"))))
    assert "heights dropped" in {row["what"] for row in version.losses}


def test_the_box_kept_with_a_version_is_no_finer_than_what_the_public_sees(bring):
    told = (("species", "snow leopard"), ("date", "2024-08-17"))
    version = bring("p.geojson", geojson(([66.1234567, 48.7654321], *told)))
    assert version.bounds == [66.15, 48.75, 66.15, 48.75]


@pytest.mark.parametrize("state", ["in_review", "released", "superseded", "withdrawn"])
def test_a_version_that_is_no_draft_takes_no_file(bring, draft, state):
    LayerVersion.objects.filter(pk=draft.pk).update(state=state)
    with pytest.raises(NotAllowedNowError):
        bring("saiga.geojson", ONE)


def zipped(**members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_DOT_", "."), content)
    return buffer.getvalue()


VRT = """<OGRVRTDataSource><OGRVRTLayer name="x">
<SrcDataSource>/vsicurl/http://127.0.0.1:9/x.geojson</SrcDataSource></OGRVRTLayer>
</OGRVRTDataSource>"""
ENTITIES = """<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>
<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>&b;</name></Document></kml>"""
OUTSIDE_ENTITY = """<?xml version="1.0"?><!DOCTYPE gpx [<!ENTITY a SYSTEM "file:///etc/passwd">]>
<gpx version="1.1"><wpt lat="48" lon="66"><name>&a;</name></wpt></gpx>"""
LINKED_CRS = json.dumps(
    {
        "type": "FeatureCollection",
        "crs": {"type": "link", "properties": {"href": "http://127.0.0.1/"}},
        "features": [],
    }
)
NOT_NUMBERS = '{"type": "Point", "coordinates": [NaN, Infinity]}'
HOSTILE = {
    "a zip bomb": ("b.zip", zipped(data_DOT_geojson=b" " * 60_000_000), TooLargeError),
    "a path that leads out": ("p.zip", zipped(**{"..__..__x.geojson": ONE}), InvalidFileError),
    "a virtual file of GDAL": ("v.geojson", VRT, InvalidFileError),
    "a virtual file in a zip": ("v.zip", zipped(x_DOT_vrt=VRT), InvalidFileError),
    "a virtual file as GeoPackage": ("v.gpkg", VRT, InvalidFileError),
    "a virtual file as Shapefile": ("v.zip", zipped(x_DOT_shp=VRT), InvalidFileError),
    "a virtual file as FlatGeobuf": ("v.fgb", VRT, InvalidFileError),
    "a virtual file as GeoTIFF": ("v.tif", VRT, InvalidFileError),
    "entities of XML": ("e.kml", ENTITIES, InvalidFileError),
    "an entity that reads a file": ("e.gpx", OUTSIDE_ENTITY, InvalidFileError),
    "another file under this ending": ("x.geojson", b"PK\x03\x04\x00\x00", InvalidFileError),
    "a page": ("x.geojson", "<html><script>alert(1)</script></html>", InvalidFileError),
    "nothing": ("x.geojson", b"", InvalidFileError),
    "places that are nowhere": ("x.geojson", geojson(([1e9, 1e9],)), KulanError),
    "places that are not numbers": ("x.geojson", NOT_NUMBERS, KulanError),
    "places far from here": ("x.geojson", geojson(([-60.0, -30.0],)), OutsideRegionError),
    "a CRS on the network": ("x.geojson", LINKED_CRS, KulanError),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_file_is_refused_and_leaves_everything_as_it_was(bring, draft, what):
    name, content, error = HOSTILE[what]
    before = stored(bring("good.geojson", TWO))

    with pytest.raises(error) as refused:
        bring(name, content)

    draft.refresh_from_db()
    assert stored(draft) == before
    assert draft.file_name == "good.geojson"
    assert "passwd" not in str(refused.value)


def test_markup_in_attributes_stays_text(bring):
    evil = "<svg onload=alert(1)>"
    version = bring("x.geojson", geojson(([66, 48], ("species", "saiga"), ("note", evil))))
    assert Rendition.objects.get(version=version, level=0).properties["note"] == evil


def tiff(path, values, *, west=60.0, north=50.0, cell=0.1, crs="EPSG:4326", **profile):
    rows, columns = values.shape
    with rasterio.open(
        path, "w", driver="GTiff", height=rows, width=columns, count=profile.pop("count", 1),
        dtype=values.dtype, crs=crs, transform=from_origin(west, north, cell, cell), **profile,
    ) as raster:  # fmt: skip
        for band in range(raster.count):
            raster.write(values, band + 1)
    return path.read_bytes()


def test_a_grid_becomes_a_layer_written_anew(bring, tmp_path):
    hidden = b"<script>alert(1)</script>"
    content = tiff(tmp_path / "in.tif", np.ones((20, 30), dtype="uint8")) + hidden

    version = bring("habitat.tif", content)

    assert version.kind == "raster"
    assert version.bounds == pytest.approx([60, 48, 63, 50])
    (kept,) = (tmp_path / "state").rglob("*.tif")
    assert kept.stem == version.file_sha256
    assert hidden not in kept.read_bytes()


def huge_tiff():
    """A header of 100,000 by 100,000 cells, and nothing behind it."""
    tags = [
        (256, 4, 1, 100_000), (257, 4, 1, 100_000), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1),
        (273, 4, 1, 8), (277, 3, 1, 1), (278, 4, 1, 100_000), (279, 4, 1, 10),
    ]  # fmt: skip
    entries = b"".join(struct.pack("<HHII", *tag) for tag in tags)
    return b"II*\x00" + struct.pack("<IH", 8, len(tags)) + entries + struct.pack("<I", 0)


@pytest.mark.parametrize(
    ("values", "options", "error"),
    [
        (np.ones((4, 4), dtype="uint8"), {"count": 3}, InvalidFileError),
        (np.ones((4, 4), dtype="uint8"), {"crs": "EPSG:32642"}, InvalidFileError),
        (np.ones((4, 4), dtype="uint8"), {"west": -80.0}, OutsideRegionError),
        (np.ones((4, 4), dtype="uint8"), {"west": 900.0}, InvalidFileError),
    ],
)
def test_grids_that_cannot_be_a_layer_are_refused(bring, tmp_path, values, options, error):
    with pytest.raises(error):
        bring("x.tif", tiff(tmp_path / "in.tif", values, **options))


def test_a_tiff_that_promises_more_cells_than_are_kept_is_refused_by_its_header(bring):
    with pytest.raises(TooLargeError, match=f"{MOST_CELLS:,}"):
        bring("bomb.tif", huge_tiff())


def test_absurd_shapes_are_named_as_such(bring):
    with pytest.raises((InvalidGeometryError, InvalidFileError)):
        bring("x.csv", "lon,lat\n9999,9999\n")
