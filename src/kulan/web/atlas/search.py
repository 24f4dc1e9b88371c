"""Search of the map: species, states, towns, layers and named features, however they are spelt."""

from typing import Any

from kulan.atlas.names import Gazetteer, NameEntry
from kulan.programme.species import species_name, species_names
from kulan.programme.states import range_states
from kulan.web.atlas.listing import map_versions, title_of
from kulan.web.catalogue.models import LayerVersion, Rendition
from kulan.web.catalogue.sights import note_sight
from kulan.web.catalogue.themes import Kind, Theme
from kulan.web.kept import Kept
from kulan.web.policy import Viewer, fingerprint, renditions
from kulan.words import LANGUAGES, Words, words_in

_gazetteers: Kept[tuple[str, ...], Gazetteer] = Kept(16)
_WEIGHTS = {"species": 4.0, "state": 3.0, "place": 2.0, "layer": 2.5, "feature": 1.0}


def search(viewer: Viewer, words: Words, text: str, *, limit: int = 10) -> list[dict[str, Any]]:
    """Return what a reader may mean by a text, the nearest first."""
    versions = map_versions(viewer)
    hits = gazetteer(viewer, versions).search(text, limit=limit)
    by_layer = {version.layer.layer_id: version for version in versions}
    return [_described(hit.entry, by_layer, viewer, words) for hit in hits]


def gazetteer(viewer: Viewer, versions: list[LayerVersion]) -> Gazetteer:
    """Return the names this viewer may find; those who see the same share one."""
    key = tuple(fingerprint(viewer, version) for version in versions)
    return _gazetteers.of(key, lambda: Gazetteer(tuple(_entries(viewer, versions))))


def _entries(viewer: Viewer, versions: list[LayerVersion]) -> list[NameEntry]:
    entries = [
        NameEntry(row["name"], row["language"], "species", row["species_id"], _WEIGHTS["species"])
        for row in species_names().to_dict("records")
    ]
    for row in range_states().to_dict("records"):
        entries += [
            NameEntry(row[f"name_{code}"], code, "state", row["iso3"], _WEIGHTS["state"])
            for code in LANGUAGES
        ]
    for version in versions:
        layer_id = version.layer.layer_id
        titles = {title_of(version, words_in(code)): code for code in LANGUAGES}
        entries += [
            NameEntry(title, code, "layer", layer_id, _WEIGHTS["layer"])
            for title, code in titles.items()
        ]
        if version.kind == Kind.VECTOR:
            entries += _feature_entries(viewer, version)
    return entries


def _feature_entries(viewer: Viewer, version: LayerVersion) -> list[NameEntry]:
    kind = "place" if version.layer.layer_id == "places" else "feature"
    rows = renditions(viewer, version).exclude(name="").values_list("uid", "name", "properties")
    entries = []
    for uid, name, properties in rows.iterator(chunk_size=2000):
        identity = f"{version.layer.layer_id}/{uid}"
        names = {name} | {properties.get(f"name_{code}") or name for code in LANGUAGES}
        entries += [NameEntry(one, "", kind, identity, _WEIGHTS[kind]) for one in sorted(names)]
    return entries


def _described(
    entry: NameEntry, versions: dict[str, LayerVersion], viewer: Viewer, words: Words
) -> dict[str, Any]:
    hit: dict[str, Any] = {
        "kind": entry.kind, "id": entry.id, "name": entry.name, "also": "", "detail": "",
        "point": None, "bounds": None, "layers": [],
    }  # fmt: skip
    if entry.kind == "species":
        hit["name"], hit["also"] = species_name(entry.id, words.language), entry.name
        hit["detail"] = words.say("Species")
        hit["layers"] = [id_ for id_, one in versions.items() if entry.id in one.species]
    elif entry.kind == "layer":
        hit["name"], hit["also"] = title_of(versions[entry.id], words), entry.name
        hit["detail"] = words.say("Layer")
        hit["layers"], hit["bounds"] = [entry.id], versions[entry.id].bounds or None
    elif entry.kind == "state":
        hit["detail"] = words.say("State")
        hit["bounds"] = _state_bounds(versions, viewer, entry.id)
    else:
        _describe_feature(hit, versions, viewer, words)
    return hit


def _describe_feature(
    hit: dict[str, Any], versions: dict[str, LayerVersion], viewer: Viewer, words: Words
) -> None:
    layer_id, uid = hit["id"].split("/", 1)
    note_sight(viewer, versions[layer_id], "map")
    row = renditions(viewer, versions[layer_id]).filter(uid=uid).first()
    if row is None:
        return
    hit["detail"] = title_of(versions[layer_id], words)
    hit["bounds"] = [row.west, row.south, row.east, row.north]
    hit["point"] = [(row.west + row.east) / 2, (row.south + row.north) / 2]
    if versions[layer_id].layer.theme != Theme.BASE:
        hit["layers"] = [layer_id]


def _state_bounds(
    versions: dict[str, LayerVersion], viewer: Viewer, iso3: str
) -> list[float] | None:
    states = versions.get("states")
    if states is None:
        return None
    found: list[Rendition] = list(renditions(viewer, states).filter(iso3=iso3))
    if not found:
        return None
    return [
        min(row.west for row in found), min(row.south for row in found),
        max(row.east for row in found), max(row.north for row in found),
    ]  # fmt: skip
