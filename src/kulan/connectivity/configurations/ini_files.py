"""INI files of connectivity programs: options as they stand there, and what was meant by others.

The programs themselves pass over a mistyped option, and over a switch in a spelling they do not
know, and then answer another question than the one asked. Here both are told.
"""

import difflib
from collections.abc import Collection, Mapping
from pathlib import Path

from kulan.errors import InvalidFileError

TRUE = frozenset({"true", "1", "yes", "on", "t"})
FALSE = frozenset({"false", "0", "no", "off", "f", "none", ""})


def read_text(path: Path) -> str:
    """Return the text of a file.

    Raises
    ------
    InvalidFileError
        If there is no such file, or it is not text in UTF-8.
    """
    if not path.is_file():
        raise InvalidFileError(f"{path}: no such file. Check its name and its folder.")
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidFileError(
            f"{path.name}: not a text file in UTF-8 ({error}). Save it anew in that encoding."
        ) from error


def options_in(text: str, problems: list[str]) -> dict[str, str]:
    """Read `option = value` lines; sections have no meaning, names no capitals.

    Parameters
    ----------
    text
        The file.
    problems
        What cannot be read is added here: lines without a value, and options given twice with
        different ones.
    """
    found: dict[str, str] = {}
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.strip()
        if not line or line[0] in "[#;":
            continue
        key, equals, value = (part.strip() for part in line.partition("="))
        if not equals:
            problems.append(f"line {number}, {line!r}: `option = value` is needed.")
            continue
        key = key.lower()
        if key in found and found[key] != value:
            problems.append(f"{key} is given twice, as {found[key]!r} and {value!r}; keep one.")
        found[key] = value
    return found


def unknown(key: str, known: Collection[str]) -> str:
    """Say that there is no such option, and which known one comes nearest."""
    near = difflib.get_close_matches(key, sorted(known), n=1)
    return f"{key}: no such option{f'; did you mean {near[0]}?' if near else '; remove it.'}"


def boolean(key: str, text: str) -> bool:
    """Read a switch, in any case.

    Raises
    ------
    ValueError
        If the word is neither true nor false.
    """
    word = text.strip().lower()
    if word not in TRUE | FALSE:
        raise ValueError(f"{key} = {text}: True or False is needed.")
    return word in TRUE


def one_of(key: str, text: str, words: Collection[str]) -> str:
    """Read a word out of a closed list, in any case.

    Raises
    ------
    ValueError
        If it is not in the list.
    """
    choice = text.strip().lower()
    if choice not in words:
        raise ValueError(f"{key} = {text}: one of {', '.join(words)} is needed.")
    return choice


def file_named(text: str, folder: Path) -> Path | None:
    """Read the name of a file; None for none, or for the placeholder of a program's window."""
    word = text.strip().strip("\"'")
    if not word or word.lower() == "none" or word.startswith("("):
        return None
    return folder / word.replace("\\", "/")


def check_files(path: Path, inputs: Mapping[str, Path], folder: Path) -> None:
    """Refuse a configuration whose input files are not there, and say where they were looked for.

    Parameters
    ----------
    path
        The INI file.
    inputs
        The files that the run will read, by the option that names them.
    folder
        Where relative names start.

    Raises
    ------
    InvalidFileError
        If a file is missing; all that are missing are told at once.
    """
    missing = {key: file for key, file in inputs.items() if not file.is_file()}
    if not missing:
        return
    told = "; ".join(f"{key} = {file}" for key, file in missing.items())
    elsewhere = _start_that_serves(path, list(missing.values()), folder)
    cure = f" They are there when names start at {elsewhere}." if elsewhere else ""
    raise InvalidFileError(
        f"{path.name}: no such file: {told}. Relative names start at {folder.resolve()}; "
        f"the option --folder names another start.{cure}"
    )


def _start_that_serves(path: Path, missing: list[Path], folder: Path) -> Path | None:
    """Find, among the folders above the INI file, one from which the missing files are found."""
    if not all(file.is_relative_to(folder) for file in missing):
        return None
    for start in path.resolve().parents[:5]:
        if all((start / file.relative_to(folder)).is_file() for file in missing):
            return start
    return None
