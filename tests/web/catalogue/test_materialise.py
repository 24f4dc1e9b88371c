"""Features become renditions, and nothing finer stands in one than its level lets through."""

from dataclasses import replace

import geopandas as gpd
import pytest
import shapely
from django.db import DatabaseError, ProgrammingError

from builders_of_the_web import make_layer, make_version
from kulan.web.catalogue.columns import EVERYONE, NEVER, Column, as_stored
from kulan.web.catalogue.materialise import harden, harden_older, materialise, prepare, store
from kulan.web.catalogue.models import Rendition, SensitivityRule
from kulan.web.catalogue.rules import seed_rules
from kulan.web.catalogue.themes import State

DEN = (103.1234567, 44.7654321)
COLUMNS = (
    Column("den", role="record_id"),
    Column("place", role="name", public_to=EVERYONE),
    Column("species", role="species", public_to=EVERYONE),
    Column("seen", role="date_from"),
    Column("sex", public_to=EVERYONE),
    Column("finder"),
    Column("telephone", public_to=NEVER),
)


def dens(*rows, **same):
    """Return features, each a dictionary of what differs from the first den."""
    first = {
        "den": "D1", "place": "Nemegt", "species": "Panthera uncia", "seen": "2024-08-17",
        "sex": "f", "finder": "Bat", "telephone": "99", "at": DEN,
    } | same  # fmt: skip
    told = [first | row for row in rows or ({},)]
    shapes = [shapely.Point(row.pop("at")) for row in told]
    return gpd.GeoDataFrame(told, geometry=shapes, crs=4326)


@pytest.fixture
def draft(people):
    seed_rules()
    return make_version(make_layer(owner=people["aigul"]), state=State.DRAFT)


def rows(version, **only):
    return list(Rendition.objects.filter(version=version, **only).order_by("level"))


def rule(level):
    SensitivityRule.objects.update_or_create(
        species_id="saiga", iso3="", season="", defaults={"level": level}
    )


def test_a_record_has_a_row_for_each_level_up_to_that_of_the_public(draft):
    materialise(draft, dens(), COLUMNS)

    found = rows(draft)
    assert [row.level for row in found] == [0, 1, 2, 3]
    assert {row.default_level for row in found} == {3}
    assert [row.geometry.coords[0] for row in found] == [
        DEN, (103.1235, 44.7655), (103.125, 44.765), (103.15, 44.75),
    ]  # fmt: skip


def test_the_state_is_that_of_the_place_not_of_the_file(draft):
    materialise(draft, dens({"iso3": "KAZ"}), (*COLUMNS, Column("iso3", role="state")))
    assert {row.iso3 for row in rows(draft)} == {"MNG"}


def test_columns_are_shown_as_far_as_they_are_declared(draft):
    materialise(draft, dens(), COLUMNS)
    exact, *_, coarse = rows(draft)
    assert exact.properties == {
        "place": "Nemegt", "species": "Panthera uncia", "sex": "f", "finder": "Bat",
    }  # fmt: skip
    assert coarse.properties == {"species": "Panthera uncia", "sex": "f"}
    assert "finder" in coarse.withheld


def test_the_name_of_the_place_stands_beside_the_exact_place_only(draft):
    materialise(draft, dens(), COLUMNS)
    assert [row.name for row in rows(draft)] == ["Nemegt", "", "", ""]


def test_dates_are_as_coarse_as_the_place(draft):
    rule(4)
    materialise(draft, dens(species="saiga"), COLUMNS)
    found = rows(draft)
    assert [row.date_from for row in found] == [
        "2024-08-17", "2024-08-17", "2024-08", "2024-08", "2024",
    ]  # fmt: skip
    assert [row.months for row in found] == [128, 128, 128, 128, 0]


def test_neither_the_owners_name_nor_the_order_of_the_file_can_be_read_from_a_row(draft):
    many = [{"den": f"D{n}", "at": (103 + n / 100, 44.5)} for n in range(30)]
    materialise(draft, dens(*many), COLUMNS)

    stored = list(Rendition.objects.filter(version=draft, level=3).order_by("pk"))
    assert [row.uid for row in stored] == sorted(row.uid for row in stored)
    longitudes = [row.geometry.x for row in stored]
    assert longitudes != sorted(longitudes)
    assert not any("D" in str(row.properties) or "D" in row.uid for row in stored)


def test_the_name_outside_stays_when_the_file_is_brought_again_in_another_order(draft):
    two = [{"den": "D1"}, {"den": "D2", "at": (103.2, 44.6)}]
    materialise(draft, dens(*two), COLUMNS)
    before = {row.uid: row.geometry for row in rows(draft, level=0)}
    materialise(draft, dens(*reversed(two)), COLUMNS)
    assert {row.uid: row.geometry for row in rows(draft, level=0)} == before


def test_the_same_record_in_two_layers_has_two_names_outside(draft, people):
    other = make_version(make_layer("burrows", owner=people["aigul"]), state=State.DRAFT)
    for version in (draft, other):
        materialise(version, dens(), COLUMNS)
    assert rows(draft)[0].uid != rows(other)[0].uid


