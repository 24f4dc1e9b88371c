"""Omniscape's INI files: every setting read, none ignored in silence.

Omniscape warns of a setting it does not know and goes on without it, takes any boolean but three
spellings of true for false, and runs without a source file until it fails. Here these are refused,
with what was meant.
"""

import math
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Literal

from kulan.connectivity.configurations.ini_files import (
    boolean,
    check_files,
    file_named,
    one_of,
    options_in,
    read_text,
    unknown,
)
from kulan.connectivity.windows.sources import WindowCompat
from kulan.errors import InvalidFileError

Comparison = Literal["within", "equal"]
Later = Literal["none", "1", "2", "both"]

# settings that steer Omniscape's own machinery: read, and without effect on the answer
_SWITCHES_WITHOUT_EFFECT = {"parallelize", "suppress_cs_messages"}
WITHOUT_EFFECT = _SWITCHES_WITHOUT_EFFECT | {"parallel_batch_size", "precision", "solver"}
_SOLVERS = ("cg+amg", "cholmod")
_PRECISIONS = ("double", "single")
# older names of settings
_FORMERLY = {"resistance_file_is_conductance": "resistance_is_conductance"}
_WORDS: dict[str, tuple[str, ...]] = {
    "comparison1": ("within", "equal"),
    "comparison2": ("within", "equal"),
    "compare_to_future": ("none", "1", "2", "both"),
    "n_conditions": ("1", "2"),
}
_SYNONYMS = {"equals": "equal"}


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

    def inputs(self) -> dict[str, Path]:
        """Return the files that the run reads, by the setting that names them."""
        later = self.compare_to_future
        read = {
            "resistance_file": True,
            "source_file": not self.source_from_resistance,
            "reclass_table": self.reclassify_resistance,
            "condition1_file": self.conditional,
            "condition1_future_file": self.conditional and later in ("1", "both"),
        }
        second = self.conditional and self.n_conditions == "2"
        read["condition2_file"] = second
        read["condition2_future_file"] = second and later in ("2", "both")
        named = {key: getattr(self, key) for key, wanted in read.items() if wanted}
        return {key: path for key, path in named.items() if path is not None}


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
SETTINGS = {one.name for one in fields(OmniscapeSettings)} - {"folder", "ignored", "text"}
_BOOLEANS = SETTINGS - _FILES - _INTEGERS - _NUMBERS - set(_WORDS)


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
    text = read_text(path)
    problems: list[str] = []
    ignored: list[str] = []
    values: dict[str, object] = {}
    for written, word in options_in(text, problems).items():
        key = _FORMERLY.get(written, written)
        try:
            if key in WITHOUT_EFFECT:
                _look_at(key, word)
            elif key not in SETTINGS:
                raise _PassedOverError(unknown(key, SETTINGS | WITHOUT_EFFECT))
            else:
                values[key] = _value(key, word, start)
        except _PassedOverError as error:
            (ignored if compat else problems).append(str(error))
        except ValueError as error:
            problems.append(str(error))
    problems += _lacking(values)
    if problems:
        raise InvalidFileError(f"{path.name}: " + " ".join(problems))
    return OmniscapeSettings(folder=start, ignored=tuple(ignored), text=text, **values)  # type: ignore[arg-type]


def check_omniscape_files(path: Path, settings: OmniscapeSettings) -> None:
    """Refuse a configuration whose input files are not there, before any work is done.

    Parameters
    ----------
    path
        The INI file, for the message.
    settings
        What was read from it.

    Raises
    ------
    InvalidFileError
        If a file that the run reads is missing; all that are missing are told at once.
    """
    check_files(path, settings.inputs(), settings.folder)


class _PassedOverError(ValueError):
    """A setting that Omniscape passes over with a warning."""


def _look_at(key: str, word: str) -> None:
    """Check a setting without effect."""
    if key in _SWITCHES_WITHOUT_EFFECT:
        boolean(key, word)
    elif key == "precision":
        one_of(key, word, _PRECISIONS)
    elif key == "solver" and word.lower() not in _SOLVERS:
        raise _PassedOverError(
            f"{key} = {word}: no such solver; Omniscape has {' and '.join(_SOLVERS)}."
        )


def _value(key: str, word: str, folder: Path) -> object:
    if key in _BOOLEANS:
        return boolean(key, word)
    if key in _WORDS:
        return one_of(key, _SYNONYMS.get(word.lower(), word), _WORDS[key])
    if key in _FILES:
        return file_named(word, folder)
    try:
        number = float(word)
    except ValueError:
        raise ValueError(f"{key} = {word}: a number is needed.") from None
    if math.isnan(number):
        raise ValueError(f"{key} = {word}: a number is needed.")
    if key not in _INTEGERS:
        return number
    if not (0 <= number < 2**31) or number != round(number):
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
