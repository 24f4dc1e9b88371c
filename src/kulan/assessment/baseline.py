"""From a release of the Atlas to what a screening stands on."""

from typing import Any

import pandas as pd

from kulan.atlas import Release
from kulan.screening import Baseline, LayerUsed

_KINDS = {"habitat": "potential_habitat"}


def baseline_of(release: Release) -> Baseline:
    """Read the tables of a release that a screening needs.

    Raises
    ------
    AtlasMissingError
        If the release lacks a layer that a screening stands on.
    """
    tables = release.baseline_tables()
    return Baseline(
        release=tables["release_id"],
        states=tables["states"],
        habitats=tables["habitats"],
        habitat_areas=tables["habitat_areas"],
        barriers=tables["barriers"],
        key_areas=tables["key_areas"],
        landscapes=tables["landscapes"],
        rivers=tables["rivers"],
        places=tables["places"],
        disputed=tables["disputed_boundaries"],
        layers={
            str(note.layer_id): _layer_used(note) for note in tables["layer_notes"].itertuples()
        },
    )


def _layer_used(note: Any) -> LayerUsed:
    resolution = note.resolution_m
    return LayerUsed(
        layer_id=str(note.layer_id),
        title=str(note.title),
        kind=_KINDS.get(note.theme, str(note.layer_id)),
        species_id=note.species_id or "",
        label=note.label or "",
        source=note.source,
        licence=note.licence,
        attribution=note.attribution or "",
        date=note.date or "",
        resolution_m=None if pd.isna(resolution) else float(resolution),
        sha256=note.sha256,
        given_by_user=False,
    )
