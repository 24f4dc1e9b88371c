"""Records of layers for tests."""

from datetime import date

from kulan.exchange.layer_records import (
    Distribution,
    Keyword,
    LayerDates,
    LayerRecord,
    Licence,
    Organisation,
    Species,
)


def make_record(**changes):
    """A bare record; each argument is what the test is about."""
    values = {
        "identifier": "khulan-range",
        "version": "3",
        "title": {"en": "Range of the khulan"},
        "abstract": {"en": "Where khulan were seen."},
        "organisations": (Organisation("Gobi Institute", "owner"),),
        "licence": Licence("CC-BY-4.0", "https://creativecommons.org/licenses/by/4.0/", True),
        "dates": LayerDates(date(2026, 3, 1)),
        "bbox": (90.0, 41.5, 112.0, 47.25),
    }
    return LayerRecord(**{**values, **changes})


def make_full_record(**changes):
    """A record with everything in it."""
    values = {
        "title": {"en": "Range of the khulan", "ru": "Ареал кулана", "fr": "Aire de l’hémione"},
        "abstract": {"en": "Where khulan were seen.", "ru": "Где видели куланов."},
        "organisations": (
            Organisation("Gobi Institute", "owner", "https://gobi.example/"),
            Organisation("CAMI Atlas", "publisher", "mailto:atlas@cami.example"),
        ),
        "dates": LayerDates(
            date(2026, 3, 1),
            date(2026, 4, 2),
            date(2026, 5, 3),
            date(2015, 1, 1),
            date(2025, 12, 31),
        ),
        "theme": "range",
        "species": (Species("khulan", "Equus hemionus"),),
        "states": ("MNG", "CHN"),
        "season_months": (11, 12, 1),
        "method": "Hull of fixes of 41 collared animals.",
        "confidence": "Moderate: few fixes north of the railway.",
        "citation": "Gobi Institute, in litt.",
        "sensitivity": "Foaling places are shown as cells.",
        "sources": ("Collars 2015 to 2025, Gobi Institute", "Aerial count 2020"),
        "resolution_m": 11100.0,
        "data_generalizations": "Cells of 0.1 degrees.",
        "information_withheld": "Positions of watering places.",
        "distributions": (
            Distribution(
                "GeoPackage",
                "application/geopackage+sqlite3",
                "https://atlas.example/khulan-range.gpkg?v=3&level=3",
                1_234_567,
                "ab" * 32,
            ),
            Distribution("Page of features", "text/html", "https://atlas.example/khulan-range"),
        ),
        "keywords": (
            Keyword("migration"),
            Keyword("steppe", "GEMET", "https://www.eionet.europa.eu/gemet/"),
            Keyword("desert", "GEMET", "https://www.eionet.europa.eu/gemet/"),
        ),
        "supersedes": "khulan-range-2",
        "page_url": "https://atlas.example/layers/khulan-range",
    }
    return make_record(**{**values, **changes})
