"""Screening: what a planned line or area would cut, disturb and sever, and what is not known."""

from kulan.screening.alignments import Attributes, PlannedAlternative, PlannedStructure
from kulan.screening.baseline import Baseline
from kulan.screening.findings import InputFile, LayerUsed, LossRecord, Screening
from kulan.screening.scene import Scene, make_scene
from kulan.screening.screen import screen_alternatives
from kulan.screening.user_layers import UserLayer

__all__ = [
    "Attributes",
    "Baseline",
    "InputFile",
    "LayerUsed",
    "LossRecord",
    "PlannedAlternative",
    "PlannedStructure",
    "Scene",
    "Screening",
    "UserLayer",
    "make_scene",
    "screen_alternatives",
]
