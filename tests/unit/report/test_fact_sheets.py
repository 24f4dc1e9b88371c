"""A species' fact sheet tells what is known, what may be compared, and what is not known."""

from dataclasses import replace
from datetime import date

import pytest
import shapely

from kulan.atlas import open_release
from kulan.errors import UnknownNameError
from kulan.places import Bounds
from kulan.programme import PopulationEstimate, estimates_of
from kulan.programme.terms import SPECIES_IDS
from kulan.report.document import Bullets, Document, FigureMap, Paragraph, Table, blocks_of
from kulan.report.fact_sheets import (
    fact_sheet_html,
    fact_sheet_pdf,
    habitat_picture,
    species_fact_sheet,
    species_facts,
)
from kulan.report.fact_sheets.estimates_chart import estimates_chart, series_of
from kulan.report.fact_sheets.habitat_map import frame_around
from kulan.report.reader import Reader
from kulan.words import LANGUAGES, words_in

ON = date(2026, 11, 25)


def sheet_of(species_id: str, language: str = "en") -> Document:
    return species_fact_sheet(species_facts(species_id, ON), words_in(language))


def section_blocks(document: Document, anchor: str) -> list[object]:
    (section,) = [one for one in document.sections if one.anchor == anchor]
    return list(blocks_of(section))


@pytest.mark.parametrize("species_id", SPECIES_IDS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_species_has_a_sheet_in_every_language(species_id: str, language: str) -> None:
    html = fact_sheet_html(species_facts(species_id, ON), words_in(language))

    assert html.count("<section") == 9
    assert "None" not in html
    assert "nan" not in html.replace("nan-", "").split()


def test_every_estimate_stands_in_the_table_with_its_source() -> None:
    tables = [
        one for one in section_blocks(sheet_of("saiga"), "population") if isinstance(one, Table)
    ]

    assert len(tables[0].rows) == len(estimates_of("saiga"))
    assert all(row.cells[5].cites for row in tables[0].rows)


def test_a_species_without_estimates_says_so_and_draws_no_chart() -> None:
    (only,) = section_blocks(sheet_of("urial"), "population")

    assert isinstance(only, Paragraph)
    assert "says nothing of how many" in only.text


def test_a_reader_learns_why_figures_cannot_be_compared() -> None:
    blocks = section_blocks(sheet_of("saiga"), "population")
    lists = [one for one in blocks if isinstance(one, Bullets)]
    (ural,) = [item for item in lists[0].items if item.startswith("Kazakhstan, Ural:")]

    assert "cannot be compared directly" in ural
    assert "undercount" in ural


def lines_between_points(estimates: tuple[PopulationEstimate, ...]) -> int:
    chart = estimates_chart(series_of(estimates), Reader(words_in("en")))
    assert chart is not None
    return chart.svg.count('stroke-width="1.4"')


def test_points_are_joined_only_where_they_can_be_compared() -> None:
    one_study = tuple(one for one in estimates_of("gobi_bear") if one.doi == "10.1002/ecs2.3696")
    in_autumn = (replace(one_study[0], season="autumn"), *one_study[1:])

    assert lines_between_points(one_study) == 2
    assert lines_between_points(in_autumn) == 1
    assert lines_between_points(tuple(replace(one, high=None) for one in one_study)) == 0


def test_estimates_of_the_web_take_the_place_of_the_packages_own() -> None:
    newer = replace(estimates_of("gobi_bear")[0], estimate=25.0, notes="<b>from the web</b>")
    html = fact_sheet_html(species_facts("gobi_bear", ON, estimates=[newer]), words_in("en"))

    assert "&lt;b&gt;from the web" in html
    assert "conference.bearbiology.org" not in html


def test_a_sheet_is_a_tagged_pdf_and_the_same_each_time() -> None:
    facts = species_facts("snow_leopard", ON)
    first = fact_sheet_pdf(facts, words_in("ru"))

    assert first.startswith(b"%PDF-1.7")
    assert b"/StructTreeRoot" in first
    assert fact_sheet_pdf(facts, words_in("ru")) == first


def test_the_map_is_labelled_potential_habitat_and_not_range(starter_state) -> None:
    picture = habitat_picture(open_release(starter_state), "saiga")
    document = species_fact_sheet(species_facts("saiga", ON, habitat=picture), words_in("en"))
    (figure,) = [
        one for one in section_blocks(document, "at-a-glance") if isinstance(one, FigureMap)
    ]

    assert "not observed range" in figure.caption
    assert "<image" in figure.svg


@pytest.mark.parametrize("box", [(45, 40, 95, 52), (95, 42, 101, 44), (60, 25, 80, 55)])
def test_the_whole_box_of_the_habitat_lies_on_the_map(box: tuple[float, ...]) -> None:
    frame = frame_around(Bounds(*box))
    west, south, east, north = frame.to_paper(shapely.segmentize(shapely.box(*box), 1)).bounds

    assert 0 <= west < east <= frame.width
    assert 0 <= south < north <= frame.height


def test_a_species_there_is_not_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="saiga"):
        species_facts("unicorn", ON)
