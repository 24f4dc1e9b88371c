"""Write the table of elements of the IATI standard from its published schema.

The schema is one of sequences alone; the table says the same in one row for each place of an
element: how often, what it holds, which attributes, and whether names of others may stand there.

python tools/iati_elements.py            write it
python tools/iati_elements.py --check    say whether it differs from what would be written
"""

import csv
import io
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SCHEMAS = ROOT / "tests" / "reference" / "iati-2.03"
WRITTEN = ROOT / "src" / "kulan" / "exchange" / "data" / "iati_elements.csv"
COLUMNS = ("element", "at_least", "at_most", "holds", "attributes", "others", "source")
SOURCE = "IATI Standard 2.03, schema of activities"
_X = "{http://www.w3.org/2001/XMLSchema}"


def table(folder: Path = SCHEMAS) -> str:
    """Return the table as CSV."""
    schema = _Schema(folder)
    rows: list[dict[str, str]] = []
    schema.element(schema.elements["iati-activity"], "", rows, ("1", "1"))
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


class _Schema:
    """What the files of the schema declare at their outer level."""

    def __init__(self, folder: Path) -> None:
        self.elements: dict[str, ET.Element] = {}
        self.types: dict[str, ET.Element] = {}
        self.attributes: dict[str, str] = {"xml:lang": "xml:lang"}
        for name in ("iati-common.xsd", "iati-activities-schema.xsd"):
            for one in ET.parse(folder / name).getroot():  # noqa: S314  the schema we were given
                kept: dict[str, Any] = {
                    f"{_X}element": self.elements, f"{_X}complexType": self.types,
                }  # fmt: skip
                if one.tag in kept:
                    kept[one.tag][one.get("name", "")] = one
                elif one.tag == f"{_X}attribute":
                    self.attributes[one.get("name", "")] = _bare(one.get("type", ""))

    def element(
        self, one: ET.Element, above: str, rows: list[dict[str, str]], times: tuple[str, str]
    ) -> None:
        """Add the row of an element, and those of what stands in it."""
        path = f"{above}/{one.get('name')}".removeprefix("/")
        given = one.get("type", "")
        simple = given.startswith("xsd:")
        kind = None if simple else (self.types[given] if given else one.find(f"{_X}complexType"))
        row = {"element": path, "at_least": times[0], "at_most": times[1]}
        row["holds"] = _bare(given) if simple else ""
        rows.append(row)
        attributes: list[str] = []
        others: set[str] = set()
        inner: list[ET.Element] = []
        if kind is not None:
            self._kind(kind, row, attributes, others, inner)
        row["source"] = SOURCE
        row["attributes"], row["others"] = " ".join(attributes), " ".join(sorted(others))
        for child in inner:
            found = self.elements[child.get("ref", "")] if child.get("ref") else child
            most = child.get("maxOccurs", "1").replace("unbounded", "")
            self.element(found, path, rows, (child.get("minOccurs", "1"), most))

    def _kind(
        self,
        kind: ET.Element,
        row: dict[str, str],
        attributes: list[str],
        others: set[str],
        inner: list[ET.Element],
    ) -> None:
        for one in _own(kind):
            if one.tag == f"{_X}extension":
                base = one.get("base", "")
                if base.startswith("xsd:"):
                    row["holds"] = _bare(base)
                else:
                    self._kind(self.types[base], row, attributes, others, inner)
            elif one.tag == f"{_X}element":
                inner.append(one)
            elif one.tag == f"{_X}any":
                others.add("elements")
            elif one.tag == f"{_X}anyAttribute":
                others.add("attributes")
            elif one.tag == f"{_X}attribute":
                name = one.get("name") or one.get("ref", "")
                type_ = _bare(one.get("type", "")) or self.attributes[name]
                attributes.append(f"{name}={type_}{'!' if one.get('use') == 'required' else ''}")


def _own(kind: ET.Element) -> Any:
    """Give what a type declares itself, not what stands in the types of its elements."""
    for one in kind:
        yield one
        if one.tag not in (f"{_X}element", f"{_X}attribute"):
            yield from _own(one)


def _bare(name: str) -> str:
    return name.removeprefix("xsd:")


def main() -> int:
    """Write the table, or compare it."""
    made = table()
    if "--check" in sys.argv:
        same = WRITTEN.read_text("utf-8") == made
        print("The table is as the schema says." if same else "The table differs: write it anew.")
        return 0 if same else 1
    WRITTEN.parent.mkdir(exist_ok=True)
    WRITTEN.write_text(made, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
