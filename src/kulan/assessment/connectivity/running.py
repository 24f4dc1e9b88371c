"""How a question is worked on: solver, workers, kept work and progress. The answer is the same."""

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, field
from pathlib import Path

from kulan.connectivity.circuits.solving import Solving

Report = Callable[[int, int, str], None]


def _silent(_done: int, _total: int, _doing: str) -> None:
    """Tell nobody."""


@dataclass(frozen=True)
class Running:
    """How a question is worked on.

    Attributes
    ----------
    solving
        How circuits are solved.
    executor
        Where independent pieces are computed; None for one after the other.
    kept_in
        Folder in which finished pieces are kept, so that a run that was stopped goes on; None
        for none.
    report
        Called with the steps done, the steps in all, and what is being done.
    """

    solving: Solving = field(default_factory=Solving)
    executor: Executor | None = None
    kept_in: Path | None = None
    report: Report = _silent

    def telling(self, doing: str) -> Callable[[int, int], None]:
        """Return a report of steps alone, for work that is called `doing`."""
        return lambda done, total: self.report(done, total, doing)
