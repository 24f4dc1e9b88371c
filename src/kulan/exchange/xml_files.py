"""XML read safely: no entities, no outside references, no bottomless nesting."""

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from xml.parsers import expat

from kulan.errors import InvalidFileError
from kulan.exchange.rows import Asked

DEEPEST = 100
_BLOCK_BYTES = 1 << 20


class _RefusedError(Exception):
    """Something in the XML that is not followed."""


def check_xml(path: Path, root: str, asked: Asked) -> None:
    """Refuse XML that is broken, of another kind, or dangerous, before anything is built from it.

    Parameters
    ----------
    path
        The file.
    root
        Name the outer element must have, without its namespace.
    asked
        Name for the message.

    Raises
    ------
    InvalidFileError
        If it is not well-formed, declares a document type or entities, or nests deeper than
        `DEEPEST`.
    """
    parser = expat.ParserCreate(namespace_separator="}")
    depth = 0

    def started(name: str, _attributes: dict[str, str]) -> None:
        nonlocal depth
        if depth == 0 and name.rpartition("}")[2] != root:
            raise _RefusedError(
                f"its outer element is <{name.rpartition('}')[2][:60]}> and should be <{root}>"
            )
        depth += 1
        if depth > DEEPEST:
            raise _RefusedError(f"its elements are nested deeper than {DEEPEST}")

    def ended(_name: str) -> None:
        nonlocal depth
        depth -= 1

    def refused(*_found: object) -> None:
        raise _RefusedError("it declares a document type or entities, which Kulan does not follow")

    parser.StartElementHandler = started
    parser.EndElementHandler = ended
    parser.StartDoctypeDeclHandler = refused
    parser.EntityDeclHandler = refused
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK_BYTES):
                parser.Parse(block, False)
            parser.Parse(b"", True)
    except _RefusedError as problem:
        raise InvalidFileError(
            f"{asked.name}: {problem}. Export it again, plainly, from the program that made it."
        ) from None
    except (expat.ExpatError, ValueError, LookupError) as problem:
        raise InvalidFileError(
            f"{asked.name}: not whole XML ({problem}). It may be cut short; export it again."
        ) from None


def elements(path: Path) -> Iterator[tuple[str, ET.Element]]:
    """Give each element as it starts and ends, as ('start' | 'end', element)."""
    yield from ET.iterparse(path, events=("start", "end"))  # noqa: S314 - see check_xml


def local(element: ET.Element) -> str:
    """Return an element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def text_of(element: ET.Element | None) -> str | None:
    """Return an element's text without the space around it, None when there is none."""
    if element is None:
        return None
    words = "".join(element.itertext()).strip()
    return words or None


def child(element: ET.Element, name: str) -> ET.Element | None:
    """Return the first child of that name, whatever its namespace."""
    return next((inner for inner in element if local(inner) == name), None)
