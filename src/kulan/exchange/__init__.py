"""Files in and out, one module per format: nothing is lost on the way in without a word."""

from kulan.exchange.features import read_features
from kulan.exchange.formats import FORMATS, Format
from kulan.exchange.readings import Reading, Source

__all__ = [
    "FORMATS",
    "Format",
    "Reading",
    "Source",
    "read_features",
]
