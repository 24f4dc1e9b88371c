"""What the REST service takes and gives."""

from datetime import date, datetime
from typing import Annotated, Any, Generic, Literal, TypeVar

from ninja import Schema
from pydantic import ConfigDict, Field

One = TypeVar("One")
Limit = Annotated[int, Field(ge=1, le=1_000, description="Entries on one page.")]
Identifier = Annotated[str, Field(max_length=200)]


class Asked(Schema):
    """Parameters; those that are not known are refused."""

    model_config = ConfigDict(extra="forbid")


class PageAsked(Asked):
    """Which page of a list."""

    limit: Limit = 100
    after: Identifier = Field("", description="Follow the address `next` instead.")


class LayersAsked(PageAsked):
    """Which layers."""

    theme: Identifier = ""
    kind: Literal["", "vector", "raster", "table"] = ""
    species_id: Identifier = ""


class FeaturesAsked(PageAsked):
    """Which features: as OGC API Features has it; see /ogc for more."""

    bbox: Annotated[str, Field(max_length=200)] = Field("", description="west,south,east,north")
    datetime: Annotated[str, Field(max_length=80)] = ""
    filter: Annotated[str, Field(max_length=8_000)] = Field("", description="CQL2 text.")


class Refusal(Schema):
    """Why not."""

    code: str
    description: str


class Page(Schema, Generic[One]):
    """A part of a list, and where the next part is."""

    items: list[One]
    next: str | None = None


class CountedPage(Page[One], Generic[One]):
    """A part of a list, with how many entries there are in all."""

    count: int


class Layer(Schema):
    """A version of a layer as its reader sees it."""

    id: str
    version: int
    identifier: str
    state: str
    title: str
    abstract: str
    theme: str
    kind: str
    species: list[str]
    states: list[str]
    months: list[int]
    method: str
    confidence: str
    source: str
    licence: str
    attribution: str
    citation: str
    valid_from: str
    valid_to: str
    released_at: datetime | None
    bounds: list[float] | None
    feature_count: int | None
    precision: str
    collection: str | None


class Feature(Schema):
    """A feature as GeoJSON."""

    type: Literal["Feature"]
    id: str
    geometry: dict[str, Any]
    properties: dict[str, Any]


class Happened(Schema):
    """One line of the history of a layer."""

    at: datetime
    kind: str
    by: str
    subject: str
    details: dict[str, Any]


class Species(Schema):
    """A species of the programme."""

    id: str
    scientific_name: str
    name: str


class RangeState(Schema):
    """A state of the programme."""

    iso3: str
    name: str


class Token(Schema):
    """The token by which one came."""

    name: str
    scopes: list[str]
    expires_on: date


class Me(Schema):
    """Who one is to the Atlas."""

    name: str
    organisation: str | None
    roles: list[str]
    states: list[str]
    species: list[str]
    token: Token | None


REFUSALS = frozenset({400, 401, 403, 404, 422, 429})
OF_CHANGES = frozenset({409, 413})


def gives(shape: Any, status: int = 200, *, changes: bool = False) -> dict[Any, Any]:
    """Return the answers an operation may give: its own, and the refusals."""
    return {status: shape, REFUSALS | OF_CHANGES if changes else REFUSALS: Refusal}
