"""The query behind every map, list, tile and export: each feature as this viewer may see it."""

import hashlib
import json
from typing import Any

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When

from kulan.web.catalogue.models import LayerVersion, Rendition
from kulan.web.people.roles import Role
from kulan.web.policy.levels import WITHHELD, seen_level
from kulan.web.policy.viewer import Viewer


def renditions(viewer: Viewer, version: LayerVersion) -> QuerySet[Rendition]:
    """Return the features of a version as this viewer may see them, each at most once.

    The version must come from `kulan.web.policy.visible_versions`. Filters put on the result see
    the columns of these renditions, and so tell nothing finer than the result itself.
    """
    rows = Rendition.objects.filter(version=version)
    standing = _standing(viewer, version)
    if not standing and not viewer.states and not viewer.species:
        return rows.filter(level=F("default_level"))
    cases = []
    if viewer.states:
        cases += _cases(Q(iso3__in=sorted(viewer.states)), standing | {"speaks_for_state": True})
    if viewer.species:
        mine = Q(species_id__in=sorted(viewer.species))
        cases += _cases(mine, standing | {"coordinates_species": True})
    cases += _cases(Q(), standing)
    wanted = Case(*cases, default=F("default_level"), output_field=IntegerField())
    return rows.filter(level=wanted)


def _cases(who: Q, standing: dict[str, Any]) -> list[When]:
    """Return, for each level of the public, the level these features are seen at."""
    return [
        When(who & Q(default_level=default), then=Value(seen_level(default, **standing)))
        for default in range(1, WITHHELD + 1)
    ]


def _standing(viewer: Viewer, version: LayerVersion) -> dict[str, Any]:
    """Return what the viewer is to all features of the layer alike."""
    standing: dict[str, Any] = {}
    if owns(viewer, version):
        standing["owns"] = True
    if viewer.has(Role.SECRETARIAT):
        standing["secretariat"] = True
    agreed = dict(viewer.agreements).get(version.layer_id)
    if agreed is not None:
        standing["agreed"] = agreed
    return standing


def owns(viewer: Viewer, version: LayerVersion) -> bool:
    """Whether a version's layer is the viewer's own, or of the viewer's organisation."""
    if not viewer.signed_in:
        return False
    layer = version.layer
    same_house = (
        viewer.organisation_id is not None and layer.organisation_id == viewer.organisation_id
    )
    return layer.owner_id == viewer.user_id or same_house


def fingerprint(viewer: Viewer, version: LayerVersion) -> str:
    """Return a short name of what this viewer sees of a version: equal for all who see the same.

    Kept answers (tiles, ETags) carry it, so that no reader is ever given another's, nor what was
    seen before a version's renditions were made coarser.
    """
    seen = [
        str(version.uid),
        version.state,
        version.edition,
        _standing(viewer, version),
        sorted(viewer.states),
        sorted(viewer.species),
    ]
    return hashlib.blake2b(json.dumps(seen).encode(), digest_size=12).hexdigest()
