"""Omniscape's INI files: every setting read, none ignored in silence.

Omniscape warns of a setting it does not know and goes on without it, takes any boolean but three
spellings of true for false, and runs without a source file until it fails. Here these are refused,
with what was meant.
"""

import difflib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Literal

from kulan.connectivity.windows.sources import WindowCompat
from kulan.errors import InvalidFileError

Comparison = Literal["within", "equal"]
Later = Literal["none", "1", "2", "both"]

# settings that steer Omniscape's own machinery: read, and without effect on the answer
_WITHOUT_EFFECT = {
    "parallelize",
    "parallel_batch_size",
    "precision",
    "solver",
    "cs_solver",
    "suppress_cs_messages",
}
_SOLVERS = {"cg+amg", "cholmod"}
# older names of settings
_FORMERLY = {"resistance_file_is_conductance": "resistance_is_conductance"}
_WORDS: dict[str, tuple[str, ...]] = {
    "comparison1": ("within", "equal"),
    "comparison2": ("within", "equal"),
    "compare_to_future": ("none", "1", "2", "both"),
    "n_conditions": ("1", "2"),
}
_SYNONYMS = {"equals": "equal"}
_TRUE, _FALSE = {"true", "1", "yes", "on", "t"}, {"false", "0", "no", "off", "f"}


@dataclass(frozen=True)
class OmniscapeSettings:
    """What an INI file asks for, under Omniscape's own names.

    Files are None where the setting is absent. `folder` is where relative names start; `ignored`
    holds settings that were passed over because the file was read for compatibility; `text` is
    the file as it was.
    """

    folder: Path
    resistance_file: Path
    radius: int
    project_name: Path
    source_file: Path | None = None
    resistance_is_conductance: bool = False
    block_size: int = 1
    buffer: int = 0
    source_threshold: float = 0.0
    source_from_resistance: bool = False
    r_cutoff: float = float("inf")
    connect_four_neighbors_only: bool = False
    calc_flow_potential: bool = False
    calc_normalized_current: bool = False
    correct_artifacts: bool = True
    write_raw_currmap: bool = True
    write_as_tif: bool = True
    mask_nodata: bool = True
    allow_different_projections: bool = False
    reclassify_resistance: bool = False
    reclass_table: Path | None = None
    write_reclassified_resistance: bool = False
    conditional: bool = False
    n_conditions: Literal["1", "2"] = "1"
    compare_to_future: Later = "none"
    condition1_file: Path | None = None
    condition2_file: Path | None = None
    condition1_future_file: Path | None = None
    condition2_future_file: Path | None = None
    comparison1: Comparison = "within"
    comparison2: Comparison = "within"
    condition1_lower: float = 0.0
    condition1_upper: float = 0.0
    condition2_lower: float = 0.0
    condition2_upper: float = 0.0
    ignored: tuple[str, ...] = ()
    text: str = field(default="", repr=False)


_FILES = {
    "resistance_file",
    "source_file",
    "project_name",
    "reclass_table",
    "condition1_file",
    "condition2_file",
    "condition1_future_file",
    "condition2_future_file",
}
_INTEGERS = {"radius", "block_size", "buffer"}
_NUMBERS = {
    "source_threshold",
    "r_cutoff",
    "condition1_lower",
    "condition1_upper",
    "condition2_lower",
    "condition2_upper",
}
_KNOWN = {one.name for one in fields(OmniscapeSettings)} - {"folder", "ignored", "text"}
_BOOLEANS = _KNOWN - _FILES - _INTEGERS - _NUMBERS - set(_WORDS)


