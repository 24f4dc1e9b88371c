"""The Atlas: layers with their sources and recipes, kept as files named after their content."""

from kulan.atlas.build import build_starter
from kulan.atlas.differences import Differences, diff
from kulan.atlas.layers import Layer, Manifest
from kulan.atlas.precision import (
    Precision,
    coordinate_uncertainty_m,
    generalise_dates,
    generalise_geometry,
    generalise_rows,
)
from kulan.atlas.release import Release, Verification, open_release, release_ids, verify
from kulan.atlas.sensitivity import Category, category_of, sensitivities, strictest

__all__ = [
    "Category",
    "Differences",
    "Layer",
    "Manifest",
    "Precision",
    "Release",
    "Verification",
    "build_starter",
    "category_of",
    "coordinate_uncertainty_m",
    "diff",
    "generalise_dates",
    "generalise_geometry",
    "generalise_rows",
    "open_release",
    "release_ids",
    "sensitivities",
    "strictest",
    "verify",
]
