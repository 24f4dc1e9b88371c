"""The newsletter as it is read: a letter as HTML and plain text, and a printable PDF."""

from kulan.report.newsletter.letter import (
    Letter,
    LetterItem,
    LetterSection,
    about_item,
    compose_letter,
)
from kulan.report.newsletter.setting import letter_html, letter_pdf, letter_text

__all__ = [
    "Letter",
    "LetterItem",
    "LetterSection",
    "about_item",
    "compose_letter",
    "letter_html",
    "letter_pdf",
    "letter_text",
]
