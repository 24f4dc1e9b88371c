"""What is looked at before a version goes to review, kept as codes and numbers.

A check is kept as ``{"code", "grade", "values"}``; `in_words` says it in the reader's language.
"""

import re
import zipfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import shapely
from django.conf import settings
from django.db.models import Count

from kulan.errors import TooLargeError
from kulan.exchange.readings import Reading
from kulan.places import REGION
from kulan.web.catalogue.columns import Column, by_role
from kulan.web.catalogue.models import LayerVersion, Rendition
from kulan.web.language import current_words
from kulan.words import Words

GOOD, CAUTION, BAD = "good", "caution", "bad"
_MOST_TIMES_LARGER = 10
_SUSPICIOUS_RATIO = 200
_HONEST_BYTES = 20_000_000
_LOOKS_LIKE_POSITION = re.compile(r"\d{1,3}[.,]\d{3,}\D{1,6}\d{1,3}[.,]\d{3,}|\d{1,3}°\s*\d{1,2}")

Check = dict[str, Any]


def check(code: str, grade: str, **values: Any) -> Check:
    """Return one check as it is kept."""
    return {"code": code, "grade": grade, "values": values}


def check_archive(path: Path) -> None:
    """Refuse an archive that unpacks to far more than it is, before it is unpacked.

    Raises
    ------
    TooLargeError
        Saying how large it would become.
    """
    if path.suffix.lower() not in (".zip", ".kmz") or not zipfile.is_zipfile(path):
        return
    with zipfile.ZipFile(path) as archive:
        total = sum(info.file_size for info in archive.infolist())
    most = settings.UPLOAD_MOST_BYTES * _MOST_TIMES_LARGER
    swollen = total > _HONEST_BYTES and total > path.stat().st_size * _SUSPICIOUS_RATIO
    if total > most or swollen:
        words = current_words()
        size = words.number(total / 1e6)
        raise TooLargeError(
            words.say(
                "The archive would unpack to {size} MB, far more than it is. "
                "Send the file itself, or an archive of it alone.",
                size=size,
            )
        )


def of_features(
    reading: Reading, columns: tuple[Column, ...], unread: Mapping[str, int]
) -> list[Check]:
    """Return the checks of a file with features."""
    frame, source = reading.features, reading.source
    kinds = Counter(frame.geometry.geom_type)
    checks = [
        check("file", GOOD, format=source.format, count=len(frame), read=source.n_read),
        check("crs", GOOD, crs=source.declared_crs[:100]),
        check("geometry", GOOD, kinds=dict(sorted(kinds.items()))),
        _region(frame),
    ]
    if len(reading.left_out):
        checks.append(check("left_out", CAUTION, count=len(reading.left_out)))
    roles = by_role(columns)
    checks += [_record_names(frame, roles), *_positions_in_text(frame, columns)]
    if unread.get("species"):
        checks.append(check("no_species", CAUTION, count=unread["species"]))
    if unread.get("date_from"):
        checks.append(check("dates_unread", CAUTION, count=unread["date_from"]))
    return checks


def _region(frame: gpd.GeoDataFrame) -> Check:
    box = shapely.box(REGION.west, REGION.south, REGION.east, REGION.north)
    outside = int((~shapely.covered_by(frame.geometry.to_numpy(), box)).sum())
    return check("region", CAUTION if outside else GOOD, count=outside)


def _record_names(frame: gpd.GeoDataFrame, roles: Mapping[str, str]) -> Check:
    name = roles.get("record_id")
    if name is None or name not in frame.columns:
        return check("no_record_names", CAUTION)
    twice = int(frame[name].duplicated().sum())
    return check("record_names", CAUTION if twice else GOOD, column=name, count=twice)


