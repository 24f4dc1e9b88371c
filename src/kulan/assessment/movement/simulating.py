"""Simulated studies as folders: fixes as collars give them, the barrier, and the truth."""

from dataclasses import asdict, dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from kulan.assessment.movement.degrees import layer_in_degrees
from kulan.assessment.movement.folders import MovementAnswer
from kulan.exchange.telemetry import LOCAL_SYSTEM
from kulan.movement.simulation.study import StudyPlan, simulate_study
from kulan.movement.threads import on_one_thread
from kulan.notes import Note
from kulan.words import N_

_EDGE_M = 500.0
METHOD = "kulan.movement.simulation.study.simulate_study"
SOURCE = (
    "Fleming, C.H. et al. (2014). From fine-scale foraging to home ranges: a semivariance approach "
    "to identifying movement modes across spatiotemporal scales. American Naturalist 183: E154-167."
)


@dataclass(frozen=True)
class SimulationQuestion:
    """What to simulate.

    Attributes
    ----------
    plan
        The study.
    seed
        Of all chance: the same seed gives the same study.
    """

    plan: StudyPlan
    seed: int = 1

    @property
    def parameters(self) -> dict[str, Any]:
        """What was asked, for the recipe."""
        return asdict(self.plan) | {"plane": self.plan.plane.crs or "local", "seed": self.seed}


@on_one_thread
def simulate(question: SimulationQuestion) -> MovementAnswer:
    """Simulate a study, and tell the truth of it.

    Parameters
    ----------
    question
        What to simulate.
    """
    plan = question.plan
    study = simulate_study(plan, np.random.default_rng(question.seed))
    features = {}
    if plan.barrier is not None:
        names = [str(k + 1) for k in range(len(plan.barrier.shapes))]
        barrier = gpd.GeoDataFrame(
            {
                "barrier_id": "simulated",
                "segment_id": names if len(names) > 1 else ["all"],
                "name": "Simulated barrier",
                "barrier_type": "railway",
                "crossing_probability": plan.barrier.probability,
            },
            # a line straight in the plane is not straight in degrees
            geometry=list(shapely.segmentize(plan.barrier.shapes, _EDGE_M)),
            crs=plan.plane.crs or LOCAL_SYSTEM,
        )
        features["barrier"] = barrier if plan.plane.is_local else layer_in_degrees(barrier)
    tables = {"truth": study.truth.round(1)}
    if len(study.met):
        tables["true_encounters"] = study.met
    return MovementAnswer(
        METHOD,
        question.parameters,
        (),
        _numbers(plan, study.truth, len(study.fixes.table), int((~study.fixes.used).sum())),
        source=SOURCE,
        fixes=study.fixes,
        features=features,
        tables=tables,
        notes=[
            Note(
                N_(
                    "These animals are simulated: they show what methods find, and nothing of "
                    "nature."
                )
            )
        ],
    )


def _numbers(plan: StudyPlan, truth: pd.DataFrame, fixes: int, failed: int) -> dict[str, Any]:
    numbers: dict[str, Any] = {
        "animals": plan.animals,
        "fixes": fixes,
        "fixes_that_failed": failed,
        "tau_position_s": plan.wandering.tau_position_s,
        "tau_velocity_s": plan.wandering.tau_velocity_s,
        "sigma_m2": plan.wandering.sigma_m**2,
        "mean_speed_m_per_s": plan.wandering.speed_m_per_s,
        "location_error_m": plan.collar.error_m,
    }
    if plan.barrier is not None:
        numbers |= {
            "crossing_probability": list(plan.barrier.probability),
            "likeness_of_encounters_of_one_animal": plan.barrier.alike,
            "encounters": int(truth["encounters"].sum()),
            "crossed": int(truth["crossed"].sum()),
        }
    if plan.migration is not None:
        numbers["migration"] = asdict(plan.migration)
    return numbers
