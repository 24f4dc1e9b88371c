"""Vector tiles for maps on the web: Mapbox Vector Tile 2.1, written for many features at once.

All features of a layer become one stream of numbers, which is turned into bytes in one go. So a
tile takes a few passes over arrays, and nothing is done feature by feature.

Mapbox (2016). Vector Tile Specification 2.1. https://github.com/mapbox/vector-tile-spec
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kulan.errors import InvalidTableError
from kulan.exchange.tile_properties import Tags, tags_of
from kulan.exchange.tile_shapes import LINE, POINT, POLYGON, Drawn, Frame, drawn
from kulan.exchange.varints import varint, varint_sizes, varints, zigzag
from kulan.exchange.web_mercator import check_tile

_MOVE, _LINE, _CLOSE = 1, 2, 15
# tags of the messages' fields, see the specification, section 4.1
_LAYER, _NAME, _FEATURE, _KEY, _VALUE = b"\x1a", b"\x0a", 0x12, b"\x1a", b"\x22"
_VERSION_2, _EXTENT = b"\x78\x02", b"\x28"
_ID, _TAGS, _TYPE, _GEOMETRY = 0x08, 0x12, 0x18, 0x22


@dataclass(frozen=True)
class TileLayer:
    """One layer of a tile.

    Attributes
    ----------
    name
        Name by which a map's style knows it.
    geometries
        Shapes in EPSG:4326, in any mixture; missing and empty ones are left out.
    properties
        A column of values for each name: texts, numbers, flags, days. None and NaN are left out,
        items of a list are joined with ``;``.
    ids
        Numbers of the features, 0 or more, if they have any.

    Raises
    ------
    InvalidTableError
        If a column or `ids` has another length than `geometries`, or an id is below 0.
    """

    name: str
    geometries: Sequence[Any] | NDArray[Any]
    properties: Mapping[str, Sequence[Any] | NDArray[Any]] = field(default_factory=dict)
    ids: Sequence[int] | NDArray[np.integer[Any]] | None = None

    def __post_init__(self) -> None:
        expected = len(self.geometries)
        columns = dict(self.properties) | ({} if self.ids is None else {"ids": self.ids})
        for name, column in columns.items():
            if len(column) != expected:
                raise InvalidTableError(
                    f"layer {self.name!r}: {expected} geometries, but {len(column)} values of "
                    f"{name!r}. Give one value for each geometry."
                )
        if self.ids is not None and expected and np.min(self.ids) < 0:
            raise InvalidTableError(
                f"layer {self.name!r}: id {np.min(self.ids)} is below 0, which a tile cannot hold. "
                "Give ids of 0 or more, or none."
            )


def encode_tile(
    z: int, x: int, y: int, layers: Sequence[TileLayer], *, extent: int = 4096, buffer: int = 64
) -> bytes:
    """Return a vector tile; no bytes at all where there is nothing to show.

    Shapes are cut at the tile's edge, drawn on whole units, and thinned by a quarter of a pixel
    where they have many points. A feature that shrinks to nothing is left out, and a layer without
    features too. Polygons stay valid. A feature of several kinds of shapes (a collection) becomes
    one feature for each kind, with the same id and properties. The same input gives the same bytes.

    Parameters
    ----------
    z, x, y
        Zoom, column and row of the tile.
    layers
        What to show, in order; no two of the same name.
    extent
        Units along a side of the tile.
    buffer
        Units beyond each side that are drawn too, so that no seams are seen.

    Raises
    ------
    UnknownNameError
        If there is no such tile.
    InvalidTableError
        If two layers have the same name.

    Examples
    --------
    >>> import shapely
    >>> place = TileLayer("places", [shapely.Point(0, 0)], {"name": ["null island"]}, ids=[7])
    >>> len(encode_tile(0, 0, 0, [place]))
    53
    >>> encode_tile(5, 0, 0, [place])
    b''
    """
    check_tile(z, x, y)
    names = [layer.name for layer in layers]
    if len(set(names)) < len(names):
        raise InvalidTableError(f"layers {names}: no two layers of a tile may have the same name.")
    frame = Frame(z, x, y, extent, buffer)
    return b"".join(_layer(layer, frame) for layer in layers)


def _layer(layer: TileLayer, frame: Frame) -> bytes:
    """Return one layer's message with its tag, or nothing."""
    geometries = np.empty(len(layer.geometries), dtype=object)
    geometries[:] = list(layer.geometries)
    shapes = _in_order([_commands(one) for one in drawn(geometries, frame)])
    if shapes is None:
        return b""
    tags = tags_of(layer.properties, shapes.rows)
    ids = None if layer.ids is None else np.asarray(layer.ids, dtype=np.uint64)[shapes.rows]
    body = b"".join(
        [
            _VERSION_2,
            _NAME + _text(layer.name),
            varints(_features(shapes, tags, ids)),
            *(_KEY + _text(name) for name in tags.names),
            *(_VALUE + varint(len(value)) + value for value in tags.values),
            _EXTENT + varint(frame.extent),
        ]
    )
    return _LAYER + varint(len(body)) + body


