"""A version's record for catalogues, as one reader may know it."""

from datetime import date

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from kulan.exchange.layer_records import (
    Distribution,
    Keyword,
    LayerDates,
    LayerRecord,
    Licence,
    Organisation,
    Species,
    citation_text,
)
from kulan.web.atlas.listing import title_of
from kulan.web.catalogue.licences import LICENCES, licence_url
from kulan.web.catalogue.models import LayerVersion
from kulan.web.catalogue.names import latin_name
from kulan.web.catalogue.themes import Kind, State, Theme
from kulan.web.policy import Viewer, renditions, visible_versions
from kulan.words import LANGUAGES, Words, words_in

PUBLISHER = "Kulan"
MEDIA_TYPES = {
    "geojson": "application/geo+json",
    "gpkg": "application/geopackage+sqlite3",
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "dwca": "application/zip",
    "tif": "image/tiff",
}
"""Media types of the files a version leaves as."""
_ANIMALS = (Theme.DISTRIBUTION, Theme.TELEMETRY, Theme.INCIDENTS)


def forms_of(version: LayerVersion) -> tuple[str, ...]:
    """Return the formats a version can be had in."""
    if version.kind == Kind.RASTER:
        return ("tif",)
    if version.kind != Kind.VECTOR:
        return ()
    plain = ("geojson", "gpkg", "csv", "xlsx")
    return (*plain, "dwca") if version.layer.theme in _ANIMALS else plain


def absolute(request: HttpRequest | None, path: str) -> str:
    """Return a whole address: of the settings, else of the request."""
    if settings.PUBLIC_URL:
        return f"{settings.PUBLIC_URL}{path}"
    return request.build_absolute_uri(path) if request else f"https://kulan.invalid{path}"


def page_of(version: LayerVersion) -> str:
    """Return the address of a version's page, which stays."""
    return reverse(
        "layer_version", kwargs={"layer_id": version.layer.layer_id, "number": version.number}
    )


def record_of(version: LayerVersion, viewer: Viewer, request: HttpRequest | None) -> LayerRecord:
    """Return a version's record; extent and words about precision are those of this viewer."""
    title = _titles(version)
    abstract = {code: text for code, text in version.abstract.items() if text.strip()}
    first = next(iter(title))
    abstract.setdefault(first, version.note or title[first])
    seen = _seen(version, viewer)
    return LayerRecord(
        identifier=version.identifier,
        version=str(version.number),
        title=title,
        abstract={first: abstract.pop(first), **abstract},
        organisations=_organisations(version),
        licence=Licence(
            version.licence or "not stated",
            licence_url(version.licence),
            is_spdx=version.licence in LICENCES,
        ),
        dates=_dates(version),
        bbox=_box(version),
        theme=str(version.layer.theme),
        species=tuple(Species(one, latin_name(one)) for one in version.species),
        states=tuple(version.states),
        season_months=tuple(version.months),
        method=version.method,
        confidence=str(version.confidence),
        citation=version.citation,
        sources=tuple(filter(None, (version.source, version.attribution))),
        resolution_m=version.resolution_m or None,
        data_generalizations=seen[0],
        information_withheld=seen[1],
        distributions=_distributions(version, request),
        keywords=(Keyword("Central Asian Mammals Initiative"), Keyword(str(version.layer.theme))),
        supersedes=_supersedes(version, viewer),
        page_url=absolute(request, page_of(version)),
    )


def citation_of(version: LayerVersion, viewer: Viewer, request: HttpRequest, words: Words) -> str:
    """Return how to cite a version: as its makers wish, else as DataCite recommends."""
    address = absolute(request, page_of(version))
    if version.citation:
        return f"{version.citation} {version.identifier} {address}"
    return f"{citation_text(record_of(version, viewer, request), words)}. {address}"


def _titles(version: LayerVersion) -> dict[str, str]:
    own = {code: text for code, text in version.title.items() if text.strip()}
    spoken = {code: title_of(version, words_in(code)) for code in LANGUAGES}
    named = {code: own.get(code) or text for code, text in spoken.items()}
    english = named["en"] or str(version)
    return {"en": english, **{c: t for c, t in named.items() if c in own or t != english}}


def _organisations(version: LayerVersion) -> tuple[Organisation, ...]:
    house = version.layer.organisation
    owner = house.name if house else PUBLISHER
    return (Organisation(owner, "owner"), Organisation(PUBLISHER, "publisher"))


def _dates(version: LayerVersion) -> LayerDates:
    issued = version.released_at.date() if version.released_at else None
    created = version.created_at.date()
    return LayerDates(
        created=min(created, issued) if issued else created,
        issued=issued,
        modified=issued,
        valid_from=_day(version.valid_from),
        valid_to=_day(version.valid_to, last=True),
    )


def _day(text: str, *, last: bool = False) -> date | None:
    """Return a date of ISO 8601 known to the year, month or day; the last of them if asked."""
    ends = {4: "-12-31", 7: "-28"} if last else {4: "-01-01", 7: "-01"}
    try:
        return date.fromisoformat(text + ends.get(len(text), ""))
    except ValueError:
        return None


def _box(version: LayerVersion) -> tuple[float, float, float, float] | None:
    if len(version.bounds) != 4:
        return None
    west, south, east, north = (float(bound) for bound in version.bounds)
    return max(west, -180.0), max(south, -90.0), min(east, 180.0), min(north, 90.0)


def _seen(version: LayerVersion, viewer: Viewer) -> tuple[str, str]:
    """Return what was made coarser and what withheld, of the rows this viewer sees."""
    if version.kind != Kind.VECTOR:
        return "", ""
    rows = renditions(viewer, version)
    told = []
    for name in ("generalised", "withheld"):
        texts = rows.exclude(**{name: ""}).values_list(name, flat=True).distinct().order_by(name)
        told.append(" ".join(texts[:5]))
    return told[0], told[1]


def _distributions(version: LayerVersion, request: HttpRequest | None) -> tuple[Distribution, ...]:
    found = []
    for form in forms_of(version):
        path = reverse(
            "layer_export",
            kwargs={
                "layer_id": version.layer.layer_id,
                "number": version.number,
                "form": form,
            },
        )
        found.append(Distribution(form, MEDIA_TYPES[form], absolute(request, path)))
    return tuple(found)


def _supersedes(version: LayerVersion, viewer: Viewer) -> str:
    """Return the identifier of the version before, where this viewer may know of it."""
    older = visible_versions(viewer).filter(
        layer=version.layer, number__lt=version.number, state__in=(State.RELEASED, State.SUPERSEDED)
    )
    before = older.order_by("-number").first()
    return before.identifier if before else ""
