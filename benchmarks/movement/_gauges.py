"""How the benchmarks of movement measure: with the gauges of connectivity's."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "connectivity"))

from _measuring import (
    Found,
    in_process,
    in_turns,
    machine,
    peak_bytes,
    seconds_of,
    tell,
    tell_most,
)

__all__ = [
    "Found",
    "in_process",
    "in_turns",
    "machine",
    "peak_bytes",
    "seconds_of",
    "tell",
    "tell_most",
]
