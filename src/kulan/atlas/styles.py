"""How each theme of the Atlas is drawn: one table, read by the printed sheet and by the web map.

Colours follow Okabe and Ito (2008), darkened for pale ground and lightened for dark; what differs
in kind differs also in width, mark or shape, and what is not there yet is dashed, so that no
difference rests on hue alone.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from kulan.atlas.tables import STYLES
from kulan.errors import UnknownNameError
from kulan.schemas import read_table
from kulan.words import Words


@dataclass(frozen=True)
class Style:
    """How one kind of thing is drawn; see `kulan.atlas.tables.STYLES` for each column.

    Attributes
    ----------
    theme, kind, value
        What it is for.
    shape
        fill, line or point.
    fill, stroke
        Colours on pale ground, ``#rrggbb``; empty where nothing is drawn.
    fill_dark, stroke_dark
        The same on dark ground.
    width_px
        Of the line or outline, or across the mark.
    dash_px
        Dash and gap by turns, pixels; empty for a solid line. MapLibre counts dashes in widths of
        the line: divide by `width_px`.
    marker
        Mark, or hatch; empty where there is none.
    opacity
        Of the line or mark, or of an area's inside.
    words, detail
        English words of the legend; see `legend_words`.
    """

    theme: str
    kind: str
    value: str
    shape: str
    fill: str
    stroke: str
    fill_dark: str
    stroke_dark: str
    width_px: float
    dash_px: tuple[float, ...]
    marker: str
    opacity: float
    words: str
    detail: str

    def legend_words(self, words: Words) -> str:
        """Return what the legend calls it, in the reader's language.

        Examples
        --------
        >>> from kulan.words import words_in
        >>> style_of("barriers", "railway", "planned").legend_words(words_in("en"))
        'railway: planned'
        """
        name = words.say(self.words)
        if not self.detail:
            return name
        return words.say("{thing}: {detail}", thing=name, detail=words.say(self.detail))


@cache
def styles() -> tuple[Style, ...]:
    """Return every style, in the order legends list them."""
    table = read_table(files("kulan.atlas") / "data" / "styles.csv", STYLES)
    found = []
    for row in table.drop(columns="source").to_dict("records"):
        # a cell left empty is no text
        cells: dict[str, Any] = {str(name): cell or "" for name, cell in row.items()}
        cells["dash_px"] = tuple(float(length) for length in cells["dash_px"].split())
        found.append(Style(**cells | {"width_px": row["width_px"]}))
    return tuple(found)


def style_of(theme: str, kind: str, value: str = "") -> Style:
    """Return the style of a kind of thing.

    Where the table has no style for `value`, that of the kind without a value serves.

    Parameters
    ----------
    theme
        As a layer's `theme` or the table names it.
    kind
        As the data name it.
    value
        A cell's value, a status, a share.

    Raises
    ------
    UnknownNameError
        If the table has no such kind in the theme.

    Examples
    --------
    >>> style_of("barriers", "road", "planned").dash_px
    (4.0, 4.0)
    >>> style_of("borders", "states").dash_px
    ()
    """
    found = _by_name().get((theme, kind, value)) or _by_name().get((theme, kind, ""))
    if found is None:
        kinds = ", ".join(dict.fromkeys(one.kind for one in styles() if one.theme == theme))
        raise UnknownNameError(
            f"styles: nothing says how {theme} / {kind} {value!r} is drawn; "
            + (f"the kinds of {theme} are {kinds}." if kinds else f"no theme is called {theme!r}.")
        )
    return found


@cache
def _by_name() -> dict[tuple[str, str, str], Style]:
    return {(one.theme, one.kind, one.value): one for one in styles()}
