"""A table's own columns become ours; whatever else it holds is kept under its own names."""

from typing import Any

import numpy as np
import pandas as pd
import shapely

from kulan.errors import InvalidTableError
from kulan.exchange.losses import Losses
from kulan.exchange.telemetry.asked import RawFixes, TelemetryAsked
from kulan.exchange.telemetry.cells import check_any, numbers_of, true_of
from kulan.exchange.telemetry.dialects import Dialect, columns_held, dialect_of, plain
from kulan.exchange.telemetry.read_before import with_species
from kulan.movement.fixes import NEEDED, OPTIONAL, Flag
from kulan.notes import Note
from kulan.places import WGS84
from kulan.words import N_

_SHAPES = ("geometry", "location", "geom", "wkt", "the_geom")
_OURS = {*NEEDED, *OPTIONAL, "flags"}
_NUMBERS = ("x", "y", "hdop", "error_m", "error_major_m", "error_minor_m", "error_angle_deg")
_MARKED = (
    "algorithm_marked_outlier", "manually_marked_outlier", "import_marked_outlier", "junk_status",
)  # fmt: skip
# McClintock et al. (2015): the half axes of an Argos ellipse are those of one sigma times root two
_ARGOS_AXES = float(np.sqrt(2.0))


def renamed(
    cells: pd.DataFrame, asked: TelemetryAsked, losses: Losses, name: str, crs: str | None = None
) -> RawFixes:
    """Give a table our names, and make numbers of what are numbers.

    Parameters
    ----------
    cells
        The table under its own names.
    asked
        What the user says of it.
    losses
        Where it is told what was taken for what.
    name
        Of the file, for messages.
    crs
        System the file itself declares, if any.

    Raises
    ------
    InvalidTableError
        If it has no row, a declared column is not there, or nothing says whose fixes they are,
        when and where.
    """
    check_any(cells, name)
    dialect = dialect_of(cells.columns)
    held = _without_constants(
        columns_held(list(map(str, cells.columns)), asked.columns), asked, losses
    )
    absent = [one for value in held.values() for one in _tuple(value) if one not in cells.columns]
    if absent:
        raise InvalidTableError(
            f"{name}: the mapping names {', '.join(absent)}, which the table lacks. It has "
            f"{', '.join(map(str, cells.columns[:30]))}."
        )
    if not asked.columns:
        _tell_dilution(held.get("hdop"), losses)
    made = {ours: _joined(cells, value) for ours, value in held.items()}
    shape = None if {"x", "y"} <= set(made) else _shape_column(cells)
    if shape is not None:
        made["x"], made["y"] = _positions(cells[shape])
    made |= {ours: _constant(value, len(cells)) for ours, value in asked.constants.items()}
    _fill(made, asked, len(cells), losses, name)
    missing = [one for one in NEEDED if one not in made]
    if missing:
        _refuse(missing, cells, name)
    taken = {one for value in held.values() for one in _tuple(value)} | {shape}
    table = _table(made, cells[[one for one in cells.columns if one not in taken]], losses)
    table["flags"] = _marked(table, cells)
    _argos_axes(table, dialect, losses)
    return RawFixes(
        table,
        "table as declared" if asked.columns else dialect.name,
        crs if crs is not None else None if asked.columns else dialect.crs,
        None if asked.columns else dialect.naive_zone,
        dialect.why,
    )


