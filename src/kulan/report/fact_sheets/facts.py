"""What a fact sheet is made from, gathered in one place; the web may bring its own estimates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd

from kulan import programme
from kulan.atlas import Release
from kulan.grids import Grid, read_grid
from kulan.places import Bounds
from kulan.programme import AccountSection, PopulationEstimate


@dataclass(frozen=True)
class HabitatPicture:
    """Potential habitat of a species with the states around it.

    Attributes
    ----------
    habitat
        Values as in the Atlas.
    bounds
        Box that holds the habitat, degrees.
    states, disputed
        As in the release.
    release
        Name of the release.
    source, licence, date, sha256
        Of the habitat layer.
    """

    habitat: Grid
    bounds: Bounds
    states: gpd.GeoDataFrame
    disputed: gpd.GeoDataFrame
    release: str
    source: str
    licence: str
    date: str
    sha256: str


@dataclass(frozen=True)
class SpeciesFacts:
    """Everything a fact sheet tells of one species.

    Attributes
    ----------
    species_id
        The species.
    on
        Day whose statuses are told.
    names, statuses, presence, barriers
        Rows of the programme's tables that speak of the species.
    taxon
        Its row of `kulan.programme.tables.SPECIES`.
    estimates
        Population estimates, in the order in which they are printed.
    habitat
        Potential habitat to draw; None where there is no Atlas at hand.
    account
        Sections of the account to print; None for those of the package in the sheet's language.
    origins
        Tables of the package in whose place something else was brought, and what that is.
    """

    species_id: str
    on: date
    taxon: dict[str, object]
    names: pd.DataFrame
    statuses: pd.DataFrame
    presence: pd.DataFrame
    barriers: pd.DataFrame
    estimates: tuple[PopulationEstimate, ...]
    habitat: HabitatPicture | None = None
    account: tuple[AccountSection, ...] | None = None
    origins: tuple[tuple[str, str], ...] = ()


def species_facts(
    species_id: str,
    on: date,
    *,
    estimates: Sequence[PopulationEstimate] | None = None,
    habitat: HabitatPicture | None = None,
    account: Sequence[AccountSection] | None = None,
    origins: Mapping[str, str] | None = None,
) -> SpeciesFacts:
    """Gather what the programme's tables know of a species on a day.

    Parameters
    ----------
    species_id
        Short name, such as ``saiga``.
    on
        Day whose statuses are told.
    estimates
        Population estimates to print instead of those the package carries.
    habitat
        Potential habitat to draw; see `habitat_picture`.
    account
        Sections of the account to print instead of those the package carries.
    origins
        What stands in place of which table of the package, for the sheet's recipe.

    Raises
    ------
    UnknownNameError
        If there is no such species.

    Examples
    --------
    >>> len(species_facts("saiga", date(2026, 1, 1)).presence) > 3
    True
    """
    found = programme.estimates_of(species_id)  # refuses a species there is not
    taxa = programme.species().set_index("species_id")
    barriers = pd.DataFrame(programme.barriers().drop(columns="geometry"))
    touched = [species_id in affected for affected in barriers["species_affected"]]
    return SpeciesFacts(
        species_id=species_id,
        on=on,
        taxon={str(name): cell for name, cell in taxa.loc[species_id].to_dict().items()},
        names=_of(programme.species_names(), species_id),
        statuses=programme.statuses_on(species_id, on),
        presence=_of(programme.presence(), species_id),
        barriers=barriers[touched].reset_index(drop=True),
        estimates=found if estimates is None else programme.in_order(estimates),
        habitat=habitat,
        account=None if account is None else tuple(account),
        origins=tuple(sorted((origins or {}).items())),
    )


def habitat_picture(release: Release, species_id: str) -> HabitatPicture | None:
    """Read the potential habitat of a species from a release, with the states around it.

    Parameters
    ----------
    release
        The release.
    species_id
        Short name.

    Returns
    -------
    HabitatPicture or None
        None where the release draws no habitat for the species.
    """
    path = release.habitat_paths().get(species_id)
    if path is None:
        return None
    grid = read_grid(path)
    rows, columns = np.nonzero(grid.values)
    if not len(rows):
        return None
    bounds = Bounds(
        grid.west + float(columns.min()) * grid.cell_x_deg,
        grid.north - float(rows.max() + 1) * grid.cell_y_deg,
        grid.west + float(columns.max() + 1) * grid.cell_x_deg,
        grid.north - float(rows.min()) * grid.cell_y_deg,
    )
    notes = release.layer_notes()
    note = notes[(notes["theme"] == "habitat") & (notes["species_id"] == species_id)].iloc[0]
    return HabitatPicture(
        habitat=grid,
        bounds=bounds,
        states=release.read_vector("states"),
        disputed=release.read_vector("disputed_boundaries"),
        release=release.release_id,
        source=str(note["attribution"] or note["source"]),
        licence=str(note["licence"] or ""),
        date=str(note["date"] or ""),
        sha256=str(note["sha256"]),
    )


def _of(table: pd.DataFrame, species_id: str) -> pd.DataFrame:
    return table[table["species_id"] == species_id].reset_index(drop=True)
