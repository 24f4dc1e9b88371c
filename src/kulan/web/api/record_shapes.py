"""What the REST service takes and gives of population records and screenings."""

import uuid
from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import ConfigDict, Field

from kulan.web.api.shapes import Asked, Limit

Uid = Annotated[uuid.UUID | None, Field(description="Follow the address `next` instead.")]
SpeciesId = Annotated[str, Field(max_length=60, pattern=r"^[a-z0-9_]*$")]
Iso3 = Annotated[str, Field(pattern=r"^([A-Z]{3})?$", description="ISO 3166-1 alpha-3.")]
Language = Literal["en", "ru", "fr"]
Figure = Annotated[float | None, Field(ge=0, le=1e12, allow_inf_nan=False)]
Text = Annotated[str, Field(max_length=2_000)]


class PopulationsAsked(Asked):
    """Which population records."""

    limit: Limit = 100
    after: Uid = None
    species_id: SpeciesId = ""
    iso3: Iso3 = ""


class Figures(Schema):
    """Content of a population record, as in `kulan tables populations`."""

    population: Text = ""
    estimate: Figure = None
    low: Figure = None
    high: Figure = None
    interval_kind: str = "none"
    quantity: str
    method: str
    survey_from: Annotated[str, Field(description="2024, 2024-05 or 2024-05-17.")]
    survey_to: str
    season: str = "unknown"
    area_covered_km2: Figure = None
    reference: Text
    doi: str = ""
    data_source: str
    quality: str
    notes: Text = ""
    readers: str = "public"
    embargo_until: date | None = None


class Population(Figures):
    """A version of a population record."""

    uid: uuid.UUID
    record: uuid.UUID
    state: str
    change: str
    species_id: str
    iso3: str
    proposed_at: datetime
    decided_at: datetime | None


class Proposed(Figures):
    """A change of a record in force: all of its content as it is to be, and why."""

    model_config = ConfigDict(extra="forbid")
    reason: Annotated[str, Field(min_length=1, max_length=2_000)]


class ProposedNew(Figures):
    """A new record."""

    model_config = ConfigDict(extra="forbid")
    species_id: SpeciesId
    iso3: Iso3
    reason: Text = ""


class ScreeningAsked(Schema):
    """What is asked of a plan, beside its files."""

    title: Annotated[str, Field(max_length=200)] = ""
    barrier_type: str = Field("", description="What is planned, where the file does not say.")
    status: str = ""
    fenced: Literal["", "yes", "no"] = ""
    fence_type: str = ""
    fence_height_m: float | None = None
    traffic_per_day: float | None = None
    gauge_mm: float | None = None
    right_of_way_m: float | None = None
    crs: str = Field("", description="Coordinate system, where a file declares none.")
    structures_crs: str = ""
    layer_name: str = Field("", description="Layer, where a file holds several.")
    swap_axes: bool = Field(False, description="Coordinates stand as latitude, longitude.")
    day: date | None = Field(None, description="Day whose facts are asked for; today.")
    within_km: float = Field(50.0, description="How far around to look, 1 to 500.")
    language: Language = "en"


class ScreeningsAsked(Asked):
    """Which of one's screenings."""

    limit: Limit = 100
    after: Uid = None


class MadeReport(Schema):
    """The report in one language: how far it is, and its files once it is made."""

    language: str
    state: Literal["queued", "running", "done", "failed", "cancelled"]
    progress: str
    made_at: datetime | None
    refusal: str
    files: dict[str, str]


class Screening(Schema):
    """A screening: of one's own, or one that its owner lets one read."""

    uid: uuid.UUID
    title: str
    state: Literal["ready", "under_way", "refused", "stopped"]
    own: bool
    asked_at: datetime
    expires_at: datetime | None
    day: date
    within_km: float
    release: str
    alternatives: list[dict[str, Any]]
    reports: list[MadeReport]
