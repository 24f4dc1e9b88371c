"""Movebank reference data: which animal wore which tag, of which species, from when until when."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from kulan.errors import InvalidTableError
from kulan.exchange.losses import Losses
from kulan.exchange.telemetry.dialects import plain
from kulan.movement.fixes import Flag
from kulan.notes import Note
from kulan.words import N_

_SIGNS = (
    {"animal_id", "deploy_on_date"},
    {"animal_id", "tag_id", "deploy_off_date"},
    {"animal_id", "tag_id", "animal_taxon"},
    {"individual_local_identifier", "deploy_on_timestamp"},
)
_NAMES = {
    "animal_id": ("animal_id", "individual_local_identifier"),
    "tag_id": ("tag_id", "tag_local_identifier"),
    "species": ("animal_taxon", "taxon_canonical_name", "individual_taxon_canonical_name"),
    "deployment": ("deployment_id", "deployment_local_identifier"),
    "on": ("deploy_on_date", "deploy_on_timestamp"),
    "off": ("deploy_off_date", "deploy_off_timestamp"),
}
_PLACES = {"location_long", "location_lat", "longitude", "latitude", "lon", "lat", "x", "y"}
_TAGS = ("tag_local_identifier", "tag_id")


@dataclass(frozen=True)
class Reference:
    """Deployments, one row each.

    Attributes
    ----------
    table
        `animal_id`, and of `tag_id`, `species`, `deployment`, `on` and `off` (UTC) those there are.
    name
        Of the file.
    """

    table: pd.DataFrame
    name: str


def is_reference(names: Any) -> bool:
    """Whether a table with these columns is reference data rather than fixes."""
    held = {plain(name) for name in names}
    return any(signs <= held for signs in _SIGNS) and not held & _PLACES


def reference_of(cells: pd.DataFrame, name: str) -> Reference:
    """Make deployments of a table of reference data; its dates are in UTC, as Movebank says.

    Raises
    ------
    InvalidTableError
        If a date of deployment cannot be read.
    """
    held = {plain(one): one for one in reversed(list(cells.columns))}
    table = pd.DataFrame(index=cells.index)
    for ours, candidates in _NAMES.items():
        theirs = next((held[one] for one in candidates if one in held), None)
        if theirs is not None:
            table[ours] = cells[theirs]
    for end in ("on", "off"):
        if end not in table:
            continue
        stamps = pd.to_datetime(table[end], format="ISO8601", errors="coerce", utc=True)
        lost = (stamps.isna() & table[end].notna()).to_numpy()
        if lost.any():
            row = int(np.flatnonzero(lost)[0])
            raise InvalidTableError(
                f"{name}: row {row + 1}: {table[end].iloc[row]!r} is no date of deployment. Write "
                "it as 2024-05-01 or 2024-05-01 12:00:00."
            )
        table[end] = stamps
    return Reference(table, name)


def reference_together(references: Sequence[Reference]) -> Reference:
    """Return the deployments of several files as one: a fix inside any of them is inside.

    Examples
    --------
    >>> parts = [Reference(pd.DataFrame({"animal_id": [name]}), f"{name}.csv") for name in "ab"]
    >>> reference_together(parts).name
    'a.csv, b.csv'
    """
    # as objects, numbers of tags stay whole beside a file that has none
    tables = [reference.table.astype(object) for reference in references]
    names = ", ".join(reference.name for reference in references)
    return Reference(pd.concat(tables, ignore_index=True), names)


def with_reference(table: pd.DataFrame, reference: Reference, losses: Losses) -> pd.DataFrame:
    """Join deployments to fixes: species, deployment, and a flag on fixes outside of all of them.

    Parameters
    ----------
    table
        Fixes under our names, times in UTC.
    reference
        Deployments.
    losses
        Where animals without a deployment are told.
    """
    made = table.copy()
    animals = made["animal_id"].astype(str).to_numpy()
    tag = next((one for one in made.columns if plain(one) in _TAGS), None)
    inside = np.zeros(len(made), dtype=bool)
    known = np.isin(animals, reference.table["animal_id"].dropna().astype(str).to_numpy())
    columns: dict[str, Any] = {ours: _column(made, ours) for ours in ("species", "deployment_id")}
    for row in reference.table.to_dict("records"):
        here = animals == str(row["animal_id"])
        if tag is not None and pd.notna(row.get("tag_id")):
            here &= made[tag].astype(str).to_numpy() == str(row["tag_id"])
        here &= _between(made["time"], row.get("on"), row.get("off"))
        inside |= here
        for ours, theirs in (("species", "species"), ("deployment_id", "deployment")):
            if pd.notna(row.get(theirs)):
                columns[ours][here] = str(row[theirs])
    for ours, column in columns.items():
        if any(value is not None for value in column):
            made[ours] = pd.Series(column, index=made.index).astype("str")
    outside = known & ~inside & made["time"].notna().to_numpy()
    made["flags"] = (
        made["flags"].to_numpy() | np.where(outside, Flag.OUTSIDE_DEPLOYMENT, 0)
    ).astype(np.uint16)
    for name in sorted(set(animals[~known])):
        told = Note(N_("{animal} is not in {file}"), animal=str(name), file=reference.name)
        losses.change(None, N_("animal without reference data"), told)
    return made


def _column(made: pd.DataFrame, ours: str) -> Any:
    if ours not in made:
        return np.full(len(made), None, dtype=object)
    column = made[ours].astype(object)
    return column.where(column.notna(), None).to_numpy(copy=True)


def _between(times: Any, on: Any, off: Any) -> Any:
    within = np.ones(len(times), dtype=bool)
    if on is not None and pd.notna(on):
        within &= (times >= on).to_numpy(dtype=bool)
    if off is not None and pd.notna(off):
        within &= (times <= off).to_numpy(dtype=bool)
    return within