def _positions_in_text(frame: gpd.GeoDataFrame, columns: tuple[Column, ...]) -> list[Check]:
    """Name the columns shown beside coarse places that may tell the exact ones."""
    found = []
    for column in columns:
        if column.public_to < 1 or column.name not in frame.columns:
            continue
        texts = frame[column.name].dropna().astype(str)
        telling = int(texts.map(lambda text: bool(_LOOKS_LIKE_POSITION.search(text))).sum())
        if telling:
            found.append(check("positions_in_text", BAD, column=column.name, count=telling))
        elif len(texts) > 20 and texts.nunique() > 0.9 * len(texts):
            found.append(check("unique_values", CAUTION, column=column.name))
    return found


def of_raster(n_cells: int, n_empty: int, resolution_m: int) -> list[Check]:
    """Return the checks of a grid."""
    share = round(n_empty / n_cells, 3) if n_cells else 1.0
    grade = BAD if n_cells == n_empty else GOOD
    return [
        check("raster", GOOD, cells=n_cells, resolution_m=resolution_m),
        check("empty_cells", grade, share=share),
        check("crs", GOOD, crs="EPSG:4326"),
    ]


def sensitivity_preview(version: LayerVersion) -> list[tuple[int, int]]:
    """Return how many records the public will see at which level, 5 for not at all."""
    counted = (
        Rendition.objects.filter(version=version, level=0)
        .values_list("default_level")
        .annotate(count=Count("pk"))
        .order_by("default_level")
    )
    return [(int(level), int(count)) for level, count in counted]


def missing(version: LayerVersion) -> list[str]:
    """Return what must be said of a version before it goes to review, by the fields' names."""
    needed = {
        "title": any(text.strip() for text in version.title.values()),
        "abstract": any(text.strip() for text in version.abstract.values()),
        "method": bool(version.method.strip()),
        "source": bool(version.source.strip()),
        "licence": bool(version.licence.strip()),
        "file": bool(version.file_sha256),
    }
    return [name for name, there in needed.items() if not there]


def in_words(kept: Check, words: Words) -> str:
    """Say one check in the reader's language."""
    values = dict(kept["values"])
    say, count = words.say, int(values.get("count", 0))
    if kept["code"] == "geometry":
        kinds = [f"{kind} {words.number(number)}" for kind, number in values["kinds"].items()]
        return say("Shapes: {kinds}.", kinds=words.listed(kinds))
    if kept["code"] == "raster":
        return say(
            "A grid of {cells} cells of about {metres} m.",
            cells=words.number(values["cells"]),
            metres=words.number(values["resolution_m"]),
        )
    if kept["code"] == "empty_cells":
        return say("{share} of the cells are empty.", share=words.percent(values["share"]))
    sentences = {
        "file": say(
            "Read as {format}: {count} of {read} features.",
            format=values.get("format", ""),
            count=words.number(count),
            read=words.number(values.get("read", 0)),
        ),
        "crs": say("Coordinate system: {crs}.", crs=values.get("crs", "")),
        "region": say("Features that reach out of the region: {count}.", count=words.number(count)),
        "left_out": say("Things of the file left out: {count}.", count=words.number(count)),
        "no_record_names": say(
            "No column names the records, so a later version cannot tell which is which."
        ),
        "record_names": say(
            "Column {column} names the records; {count} of its names stand twice.",
            column=values.get("column", ""),
            count=words.number(count),
        ),
        "positions_in_text": say(
            "Column {column} is shown beside coarse places and seems to tell exact positions "
            "({count} cells). Show it with exact places only.",
            column=values.get("column", ""),
            count=words.number(count),
        ),
        "unique_values": say(
            "Column {column} differs in nearly every record: whoever finds such a value elsewhere "
            "finds the place. Show it with exact places only.",
            column=values.get("column", ""),
        ),
        "no_species": say(
            "Records of which nobody says the species: {count}. The strictest rule holds for them.",
            count=words.number(count),
        ),
        "dates_unread": say("Dates that cannot be read: {count}.", count=words.number(count)),
    }
    return sentences[kept["code"]]


def worst(checks: list[Check]) -> str:
    """Return the gravest grade of some checks."""
    grades = [GOOD, CAUTION, BAD]
    return grades[max((grades.index(one["grade"]) for one in checks), default=0)]
