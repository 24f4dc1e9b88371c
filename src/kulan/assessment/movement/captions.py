"""The words around a picture of movement: title, what is told, inputs and recipe."""

from collections.abc import Callable

from kulan.assessment.movement.folders import MovementAnswer
from kulan.assessment.source_lines import source_line
from kulan.report.connectivity.sheets import Caption
from kulan.report.reader import Reader
from kulan.words import words_in


def captioned(
    answer: MovementAnswer, language: str
) -> tuple[Reader, Callable[[str, str], Caption]]:
    """Return a reader of a language, and what makes a caption of a title and what is told.

    Parameters
    ----------
    answer
        What is drawn: its inputs and recipe stand at the foot.
    language
        One of `kulan.words.LANGUAGES`.

    Raises
    ------
    UnknownNameError
        If the language is not one of them.
    """
    reader = Reader(words_in(language))
    source = source_line(answer.recipe, reader)
    return reader, lambda title, told: Caption(title, told, source)
