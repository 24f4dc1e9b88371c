"""Kulan: where Central Asia's migratory mammals move, what stands in their way, what is done."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("kulan")
except PackageNotFoundError:  # run from a source tree that was never installed
    __version__ = "0+unknown"
