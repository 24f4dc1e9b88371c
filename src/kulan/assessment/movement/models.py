"""Movement models as a question: which model an animal's fixes ask for, and what it tells of it."""

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from kulan.assessment.movement.folders import MovementAnswer
from kulan.assessment.movement.reading import TracksRead
from kulan.errors import NotEnoughDataError
from kulan.movement.intervals import Interval
from kulan.movement.models import Model, Selection, fit, select, variogram
from kulan.movement.models.fitting import Method
from kulan.movement.models.path_speed import NO_SPEED, path_speed_m_s
from kulan.movement.models.selection import RANGE_KINDS
from kulan.movement.ranges.akde import LEAST_EFFECTIVE_SIZE
from kulan.movement.threads import on_one_thread
from kulan.movement.tracks import Track
from kulan.notes import Note
from kulan.words import N_

SOURCE = (
    "Fleming et al. 2014, The American Naturalist 183: E154-E167 (models, variograms); Fleming et "
    "al. 2019, Methods in Ecology and Evolution 10: 1679-1689 (pHREML)"
)
UNITS = {
    "tau_position_s": "s",
    "tau_velocity_s": "s",
    "area_95_m2": "m²",
    "speed_m_per_s": "m/s",
    "path_speed_m_per_s": "m/s",
    "path_km_per_day": "km/d",
    "diffusion_m2_per_s": "m²/s",
}


@dataclass(frozen=True)
class FitAsked:
    """How models are fitted.

    Attributes
    ----------
    model
        One model to fit; "" to choose among `kinds` by AICc.
    kinds
        Kinds to choose among.
    method
        "pHREML" or "ML".
    level
        Of the limits, 0 to 1.
    """

    model: str = ""
    kinds: Sequence[str] = RANGE_KINDS
    method: Method = "pHREML"
    level: float = 0.95


@dataclass(frozen=True, eq=False)
class Fitted:
    """What was found for each animal.

    Attributes
    ----------
    tracks
        Of the animals that a model was fitted to.
    selections
        Models of each, best first.
    refused
        Why there is none, by animal.
    """

    tracks: tuple[Track, ...]
    selections: tuple[Selection, ...]
    refused: dict[str, str] = field(default_factory=dict)


def fit_tracks(
    tracks: Sequence[Track], asked: FitAsked, *, executor: Executor | None = None
) -> Fitted:
    """Fit a model to each track, or choose one; tracks too short for any are told.

    Parameters
    ----------
    tracks
        One for each animal.
    asked
        How.
    executor
        Where the animals are worked on, all alike; None for here, one after the other.

    Raises
    ------
    NotEnoughDataError
        If no track is long enough.
    UnknownNameError
        If no model is called so.
    """
    done: list[tuple[Track, Selection]] = []
    refused: dict[str, str] = {}
    share = map if executor is None else executor.map
    for track, chosen in zip(tracks, share(partial(_chosen, asked), tracks), strict=True):
        if isinstance(chosen, str):
            refused[track.animal_id] = chosen
        else:
            done.append((track, chosen))
    if not done:
        raise NotEnoughDataError("\n".join(refused.values()))
    return Fitted(tuple(one for one, _ in done), tuple(two for _, two in done), refused)


@on_one_thread
def _chosen(asked: FitAsked, track: Track) -> Selection | str:
    """Return the models of a track, or why there are none."""
    try:
        if asked.model:
            return Selection((fit(track, asked.model, asked.method),))
        return select(track, asked.kinds, asked.method)
    except NotEnoughDataError as error:
        return str(error)


@on_one_thread
def fit_models(
    read: TracksRead,
    asked: FitAsked,
    *,
    along_path: bool = False,
    executor: Executor | None = None,
) -> tuple[MovementAnswer, Fitted]:
    """Fit models to the tracks that were read.

    Parameters
    ----------
    read
        Tracks, and where they are from.
    asked
        How.
    along_path
        Whether speeds along the animals' own paths are wanted too, which takes longer.
    executor
        Where the animals are worked on.

    Raises
    ------
    NotEnoughDataError, UnknownNameError
        As `fit_tracks` says.
    """
    fitted = fit_tracks(read.tracks, asked, executor=executor)
    animals = {
        track.animal_id: told_of(selection.best, asked.level)
        for track, selection in zip(fitted.tracks, fitted.selections, strict=True)
    }
    if along_path:
        for track, selection in zip(fitted.tracks, fitted.selections, strict=True):
            told = _along_path(selection.best, track, asked.level)
            animals[track.animal_id] = {**animals[track.animal_id], **told}
    answer = MovementAnswer(
        "kulan.movement.models.select" if not asked.model else "kulan.movement.models.fit",
        {
            "model": asked.model,
            "kinds": list(asked.kinds),
            "method": asked.method,
            "level": asked.level,
            **({"along_path": True} if along_path else {}),
        },
        read.inputs,
        {"animals": animals, **_location_errors(read)},
        UNITS,
        SOURCE,
        tables={
            "models": _models_table(fitted, asked.level),
            "variograms": _variograms_table(fitted.tracks),
        },
        readings=read.readings,
        reading=read.asked.told,
        notes=(*read.notes, *fitted.refused.values(), *_notes(animals)),
    )
    return answer, fitted


