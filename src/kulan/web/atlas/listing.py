"""The list of layers a map shows: for one reader, in one language."""

import gzip
import hashlib
import json
from dataclasses import dataclass
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.urls import reverse
from django.utils import translation

from kulan.places import REGION
from kulan.programme.species import species_name
from kulan.programme.states import state_name
from kulan.web.atlas.drawing import drawing_of, legend
from kulan.web.atlas.state_names import placed_names
from kulan.web.catalogue.models import LayerVersion
from kulan.web.catalogue.themes import Confidence, Kind, Theme
from kulan.web.kept import Kept
from kulan.web.policy import Viewer, fingerprint, released_versions, renditions
from kulan.words import Words

ON_THE_MAP = (Kind.VECTOR, Kind.RASTER)
_DEEPEST = 14


@dataclass(frozen=True)
class KeptListing:
    """A list of layers as it is sent.

    Attributes
    ----------
    body, gzipped
        JSON.
    etag
        Name of the content, the same for all who see the same.
    """

    body: bytes
    gzipped: bytes
    etag: str


_listings: Kept[tuple[Any, ...], KeptListing] = Kept(64)


def in_language(texts: dict[str, str], words: Words) -> str:
    """Return a text in the reader's language, in English, or in whatever there is."""
    return texts.get(words.language) or texts.get("en") or next(iter(texts.values()), "")


def map_versions(viewer: Viewer) -> list[LayerVersion]:
    """Return the released versions a map of this viewer shows, in the order of its list."""
    found = [one for one in released_versions(viewer) if one.kind in ON_THE_MAP]
    themes = list(Theme)
    drawn = [one for one in found if one.kind == Kind.VECTOR or _has_colours(one)]
    return sorted(
        drawn, key=lambda one: (themes.index(Theme(one.layer.theme)), one.layer.sort, one.pk)
    )


def _has_colours(version: LayerVersion) -> bool:
    """Whether a grid's values have colours: an elevation has none, and would show nothing."""
    return any(style.value.isdigit() for style in drawing_of(version).styles())


def listing(viewer: Viewer, words: Words) -> dict[str, Any]:
    """Return all layers by theme, as JSON for the map."""
    # titles of themes follow Django's language, and no request may have set it to that of the words
    with translation.override(words.language):
        return _listing(viewer, words)


def _listing(viewer: Viewer, words: Words) -> dict[str, Any]:
    entries: dict[str, list[dict[str, Any]]] = {theme: [] for theme in Theme}
    versions = map_versions(viewer)
    for version in versions:
        entries[version.layer.theme].append(entry(version, viewer, words))
    themes = [
        {"id": theme.value, "title": str(theme.label), "layers": entries[theme]}
        for theme in Theme
        if theme != Theme.BASE
    ]
    region = [REGION.west, REGION.south, REGION.east, REGION.north]
    names = placed_names(viewer, versions, words)
    return {"region": region, "themes": themes, "base": entries[Theme.BASE], "names": names}


def kept_listing(viewer: Viewer, words: Words) -> KeptListing:
    """Return the list of layers as it is sent; those who see the same in one language share it."""
    seen = [
        (fingerprint(viewer, one), one.layer.theme, one.layer.sort, one.layer.shown_at_first)
        for one in map_versions(viewer)
    ]
    return _listings.of((words.language, *seen), lambda: _as_sent(listing(viewer, words)))


def _as_sent(listed: dict[str, Any]) -> KeptListing:
    body = json.dumps(listed, ensure_ascii=False, cls=DjangoJSONEncoder).encode()
    etag = hashlib.blake2b(body, digest_size=12).hexdigest()
    return KeptListing(body, gzip.compress(body, compresslevel=9, mtime=0), f'"{etag}"')


def entry(version: LayerVersion, viewer: Viewer, words: Words) -> dict[str, Any]:
    """Return one layer as the map's list shows it."""
    layer = version.layer
    seen = fingerprint(viewer, version)
    ending = "mvt" if version.kind == Kind.VECTOR else "png"
    # the braces are for the map to fill
    tiles = f"/atlas/tiles/{layer.layer_id}/{seen}/{{z}}/{{x}}/{{y}}.{ending}"
    return {
        "id": layer.layer_id,
        "version": version.number,
        "title": title_of(version, words),
        "label": in_language(version.label, words) and words.say(in_language(version.label, words)),
        "note": words.say(version.note),
        "abstract": in_language(version.abstract, words),
        "kind": version.kind,
        "theme": layer.theme,
        "species": [
            {"id": one, "name": species_name(one, words.language)} for one in version.species
        ],
        "states": [
            {"iso3": one, "name": state_name(one, words.language)} for one in version.states
        ],
        "seasonal": bool(version.months),
        "shown": layer.shown_at_first,
        "opacity": 1,
        "bounds": version.bounds,
        "confidence": version.confidence,
        "confidence_words": str(Confidence(version.confidence).label),
        "source": version.source,
        "licence": version.licence,
        "attribution": version.attribution,
        "valid_from": version.valid_from,
        "valid_to": version.valid_to,
        "citation": version.citation,
        "page": reverse("layer", kwargs={"layer_id": layer.layer_id}),
        "tiles": tiles,
        "maxzoom": _DEEPEST if version.kind == Kind.VECTOR else 8,
        "precision_words": precision_words(version, viewer, words),
        "legend": legend(version, words, used_keys(version, viewer)),
    }


def title_of(version: LayerVersion, words: Words) -> str:
    """Return the title, with the species' name in the reader's language for seeded habitats."""
    own = version.title.get(words.language)
    if own:
        return own
    if version.layer.layer_id.startswith("habitat_") and len(version.species) == 1:
        name = species_name(version.species[0], words.language)
        return words.say("Potential habitat: {species}", species=name)
    return words.say(in_language(version.title, words))


def used_keys(version: LayerVersion, viewer: Viewer) -> set[tuple[str, str]]:
    """Return which styles the features that this viewer sees have; empty for grids."""
    drawing = drawing_of(version)
    if version.kind != Kind.VECTOR or drawing.fixed_kind:
        return set()
    columns = [name for name in (drawing.kind_column, drawing.value_column) if name]
    paths = [f"properties__{name}" for name in columns]
    values = renditions(viewer, version).values_list(*paths).distinct()
    return {drawing.keys(dict(zip(columns, row, strict=True))) for row in values}


def precision_words(version: LayerVersion, viewer: Viewer, words: Words) -> str:
    """Return what a reader must know of how finely places are shown to them; empty when exactly."""
    if version.kind != Kind.VECTOR:
        return ""
    levels = set(renditions(viewer, version).values_list("level", flat=True).distinct())
    coarse = sorted(level for level in levels if level > 0)
    if not coarse:
        return ""
    cells = {1: "0.001°", 2: "0.01°", 3: "0.1°", 4: "1°"}
    return words.say(
        "Places in this layer are shown to you as cells of {cells}, not where they are.",
        cells=words.listed([cells[level] for level in coarse]),
    )