def _text(text: str) -> bytes:
    raw = text.encode()
    return varint(len(raw)) + raw


@dataclass(frozen=True)
class _Commands:
    """How a pen draws features: `counts` numbers of `numbers` for each, of a row and a kind."""

    rows: NDArray[np.int64]
    kinds: NDArray[np.int64]
    counts: NDArray[np.int64]
    numbers: NDArray[np.uint64]


def _commands(shapes: Drawn) -> _Commands:
    """Turn runs of points into the pen's commands (specification, section 4.3)."""
    lengths = shapes.run_lengths
    ends = np.cumsum(lengths)
    starts = ends - lengths
    first_runs = np.flatnonzero(np.diff(shapes.run_rows, prepend=-1))
    # each place is told from the one before; a feature's first from the corner of the tile
    steps = np.diff(shapes.points, axis=0, prepend=[[0, 0]])
    steps[starts[first_runs]] = shapes.points[starts[first_runs]]
    # a head before the first point, another before the second, and one to close a ring
    n_heads = {POINT: 1, LINE: 2, POLYGON: 3}[shapes.kind]
    sizes = 2 * lengths + n_heads
    begins = np.cumsum(sizes) - sizes
    numbers = np.empty(int(sizes.sum()), dtype=np.uint64)
    within = np.arange(len(steps)) - np.repeat(starts, lengths)
    places = np.repeat(begins, lengths) + 2 * within + 1
    if shapes.kind == POINT:
        numbers[begins] = lengths << 3 | _MOVE
    else:
        places += within > 0
        numbers[begins] = 1 << 3 | _MOVE
        numbers[begins + 3] = (lengths - 1) << 3 | _LINE
    if shapes.kind == POLYGON:
        numbers[begins + sizes - 1] = _CLOSE
    numbers[places], numbers[places + 1] = zigzag(steps).T
    rows = shapes.run_rows[first_runs]
    return _Commands(
        rows,
        np.full(len(rows), shapes.kind),
        np.add.reduceat(sizes, first_runs),
        numbers,
    )


def _in_order(kinds: Sequence[_Commands]) -> _Commands | None:
    """Put features of all kinds into the order of their rows."""
    if len(kinds) < 2:
        return kinds[0] if kinds else None
    rows, each_kind, counts, numbers = (
        np.concatenate([getattr(one, name) for one in kinds])
        for name in ("rows", "kinds", "counts", "numbers")
    )
    order = np.argsort(rows, kind="stable")
    starts = np.cumsum(counts) - counts
    taken = _spans(starts[order], counts[order])
    return _Commands(rows[order], each_kind[order], counts[order], numbers[taken])


def _spans(starts: NDArray[np.int64], counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the indices of stretches, one after the other."""
    ends = np.cumsum(counts)
    spans = np.arange(int(ends[-1]) if len(ends) else 0)
    spans += np.repeat(starts - (ends - counts), counts)
    return spans


def _features(shapes: _Commands, tags: Tags, ids: NDArray[np.uint64] | None) -> NDArray[np.uint64]:
    """Return all features' messages as numbers: tags and lengths are varints like the rest."""
    counts = shapes.counts
    of_geometry = varint_sizes(shapes.numbers)
    geometry_bytes = np.add.reduceat(of_geometry, np.cumsum(counts) - counts)
    tag_numbers = tags.numbers.astype(np.uint64)
    tag_bytes = _sums(varint_sizes(tag_numbers), tags.counts)
    tagged = tags.counts > 0
    # FEATURE, length | ID, id | TAGS, length, ... | TYPE, type | GEOMETRY, length, ...
    n_id = 0 if ids is None else 2
    n_heads = 2 + n_id + 2 * tagged + 4
    sizes = n_heads + tags.counts + counts
    begins = np.cumsum(sizes) - sizes
    out = np.empty(int(sizes.sum()), dtype=np.uint64)
    length = 2 + 1 + varint_sizes(geometry_bytes.astype(np.uint64)) + geometry_bytes
    length += tagged * (1 + varint_sizes(tag_bytes.astype(np.uint64)) + tag_bytes)
    out[begins] = _FEATURE
    if ids is not None:
        length += 1 + varint_sizes(ids)
        out[begins + 2], out[begins + 3] = _ID, ids
    out[begins + 1] = length
    at_tags = begins + 2 + n_id
    out[at_tags[tagged]], out[at_tags[tagged] + 1] = _TAGS, tag_bytes[tagged]
    out[_spans(at_tags + 2, tags.counts)] = tag_numbers
    at_type = at_tags + 2 * tagged + tags.counts
    out[at_type], out[at_type + 1] = _TYPE, shapes.kinds
    out[at_type + 2], out[at_type + 3] = _GEOMETRY, geometry_bytes
    out[_spans(at_type + 4, counts)] = shapes.numbers
    return out


def _sums(numbers: NDArray[np.int64], counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the sum of each stretch of numbers; 0 for one without any."""
    total = np.concatenate([[0], np.cumsum(numbers)])
    ends = np.cumsum(counts)
    sums: NDArray[np.int64] = total[ends] - total[ends - counts]
    return sums