def _tuple(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else (value,)


def _joined(cells: pd.DataFrame, value: str | tuple[str, ...]) -> Any:
    parts = _tuple(value)
    if len(parts) == 1:
        return cells[parts[0]]
    joined = cells[parts[0]].astype("str")
    for part in parts[1:]:
        joined = joined + " " + cells[part].astype("str")
    return joined


def _constant(value: str, count: int) -> Any:
    return pd.Series(np.full(count, value, dtype=object)).astype("str")


def _without_constants(
    held: dict[str, Any], asked: TelemetryAsked, losses: Losses
) -> dict[str, Any]:
    """Leave columns to themselves for which a mapping declares a constant; that is told."""
    for ours in asked.constants:
        if ours in held:
            text = N_("{columns} is kept as it came; {name} is {constant} as the mapping declares")
            constant, columns = str(asked.constants[ours]), " ".join(_tuple(held[ours]))
            told = Note(text, columns=columns, name=ours, constant=constant)
            losses.change(None, N_("column set aside for a constant"), told)
    return {ours: one for ours, one in held.items() if ours not in asked.constants}


def _fill(
    made: dict[str, Any], asked: TelemetryAsked, count: int, losses: Losses, name: str
) -> None:
    """Add what the user says of all rows."""
    if asked.animal is not None:
        if "animal_id" in made:
            _check_one_animal(made["animal_id"], asked.animal, name)
        made["animal_id"] = _constant(asked.animal, count)
    if asked.species is not None:
        told = pd.DataFrame({"species": made["species"]}) if "species" in made else pd.DataFrame()
        told = told.reset_index(drop=True).reindex(range(count))
        made["species"] = with_species(told, asked, losses)["species"]
    if asked.step_s is not None:
        place = np.arange(count, dtype=float)
        if "animal_id" in made:
            place = pd.Series(place).groupby(made["animal_id"].to_numpy()).cumcount().to_numpy()
        made["time"] = pd.Series(place * float(asked.step_s))


def _check_one_animal(animals: Any, said: str, name: str) -> None:
    """Refuse one name for fixes that have names of their own."""
    texts = animals.dropna().astype("str").str.strip()
    others = sorted(set(texts[texts != ""]) - {said})
    if others:
        more = f" and {len(others) - 3} more" if len(others) > 3 else ""
        raise InvalidTableError(
            f"{name}: it says itself whose its fixes are ({', '.join(others[:3])}{more}), and "
            f"--animal {said} would take them all for one. Leave it out; to choose animals, give "
            "--only; to call them all the same, declare `animal_id` under [constants] of a mapping."
        )


def _refuse(missing: list[str], cells: pd.DataFrame, name: str) -> None:
    words = {
        "animal_id": "whose fixes they are (give --animal NAME where all are of one)",
        "time": "when they were taken (give --step-seconds where they are evenly spaced)",
        "x": "where they are",
        "y": "where they are",
    }
    told = ", nor ".join(dict.fromkeys(words[one] for one in missing))
    raise InvalidTableError(
        f"{name}: no column says {told}. It has {', '.join(map(str, cells.columns[:30]))}. "
        "Declare what its columns hold with --mapping FILE."
    )


def _shape_column(cells: pd.DataFrame) -> str | None:
    """Return a column of points as well-known text or as a GeoJSON-like {longitude, latitude}."""
    for name in cells.columns:
        if plain(name) in _SHAPES:
            filled = cells[name].dropna()
            if len(filled) and str(filled.iloc[0]).lstrip().upper().startswith("POINT"):
                return str(name)
    return None


def _positions(cells: "pd.Series[Any]") -> tuple[Any, Any]:
    texts = cells.astype(object).where(cells.notna(), None).to_numpy()
    points = shapely.from_wkt(texts, on_invalid="ignore")
    whole = shapely.get_type_id(points) == 0
    points[~whole] = None
    return pd.Series(shapely.get_x(points)), pd.Series(shapely.get_y(points))


def _table(made: dict[str, Any], others: pd.DataFrame, losses: Losses) -> pd.DataFrame:
    table = pd.DataFrame(index=pd.RangeIndex(len(others)))
    for ours, value in made.items():
        column = value.reset_index(drop=True)
        if ours in _NUMBERS:
            column = numbers_of(column)
        elif ours == "fix_dimension":
            column = numbers_of(column.astype("str").str.extract(r"([0-9])", expand=False))
        elif ours == "animal_id" and pd.api.types.is_float_dtype(column):
            column = column.astype("Int64")
        elif ours == "source_row":
            column = numbers_of(column).astype("Int64")
            column = column if column.isna().any() else column.astype("int64")
        table[ours] = column
    kept = {}
    for theirs in others.columns:
        free = str(theirs)
        while free in _OURS or free in table.columns or free in kept:
            free += "_"
        if free != theirs:
            text = N_("{old} became {new}: Kulan uses the name")
            losses.change(None, N_("column renamed"), Note(text, old=str(theirs), new=free))
        kept[free] = others[theirs].reset_index(drop=True)
    return pd.concat([table, pd.DataFrame(kept, index=table.index)], axis=1)


def _marked(table: pd.DataFrame, cells: pd.DataFrame) -> Any:
    """Return the flags of rows that the source itself has set aside."""
    flags = np.zeros(len(table), dtype=np.uint16)
    if "flags" in table.columns:
        flags |= numbers_of(table["flags"]).fillna(0).to_numpy().astype(np.uint16)
    for name in cells.columns:
        sign = plain(name)
        if sign in _MARKED:
            flags[true_of(cells[name])] |= np.uint16(Flag.SOURCE)
        elif sign == "visible":
            hidden = cells[name].astype("str").str.strip().str.lower().isin(["false", "f", "0"])
            flags[hidden.to_numpy(dtype=bool)] |= np.uint16(Flag.SOURCE)
    return flags


def _tell_dilution(column: str | tuple[str, ...] | None, losses: Losses) -> None:
    """Note where another dilution of precision stands in for the horizontal one."""
    if column is None or "hdop" in plain(column):
        return
    text = N_(
        "column {column} (PDOP, or not said which); PDOP is never below HDOP, so a limit on HDOP "
        "sets aside more"
    )
    losses.change(None, N_("another dilution taken for HDOP"), Note(text, column=repr(column)))


def _argos_axes(table: pd.DataFrame, dialect: Dialect, losses: Losses) -> None:
    """Make one-sigma axes of those Argos reports; an ellipse without all three parts is none."""
    if dialect.name not in ("Movebank", "Argos") or "error_major_m" not in table.columns:
        return
    parts = [one for one in ("error_major_m", "error_minor_m") if one in table.columns]
    if len(parts) < 2 or "error_angle_deg" not in table.columns:
        return
    for part in parts:
        table[part] = table[part] / _ARGOS_AXES
    losses.change(
        None,
        N_("axes of error ellipses made one sigma"),
        N_("half axes as Argos reports them, divided by the root of two (McClintock et al. 2015)"),
    )


def degrees_of_shapes(crs: str | None) -> str:
    """Return the system of shapes that a file declares; OGC:CRS84 is WGS 84 as we write it."""
    return WGS84 if crs in (None, "OGC:CRS84") else str(crs)
