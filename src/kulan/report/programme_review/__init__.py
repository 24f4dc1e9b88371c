"""The review of a reporting cycle: one document from the reports of states and organisations."""

from kulan import __version__
from kulan.programme.reporting import Computed
from kulan.report.compose import labels
from kulan.report.document import Document
from kulan.report.docx import set_docx
from kulan.report.html import set_fragment
from kulan.report.pdf import set_pdf
from kulan.report.programme_review import chapters, overview
from kulan.report.programme_review.facts import ReviewFacts
from kulan.report.reader import Reader
from kulan.words import Words

__all__ = [
    "Computed",
    "ReviewFacts",
    "programme_review",
    "review_docx",
    "review_html",
    "review_pdf",
]


def programme_review(facts: ReviewFacts, words: Words) -> Document:
    """Compose the review of a cycle, in no format yet.

    Parameters
    ----------
    facts
        The reports, as far as the reader may see them, and what was computed.
    words
        The language.
    """
    reader = Reader(words)
    sections = [
        overview.overview(facts, reader),
        overview.by_section(facts, reader),
        overview.differences(facts, reader),
        overview.overdue(facts, reader),
        chapters.states(facts, reader),
        chapters.species(facts, reader),
        chapters.projects(facts, reader),
        chapters.annex(facts, reader),
    ]
    return Document(
        language=words.language,
        title=facts.title.tell(words.language),
        subtitle=reader.say(
            "Review of the reporting cycle, as of {day}", day=reader.day(facts.on.isoformat())
        ),
        made=reader.say("Made by Kulan {version}.", version=__version__),
        on=facts.on.isoformat(),
        sections=tuple(one for one in sections if one is not None),
        recipe_numbers={},
        alternatives=(),
        species=(),
        labels={**labels(reader), "tofu": _without_characters(reader)},
    )


def _without_characters(reader: Reader) -> str:
    """Return what a PDF says of characters that its fonts lack, with places for them."""
    return reader.say(
        "The fonts of this PDF lack some characters, shown as {mark}: {characters}. The same "
        "review as a Word file has them.",
        mark="{mark}",
        characters="{characters}",
    )


def review_pdf(facts: ReviewFacts, words: Words) -> bytes:
    """Return the review as a tagged PDF (PDF/UA-1); the same for the same facts."""
    return set_pdf(programme_review(facts, words))


def review_docx(facts: ReviewFacts, words: Words) -> bytes:
    """Return the review as a Word document; the same for the same facts."""
    return set_docx(programme_review(facts, words))


def review_html(facts: ReviewFacts, words: Words) -> str:
    """Return the review as an HTML fragment, to stand inside a page; every text is escaped."""
    return set_fragment(programme_review(facts, words))
