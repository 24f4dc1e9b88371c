"""Continuous-time models of movement: fitted to irregular fixes, chosen among, predicted with."""

from kulan.movement.models.draws import simulate
from kulan.movement.models.fitting import fit, log_likelihood
from kulan.movement.models.model import Model, make_model
from kulan.movement.models.prediction import Prediction, predict
from kulan.movement.models.selection import Selection, select
from kulan.movement.models.variograms import Variogram, expected_m2, variogram

__all__ = [
    "Model",
    "Prediction",
    "Selection",
    "Variogram",
    "expected_m2",
    "fit",
    "log_likelihood",
    "make_model",
    "predict",
    "select",
    "simulate",
    "variogram",
]
