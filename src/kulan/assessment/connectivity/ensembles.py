"""An ensemble of landscapes that are all believed possible: maps, barriers and crossings drawn."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np

from kulan.assessment.connectivity.barriers import BarrierLines
from kulan.assessment.connectivity.candidates import CrossingPlaces
from kulan.assessment.connectivity.landscapes import Landscape, read_landscape
from kulan.connectivity.barriers.cuts import Cuts
from kulan.connectivity.crossings.places import Crossings, open_crossings, place_crossings
from kulan.connectivity.crossings.ranking import Member
from kulan.errors import InvalidFileError, InvalidGridError
from kulan.provenance import Input, hash_file

_MEMBERS = "member_*.tif"


def member_files(given: Sequence[Path]) -> tuple[Path, ...]:
    """Return the maps of an ensemble: those named, and `member_*.tif` of folders.

    Raises
    ------
    InvalidFileError
        If a folder holds none.
    """
    files: list[Path] = []
    for path in given:
        found = sorted(path.glob(_MEMBERS)) if path.is_dir() else [path]
        if not found:
            raise InvalidFileError(
                f"{path} holds no {_MEMBERS}; `kulan resistance build --members 20` makes them."
            )
        files.extend(found)
    return tuple(files)


@dataclass(frozen=True)
class PlacedCrossings:
    """A landscape, the barriers on it, and the crossings that stand or may.

    Attributes
    ----------
    landscape
        The middle landscape.
    barriers
        The lines.
    candidates
        Crossings that may be built.
    existing
        Crossings that stand already; None for none.
    """

    landscape: Landscape
    barriers: BarrierLines
    candidates: CrossingPlaces
    existing: CrossingPlaces | None

    @cached_property
    def cuts(self) -> Cuts:
        """What barriers cut, all crossings closed."""
        found = self.barriers.cuts(self.landscape.frame)
        assert found is not None
        return found

    @cached_property
    def crossings(self) -> Crossings:
        """What each candidate opens."""
        return self._placed(self.candidates)

    @cached_property
    def standing(self) -> Crossings | None:
        """What crossings that stand already open."""
        return None if self.existing is None else self._placed(self.existing)

    def _placed(self, places: CrossingPlaces) -> Crossings:
        table = places.table
        share = table["permeability"].to_numpy(np.float64)
        return place_crossings(table, self.cuts, self.landscape.stencil, share)

    @property
    def middle(self) -> Member:
        """The landscape, barriers and crossings as they most likely are."""
        return self._member(self.landscape, self.cuts, self.crossings, self.standing)

    def drawn(self, landscape: Landscape, rng: np.random.Generator) -> Member:
        """Draw what barriers and crossings let through, on one landscape.

        Parameters
        ----------
        landscape
            The landscape, on the same cells.
        rng
            Source of randomness.
        """
        permeability = self.barriers.draw(rng)
        chance = float(rng.random())
        cuts = self.barriers.cuts(landscape.frame, permeability=permeability)
        assert cuts is not None
        crossings = replace(self.crossings, permeability=self.candidates.drawn(chance))
        standing = self.standing
        if standing is not None and self.existing is not None:
            standing = replace(standing, permeability=self.existing.drawn(chance))
        return self._member(landscape, cuts, crossings, standing)

    def _member(
        self, landscape: Landscape, cuts: Cuts, crossings: Crossings, standing: Crossings | None
    ) -> Member:
        opened = cuts if standing is None else open_crossings(cuts, standing)
        return landscape.stencil, opened, crossings

    @property
    def without_barriers(self) -> tuple[str, ...]:
        """Ids of the barriers that candidates lead across."""
        rows = np.unique(np.concatenate(self.crossings.rows))
        return tuple(self.cuts.barriers[k] for k in np.unique(self.cuts.barrier[rows]))


@dataclass(frozen=True)
class Ensemble:
    """How landscapes are drawn.

    Attributes
    ----------
    maps
        Maps of resistance, taken in turn; none for the middle one in all.
    n_draws
        Members in all.
    seed
        Of the drawing.
    """

    maps: tuple[Path, ...] = ()
    n_draws: int = 20
    seed: int = 1

    @property
    def inputs(self) -> tuple[Input, ...]:
        """The maps, by hash."""
        return tuple(Input(path.name, hash_file(path)) for path in self.maps)

    @property
    def words(self) -> str:
        """What the ensemble is, in words."""
        maps = (
            f"{len(self.maps)} maps of resistance drawn from the ranges of the profile, in turn"
            if self.maps
            else "the one map of resistance"
        )
        return (
            f"{self.n_draws} members: {maps}; what each barrier lets through drawn from its range, "
            "triangular and independently of the others; what crossings let through drawn from "
            "their range, triangular, one chance for all crossings of a member"
        )

    def members(self, placed: PlacedCrossings) -> Iterator[Member]:
        """Draw the members, one at a time.

        Raises
        ------
        InvalidGridError
            If a map covers other cells than the middle one.
        """
        rng = np.random.default_rng(self.seed)
        for k in range(self.n_draws):
            landscape = placed.landscape
            if self.maps:
                landscape = _same_cells(self.maps[k % len(self.maps)], landscape)
            yield placed.drawn(landscape, rng)


def _same_cells(path: Path, like: Landscape) -> Landscape:
    landscape = read_landscape(path, neighbours=like.neighbours, mean=like.mean)
    same = landscape.frame == like.frame and np.array_equal(
        np.isnan(landscape.resistance), np.isnan(like.resistance)
    )
    if not same:
        raise InvalidGridError(
            f"{path.name}: not the cells of {like.source.name}, or NoData elsewhere. Give the "
            "members of the same build, or maps on the same cells."
        )
    return landscape
