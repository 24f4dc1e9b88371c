"""Files in and out, one module per format: nothing is lost on the way in without a word."""

from kulan.exchange.alignments import read_alignments, read_structures
from kulan.exchange.features import read_features, read_local_lines
from kulan.exchange.formats import FORMATS, Format
from kulan.exchange.geopackage_out import write_geopackage
from kulan.exchange.geoparquet_out import write_geoparquet, write_layers
from kulan.exchange.raster_tiles import Colour, category_tile, ramp_tile
from kulan.exchange.readings import Reading, Source
from kulan.exchange.vector_tiles import TileLayer, encode_tile
from kulan.exchange.web_mercator import pixel_deg, tile_bounds

__all__ = [
    "FORMATS",
    "Colour",
    "Format",
    "Reading",
    "Source",
    "TileLayer",
    "category_tile",
    "encode_tile",
    "pixel_deg",
    "ramp_tile",
    "read_alignments",
    "read_features",
    "read_local_lines",
    "read_structures",
    "tile_bounds",
    "write_geopackage",
    "write_geoparquet",
    "write_layers",
]
