"""What a layer of the Atlas is, and the list of layers a release consists of."""

from dataclasses import asdict, dataclass, replace

import msgspec

from kulan.errors import TamperedFileError
from kulan.provenance import Recipe, canonical_json, hash_bytes

FORMAT = "kulan-atlas/1"
POTENTIAL = "potential habitat, not observed range"

MEDIA_TYPES = {
    "tif": "image/tiff; application=geotiff",
    "fgb": "application/flatgeobuf",
    "csv": "text/csv",
}


@dataclass(frozen=True)
class LayerSource:
    """Something a layer was made from, and its terms.

    Attributes
    ----------
    title
        What it is.
    origin
        Who made it, edition, date, identifier.
    package
        Package of a registry it was taken from, with version; empty for Kulan's own tables.
    package_sha256
        Hash of that package's file; empty for Kulan's own tables.
    licence
        Terms of the data.
    attribution
        Words to print wherever the data are shown.
    date
        Year or day the data stand for.
    notes
        What was changed, and what the data cannot tell.
    """

    title: str
    origin: str
    package: str
    package_sha256: str
    licence: str
    attribution: str
    date: str
    notes: str


@dataclass(frozen=True)
class Layer:
    """One layer: what it shows, from where, how made, and the hash of its file.

    Attributes
    ----------
    layer_id
        Short name; it never changes.
    title
        In words.
    theme
        habitat, terrain, borders, water, settlements, barriers or areas.
    kind
        raster, vector or table.
    extension
        tif (GeoTIFF), fgb (FlatGeobuf) or csv.
    recipe
        How it was made.
    sources
        What it was made from.
    licence
        Terms of the layer, as an SPDX expression or in words.
    label
        Words that must stand beside the layer wherever it is shown; may be empty.
    note
        What it cannot tell.
    resolution_m
        Size of what can be told apart, metres; 0 for tables that have none.
    species_id
        Species it is about; empty for all others.
    crs
        Always EPSG:4326 for rasters and vectors; empty for tables.
    valid_from, valid_to
        Time it stands for, ISO 8601 at the precision known; empty where open.
    confidence
        high, medium, low or unverified.
    sensitivity
        Who may see it; everything in the starter Atlas is public.
    sha256, size_bytes
        Of its file.
    """

    layer_id: str
    title: str
    theme: str
    kind: str
    extension: str
    recipe: Recipe
    sources: tuple[LayerSource, ...]
    licence: str
    label: str = ""
    note: str = ""
    resolution_m: int = 0
    species_id: str = ""
    crs: str = ""
    valid_from: str = ""
    valid_to: str = ""
    confidence: str = "medium"
    sensitivity: str = "public"
    sha256: str = ""
    size_bytes: int = 0

    @property
    def media_type(self) -> str:
        """Media type of the file."""
        return MEDIA_TYPES[self.extension]

    @property
    def attribution(self) -> str:
        """Words of all sources to print wherever the layer is shown."""
        return "; ".join(dict.fromkeys(source.attribution for source in self.sources))

    def with_file(self, sha256: str, size_bytes: int) -> "Layer":
        """Return the layer with the hash and size of its file."""
        return replace(self, sha256=sha256, size_bytes=size_bytes)


@dataclass(frozen=True)
class Manifest:
    """All layers of a release, ordered by name; no time of day: same inputs, same bytes."""

    format: str
    title: str
    kulan_version: str
    region: tuple[float, float, float, float]
    layers: tuple[Layer, ...]

    def to_bytes(self) -> bytes:
        """Return the manifest as canonical JSON."""
        return canonical_json(asdict(self)) + b"\n"

    @classmethod
    def from_bytes(cls, content: bytes) -> "Manifest":
        """Read a manifest.

        Raises
        ------
        TamperedFileError
            If it is not one.
        """
        try:
            return msgspec.json.decode(content, type=cls)
        except (msgspec.DecodeError, msgspec.ValidationError) as error:
            raise TamperedFileError(
                f"The list of layers cannot be read ({error}). "
                "Build the Atlas again: kulan atlas build"
            ) from error

    @property
    def release_id(self) -> str:
        """Name of the release: the beginning of the hash of its manifest."""
        return f"starter-{hash_bytes(self.to_bytes())[:12]}"
