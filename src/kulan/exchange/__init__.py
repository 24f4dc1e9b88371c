"""Files in and out, one module per format: nothing is lost on the way in without a word."""

from kulan.exchange.alignments import read_alignments, read_structures
from kulan.exchange.features import read_features
from kulan.exchange.formats import FORMATS, Format
from kulan.exchange.geopackage_out import write_geopackage
from kulan.exchange.readings import Reading, Source

__all__ = [
    "FORMATS",
    "Format",
    "Reading",
    "Source",
    "read_alignments",
    "read_features",
    "read_structures",
    "write_geopackage",
]
