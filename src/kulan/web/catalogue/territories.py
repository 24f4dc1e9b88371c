"""In which state a feature lies: asked of the map of states, not of whoever brings the feature.

A focal point sees the places of the state exactly, so what a column says about the state is not
enough to open them.
"""

from functools import lru_cache
from importlib.resources import as_file, files
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from kulan.atlas.tables import STATES
from kulan.atlas.vectors import read_vector


@lru_cache(maxsize=1)
def _states() -> tuple[shapely.STRtree, NDArray[np.object_], tuple[str, ...]]:
    with as_file(files("kulan.atlas") / "data" / "states.fgb") as path:
        frame = read_vector(path, STATES)
    shapes = frame.geometry.to_numpy()
    shapely.prepare(shapes)
    return shapely.STRtree(shapes), shapes, tuple(frame["iso3"].fillna("").astype(str))


def states_of(shapes: Any) -> list[str]:
    """Return the state in which each shape lies whole, ISO 3166-1 alpha-3; empty for none.

    A shape that meets two states lies in neither: nobody alone speaks for it.

    Examples
    --------
    >>> states_of([shapely.Point(103.8, 44.6), shapely.Point(-150, 0)])
    ['MNG', '']
    """
    tree, _, codes = _states()
    given = np.asarray(shapes, dtype=object)
    found: list[set[str]] = [set() for _ in given]
    for which, state in tree.query(given, predicate="intersects").T:
        found[which].add(codes[state])
    return [next(iter(names)) if len(names) == 1 else "" for names in found]


def borders(window: tuple[float, float, float, float], *, tolerance_deg: float) -> list[Any]:
    """Return the outlines of the states within a window, degrees, made simple for a small map."""
    tree, shapes, _ = _states()
    box = shapely.box(*window)
    found = shapes[np.sort(tree.query(box, predicate="intersects"))]
    lines = shapely.intersection(shapely.boundary(found), box)
    simple = shapely.simplify(lines, tolerance_deg)
    kept = simple[~shapely.is_empty(simple)]
    return [line for line in kept if line.geom_type in ("LineString", "MultiLineString")]