def test_few_records_in_a_cell_are_not_shown_at_it(draft):
    draft.layer.minimum_count = 2
    materialise(draft, dens({"den": "1"}, {"den": "2"}, {"den": "3", "at": (104.6, 44.6)}), COLUMNS)
    assert [len(rows(draft, level=level)) for level in range(4)] == [3, 2, 2, 2]


@pytest.mark.parametrize(
    ("told", "level"),
    [
        ({"species": "saiga", "seen": "2024-07-15", "at": (66, 48)}, 2),
        ({"species": "saiga", "seen": "2024-05-10", "at": (66, 48)}, 3),  # birth
        ({"species": "saiga", "seen": None, "at": (66, 48)}, 3),  # may be a birth
        ({"species": "Vulpes corsac"}, 3),  # nobody has weighed it
        ({"species": ""}, 5),  # nobody says what it is
    ],
)
def test_species_state_and_season_decide_how_coarse(draft, told, level):
    materialise(draft, dens(**told), COLUMNS)
    assert {row.default_level for row in rows(draft)} == {level}


def test_infrastructure_is_open_unless_a_column_names_animals(people):
    seed_rules()
    fences = make_version(make_layer("fences", owner=people["aigul"], theme="barriers"))
    materialise(fences, dens(), tuple(c for c in COLUMNS if c.role != "species"))
    assert [row.level for row in rows(fences)] == [0]
    materialise(fences, dens(), COLUMNS)
    assert {row.default_level for row in rows(fences)} == {3}


def next_version(draft):
    return make_version(draft.layer, state=State.DRAFT)


@pytest.mark.parametrize("changed", [{}, {"den": "another name"}, {"at": (103.2, 44.7)}])
def test_calling_a_snow_leopard_a_corsac_saiga_does_not_lower_it(draft, changed):
    rule(1)
    materialise(draft, dens(), COLUMNS)
    later = next_version(draft)
    materialise(later, dens(species="saiga", seen="2024-01-02", **changed), COLUMNS)
    assert {row.default_level for row in rows(later)} == {3}


def test_taking_the_species_away_does_not_lower_it(draft):
    materialise(draft, dens(), COLUMNS)
    later = next_version(draft)
    materialise(later, dens(species=None), COLUMNS)
    assert {row.default_level for row in rows(later)} == {5}


def test_calling_the_layer_infrastructure_does_not_lower_it(draft):
    materialise(draft, dens(), COLUMNS)
    later = next_version(draft)
    later.layer.theme = "base"
    materialise(later, dens(), tuple(c for c in COLUMNS if c.role != "species"))
    assert {row.default_level for row in rows(later)} == {3}


def test_where_the_secretariat_set_the_memory_aside_the_rules_of_today_hold(draft):
    rule(1)
    materialise(draft, dens(), COLUMNS)
    later = next_version(draft)
    later.sensitivity_reset = "It was a fox: photograph of 2 May."
    later.save()
    materialise(later, dens(species="saiga", seen="2024-07-02", at=(66, 48)), COLUMNS)
    assert {row.default_level for row in rows(later)} == {1}


def test_a_stricter_rule_makes_what_is_released_coarser_and_a_laxer_one_does_not(draft):
    rule(2)
    materialise(draft, dens(species="saiga", seen="2024-01-02"), COLUMNS)
    draft.columns = {}
    rule(4)
    assert harden(draft) == 1
    assert [row.level for row in rows(draft)] == [0, 1, 2, 3, 4]
    assert rows(draft)[0].geometry.coords[0] == DEN
    rule(1)
    assert harden(draft) == 0
    assert {row.default_level for row in rows(draft)} == {4}


@pytest.mark.parametrize("changed", [{}, {"den": "another name"}, {"at": (66.1, 48)}])
def test_what_a_release_hides_the_one_before_hides_too_under_any_name(draft, changed):
    rule(1)
    materialise(draft, dens(species="saiga", seen="2024-07-02", at=(66, 48)), COLUMNS)
    draft.columns, draft.state = as_stored(COLUMNS), State.SUPERSEDED
    draft.save()
    later = make_version(draft.layer)
    materialise(later, dens(**{"at": (66, 48)} | changed), COLUMNS)
    hidden = {row.default_level for row in rows(later)}

    assert min(hidden) > 1
    assert harden_older(later) == 1
    assert {row.default_level for row in rows(draft)} == hidden


def test_a_failure_in_the_middle_leaves_the_rows_there_were(draft):
    materialise(draft, dens(), COLUMNS)
    prepared = prepare(draft, dens({"den": "X"}), COLUMNS)
    broken = (*prepared.rows[:2], [("no", "such", "row")])

    with pytest.raises((DatabaseError, ProgrammingError)):
        store(draft, replace(prepared, rows=broken))
    assert [row.name for row in rows(draft, level=0)] == ["Nemegt"]
    assert len(rows(draft)) == 4
