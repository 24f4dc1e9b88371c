"""How to cite a layer, for programs that keep references: BibTeX and RIS."""

import re

from kulan.exchange.layer_records import LayerRecord
from kulan.exchange.plain_text import one_line

_TEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
} | {mark: "\\" + mark for mark in "&%$#_"}
_NOT_IN_KEY = re.compile(r"[^A-Za-z0-9]+")


def write_bibtex(record: LayerRecord, language: str | None = None) -> bytes:
    r"""Write a BibTeX entry for a layer, in UTF-8, with what TeX would obey made harmless.

    Parameters
    ----------
    record
        The layer as this reader may know it.
    language
        Language of the title; the record's first one where it has none in it.

    Examples
    --------
    >>> from datetime import date
    >>> from kulan.exchange.layer_records import LayerDates, Licence, Organisation
    >>> record = LayerRecord(
    ...     "saiga-range", "2", {"en": "50 % range"}, {"en": "Seen."},
    ...     (Organisation("Steppe Institute", "owner"),), Licence("CC0-1.0", is_spdx=True),
    ...     LayerDates(date(2026, 3, 1), issued=date(2026, 4, 1)), None,
    ... )
    >>> print(write_bibtex(record).decode())
    @misc{saiga-range-2,
      author = {{Steppe Institute}},
      title = {{50 \% range}},
      year = {2026},
      version = {2},
      publisher = {Steppe Institute},
      note = {saiga-range}
    }
    <BLANKLINE>
    """
    key = _NOT_IN_KEY.sub("-", f"{record.identifier} {record.version}").strip("-") or "layer"
    # the inner braces keep an organisation from being read as a person, and capitals as they are
    fields = {
        "author": f"{{{_tex(record.creator)}}}",
        "title": f"{{{_tex(_title(record, language))}}}",
        "year": str(record.dates.issued.year) if record.dates.issued else "",
        "version": _tex(record.version),
        "publisher": _tex(record.publisher),
    }
    where, value = _where(record)
    # an address is not escaped: the styles print `url` and `doi` as they stand
    fields[where] = _tex(value) if where == "note" else value.replace("{", "").replace("}", "")
    lines = [f"  {name} = {{{text}}}" for name, text in fields.items() if text]
    return (f"@misc{{{key},\n" + ",\n".join(lines) + "\n}\n").encode()


def write_ris(record: LayerRecord, language: str | None = None) -> bytes:
    """Write a RIS entry of type DATA for a layer, in UTF-8.

    Parameters
    ----------
    record
        The layer as this reader may know it.
    language
        Language of the title; the record's first one where it has none in it.
    """
    where, value = _where(record)
    fields = [
        ("TY", "DATA"),
        ("AU", one_line(record.creator)),
        ("TI", one_line(_title(record, language))),
        ("PY", str(record.dates.issued.year) if record.dates.issued else ""),
        ("ET", one_line(record.version)),
        ("PB", one_line(record.publisher)),
        ({"doi": "DO", "url": "UR", "note": "ID"}[where], value),
    ]
    lines = [f"{tag}  - {text}\r\n" for tag, text in fields if text]
    return "".join([*lines, "ER  - \r\n"]).encode()


def _title(record: LayerRecord, language: str | None) -> str:
    return record.title.get(language or record.language, record.title[record.language])


def _where(record: LayerRecord) -> tuple[str, str]:
    """Return how the identifier is called in BibTeX, and the identifier."""
    plain = one_line(record.identifier)
    if plain.lower().startswith("doi:"):
        return "doi", plain[4:]
    return ("url" if plain.startswith(("https://", "http://")) else "note"), plain


def _tex(text: str) -> str:
    return "".join(_TEX.get(mark, mark) for mark in one_line(text))