def read_omniscape_ini(
    path: Path, *, folder: Path | None = None, compat: WindowCompat = ""
) -> OmniscapeSettings:
    """Read an Omniscape configuration.

    Parameters
    ----------
    path
        The INI file.
    folder
        Where relative file names start; None for the folder of the INI file.
    compat
        `omniscape0.6` passes over settings that Omniscape does not know, and lists them in
        `ignored`, as that program does with a warning; empty refuses them.

    Raises
    ------
    InvalidFileError
        If the file cannot be read, lacks a setting, or if a setting is unknown, given twice with
        different values, or has a value that cannot be meant; all of it is told at once.
    """
    start = path.parent if folder is None else folder
    text = _text_of(path)
    problems: list[str] = []
    ignored: list[str] = []
    values: dict[str, object] = {}
    for key, word in _settings_in(text, problems).items():
        if key in _WITHOUT_EFFECT:
            if key in ("solver", "cs_solver") and word not in _SOLVERS:
                told = f"{key} = {word}: no such solver; Omniscape has {' and '.join(_SOLVERS)}."
                (ignored if compat else problems).append(told)
        elif key not in _KNOWN:
            (ignored if compat else problems).append(_unknown(key))
        else:
            try:
                values[key] = _value(key, word, start)
            except ValueError as error:
                problems.append(str(error))
    problems += _lacking(values)
    if problems:
        raise InvalidFileError(f"{path.name}: " + " ".join(problems))
    return OmniscapeSettings(folder=start, ignored=tuple(ignored), text=text, **values)  # type: ignore[arg-type]


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise InvalidFileError(f"{path}: no such file.") from error
    except UnicodeDecodeError as error:
        raise InvalidFileError(f"{path.name}: not a text file ({error}).") from error


def _settings_in(text: str, problems: list[str]) -> dict[str, str]:
    """Read `key = value` lines; sections and comments have no meaning."""
    found: dict[str, str] = {}
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.strip()
        if not line or line[0] in "[#;":
            continue
        key, equals, word = (part.strip() for part in line.partition("="))
        if not equals:
            problems.append(f"line {number}, {line!r}: `setting = value` is needed.")
            continue
        key = _FORMERLY.get(key.lower(), key.lower())
        if key in found and found[key] != word:
            problems.append(f"{key}: given twice, as {found[key]!r} and {word!r}; keep one.")
        found[key] = word
    return found


def _unknown(key: str) -> str:
    near = difflib.get_close_matches(key, sorted(_KNOWN | _WITHOUT_EFFECT), n=1)
    return f"{key}: no such setting{f'; did you mean {near[0]}?' if near else '; remove it.'}"


def _value(key: str, word: str, folder: Path) -> object:
    if key in _BOOLEANS:
        if word.lower() not in _TRUE | _FALSE:
            raise ValueError(f"{key} = {word}: true or false is needed.")
        return word.lower() in _TRUE
    if key in _WORDS:
        choice = _SYNONYMS.get(word.lower(), word.lower())
        if choice not in _WORDS[key]:
            raise ValueError(f"{key} = {word}: one of {', '.join(_WORDS[key])} is needed.")
        return choice
    if key in _FILES:
        if not word or word.lower() == "none" or word.startswith("("):
            return None
        return folder / word.replace("\\", "/")
    try:
        number = float(word)
    except ValueError:
        raise ValueError(f"{key} = {word}: a number is needed.") from None
    if key not in _INTEGERS:
        return number
    if number != round(number) or number < 0:
        raise ValueError(f"{key} = {word}: a whole number of cells is needed.")
    return int(number)


def _lacking(values: dict[str, object]) -> list[str]:
    """Say which settings the others make necessary."""
    needed = {"resistance_file": "", "radius": "", "project_name": ""}
    if not values.get("source_from_resistance"):
        needed["source_file"] = " unless source_from_resistance = true"
    if values.get("reclassify_resistance"):
        needed["reclass_table"] = " with reclassify_resistance = true"
    if values.get("conditional"):
        needed["condition1_file"] = " with conditional = true"
        later = values.get("compare_to_future", "none")
        if later in ("1", "both"):
            needed["condition1_future_file"] = f" with compare_to_future = {later}"
        if values.get("n_conditions") == "2":
            needed["condition2_file"] = " with n_conditions = 2"
            if later in ("2", "both"):
                needed["condition2_future_file"] = f" with compare_to_future = {later}"
    return [
        f"{key}: not given, and needed{why}."
        for key, why in needed.items()
        if values.get(key) is None
    ]
