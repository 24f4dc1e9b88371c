"""Files that people really send: one small valid file per format, and geometries that go wrong."""

import io
import json
import sqlite3
import struct
import warnings
import zipfile
from importlib.util import find_spec
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import shapely
from shapely.geometry.base import BaseGeometry

HAS_PYARROW = find_spec("pyarrow") is not None
LINE = shapely.LineString([(60.0, 45.0), (60.5, 45.25), (61.0, 45.0)])
AREA = shapely.Polygon([(70, 44), (71, 44), (71, 45), (70, 45)])
NAMES = ("Ось", "площадка")

DXF_LINE = """0
LINE
8
{layer}
10
{x0}
20
{y0}
11
{x1}
21
{y1}
"""

BOWTIE = shapely.Polygon([(60, 45), (61, 46), (61, 45), (60, 46)])
SPIKE = shapely.Polygon([(60, 45), (61, 45), (61, 46), (61, 45), (60.5, 44), (60, 45)])
FLAT = shapely.Polygon([(60, 45), (61, 45), (62, 45), (60, 45)])
REPEATED = shapely.LineString([(60, 45), (60, 45), (61, 45), (61, 45)])
STILL = shapely.LineString([(60, 45), (60, 45)])
with np.errstate(invalid="ignore"):
    NOT_A_NUMBER = shapely.LineString([(60, 45), (float("nan"), 46)])
    INFINITE = shapely.LineString([(60, 45), (float("inf"), 46)])
HIGH = shapely.LineString([(60, 45, 100), (61, 45, 200)])
MIXED = shapely.GeometryCollection([LINE, AREA, shapely.Point(60, 45)])
NESTED = shapely.GeometryCollection([shapely.GeometryCollection([LINE]), shapely.Point(60, 45)])


def table(*shapes: BaseGeometry | None, crs: str | None = "EPSG:4326") -> gpd.GeoDataFrame:
    """A table of shapes with a text and a number for each."""
    rows = {"name": [f"н{i}" for i in range(len(shapes))], "number": list(range(len(shapes)))}
    return gpd.GeoDataFrame(rows, geometry=list(shapes), crs=crs)


def write(path: Path, frame: gpd.GeoDataFrame, **options: object) -> Path:
    """Write a table in the format of the file's ending."""
    if path.suffix == ".parquet":
        pytest.importorskip("pyarrow", reason="GeoParquet needs kulan[parquet]")
        frame.to_parquet(path)
        return path
    options.setdefault("geometry_type", "Unknown" if path.suffix in (".gpkg", ".fgb") else None)
    if path.suffix == ".shp":
        options = {"encoding": "UTF-8"}
    with warnings.catch_warnings():
        # a file that says no CRS is just what some tests are about
        warnings.filterwarnings("ignore", "'crs' was not provided")
        pyogrio.write_dataframe(frame, path, **options)
    return path


def write_geojson(path: Path, *geometries: dict | None, **members: object) -> Path:
    """Write GeoJSON geometries as they are, however wrong."""
    features = [
        {"type": "Feature", "properties": {"name": f"н{i}"}, "geometry": geometry}
        for i, geometry in enumerate(geometries)
    ]
    document = {"type": "FeatureCollection", **members, "features": features}
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return path


def write_kml(path: Path, body: str) -> Path:
    """Write a KML document around placemarks and folders."""
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2" '
        f'xmlns:gx="http://www.google.com/kml/ext/2.2"><Document>{body}</Document></kml>'
    )
    path.write_text(text, encoding="utf-8")
    return path


def placemark(name: str, shape: str, extra: str = "") -> str:
    """A KML placemark."""
    return f"<Placemark><name>{name}</name>{extra}{shape}</Placemark>"


def kml_line(coordinates: str) -> str:
    """A KML line."""
    return f"<LineString><coordinates>{coordinates}</coordinates></LineString>"


def write_gpx(path: Path, body: str) -> Path:
    """Write a GPX document."""
    path.write_text(
        '<?xml version="1.0" encoding="UTF-8"?><gpx version="1.1" creator="test" '
        f'xmlns="http://www.topografix.com/GPX/1/1">{body}</gpx>',
        encoding="utf-8",
    )
    return path


def gpx_points(tag: str, *positions: tuple[float, float], inner: str = "") -> str:
    """GPX points at longitude and latitude."""
    return "".join(f'<{tag} lat="{lat}" lon="{lon}">{inner}</{tag}>' for lon, lat in positions)


