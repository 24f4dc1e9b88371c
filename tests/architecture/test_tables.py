"""Every table of the package is declared, is as declared, and says where its facts are from."""

import csv
import json
import re
from pathlib import Path

import pytest

from declared import PACKAGE, DeclaredTable, declared_tables
from kulan.schemas import KINDS, read_table

TABLES = declared_tables()
STORED = [declared for declared in TABLES if declared.path]
CSV_FILES = sorted(PACKAGE.rglob("*.csv"))
# unit of a column, and how its name must end
ENDINGS = {
    "m": "_m",
    "km": "_km",
    "km²": "_km2",
    "mm": "_mm",
    "%": "_percent",
    "degrees": "_deg",
    "°": "_deg",
}


# edges of a box and positions are in degrees by their very name
POSITIONS = {"west", "south", "east", "north", "longitude", "latitude"}


def named(declared: DeclaredTable) -> str:
    return f"{declared.area}.{declared.table.name}"


def relative(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def headings(path: Path) -> list[str]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return next(csv.reader(file))


def test_names_of_tables_are_unique():
    names = [declared.table.name for declared in TABLES]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("declared", TABLES, ids=named)
def test_a_declaration_is_complete(declared):
    table = declared.table
    assert table.title
    assert set(table.key) <= set(table.column_names)
    assert len(set(table.column_names)) == len(table.column_names)
    for column in table.columns:
        assert column.kind in KINDS
        assert column.meaning.endswith((".", "!", "…")), f"{column.name}: {column.meaning!r}"
        assert re.fullmatch(r"[a-z][a-z0-9_]*", column.name)


@pytest.mark.parametrize("declared", TABLES, ids=named)
def test_a_number_carries_its_unit_in_its_name(declared):
    for column in declared.table.columns:
        if column.unit in ENDINGS and column.name not in POSITIONS:
            assert column.name.endswith(ENDINGS[column.unit]), f"{column.name} in {column.unit}"


@pytest.mark.parametrize("declared", STORED, ids=named)
def test_a_stored_table_keeps_its_declaration(declared):
    assert declared.path is not None
    assert len(read_table(declared.path, declared.table)) > 0


@pytest.mark.parametrize("declared", STORED, ids=named)
def test_a_stored_table_holds_no_column_that_is_not_declared(declared):
    assert declared.path is not None
    assert headings(declared.path) == list(declared.table.column_names)


@pytest.mark.parametrize("path", CSV_FILES, ids=relative)
def test_every_csv_of_the_package_is_declared(path):
    assert path in [declared.path for declared in STORED]


@pytest.mark.parametrize("path", CSV_FILES, ids=relative)
def test_every_csv_of_the_package_says_where_its_facts_are_from(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows
    # a table of estimates tells the work it was read in apart from who holds the data
    columns = [name for name in ("source", "reference", "data_source") if name in rows[0]]
    assert columns
    without = [
        number
        for number, row in enumerate(rows, start=2)
        if not all(row[name].strip() for name in columns)
    ]
    assert without == []


def geojson_files() -> list[Path]:
    return sorted(PACKAGE.rglob("*.geojson"))


@pytest.mark.parametrize("path", geojson_files(), ids=relative)
def test_every_feature_of_the_package_says_where_it_is_from(path):
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    assert features
    for feature in features:
        facts = feature["properties"]
        assert facts["source"], facts
        assert facts["confidence"], facts


def test_every_file_of_the_starter_atlas_has_a_source_and_a_licence():
    folder = PACKAGE / "atlas" / "data"
    with (folder / "starter_sources.csv").open(encoding="utf-8", newline="") as file:
        listed = {row["file"]: row for row in csv.DictReader(file)}
    stored = {path.name for path in folder.iterdir() if path.suffix not in (".csv", ".py")}

    assert set(listed) == stored
    for name, row in listed.items():
        assert row["licence"].strip(), name
        assert row["attribution"].strip(), name
        assert re.fullmatch(r"[0-9a-f]{64}", row["package_sha256"]), name
