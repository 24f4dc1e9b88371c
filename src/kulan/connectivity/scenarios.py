"""The same analysis of several landscapes: scenarios, seasons, members of an ensemble."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from kulan.connectivity.workers import UNSOLVED, Progress, Report, answers, reason_of

Answer = TypeVar("Answer")
Landscape = TypeVar("Landscape")


@dataclass(frozen=True)
class LeftOut:
    """A landscape of several that could not be analysed.

    Attributes
    ----------
    number
        Which one, counted from 0.
    reason
        Why.
    """

    number: int
    reason: str


@dataclass
class EachLandscape(Generic[Landscape, Answer]):
    """The same analysis of several landscapes: scenarios, seasons or members of an ensemble.

    Iterate over it for the answers in the order of the landscapes. One that no solver can solve,
    or for which memory does not suffice, is left out, and the others go on.

    Attributes
    ----------
    analyse
        A function of one landscape; of a module, if processes or a cluster are to call it.
    landscapes
        Anything the function takes; made on the way, if they come from a generator.
    executor
        Where landscapes are analysed side by side; None for here, one after the other. The
        answers are the same.
    report
        Called with the number of landscapes done and that of all, 0 where that is not known.
    left_out
        What could not be analysed, and why.

    Examples
    --------
    >>> each = EachLandscape(sum, [(1, 2), (3, 4)])
    >>> list(each), each.left_out
    ([3, 7], [])
    """

    analyse: Callable[[Landscape], Answer]
    landscapes: Iterable[Landscape]
    executor: Executor | None = None
    report: Report | None = None
    left_out: list[LeftOut] = field(default_factory=list)

    def __iter__(self) -> Iterator[Answer]:
        size = getattr(self.landscapes, "__len__", None)
        progress = Progress(self.report, size() if size is not None else 0)
        given = ((self.analyse, landscape) for landscape in self.landscapes)
        self.left_out.clear()
        with closing(answers(_analysed, given, self.executor)) as found:
            for number, (answer, problem) in enumerate(found):
                progress.step()
                if problem:
                    self.left_out.append(LeftOut(number, problem))
                else:
                    yield answer


def _analysed(analyse: Callable[[Any], Any], landscape: Any) -> tuple[Any, str]:
    try:
        return analyse(landscape), ""
    except UNSOLVED as problem:
        return None, reason_of(problem)
