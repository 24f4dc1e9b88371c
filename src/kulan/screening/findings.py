"""What a screening found, as plain values: this is findings.json, and all that a report may read.

Nothing here is in a reader's language: codes are words of closed lists, names of species and states
are looked up when the report is written. Every number is a `Figure` that names its recipe.
"""

from dataclasses import dataclass, field
from typing import Any, Literal

from kulan.provenance import Recipe

SCHEMA_VERSION = "1"

Relation = Literal["crossed", "within", "near"]
Outcome = Literal["met", "not_met", "cannot_be_said"]
Evidence = Literal["strong", "moderate", "weak", "expert", "none"]
Hierarchy = Literal["avoid", "minimise", "restore", "offset"]


@dataclass(frozen=True)
class Figure:
    """A number with its unit, its interval where there is one, and the recipe that made it.

    Attributes
    ----------
    value
        The number; None when it cannot be said, and then `reason` says why.
    unit
        ``km``, ``km2``, ``fraction``, ``km_per_100km2``, ``count``, ``m``.
    recipe
        Key into `Screening.recipes`.
    low, high
        Interval, where the data allow one: for cell layers what one cell's width does to it.
    reason
        Code of why there is no value, else empty.
    """

    value: float | None
    unit: str
    recipe: str
    low: float | None = None
    high: float | None = None
    reason: str = ""


@dataclass(frozen=True)
class LayerUsed:
    """A layer the screening looked at, so that a reader can judge its age and grain.

    Attributes
    ----------
    layer_id, title, kind
        ``habitat_saiga``; its title in English; ``potential_habitat``, ``range``, ``corridor``,
        ``key_areas``, ``barriers``, ``landscapes``, ``states`` or ``other``.
    species_id
        Species it speaks of, or empty.
    label
        What the reader must be told: "potential habitat, not observed range".
    source, licence, attribution
        Where it comes from and on what terms.
    date
        The date its content speaks of (ISO, maybe a year), or empty when unknown.
    resolution_m
        Grain or positional accuracy, m; None when unknown.
    sha256
        Hash of the file.
    given_by_user
        Whether the user brought it with ``--layer``.
    """

    layer_id: str
    title: str
    kind: str
    species_id: str
    label: str
    source: str
    licence: str
    attribution: str
    date: str
    resolution_m: float | None
    sha256: str
    given_by_user: bool


@dataclass(frozen=True)
class Structure:
    """A planned crossing structure the user declared on the alignment."""

    structure_id: str
    kind: str
    width_m: float | None
    height_m: float | None
    longitude: float
    latitude: float
    distance_from_alignment_m: float


@dataclass(frozen=True)
class Alternative:
    """One alternative as the user gave it, after reading.

    `shape` is ``line`` or ``area``; attributes the user did not give are None. `geometry` is a
    GeoJSON geometry in EPSG:4326.
    """

    alternative_id: str
    name: str
    barrier_type: str
    status: str
    shape: Literal["line", "area"]
    length: Figure
    area: Figure | None
    fenced: bool | None
    fence_type: str | None
    fence_height_m: float | None
    traffic_per_day: float | None
    gauge_mm: float | None
    right_of_way_m: float | None
    structures: tuple[Structure, ...]
    geometry: dict[str, Any]


@dataclass(frozen=True)
class StateCrossed:
    """A state the alternative lies in, and what it is party to on the day asked about.

    `length` has no value for an area (reason ``is_area``) and `area` none for a line. The part that
    lies in no state has an empty `iso3`.
    """

    iso3: str
    range_state: bool
    length: Figure
    memberships: tuple["Membership", ...]
    area: Figure | None = None


@dataclass(frozen=True)
class Membership:
    """Standing of a state towards one treaty or memorandum at a date."""

    instrument: str
    status: str
    since: str
    source: str
    confidence: str


@dataclass(frozen=True)
class TransboundarySegment:
    """A stretch within the given distance of a neighbouring state.

    `length` is that of the part in `iso3` that lies within `within_km` of the neighbour's land, and
    has no value for an area; `along` is the same within 2 km, which is the accuracy of the
    borders: there the state itself is uncertain; `distance` is how near the alternative comes, km.
    """

    iso3: str
    neighbour_iso3: str
    within_km: float
    length: Figure
    crosses_border: bool
    neighbour_memberships: tuple[Membership, ...]
    distance: Figure | None = None
    along: Figure | None = None