def _notes(animals: dict[str, dict[str, Any]]) -> list[str]:
    """Return who has no range, and whose area no upper limit."""
    notes: list[str] = []
    wandering = [name for name, told in animals.items() if not told["range_resident"]]
    if wandering:
        text = N_(
            "Not range-resident, or tracked for too short a time to tell: {animals}. Areas and "
            "time scales of position say little of them."
        )
        notes.append(Note(text, animals=wandering))
    endless = [name for name, told in animals.items() if told["area_95_m2"].high == np.inf]
    if endless:
        text = N_(
            "So few returns that the area has no upper limit (none in result.json): {animals}."
        )
        notes.append(Note(text, animals=endless))
    return notes


def _along_path(model: Model, track: Track, level: float) -> dict[str, Any]:
    """Return mean speed and distance a day along the path, or that fixes cannot tell."""
    # the same paths each time: results are compared by their bytes
    speed = path_speed_m_s(model, track, np.random.default_rng(2019), level=level)
    return {
        "path_speed_m_per_s": speed,
        "path_km_per_day": speed.times(86.4),
        "path_speed_word": "" if speed.is_known else NO_SPEED,
    }


def _location_errors(read: TracksRead) -> dict[str, Any]:
    """Return the location errors that were learnt from collars that stood still, if any were."""
    told = {
        name: {
            "error_m": one.error_m,
            "at_hdop": 1.0 if one.by_dilution else None,
            "fixes": one.fixes,
            "collars": one.collars,
        }
        for name, one in read.location_errors.items()
    }
    return {"location_errors": told} if told else {}


def told_of(model: Model, level: float = 0.95) -> dict[str, Any]:
    """Return what a model says of its animal, in plain numbers and intervals.

    Parameters
    ----------
    model
        A fitted model.
    level
        Of the limits.
    """
    resident = model.process.has_range and model.dof["area"] >= LEAST_EFFECTIVE_SIZE
    return {
        "model": model.name,
        "fixes": model.n_fixes,
        "span_s": model.span_s,
        "range_resident": bool(resident),
        "effective_sample_size": dict(model.dof),
        "tau_position_s": model.tau_interval_s("position", level),
        "tau_velocity_s": model.tau_interval_s("velocity", level),
        "period_s": 2 * np.pi / model.omega if model.omega else None,
        "area_95_m2": model.area_m2(0.95, level),
        "speed_m_per_s": model.speed_m_s(level),
        "diffusion_m2_per_s": model.diffusion_m2_s(level),
        "mean_m": [float(value) for value in model.mu_m],
        "covariance_m2": model.sigma_m2,
        "log_likelihood": model.loglik,
        "aicc": model.aicc,
    }


def draw_variograms(answer: MovementAnswer, fitted: Fitted, language: str = "en") -> MovementAnswer:
    """Draw each animal's variogram with what its best model expects.

    Parameters
    ----------
    answer
        What `fit_models` found.
    fitted
        And the models themselves.
    language
        Of the pictures.

    Raises
    ------
    UnknownNameError
        If the language is not one of `kulan.words.LANGUAGES`.
    """
    # matplotlib is heavy, and most runs draw nothing
    from kulan.assessment.movement.captions import captioned  # noqa: PLC0415
    from kulan.report.movement.variograms import variograms_picture  # noqa: PLC0415

    reader, caption_of = captioned(answer, language)
    caption = caption_of(
        reader.say("How far apart after how long"),
        reader.say(
            "Semivariance of each animal by lag, with limits of 95 %, and what its model expects."
        ),
    )
    shown = [
        (track.animal_id, variogram(track, _drawn_bin_s(track)), selection.best)
        for track, selection in zip(fitted.tracks, fitted.selections, strict=True)
    ]
    picture = variograms_picture(shown, caption, reader)
    return replace(answer, pictures={**answer.pictures, "variograms.png": picture.encode(".png")})


def _drawn_bin_s(track: Track) -> float:
    """Return classes of lags wide enough to be told apart in a small picture, s."""
    return max(float(np.median(np.diff(track.time_s))), track.span_s / 80)


def _models_table(fitted: Fitted, level: float) -> pd.DataFrame:
    rows = []
    for track, selection in zip(fitted.tracks, fitted.selections, strict=True):
        for model, delta in zip(selection.candidates, selection.delta_aicc, strict=True):
            speed, position = model.speed_m_s(level), model.tau_interval_s("position", level)
            rows.append(
                {
                    "animal_id": track.animal_id,
                    "model": model.name,
                    "delta_aicc": delta,
                    "log_likelihood": model.loglik,
                    "effective_sample_size": model.dof["area"],
                    **_limits("tau_position_s", position),
                    **_limits("tau_velocity_s", model.tau_interval_s("velocity", level)),
                    **_limits("area_95_m2", model.area_m2(0.95, level)),
                    **_limits("speed_m_per_s", speed),
                    **_limits("diffusion_m2_per_s", model.diffusion_m2_s(level)),
                }
            )
    return pd.DataFrame(rows)


def _limits(name: str, interval: Interval) -> dict[str, float]:
    return {name: interval.estimate, f"{name}_low": interval.low, f"{name}_high": interval.high}


def _variograms_table(tracks: Sequence[Track]) -> pd.DataFrame:
    tables = []
    for track in tracks:
        found = variogram(track)
        low, high = found.limits_m2()
        known = found.pairs > 0
        table = {
            "animal_id": track.animal_id,
            "lag_s": found.lag_s[known],
            "semivariance_m2": found.semivariance_m2[known],
            "low_m2": low[known],
            "high_m2": high[known],
            "pairs": found.pairs[known],
        }
        tables.append(pd.DataFrame(table))
    return pd.concat(tables, ignore_index=True)
