"""The PDF report: tagged, the same bytes every time, no empty boxes unsaid."""

import json

import pytest

from hand_made import make_found, make_scene, make_screening
from kulan.report import fonts, write_pdf
from kulan.report.compose import compose
from kulan.report.pdf import PRINTED_ROWS, as_data, set_pdf
from kulan.words import LANGUAGES, words_in


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_a_tagged_pdf_for_every_reader(language):
    screening = make_screening()
    pdf = write_pdf(screening, make_scene(screening), words_in(language))
    assert pdf.startswith(b"%PDF-1.7")
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf
    assert b"/StructTreeRoot" in pdf
    assert f"/Lang({language})".encode() in pdf


def test_the_same_findings_make_the_same_bytes():
    screening = make_screening([make_found(1)])
    scene = make_scene(screening)
    assert write_pdf(screening, scene, words_in("en")) == write_pdf(
        screening, scene, words_in("en")
    )


def test_its_date_is_that_of_the_question():
    screening = make_screening([make_found(1)], on="2024-02-29")
    pdf = write_pdf(screening, make_scene(screening), words_in("en"))
    assert b"2024-02-29" in pdf


@pytest.mark.parametrize("name", ["Ёҗғқұ Өвөрхангай Ñ ½ № – “”", "راه آهن", "रेल मार्ग"])
def test_scripts_of_the_region_are_covered_by_the_fonts(name):
    assert fonts.uncovered(name) == []


def test_characters_without_a_font_are_named_and_stop_nothing():
    screening = make_screening([make_found(1, name="北线 #let x = 1 $ * _ @ \\")])
    document = compose(screening, make_scene(screening), words_in("en"))
    assert fonts.uncovered(json.dumps(as_data(document), ensure_ascii=False)) == ["北", "线"]
    assert b"<pdfuaid:part>1</pdfuaid:part>" in set_pdf(document)


def test_a_long_table_is_cut_and_says_by_how_much():
    screening = make_screening([make_found(1, areas=200)])
    document = compose(screening, make_scene(screening), words_in("en"))
    data = json.dumps(as_data(document), ensure_ascii=False)
    assert f"{200 - PRINTED_ROWS} more rows stand in findings.json" in data
    assert f"Strictly Protected Area {PRINTED_ROWS - 1}" in data
    assert f'Strictly Protected Area {PRINTED_ROWS}"' not in data


def test_control_characters_in_a_name_stop_nothing():
    screening = make_screening([make_found(1, name="north\x00\x07 line")])
    assert write_pdf(screening, make_scene(screening), words_in("fr")).startswith(b"%PDF")