@dataclass(frozen=True)
class EffectDistance:
    """How far from such a barrier a species is expected to react, and on what evidence.

    As `kulan.screening.knowledge.EffectDistance` says; `basis` and `finding` are its
    `distance_basis` and `finding`.
    """

    distance_m: float | None
    measured: str
    evidence: str
    resolved_by: str
    source: str
    confidence: str
    basis: str = ""
    finding: str = ""


@dataclass(frozen=True)
class Exposure:
    """One species (or one unnamed user layer) in one state against one layer.

    Attributes
    ----------
    layer_id
        Key into `Screening.layers`.
    iso3
        State, or empty for the part outside every state.
    presence
        ``extant``, ``reintroduced``, ``uncertain``, ``extinct``, ``unlisted``.
    crossed
        Length through it, km (0 for an area; see `occupied`). For potential habitat only suitable
        cells count.
    crossed_marginal
        Length through marginal habitat, km, beside `crossed`; cell layers only.
    occupied
        Area the project itself takes, km²; polygons, and lines with a right of way.
    affected
        Area of the layer within the effect distance, km².
    affected_share
        `affected` as a share of the layer's area in this state.
    nearest
        Distance to it where it is not touched, km; only for states the alternative lies in.
    """

    layer_id: str
    species_id: str
    iso3: str
    presence: str
    crossed: Figure
    crossed_marginal: Figure | None
    occupied: Figure | None
    affected: Figure | None
    affected_share: Figure | None
    nearest: Figure | None


@dataclass(frozen=True)
class Severance:
    """What cutting along the line does to the connected habitat it touches.

    Attributes
    ----------
    habitat
        Area of the connected habitat the line touches, km².
    larger, smaller
        What stays with the largest piece after the cut, and all that is cut off from it, km²;
        `smaller` is 0 when one can walk round the ends. They add up to `habitat`, less the cells an
        area takes.
    larger_with_existing, smaller_with_existing
        The same for the habitat as the barriers already standing leave it: of the piece the line
        touches today, what stays and what the line cuts off.
    left, right
        Habitat on either hand within the effect distance, km², looking along the line as drawn.
    """

    layer_id: str
    species_id: str
    habitat: Figure
    larger: Figure
    smaller: Figure
    larger_with_existing: Figure
    smaller_with_existing: Figure
    left: Figure | None
    right: Figure | None


@dataclass(frozen=True)
class SpeciesFindings:
    """All that was found for one species.

    `iucn` is the category of the species as the programme names it, or the gravest on record where
    only wider or narrower taxa were assessed; `iucn_of_others` gives those of its subspecies, or of
    the species a subspecies belongs to, as "EN: Saiga tatarica mongolica".
    `concern` orders species for the reader: crossed habitat first; within that, species in danger
    (CR, EN), then seasonal migrants and nomads, then by category and length crossed; it is an
    order, not a score.
    """

    species_id: str
    concern: int
    iucn: str
    iucn_of_others: tuple[str, ...]
    cms_appendices: tuple[str, ...]
    cites_appendices: tuple[str, ...]
    cami_editions: tuple[str, ...]
    migratory_kind: str
    effect_distance: EffectDistance
    exposures: tuple[Exposure, ...]
    total_crossed: Figure
    total_affected: Figure | None
    total_affected_share: Figure | None
    severances: tuple[Severance, ...]


@dataclass(frozen=True)
class AreaFinding:
    """A key area, landscape or transboundary site crossed or within reach.

    `relation` is ``crossed``, ``within`` the effect distance of a species that is named for it (of
    any species where none is), or ``near``: within the distance asked about. `extent` says how its
    outline is known: ``polygon`` or ``circle`` (a point and an area only, so that crossing it is a
    maybe).
    """

    area_id: str
    name: str
    kind: str
    states: tuple[str, ...]
    species: tuple[str, ...]
    relation: Relation
    extent: Literal["polygon", "circle"]
    crossed: Figure
    distance: Figure
    source: str
    confidence: str


@dataclass(frozen=True)
class BarrierFinding:
    """A barrier that already stands, or is planned by others, within reach."""

    barrier_id: str
    name: str
    barrier_type: str
    status: str
    relation: Literal["crossing", "parallel", "near"]
    crossings: int
    parallel: Figure
    distance: Figure
    species: tuple[str, ...]
    precision_km: float | None
    source: str
    confidence: str
    fenced: str = "unknown"
    stands: bool = True


