"""What a layer's record may hold, and how the layer is cited."""

from datetime import date

import pytest

from kulan.errors import InvalidTableError
from kulan.exchange.layer_records import (
    Distribution,
    Keyword,
    LayerDates,
    Licence,
    Organisation,
    citation_text,
)
from kulan.words import words_in
from unit.exchange.layers_described import make_full_record, make_record

DOWNLOAD = Distribution("x", "text/csv", "https://atlas.example/x.csv")


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "Gobi Institute (2026): Range of the khulan. Version 3. CAMI Atlas. khulan-range"),
        ("ru", "Gobi Institute (2026): Ареал кулана. Версия 3. CAMI Atlas. khulan-range"),
        ("fr", "Gobi Institute (2026) : Aire de l’hémione. Version 3. CAMI Atlas. khulan-range"),
    ],
)
def test_a_layer_is_cited_as_datacite_recommends(language, expected):
    cited = citation_text(make_full_record(), words_in(language))

    assert cited.replace("\u00a0", " ") == expected


@pytest.mark.parametrize(
    ("language", "year"), [("en", "no date"), ("ru", "без даты"), ("fr", "sans date")]
)
def test_a_layer_never_issued_is_cited_without_a_year(language, year):
    assert f"({year})" in citation_text(make_record(), words_in(language))


def test_a_doi_is_cited_as_a_link():
    cited = citation_text(make_record(identifier="doi:10.1234/khulan"), words_in("en"))

    assert cited.endswith(" https://doi.org/10.1234/khulan")


def test_a_title_cannot_reorder_what_stands_after_it_in_a_citation():
    record = make_record(title={"en": "Range\u202e of\r\n\x00the khulan"})

    assert "Range of \ufffdthe khulan. Version 3" in citation_text(record, words_in("en"))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"identifier": " "}, "no identifier"),
        ({"title": {}}, "no title"),
        ({"title": {"en": " "}}, "no title, or an empty one"),
        ({"abstract": {"ru": "Где видели."}}, "no abstract in the title's first language, 'en'"),
        ({"organisations": ()}, "no organisation"),
        ({"organisations": (Organisation(""),)}, "one without a name"),
        ({"licence": Licence("")}, "no licence"),
        ({"title": {"en": "x", "</x>": "y"}}, "'</x>' is no language"),
        ({"states": ("Mongolia",)}, "no ISO 3166-1 alpha-3 code"),
        ({"season_months": (0, 13)}, "0 is no month; 13 is no month"),
        ({"crs": "WGS 84"}, "'WGS 84' is not written as EPSG:4326"),
        (
            {"dates": LayerDates(date(2026, 1, 2), issued=date(2026, 1, 1))},
            "before it was created",
        ),
        (
            {
                "dates": LayerDates(
                    date(2026, 1, 1), valid_from=date(2020, 1, 2), valid_to=date(2020, 1, 1)
                )
            },
            "valid to 2020-01-01, before 2020-01-02",
        ),
        ({"resolution_m": 0.0}, "a resolution of 0.0 m"),
        ({"resolution_m": float("nan")}, "a resolution of nan m"),
        ({"bbox": (90, 47, 112, 41)}, "not west, south, east, north"),
        ({"bbox": (float("nan"), 41, 112, 47)}, "not west, south, east, north"),
        ({"page_url": "javascript:alert(1)"}, "no link"),
        ({"page_url": "https://"}, "no link"),
        ({"page_url": "https://[x"}, "no link"),
        ({"page_url": 'https://x.example/"><script>'}, "no link"),
        ({"licence": Licence("own", "file:///etc/passwd")}, "no link"),
        ({"organisations": (Organisation("A", url="data:text/html,x"),)}, "no link"),
        ({"keywords": (Keyword("a", "b", "//x.example"),)}, "no link"),
        ({"distributions": (Distribution("x", "text/csv", ""),)}, "no link"),
        ({"distributions": (Distribution("x", "csv", DOWNLOAD.url),)}, "'csv' is no media type"),
        ({"distributions": (Distribution("x", "text/csv", DOWNLOAD.url, -1),)}, "-1 bytes"),
        ({"distributions": (Distribution("x", "text/csv", DOWNLOAD.url, 1, "AB"),)}, "SHA-256"),
    ],
)
def test_a_record_that_cannot_be_true_is_refused_and_says_why(changes, said):
    with pytest.raises(InvalidTableError, match="record of layer") as refused:
        make_record(**changes)

    assert said in str(refused.value)


def test_the_publisher_is_the_owner_when_nobody_else_publishes():
    assert make_record().publisher == "Gobi Institute"
    assert make_full_record().publisher == "CAMI Atlas"
