"""What all alternatives of one screening share: the landscape, the user's layers, the day."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from shapely.geometry.base import BaseGeometry

from kulan.errors import UnknownNameError
from kulan.screening.baseline import Baseline
from kulan.screening.existing_barriers import Surroundings, make_surroundings
from kulan.screening.findings import LayerUsed
from kulan.screening.habitats import Habitats
from kulan.screening.layer_exposure import LayerIndex
from kulan.screening.recipes import RecipeBook
from kulan.screening.user_layers import UserLayer

_KINDS = {"key_area": "key_areas"}


@dataclass(frozen=True)
class Landscape:
    """What an alternative is held against.

    Attributes
    ----------
    baseline
        Plain tables and grids.
    user_layers
        Layers given with the question.
    on
        Day whose facts are asked for.
    within_km
        How far around to look.
    stale_after_years
        Age from which a layer counts as old.
    """

    baseline: Baseline
    user_layers: tuple[UserLayer, ...]
    on: date
    within_km: float
    stale_after_years: float

    @cached_property
    def layers(self) -> dict[str, LayerUsed]:
        """All layers, the baseline's and the user's, by id."""
        given = {layer.layer_id: _as_used(layer) for layer in self.user_layers}
        return dict(self.baseline.layers) | given

    @cached_property
    def book(self) -> RecipeBook:
        """Where recipes are written."""
        return RecipeBook(self.layers)

    @cached_property
    def surroundings(self) -> Surroundings:
        """Known barriers on the day."""
        return make_surroundings(self.baseline.barriers, self.on)

    @cached_property
    def habitats(self) -> Habitats:
        """Habitat grids."""
        return Habitats(self.baseline.habitats, self.baseline.habitat_areas)

    @cached_property
    def indexes(self) -> tuple[LayerIndex, ...]:
        """The user's layers by place."""
        return tuple(LayerIndex(layer, self.baseline.states) for layer in self.user_layers)


def make_landscape(
    baseline: Baseline,
    user_layers: tuple[UserLayer, ...],
    on: date,
    within_km: float,
    stale_after_years: float,
) -> Landscape:
    """Gather what alternatives are held against.

    Parameters
    ----------
    baseline, user_layers, on, within_km, stale_after_years
        As `Landscape` says.

    Raises
    ------
    UnknownNameError
        If two user layers share a name.
    """
    names = [layer.name for layer in user_layers]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise UnknownNameError(
            f"Two layers are called {', '.join(map(repr, twice))}; "
            "give each its own name (--layer PATH,name=NAME)."
        )
    return Landscape(baseline, user_layers, on, within_km, stale_after_years)


def cutting_lines(surroundings: Surroundings) -> list[BaseGeometry]:
    """Return the standing barriers that cut habitat."""
    return list(surroundings.rows.geometry[surroundings.rows["cuts"]])


def _as_used(layer: UserLayer) -> LayerUsed:
    return LayerUsed(
        layer_id=layer.layer_id,
        title=layer.title,
        kind=_KINDS.get(layer.kind, layer.kind),
        species_id=layer.species_id or "",
        label="",
        source=layer.source,
        licence=layer.licence,
        attribution="",
        date=layer.date,
        resolution_m=layer.resolution_m,
        sha256=layer.sha256,
        given_by_user=True,
    )