@dataclass(frozen=True)
class CumulativeFinding:
    """Barriers around the alternative before and after it, within `within_km` of it.

    Only barriers that stand on the day count. Fragments are the parts of at least 1 km² into which
    railways, roads, fences and canals cut the window.
    """

    within_km: float
    window: Figure
    barriers_before: Figure
    barriers_after: Figure
    density_before: Figure
    density_after: Figure
    fragments_before: Figure
    fragments_after: Figure
    largest_fragment_before: Figure
    largest_fragment_after: Figure


@dataclass(frozen=True)
class SeasonFinding:
    """Months that matter to a species the alternative touches."""

    species_id: str
    life_event: str
    months: tuple[int, ...]
    where: str
    source: str
    confidence: str
    sensitivity: str = ""


@dataclass(frozen=True)
class CriterionFinding:
    """One criterion of the lender's critical-habitat test for one species (or for the area).

    `reason` is one of `kulan.screening.codes.CRITERION_REASONS`; `figures` are what is known:
    length crossed, area affected and its share of the species' habitat. `threshold` and `needs` are
    English sentences of the table of criteria, to be translated; `needs` names the data that would
    answer it.
    """

    criterion: str
    species_id: str
    outcome: Outcome
    reason: str
    threshold: str
    figures: tuple[Figure, ...]
    data_used: tuple[str, ...]
    needs: str
    source: str


@dataclass(frozen=True)
class MitigationFinding:
    """A measure for the species the alternative touches, or the plain word that none is known.

    With `evidence` "none" and an empty `measure_id` no measure with evidence was found for this
    step of the hierarchy. `measure`, `evidence_summary` and `design` are English sentences of the
    table, to be translated; `dimensions` holds what the source gives, by the names of
    `kulan.screening.codes.DIMENSIONS`.
    """

    hierarchy: Hierarchy
    measure_id: str
    measure: str
    species: tuple[str, ...]
    landscapes: tuple[str, ...]
    evidence: Evidence
    evidence_summary: str
    design: str
    source: str
    confidence: str
    dimensions: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class RuleFinding:
    """A national standard, law or lender's rule that speaks of such a project there."""

    rule_id: str
    iso3: str
    title: str
    year: str
    article: str
    requirement: str
    source: str
    confidence: str


@dataclass(frozen=True)
class Unknown:
    """Something that cannot be said: a code of `kulan.screening.codes.UNKNOWNS` with values."""

    code: str
    subject: str
    values: dict[str, str]


@dataclass(frozen=True)
class Headline:
    """One of the sentences that matter most: a code of `kulan.screening.codes.HEADLINES`."""

    code: str
    values: dict[str, Any]


@dataclass(frozen=True)
class AlternativeFindings:
    """Everything found for one alternative."""

    alternative: Alternative
    states: tuple[StateCrossed, ...]
    transboundary: tuple[TransboundarySegment, ...]
    species: tuple[SpeciesFindings, ...]
    user_layers: tuple[Exposure, ...]
    key_areas: tuple[AreaFinding, ...]
    landscapes: tuple[AreaFinding, ...]
    barriers: tuple[BarrierFinding, ...]
    cumulative: CumulativeFinding
    seasons: tuple[SeasonFinding, ...]
    critical_habitat: tuple[CriterionFinding, ...]
    mitigation: tuple[MitigationFinding, ...]
    rules: tuple[RuleFinding, ...]
    unknowns: tuple[Unknown, ...]
    headlines: tuple[Headline, ...]


@dataclass(frozen=True)
class Ranked:
    """One alternative's place under one criterion; equal values share a place."""

    alternative_id: str
    figure: Figure
    place: int


@dataclass(frozen=True)
class CriterionRanking:
    """Alternatives from best (place 1) to worst under one criterion; nothing is added up."""

    criterion: str
    species_id: str
    better: Literal["less", "more"]
    ranked: tuple[Ranked, ...]


@dataclass(frozen=True)
class LossRecord:
    """Something in an input file that was not carried over, or was changed on the way."""

    file: str
    source_row: int | None
    what: str
    reason: str


@dataclass(frozen=True)
class InputFile:
    """A file the user gave: name (never its folder), hash, format, CRS as declared."""

    name: str
    sha256: str
    format: str
    crs: str
    features: int


@dataclass(frozen=True)
class Screening:
    """The whole answer. `on` is the day whose facts (Party status, barriers) were asked for."""

    schema_version: str
    kulan_version: str
    on: str
    release: str
    inputs: tuple[InputFile, ...]
    losses: tuple[LossRecord, ...]
    alternatives: tuple[AlternativeFindings, ...]
    ranking: tuple[CriterionRanking, ...]
    layers: dict[str, LayerUsed]
    recipes: dict[str, Recipe]
