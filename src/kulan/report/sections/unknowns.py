"""What the screening cannot say."""

from kulan.report.document import Bullets, Paragraph, Section
from kulan.report.reader import Reader
from kulan.screening.findings import AlternativeFindings


def unknowns(found: AlternativeFindings, anchor: str, reader: Reader) -> Section:
    """Tell what is not known: missing data, old layers, grain too coarse for the question."""
    title = reader.say("What is not known")
    intro = reader.say(
        "A screening of published layers is a first look. It does not replace a survey in the "
        "field, and where it finds nothing there may still be animals."
    )
    items = tuple(dict.fromkeys(reader.unknowns(found.unknowns)))
    if not items:
        return Section(anchor, title, (Paragraph(intro),))
    return Section(anchor, title, (Paragraph(intro), Bullets(items)))
