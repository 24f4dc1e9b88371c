"""How the pictures of an answer are drawn: in whose language, over which borders."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd

from kulan.assessment.connectivity.folders import Answer
from kulan.assessment.source_lines import shortened, source_line
from kulan.atlas import Release
from kulan.errors import UnknownNameError
from kulan.programme import species_name
from kulan.report.connectivity.overlays import Overlays
from kulan.report.connectivity.sheets import Caption
from kulan.report.reader import Reader
from kulan.words import Words, words_in

_STATES, _DISPUTED = "states", "disputed_boundaries"
_MOST_BARRIERS = 3


@dataclass(frozen=True)
class PictureSetting:
    """For whom pictures are drawn, and over which borders.

    Attributes
    ----------
    words
        The reader's language.
    states, disputed
        Borders, as `kulan.report.connectivity.overlays.Overlays` takes them; None for none.
    borders_from
        Where the borders come from.
    """

    words: Words = field(default_factory=lambda: words_in("en"))
    states: gpd.GeoDataFrame | None = None
    disputed: gpd.GeoDataFrame | None = None
    borders_from: str = ""

    @property
    def reader(self) -> Reader:
        """For sentences."""
        return Reader(self.words)

    def over(self, **tables: gpd.GeoDataFrame | None) -> Overlays:
        """Lay tables over a map, with the borders."""
        return Overlays(states=self.states, disputed=self.disputed, **tables)

    def caption(
        self, title: str, answer: Answer, told: str = "", *, is_map: bool = True
    ) -> Caption:
        """Write what stands around a picture.

        Parameters
        ----------
        title, told
            What is seen, in the reader's language; the species goes before what is `told`.
        answer
            What is drawn.
        is_map
            Whether borders are drawn, whose source is then told.
        """
        reader = self.reader
        source = source_line(answer.recipe, reader)
        if is_map and self.borders_from:
            source += " " + reader.say("State borders: {source}.", source=self.borders_from)
        whose = _whose(answer.parameters, reader)
        return Caption(title, reader.joined([whose, told]), source)

    def shortened(self, names: Sequence[str], *, most: int = _MOST_BARRIERS) -> str:
        """List names, each once; of more than `most` those beyond are counted.

        Examples
        --------
        >>> PictureSetting().shortened(["Road", "Fence", "Road", "Canal", "Pipe"])
        'Road, Fence, Canal and 1 more'
        """
        return shortened(names, self.reader, most=most)


def picture_setting(language: str = "en", release: Release | None = None) -> PictureSetting:
    """Return how pictures are drawn in a language.

    Parameters
    ----------
    language
        One of `kulan.words.LANGUAGES`.
    release
        The Atlas whose borders are drawn; None, or one without borders, for none.

    Raises
    ------
    UnknownNameError
        If the language is not one of them.
    """
    words = words_in(language)
    held = set() if release is None else {layer.layer_id for layer in release.layers}
    if release is None or _STATES not in held:
        return PictureSetting(words)
    origins = "; ".join(one.origin for one in release.layer(_STATES).sources)
    disputed = release.read_vector(_DISPUTED) if _DISPUTED in held else None
    return PictureSetting(words, release.read_vector(_STATES), disputed, origins)


def _whose(parameters: Mapping[str, Any], reader: Reader) -> str:
    """Name the species, and the season where it is not the whole year."""
    species_id, season = parameters.get("species_id"), parameters.get("season")
    if not species_id:
        return ""
    try:
        name = species_name(str(species_id), reader.words.language)
    except UnknownNameError:
        name = str(species_id)
    if season in (None, "", "all"):
        return name
    known = {
        "summer": reader.say("{species}, summer", species=name),
        "winter": reader.say("{species}, winter", species=name),
    }
    return known.get(str(season), f"{name}, {season}")
