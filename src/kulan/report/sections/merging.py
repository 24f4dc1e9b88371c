"""Say once what several alternatives share: the same finding, and for which alternatives."""

from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar

from kulan.report.reader import Reader
from kulan.screening.findings import AlternativeFindings, Screening

Found = TypeVar("Found")


def merged(
    screening: Screening,
    findings: Callable[[AlternativeFindings], Iterable[Found]],
    key: Callable[[Found], Hashable],
) -> list[tuple[Found, list[int]]]:
    """Return each different finding once, with the numbers of the alternatives that have it.

    Parameters
    ----------
    findings
        What to take from each alternative.
    key
        Two findings with equal keys are the same; the first is kept.
    """
    kept: dict[Hashable, tuple[Found, list[int]]] = {}
    for number, alternative in enumerate(screening.alternatives, start=1):
        for one in findings(alternative):
            _, numbers = kept.setdefault(key(one), (one, []))
            if number not in numbers:
                numbers.append(number)
    return list(kept.values())


def which(numbers: list[int], screening: Screening, reader: Reader) -> str:
    """Say which alternatives are meant: all, or their numbers."""
    if len(numbers) == len(screening.alternatives):
        return reader.say("all")
    return ", ".join(str(number) for number in numbers)


def are_several(screening: Screening) -> bool:
    """Whether there is anything to tell apart."""
    return len(screening.alternatives) > 1
