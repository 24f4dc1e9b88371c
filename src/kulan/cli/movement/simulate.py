"""`kulan movement simulate`: studies with a known truth."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kulan.cli.movement.options import Command, folder_options, tell_answer

if TYPE_CHECKING:
    from kulan.assessment.movement.simulating import SimulationQuestion

_ABOVE_ZERO = click.FloatRange(min=0, min_open=True)
_KM, _HOUR_S, _DAY_S = 1000.0, 3600.0, 86_400.0


def _number(
    name: str, default: float, words: str, kind: Any = _ABOVE_ZERO
) -> Callable[[Command], Command]:
    return click.option(name, type=kind, default=default, show_default=True, help=words)


@click.command()
@_number("--animals", 10, "How many.", click.IntRange(1, 10_000))
@_number("--days", 365.0, "For how many days each is followed.")
@_number("--interval-h", 2.0, "Hours between fixes.")
@_number("--tau-position-d", 5.0, "Days over which an animal is pulled back to its middle.")
@_number(
    "--tau-velocity-h",
    3.0,
    "Hours for which its velocity lasts; 0 for none.",
    click.FloatRange(min=0),
)
@_number("--sigma-km", 6.0, "Standard deviation of its position along each axis, km.")
@_number(
    "--spread-km",
    3.0,
    "Standard deviation of the middles of ranges about the place, km.",
    click.FloatRange(min=0),
)
@click.option(
    "--migration-km",
    type=_ABOVE_ZERO,
    help="Animals go so far north in spring and back in autumn.  [default: they stay]",
)
@_number("--away-day", 120.0, "Day of the year on which half the way north is done.")
@_number("--back-day", 300.0, "Day of the year on which half the way back is done.")
@_number("--takes-days", 20.0, "Days from a tenth to nine tenths of the way.")
@click.option(
    "--crossing-probability",
    "probability",
    multiple=True,
    type=click.FloatRange(0, 1),
    help="A straight line lies there, and an encounter ends in a crossing so often; several times "
    "for segments from one end to the other.  [default: open land]",
)
@_number("--zone-m", 300.0, "Fixes within so many metres of the line make an encounter.")
@_number(
    "--alike",
    0.1,
    "How much alike encounters of one animal are: 0 for not at all.",
    click.FloatRange(0, 1, max_open=True),
)
@_number(
    "--barrier-bearing",
    30.0,
    "Degrees clockwise from north in which the line runs.",
    click.FloatRange(0, 360),
)
@_number("--missing", 0.0, "Share of fixes that fail.", click.FloatRange(0, 1, max_open=True))
@_number(
    "--failing-together", 1.0, "Mean number of fixes that fail in a row.", click.FloatRange(min=1)
)
@_number(
    "--error-m",
    0.0,
    "Standard deviation of the location error along each axis, m.",
    click.FloatRange(min=0),
)
@_number("--longitude", 110.2, "Where the study lies, degrees.", click.FloatRange(-180, 180))
@_number("--latitude", 44.9, "Where the study lies, degrees.", click.FloatRange(-85, 85))
@click.option("--local", is_flag=True, help="Local metres and elapsed seconds, without a place.")
@click.option(
    "--start", default="2024-01-01T00:00:00Z", show_default=True, help="Time of the first fix."
)
@click.option("--species", default="simulated", show_default=True, help="What animals are called.")
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Of chance.")
@folder_options
def simulate(out: Path, **options: Any) -> None:
    """Simulate tracks of animals with a known truth, to see what methods make of them.

    Animals wander in a range (an Ornstein-Uhlenbeck process with foraging), may go to a second
    range and back with the seasons, and may meet a straight barrier that lets them through with a
    known probability. Collars miss fixes and err.

    OUT then holds fixes as `kulan movement read` writes them, features.gpkg with the barrier,
    truth.csv, true_encounters.csv and result.json with what was planted.

    \b
    Example:
      kulan movement simulate --crossing-probability 0.3 --missing 0.05 --out simulated
      kulan movement barriers simulated --barriers simulated/features.gpkg --distance 300 \\
        --out recovered
    """
    from kulan.assessment.movement.folders import check_place
    from kulan.assessment.movement.simulating import simulate as simulate_asked

    check_place(out, replace=options["replace"])
    answer = simulate_asked(_question(options))
    numbers = answer.numbers
    click.echo(
        f"{numbers['fixes']} fixes of {numbers['animals']} animals, "
        f"{numbers['fixes_that_failed']} of which failed."
    )
    tell_answer(answer, out, options)


def _question(options: dict[str, Any]) -> "SimulationQuestion":
    from kulan.assessment.movement.simulating import SimulationQuestion
    from kulan.movement.planes import LOCAL, plane_around
    from kulan.movement.simulation.observing import Collar
    from kulan.movement.simulation.straight_barriers import StraightBarrier
    from kulan.movement.simulation.study import StudyPlan
    from kulan.movement.simulation.wandering import Migration, Wandering

    away_m = _KM * (options["migration_km"] or 0.0)
    sigma_m = _KM * options["sigma_km"]
    half_m = 12 * (sigma_m + _KM * options["spread_km"]) + away_m
    bearing = math.radians(options["barrier_bearing"])
    end = (half_m * math.sin(bearing), half_m * math.cos(bearing))
    barrier = (
        StraightBarrier(
            (-end[0], -end[1]), end, options["zone_m"], options["probability"], options["alike"]
        )
        if options["probability"]
        else None
    )
    plan = StudyPlan(
        options["animals"],
        options["days"],
        _HOUR_S * options["interval_h"],
        Wandering(_DAY_S * options["tau_position_d"], _HOUR_S * options["tau_velocity_h"], sigma_m),
        _KM * options["spread_km"],
        Migration(
            (0.0, 0.0),
            (0.0, away_m),
            options["away_day"],
            options["back_day"],
            options["takes_days"],
        )
        if away_m
        else None,
        barrier,
        Collar(options["missing"], options["failing_together"], options["error_m"]),
        LOCAL if options["local"] else plane_around(options["longitude"], options["latitude"]),
        options["start"],
        options["species"],
    )
    return SimulationQuestion(plan, options["seed"])
