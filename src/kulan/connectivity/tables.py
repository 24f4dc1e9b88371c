"""The tables connectivity reads, declared: barriers, how passable they are, and crossings.

Lines and what was measured at them are brought by the user or made from the Atlas. The package
holds only what kinds of barriers are taken to let through where nothing was measured.
"""

from kulan.schemas import Column, Table
from kulan.vocabulary import BARRIER_TYPES

_SPECIES = Column(
    "species_id",
    "Species the row holds for, by short name; empty for all without a row of their own.",
    required=False,
)
_SEASON = Column(
    "season",
    "Season the row holds for, in the words of the study; empty for all without a row of their "
    "own.",
    required=False,
)
_PERMEABILITY = Column(
    "permeability",
    "Share of movement across that is left: 1 for no barrier at all, 0 for one that nothing "
    "crosses.",
    kind="number",
)
_SOURCE = Column("source", "Where the value comes from; an assumption says that it is one.")

BARRIER_LINES = Table(
    "barrier_lines",
    "Lines that movement must cross: one row for each segment of a barrier",
    (
        Column("barrier_id", "Name of the barrier; several barriers on one step multiply."),
        Column("segment_id", "Name of a stretch of it that may have a permeability of its own."),
        Column("geometry", "The line, in any declared coordinate system.", kind="geometry"),
    ),
    ("barrier_id", "segment_id"),
)

BARRIER_PERMEABILITIES = Table(
    "barrier_permeabilities",
    "How much movement a barrier lets through, by segment, species and season",
    (
        Column("barrier_id", "Name of the barrier."),
        Column(
            "segment_id",
            "Segment the row holds for; empty for all without a row of their own.",
            required=False,
        ),
        _SPECIES,
        _SEASON,
        _PERMEABILITY,
        _SOURCE,
    ),
    ("barrier_id", "segment_id", "species_id", "season"),
)

TYPE_PERMEABILITIES = Table(
    "type_permeabilities",
    "What a kind of barrier is taken to let through where nothing was measured",
    (
        Column(
            "species_id",
            "Species the row holds for; empty for all without a row of their own.",
            required=False,
        ),
        Column("barrier_type", "What stands there.", values=BARRIER_TYPES),
        Column(
            "fenced",
            "Whether fences stand along it; empty where that is not known or has no meaning.",
            required=False,
            values=("yes", "partly", "no"),
        ),
        _PERMEABILITY,
        Column("permeability_low", "Least it may well be.", kind="number"),
        Column("permeability_high", "Most it may well be.", kind="number"),
        _SOURCE,
        Column(
            "confidence",
            "How sure we are of the row.",
            values=("high", "medium", "low", "unverified"),
        ),
        Column("note", "What a careful user should know about the row.", required=False),
    ),
    ("species_id", "barrier_type", "fenced"),
)

CROSSINGS = Table(
    "crossings",
    "Places where barriers can be crossed, or could be made so",
    (
        Column("crossing_id", "Name of the crossing."),
        Column(
            "barrier_ids",
            "Barriers it leads across; empty for all that lie within reach.",
            kind="list",
            required=False,
        ),
        Column(
            "cost",
            "What it takes to build, in the money of the study; empty for what already stands.",
            kind="number",
            required=False,
        ),
        Column(
            "geometry",
            "A point for a structure, or a line along the barrier for a gap.",
            kind="geometry",
        ),
    ),
    ("crossing_id",),
)

CROSSING_PERMEABILITIES = Table(
    "crossing_permeabilities",
    "How passable a crossing makes the barriers it leads across, by species and season",
    (
        Column(
            "crossing_id",
            "Name of the crossing; empty for all without a row of their own.",
            required=False,
        ),
        _SPECIES,
        _SEASON,
        _PERMEABILITY,
        _SOURCE,
    ),
    ("crossing_id", "species_id", "season"),
)

CROSSING_RANKING = Table(
    "crossing_ranking",
    "Crossings by what they give back, and how sure that order is across an ensemble",
    (
        Column("crossing_id", "Name of the crossing."),
        Column(
            "gain_mean", "Mean gain over the members, siemens or ohm as measured.", kind="number"
        ),
        Column("gain_low", "Lower end of the interval of gains.", kind="number"),
        Column("gain_high", "Upper end of the interval of gains.", kind="number"),
        Column("rank_mean", "Mean rank; 1 is the largest gain, equal ones share.", kind="number"),
        Column("rank_low", "Best rank within the interval.", kind="number"),
        Column("rank_high", "Worst rank within the interval.", kind="number"),
        Column(
            "in_best_share",
            "Share of the members in which it is among the best asked for.",
            kind="number",
        ),
        Column("in_best_low", "Lower end of Wilson's 95 % interval of that share.", kind="number"),
        Column("in_best_high", "Upper end of Wilson's 95 % interval of that share.", kind="number"),
    ),
    ("crossing_id",),
)
