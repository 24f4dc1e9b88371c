"""Names are found whatever the spelling, and the nearest first."""

import csv
from importlib.resources import files
from pathlib import Path

import pyogrio
import pytest

import kulan.atlas
from kulan.atlas.names import Gazetteer, NameEntry, Nearness

SPELLINGS = Path(__file__).with_name("spellings.csv")
TOWNS = Path(__file__).with_name("town_spellings.csv")


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return [tuple(row) for row in csv.reader(file)][1:]


def species():
    text = files("kulan.programme") / "data" / "species_names.csv"
    with text.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield NameEntry(row["name"], row["language"], "species", row["species_id"], 1.0)


def towns():
    table = pyogrio.read_dataframe(Path(kulan.atlas.__file__).parent / "data" / "places.fgb")
    for place, town in enumerate(table.itertuples()):
        yield NameEntry(town.name, "", "place", str(place), float(town.population or 0))


@pytest.fixture(scope="module")
def atlas():
    """Every name of a species and every town that Kulan carries."""
    return Gazetteer((*species(), *towns()))


def gazetteer(*names):
    return Gazetteer(tuple(NameEntry(name, "", "place", name) for name in names))


@pytest.mark.parametrize(("one", "other"), rows(SPELLINGS))
def test_two_spellings_of_a_name_find_each_other(one, other):
    decoys = ("Astana", "Kulob", "Osh", "Mary", "Naryn", "Zaysan", "Khorugh", "Termez", "Saryagash")
    for typed, stored in ((one, other), (other, one)):
        hits = gazetteer(*decoys, stored).search(typed)
        assert hits, f"{typed} finds nothing"
        assert hits[0].entry.name == stored


@pytest.mark.parametrize(("typed", "town"), rows(TOWNS))
def test_a_town_is_found_among_all_names_in_its_own_script(atlas, typed, town):
    hits = atlas.search(typed, {"place"}, limit=5)
    assert hits
    assert hits[0].entry.name == town


@pytest.mark.parametrize(
    ("typed", "species_id"),
    [
        ("сайга", "saiga"), ("saiga", "saiga"), ("saïga", "saiga"), ("سایگا", "saiga"),
        ("koulan", "khulan"), ("құлан", "khulan"), ("qulon", "khulan"),
        ("jeyran", "goitered_gazelle"),
        ("irbis", "snow_leopard"), ("ilbirs", "snow_leopard"), ("dzeren", "mongolian_gazelle"),
        ("antelope", "saiga"), ("khavtgay", "wild_camel"),
    ],
)  # fmt: skip
def test_a_species_is_found_by_its_name_in_any_script(atlas, typed, species_id):
    assert species_id in [hit.entry.id for hit in atlas.search(typed, {"species"}, limit=3)]


@pytest.mark.parametrize(
    ("typed", "right", "wrong"),
    [
        ("Орск", "Orsk", "Omsk"), ("Омск", "Omsk", "Orsk"), ("Арал", "Aral", "Oral"),
        ("Орал", "Oral", "Aral"), ("Хуҷанд", "Khujand", "Khujayli"), ("Мары", "Mary", "Marib"),
        ("Кулан", "Kulan", "Kulob"), ("Нарын", "Naryn", "Narva"), ("کابل", "Kabul", "Kapal"),
        ("هرات", "Herat", "Harar"), ("Актау", "Aqtau", "Aqtobe"), ("Ош", "Osh", "Asha"),
    ],
)  # fmt: skip
def test_another_place_with_a_like_name_does_not_come_first(typed, right, wrong):
    assert gazetteer(wrong, right).search(typed)[0].entry.name == right


@pytest.mark.parametrize(
    ("typed", "other"),
    [("Osh", "Omsk"), ("Saiga", "Saigon Zoo X"), ("Aral", "Urialik"), ("Kiang", "Kagan"),
     ("Mary", "Marokko"), ("Kulan", "Khulo"), ("Талас", "Atyrau"), ("Балхаш", "Balkh")],
)  # fmt: skip
def test_names_that_only_look_alike_are_never_the_same(typed, other):
    hits = gazetteer(other).search(typed)
    same = {Nearness.EXACT, Nearness.SAME_SOUND, Nearness.SKELETON}
    assert not [hit for hit in hits if hit.nearness in same]


def test_the_nearest_spelling_comes_first():
    names = ("Aqtau", "Aqtau Port", "Актау", "Актаускый", "Port Aqtau", "Aqtua", "Aqteu")
    hits = gazetteer(*reversed(names)).search("aqtau")
    assert [hit.entry.name for hit in hits][:5] == list(names[:5])
    assert [hit.nearness for hit in hits] == sorted(hit.nearness for hit in hits)


def test_of_names_found_alike_the_weightier_comes_first():
    entries = [NameEntry("Hyderabad", "", "place", str(weight), weight) for weight in (1, 9, 5)]
    found = Gazetteer(tuple(entries)).search("Хайдарабад")
    assert [hit.entry.id for hit in found] == ["9", "5", "1"]


def test_only_the_kinds_asked_for_are_found(atlas):
    assert {hit.entry.kind for hit in atlas.search("ku", {"species"})} == {"species"}
    assert atlas.search("ku", {"layer"}) == []


def test_nothing_is_found_by_nothing(atlas):
    assert atlas.search("  ") == atlas.search("saiga", limit=0) == Gazetteer(()).search("x") == []
    assert atlas.search("—", {"place"}) == []


def test_a_long_paste_is_answered_too(atlas):
    assert atlas.search("وب" * 5000) == []
    assert atlas.search("a b c " * 900) == []
