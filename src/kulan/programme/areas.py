"""Landscapes and key areas: points with an area, and how far their position can be trusted."""

import pandas as pd

from kulan.programme.loading import load
from kulan.programme.tables import KEY_AREAS, LANDSCAPES


def landscapes() -> pd.DataFrame:
    """Return conservation landscapes and transboundary areas. See `tables.LANDSCAPES`.

    Outlines are not in the package: each row is a centre, an area where one is published, and
    `precision_km`. Rows marked `illustrative` stand in for an official list that was not available.
    """
    return load(LANDSCAPES)


def key_areas() -> pd.DataFrame:
    """Return protected areas and World Heritage sites. See `tables.KEY_AREAS`.

    Outlines are not in the package: each row is a centre, an area, and `precision_km`. The list is
    not complete; the World Database on Protected Areas is, and must be fetched by its user.
    """
    return load(KEY_AREAS)
