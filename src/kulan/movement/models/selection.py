"""Choosing among movement models by Akaike's criterion corrected for the number of fixes."""

from collections.abc import Sequence
from dataclasses import dataclass

from kulan.errors import NotEnoughDataError
from kulan.movement.models.fitting import ANISOTROPIC, Method, fit
from kulan.movement.models.likelihood import Observed
from kulan.movement.models.model import Model
from kulan.movement.tracks import Track

# those with a range, from the simplest
RANGE_KINDS = ("IID", "OU", "OUf", "OUF")


@dataclass(frozen=True, eq=False)
class Selection:
    """Models fitted to one track, best first.

    Attributes
    ----------
    candidates
        Fitted models by rising AICc, each name once.
    """

    candidates: tuple[Model, ...]

    @property
    def best(self) -> Model:
        """The model of least AICc."""
        return self.candidates[0]

    @property
    def delta_aicc(self) -> tuple[float, ...]:
        """How far each candidate's AICc lies above the best."""
        return tuple(model.aicc - self.best.aicc for model in self.candidates)


def select(
    track: Track,
    kinds: Sequence[str] = RANGE_KINDS,
    method: Method = "pHREML",
) -> Selection:
    """Fit every kind of model, as circle and as ellipse, and order them by AICc.

    Walks without a range (BM, IOU) are conditioned on the first fix, so that their AICc does not
    compare with the others': fit them by name.

    Parameters
    ----------
    track
        One animal's track.
    kinds
        Which kinds; add "OUO" for animals that return with a rhythm.
    method
        "pHREML" or "ML".

    Returns
    -------
    Selection

    Raises
    ------
    NotEnoughDataError
        If there are too few fixes for any of the kinds.
    InvalidTableError
        If only some of the fixes have a location error.
    UnknownNameError
        If a kind is not known.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(1)
    >>> x, y = rng.normal(0.0, 100.0, (2, 50))
    >>> select(Track("k1", np.arange(50) * 3600.0, x, y)).best.name
    'IID'
    """
    observed = Observed(track)
    found: dict[str, Model] = {}
    refused: NotEnoughDataError | None = None
    for kind in kinds:
        for name in (kind + ANISOTROPIC, kind):
            near = found.get(kind + ANISOTROPIC) if name == kind else None
            try:
                model = fit(track, name, method, near=near, observed=observed)
            except NotEnoughDataError as error:
                refused = error
                continue
            known = found.get(model.name)
            if known is None or model.loglik > known.loglik:
                found[model.name] = model
    if not found:
        raise refused or NotEnoughDataError(f"track of {track.animal_id}: no kind to fit.")
    return Selection(tuple(sorted(found.values(), key=lambda model: model.aicc)))
