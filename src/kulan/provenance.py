"""How a number or a file was made: inputs by content hash, method, version, parameters.

Nothing here holds a wall-clock time: two runs on the same inputs make the same recipe and the same
bytes. When and by whom a result was asked for belongs beside the recipe, not inside it.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

_BLOCK_BYTES = 1 << 20


@dataclass(frozen=True)
class Input:
    """One thing a result was computed from.

    Attributes
    ----------
    name
        What it is called: a file name, a layer id, a table name. Never a folder of somebody's disk.
    sha256
        Hash of its content, hexadecimal.
    note
        Anything the reader should know: the layer's title, its date.
    """

    name: str
    sha256: str
    note: str = ""


@dataclass(frozen=True)
class Recipe:
    """How something was made, complete enough to make it again.

    Attributes
    ----------
    method
        Dotted name of the function that made it.
    version
        Version of Kulan.
    inputs
        What went in, in the order it was used.
    parameters
        Plain values the method was called with, units in their names.
    source
        Publication of the method, where it has one.
    """

    method: str
    version: str
    inputs: tuple[Input, ...] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)
    source: str = ""

    @property
    def digest(self) -> str:
        """SHA-256 of the recipe: equal digests mean the same work on the same inputs."""
        return hash_bytes(canonical_json(asdict(self)))


def canonical_json(value: Any) -> bytes:
    """Return `value` as JSON that is the same bytes for the same content.

    Keys are sorted, nothing is escaped that need not be, and not-a-number is refused, since JSON
    has no word for it.

    Examples
    --------
    >>> canonical_json({"b": 1, "a": "хулан"}).decode()
    '{"a":"хулан","b":1}'
    """
    text = json.dumps(
        value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    )
    return text.encode()


def hash_bytes(content: bytes | memoryview) -> str:
    """Return the SHA-256 of `content`, hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file, hexadecimal, reading it piece by piece.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    """
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK_BYTES):
            digest.update(block)
    return digest.hexdigest()
