"""The Atlas: layers with their sources and recipes, kept as files named after their content."""

from kulan.atlas.build import build_starter
from kulan.atlas.differences import Differences, diff
from kulan.atlas.layers import Layer, Manifest
from kulan.atlas.release import Release, Verification, open_release, release_ids, verify

__all__ = [
    "Differences",
    "Layer",
    "Manifest",
    "Release",
    "Verification",
    "build_starter",
    "diff",
    "open_release",
    "release_ids",
    "verify",
]
