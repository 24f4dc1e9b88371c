"""Which layer of a file to read, and what to say of the others."""

from collections.abc import Mapping

from kulan.errors import InvalidFileError
from kulan.exchange.losses import Losses
from kulan.exchange.rows import Asked

_KIND_OF_WORD = {
    "Point": "point",
    "MultiPoint": "point",
    "LineString": "line",
    "MultiLineString": "line",
    "CircularString": "line",
    "CompoundCurve": "line",
    "MultiCurve": "line",
    "Polygon": "polygon",
    "MultiPolygon": "polygon",
    "CurvePolygon": "polygon",
    "MultiSurface": "polygon",
}


def kinds_of_type(word: str) -> frozenset[str]:
    """Return the kinds of shape a layer of this geometry type can hold.

    Examples
    --------
    >>> sorted(kinds_of_type("MultiLineString Z"))
    ['line']
    >>> sorted(kinds_of_type("Unknown"))
    ['line', 'point', 'polygon']
    """
    plain = word.replace("2.5D ", "").replace("Measured ", "").replace("3D ", "").split(" ")[0]
    if plain in ("", "None"):
        return frozenset()
    kind = _KIND_OF_WORD.get(plain)
    return frozenset([kind]) if kind else frozenset(["point", "line", "polygon"])


def choose_layer(
    layers: Mapping[str, frozenset[str]], asked: Asked, losses: Losses, what: str = "layer"
) -> str:
    """Return the layer to read; note each layer that stays behind.

    Parameters
    ----------
    layers
        Kinds of shape in each layer, by its name.
    asked
        The layer and shapes wanted.
    losses
        Where the layers not read are noted.
    what
        What this format calls a layer.

    Raises
    ------
    InvalidFileError
        If the named layer is not there, none fits, or several do.
    """
    if asked.layer is not None:
        if asked.layer not in layers:
            raise InvalidFileError(
                f"{asked.name}: no {what} {asked.layer!r}; it holds {_named(layers)}."
            )
        chosen = asked.layer
    else:
        fitting = [name for name, kinds in layers.items() if kinds & set(asked.shapes)]
        if len(fitting) > 1:
            raise InvalidFileError(
                f"{asked.name}: {len(fitting)} {what}s could be meant: {_named(fitting)}. "
                f"Choose one, for example --layer-name {fitting[0]!r}."
            )
        if not fitting:
            held = ", ".join(
                f"{name!r} ({', '.join(sorted(kinds)) or 'no shapes'})"
                for name, kinds in list(layers.items())[:12]
            )
            raise InvalidFileError(
                f"{asked.name}: no {what} with {asked.shapes_in_words}; it holds "
                f"{held or f'no {what} at all'}."
            )
        chosen = fitting[0]
    for name, kinds in layers.items():
        if name != chosen:
            held = ", ".join(sorted(kinds)) or "no shapes"
            losses.leave_out(None, f"{what} {name!r}", f"another {what} was read ({held})")
    return chosen


def _named(names: "Mapping[str, frozenset[str]] | list[str]") -> str:
    shown = [repr(name) for name in list(names)[:12]]
    return (", ".join(shown) or "none") + (" and more" if len(names) > 12 else "")
