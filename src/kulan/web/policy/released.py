"""The released versions a viewer may see, quickly: every tile, list and click begins with them.

Whether a version exists for the viewer is asked anew each time. The rest of it is kept in memory
under everything that may change of a released version and of its layer.
"""

from copy import copy
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from kulan.web.catalogue.models import Layer, LayerVersion
from kulan.web.catalogue.themes import State
from kulan.web.kept import Kept
from kulan.web.policy.layers import visible_versions
from kulan.web.policy.viewer import Viewer
from kulan.web.prepared import Prepared

_ANY = "any layer"  # no layer's name has a space
_queries: Kept[tuple[Viewer, date, bool], Prepared] = Kept(256)
_versions: Kept[tuple[Any, ...], LayerVersion] = Kept(2_000)


def released_versions(viewer: Viewer) -> list[LayerVersion]:
    """Return the released versions that exist for the viewer, each with its layer.

    They are shared with other threads: read them, and change nothing.
    """
    return _found(viewer, "")


def released_version(viewer: Viewer, layer_id: str) -> LayerVersion | None:
    """Return the released version of a layer, None where none exists for the viewer."""
    return next(iter(_found(viewer, layer_id)), None)


def _found(viewer: Viewer, layer_id: str) -> list[LayerVersion]:
    rows = _rows(viewer, layer_id)
    kept = [_versions.get(row) for row in rows]
    whole = [version for version in kept if version is not None]
    if len(whole) == len(rows):
        return whole
    fetched = list(_query(viewer, layer_id))
    by_pk = {version.pk: version for version in fetched}
    # what changed in between is not kept: it might be another's under the same key
    if _rows(viewer, layer_id) == rows and len(fetched) == len(rows):
        for row in rows:
            _versions.put(row, by_pk[row[0]])
    return fetched


def _query(viewer: Viewer, layer_id: str) -> QuerySet[LayerVersion]:
    found = visible_versions(viewer).filter(state=State.RELEASED).order_by("pk")
    return found.filter(layer__layer_id=layer_id) if layer_id else found


def _rows(viewer: Viewer, layer_id: str) -> list[tuple[Any, ...]]:
    """Return, for each version, its key and all that may change of it."""
    viewer.signed_in  # noqa: B018  a request's viewer is found when first asked
    key = (copy(viewer), timezone.localdate(), bool(layer_id))
    query = _queries.of(key, lambda: _prepared(viewer, one=bool(layer_id)))
    return query.ask(layer=layer_id) if layer_id else query.ask()


def _prepared(viewer: Viewer, *, one: bool) -> Prepared:
    of_layer = [f"layer__{field.attname}" for field in Layer._meta.concrete_fields]
    rows = _query(viewer, _ANY if one else "").values_list("pk", "uid", "edition", *of_layer)
    return Prepared(rows, {"layer": _ANY} if one else {})