def write_dxf(path: Path, entities: str, header: str = "") -> Path:
    """Write an ASCII drawing."""
    head = f"0\nSECTION\n2\nHEADER\n{header}0\nENDSEC\n" if header else ""
    path.write_text(f"{head}0\nSECTION\n2\nENTITIES\n{entities}0\nENDSEC\n0\nEOF\n")
    return path


def dxf_line(layer: str = "axis", start: tuple = (500_000, 5_000_000), length: float = 1000) -> str:
    """A LINE entity to the east."""
    x, y = start
    return DXF_LINE.format(layer=layer, x0=x, y0=y, x1=x + length, y1=y)


def write_curved_geopackage(path: Path, *blobs: bytes) -> Path:
    """Write well-known binary that shapely cannot make into a GeoPackage layer `curves`."""
    pyogrio.write_dataframe(
        table(LINE),
        path,
        layer="curves",
        geometry_type="Unknown",
        layer_options={"SPATIAL_INDEX": "NO"},
    )
    header = b"GP\x00\x01" + struct.pack("<i", 4326)
    with sqlite3.connect(path) as database:
        triggers = database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in triggers.fetchall():
            database.execute(f'DROP TRIGGER "{name}"')
        database.execute("DELETE FROM curves")
        for blob in blobs:
            database.execute("INSERT INTO curves (geom) VALUES (?)", (header + blob,))
        database.execute("UPDATE gpkg_ogr_contents SET feature_count = ?", (len(blobs),))
    database.close()
    return path


def circular_string(x: float, y: float, radius: float) -> bytes:
    """Well-known binary of a half circle."""
    return struct.pack("<BII6d", 1, 8, 3, x - radius, y, x, y + radius, x + radius, y)


def measured_line(kind: int) -> bytes:
    """Well-known binary of a line of type LineString M (2002) or ZM (3002)."""
    width = 4 if kind == 3002 else 3
    values = [60, 45, *range(width - 2), 61, 45, *range(width - 2)]
    return struct.pack(f"<BII{2 * width}d", 1, kind, 2, *values)


def zipped(path: Path, *files: Path, folder: str = "") -> Path:
    """Zip files under their own names."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.write(file, folder + file.name)
    return path


def zipped_as(path: Path, content: dict[str, bytes]) -> Path:
    """Zip contents under any names."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    path.write_bytes(buffer.getvalue())
    return path


def valid_files(folder: Path) -> dict[str, Path]:
    """One small valid file of each format, by format name; each needs no option to be read."""
    frame = table(LINE, shapely.LineString([(62, 44), (63, 44.5)]))
    write(folder / "roads.shp", frame)
    sides = sorted(folder.glob("roads.*"))
    kml = write_kml(folder / "line.kml", placemark("Ось", kml_line("60,45,0 61,46,0 62,46,0")))
    return {
        "GeoPackage": write(folder / "lines.gpkg", frame),
        "Shapefile": folder / "roads.shp",
        "zipped Shapefile": zipped(folder / "roads.zip", *sides),
        "GeoJSON": write(folder / "lines.geojson", frame),
        "KML": kml,
        "KMZ": zipped_as(folder / "line.kmz", {"doc.kml": kml.read_bytes()}),
        "GPX": write_gpx(
            folder / "track.gpx",
            "<trk><name>Ось</name><trkseg>"
            + gpx_points("trkpt", (60, 45), (60.5, 45), (61, 45.5))
            + "</trkseg></trk>",
        ),
        "FlatGeobuf": write(folder / "lines.fgb", frame),
        **({"GeoParquet": write(folder / "lines.parquet", frame)} if HAS_PYARROW else {}),
        "DXF": write_dxf(folder / "drawing.dxf", dxf_line() + dxf_line(start=(501_000, 5_000_000))),
        "CSV": _csv(folder / "points.csv"),
    }


def valid_file(folder: Path, name: str) -> Path:
    """One of `valid_files`; the test skips where its format needs an extra."""
    found = valid_files(folder).get(name)
    if found is None:
        pytest.skip(f"{name} needs kulan[parquet]")
    return found


def options_for(name: str) -> dict[str, str]:
    """What has to be typed for the valid file of a format."""
    return {"DXF": {"crs": "EPSG:32642"}, "CSV": {"crs": "EPSG:4326"}}.get(name, {})


def _csv(path: Path) -> Path:
    path.write_text(
        "line_id,order,lon,lat,name\na,1,60,45,Ось\na,2,61,45.5,Ось\n", encoding="utf-8"
    )
    return path
