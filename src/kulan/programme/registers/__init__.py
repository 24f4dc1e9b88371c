"""The registers of the programme: what each holds, who reads it, what is missing."""

from kulan.programme.registers.checking import Checked, Problem, check, missing_for
from kulan.programme.registers.declarations import REGISTERS, register
from kulan.programme.registers.feasibility import (
    QUESTIONS,
    SCALE,
    Answer,
    Divergence,
    divergences,
    share_ready,
)
from kulan.programme.registers.fields import CONSENTED, LEVELS, LISTS, Field, Register, Stage
from kulan.programme.registers.hotspots import Facts, Step, next_step, steps
from kulan.programme.registers.organisations import named_leads
from kulan.programme.registers.reading import (
    evidence_day,
    may_read,
    readable,
    species_of,
    states_of,
)
from kulan.programme.registers.stages import counts, moves
from kulan.programme.registers.transboundary import (
    AREA_NAMES,
    Place,
    illustrative_areas,
    place_of,
)
from kulan.programme.registers.validity import Gap, Span, gaps, held_together

__all__ = [
    "AREA_NAMES",
    "CONSENTED",
    "LEVELS",
    "LISTS",
    "QUESTIONS",
    "REGISTERS",
    "SCALE",
    "Answer",
    "Checked",
    "Divergence",
    "Facts",
    "Field",
    "Gap",
    "Place",
    "Problem",
    "Register",
    "Span",
    "Stage",
    "Step",
    "check",
    "counts",
    "divergences",
    "evidence_day",
    "gaps",
    "held_together",
    "illustrative_areas",
    "may_read",
    "missing_for",
    "moves",
    "named_leads",
    "next_step",
    "place_of",
    "readable",
    "register",
    "share_ready",
    "species_of",
    "states_of",
    "steps",
]
