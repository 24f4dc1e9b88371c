"""The sheet a picture is drawn on: title, body, source line, and the bytes of its file."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib as mpl
import matplotlib.style
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from kulan.errors import InvalidFileError
from kulan.outputs import write_whole
from kulan.report.connectivity.lettering import PALE_INK, line_height_in, wrapped, write

MARGIN_IN = 0.3
SUFFIXES = (".png", ".svg", ".pdf")
_TITLE_PT, _SUBTITLE_PT, _SOURCE_PT = 13.5, 9.5, 7.0
_LONGEST_SIDE_PX = 20_000
# dates, version numbers and random names would make the same picture another file
_NOT_SAID: dict[str, dict[str, Any]] = {
    ".png": {"Software": None},
    ".svg": {"Date": None, "Creator": None},
    ".pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}


@dataclass(frozen=True)
class Caption:
    """The words of the picture's own, in the reader's language.

    Attributes
    ----------
    title
        What is seen.
    subtitle
        For whom, when, under which assumption; may be empty.
    source
        Where data and method come from, for the line at the foot: layers, recipe, version.
    """

    title: str
    subtitle: str = ""
    source: str = ""


@dataclass(frozen=True)
class Picture:
    """A finished drawing.

    Attributes
    ----------
    figure
        The drawing; `encode` gives the bytes of its file.
    """

    figure: Figure

    def encode(self, suffix: str = ".png", *, dpi: int = 160) -> bytes:
        """Return the bytes of the file: the same drawing gives the same bytes.

        Parameters
        ----------
        suffix
            One of `SUFFIXES`. Letters of an SVG are outlines, those of a PDF its own fonts.
        dpi
            Pixels per inch of a PNG, and of rasters inside SVG and PDF.

        Raises
        ------
        InvalidFileError
            If the suffix is none of these, or the picture would be more than 20,000 pixels wide
            or high.
        """
        suffix = suffix.lower()
        if suffix not in SUFFIXES:
            raise InvalidFileError(
                f"picture: a file of {suffix or 'no kind'} was asked for; "
                f"choose {', '.join(SUFFIXES)}."
            )
        longest = max(self.figure.get_size_inches()) * dpi
        if not 0 < longest <= _LONGEST_SIDE_PX:
            raise InvalidFileError(
                f"picture: {dpi} pixels per inch give {longest:.0f} pixels on the longer side; "
                f"between 1 and {_LONGEST_SIDE_PX} can be drawn. 100 to 300 per inch are usual."
            )
        buffer = io.BytesIO()
        with drawing():
            self.figure.savefig(
                buffer, format=suffix[1:], dpi=dpi, metadata=_NOT_SAID[suffix], facecolor="white"
            )
        return buffer.getvalue()


def write_picture(path: Path, picture: Picture, *, dpi: int = 160) -> None:
    """Write a picture, whole or not at all, as PNG, SVG or PDF by the suffix of its name.

    Parameters
    ----------
    path
        File to write; it is replaced when it exists.
    picture
        What to write.
    dpi
        Pixels per inch.

    Raises
    ------
    InvalidFileError
        If the suffix is none of these.
    """
    write_whole(path, picture.encode(path.suffix, dpi=dpi))


@contextmanager
def drawing() -> Iterator[None]:
    """Draw by Kulan's settings, whatever the user's own of matplotlib are."""
    own: dict[Any, Any] = {
        "svg.hashsalt": "kulan",
        "pdf.fonttype": 42,
        "text.parse_math": False,
        "hatch.linewidth": 0.5,
    }
    with matplotlib.style.context("default"), mpl.rc_context(own):
        yield


@dataclass(frozen=True)
class Sheet:
    """A figure, and axes over all of it whose data are inches from its lower left corner.

    Attributes
    ----------
    figure
        The figure.
    paper
        Axes in inches, for everything around the body.
    width, height
        Of the sheet, inches.
    top, bottom
        Between which heights the body lies, inches.
    """

    figure: Figure
    paper: Axes
    width: float
    height: float
    top: float
    bottom: float

    def body(self, left: float, bottom: float, width: float, height: float) -> Axes:
        """Return axes for part of the body, its box given in inches."""
        box = (left / self.width, bottom / self.height, width / self.width, height / self.height)
        return self.figure.add_axes(box)


def lay_sheet(caption: Caption, notes: list[str], width: float, body: float) -> Sheet:
    """Lay a sheet with the title above a body of `body` inches and the source beneath.

    Parameters
    ----------
    caption
        Its words.
    notes
        Sentences about how the picture was drawn, beneath the source.
    width
        Of the sheet, inches.
    body
        Height of the body, inches.
    """
    inside = width - 2 * MARGIN_IN
    title = wrapped(caption.title, inside, _TITLE_PT, bold=True)
    subtitle = wrapped(caption.subtitle, inside, _SUBTITLE_PT)
    foot = [line for note in (caption.source, *notes) for line in wrapped(note, inside, _SOURCE_PT)]
    above = MARGIN_IN + _high(title, _TITLE_PT) + _high(subtitle, _SUBTITLE_PT) + 0.12
    below = MARGIN_IN + _high(foot, _SOURCE_PT) + (0.1 if foot else 0.0)
    height = above + body + below
    figure = Figure(figsize=(width, height))
    FigureCanvasAgg(figure)
    paper = figure.add_axes((0, 0, 1, 1), label="paper")
    paper.set_axis_off()
    paper.set_xlim(0, width)
    paper.set_ylim(0, height)
    y = height - MARGIN_IN
    for line in title:
        write(paper, MARGIN_IN, y, line, size=_TITLE_PT, bold=True, va="top")
        y -= line_height_in(_TITLE_PT)
    for line in subtitle:
        write(paper, MARGIN_IN, y, line, size=_SUBTITLE_PT, va="top", color=PALE_INK)
        y -= line_height_in(_SUBTITLE_PT)
    y = below - 0.1
    for line in foot:
        write(paper, MARGIN_IN, y, line, size=_SOURCE_PT, va="top", color=PALE_INK)
        y -= line_height_in(_SOURCE_PT)
    return Sheet(figure, paper, width, height, height - above, below)


def _high(lines: list[str], size: float) -> float:
    return len(lines) * line_height_in(size)
