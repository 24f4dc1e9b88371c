"""Zip archives that are written: the same parts, the same bytes."""

import io
import zipfile
from collections.abc import Iterable, Mapping

# the earliest date a zip can hold; a file that says when it was made differs from the next one
_NO_DATE = (1980, 1, 1, 0, 0, 0)


def zipped(parts: Mapping[str, bytes | Iterable[bytes]]) -> bytes:
    """Return a zip archive of these parts, in their order, without a date.

    Parameters
    ----------
    parts
        Content by name; what is too large to hold comes in pieces.

    Examples
    --------
    >>> zipped({"a.txt": b"saiga"}) == zipped({"a.txt": b"saiga"})
    True
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, _NO_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            # an ordinary file that its owner may write and others read
            entry.external_attr = 0o644 << 16
            with archive.open(entry, "w") as file:
                for piece in (content,) if isinstance(content, bytes) else content:
                    file.write(piece)
    return buffer.getvalue()
