"""Rows of the web tests; each argument is what the test is about."""

from typing import Any

import shapely
from django.utils import timezone

from kulan.web.catalogue.models import Layer, LayerVersion, Rendition
from kulan.web.catalogue.themes import Kind, State, Theme
from kulan.web.screenings.models import Report, Screening

DEN = (103.1264567, 44.7624321)
SECRETS = {
    "name": "Tsagaan spring den",
    "date_from": "2019-11-23",
    "date_to": "2019-11-23",
    "properties": {"finder": "Dolgormaa", "young": "four, on 4711 m"},
}
"""What stands in the exact rendition of each den alone."""

CELL_DEG = {0: None, 1: 0.001, 2: 0.01, 3: 0.1, 4: 1.0}


def make_layer(layer_id: str = "dens", *, owner: Any = None, **fields: Any) -> Layer:
    """Make a layer that belongs to `owner` and the owner's organisation."""
    return Layer.objects.create(
        layer_id=layer_id,
        **{
            "theme": Theme.DISTRIBUTION,
            "owner": owner,
            "organisation": owner.organisation if owner else None,
            **fields,
        },
    )


def make_version(layer: Layer, *, state: str = State.RELEASED, **fields: Any) -> LayerVersion:
    """Make a version of a layer, released unless the test says otherwise."""
    return LayerVersion.objects.create(
        layer=layer,
        **{
            "number": layer.versions.count() + 1,
            "state": state,
            "kind": Kind.VECTOR,
            "title": {"en": "Dens"},
            "released_at": timezone.now() if state == State.RELEASED else None,
            **fields,
        },
    )


def make_point(
    version: LayerVersion,
    longitude: float = 103.1234567,
    latitude: float = 44.7654321,
    *,
    default_level: int = 0,
    uid: str = "a",
    exact: dict[str, Any] | None = None,
    **fields: Any,
) -> None:
    """Make a point feature with all the renditions it has at its sensitivity.

    What `exact` names stands in the exact rendition alone.
    """
    for level in (0,) if default_level == 0 else range(5):
        cell = CELL_DEG[level]
        at = (
            (longitude, latitude)
            if cell is None
            else tuple(round((value // cell + 0.5) * cell, 6) for value in (longitude, latitude))
        )
        Rendition.objects.create(
            version=version,
            uid=uid,
            level=level,
            default_level=default_level,
            geometry=shapely.Point(at),
            **(fields | ((exact or {}) if level == 0 else {})),
        )


def make_screening(owner: Any = None, **fields: Any) -> Screening:
    """Make a screening whose report in English is said to be there; it has no files."""
    screening = Screening.objects.create(
        **{"owner": owner, "title": "Northern line", "release": "starter-0", **fields}
    )
    Report.objects.create(
        screening=screening, language="en", made_at=timezone.now(), headlines=["It crosses."]
    )
    return screening
