"""Circuitscape's INI files: every option read, none ignored in silence.

Circuitscape itself ignores a mistyped key and a boolean it does not recognise, and then answers
another question than the one asked. Here both are refused, with what was meant.
"""

import configparser
import difflib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Literal, cast, get_args

from kulan.errors import InvalidFileError

Scenario = Literal["pairwise", "advanced", "one-to-all", "all-to-one"]
Conflicts = Literal["keepall", "rmvsrc", "rmvgnd", "rmvall"]

# options that steer Circuitscape's own machinery: read, and without effect on the answer
_WITHOUT_EFFECT = {
    "version",
    "solver",
    "precision",
    "use_64bit_indexing",
    "cholmod_batch_size",
    "parallelize",
    "max_parallel",
    "low_memory_mode",
    "preemptive_memory_release",
    "print_timings",
    "print_rusages",
    "log_file",
    "log_level",
    "suppress_messages",
    "profiler_log_file",
    "screenprint_log",
    "reclass_file",
    "meta_data_file",
    "mode",
    "scale",
}
# options that would change the answer and are not supported: accepted only when off
_UNSUPPORTED = {"use_reclass_table", "set_focal_node_currents_to_zero"}
_TRUE, _FALSE = {"true", "1", "yes", "on", "t"}, {"false", "0", "no", "off", "f", "none", ""}


@dataclass(frozen=True)
class CircuitscapeSettings:
    """What an INI file asks for, under Circuitscape's own names.

    Files are None where the option is unset or still holds the placeholder of Circuitscape's
    window. `folder` is where relative names start.
    """

    folder: Path
    data_type: Literal["raster", "network"] = "raster"
    scenario: Scenario = "pairwise"
    habitat_file: Path | None = None
    habitat_map_is_resistances: bool = True
    connect_four_neighbors_only: bool = False
    connect_using_avg_resistances: bool = False
    use_polygons: bool = False
    polygon_file: Path | None = None
    source_file: Path | None = None
    ground_file: Path | None = None
    ground_file_is_resistances: bool = True
    use_unit_currents: bool = False
    use_direct_grounds: bool = False
    remove_src_or_gnd: Conflicts = "keepall"
    point_file: Path | None = None
    use_included_pairs: bool = False
    included_pairs_file: Path | None = None
    use_variable_source_strengths: bool = False
    variable_source_file: Path | None = None
    use_mask: bool = False
    mask_file: Path | None = None
    output_file: Path = field(default_factory=lambda: Path("circuitscape.out"))
    write_cur_maps: bool = False
    write_volt_maps: bool = False
    write_cum_cur_map_only: bool = False
    write_max_cur_maps: bool = False
    set_null_currents_to_nodata: bool = False
    set_null_voltages_to_nodata: bool = False
    compress_grids: bool = False
    log_transform_maps: bool = False
    write_as_tif: bool = False

    @property
    def stem(self) -> str:
        """Name that output files begin with: that of `output_file` without `.out`."""
        name = self.output_file.name
        return name[:-4] if name.lower().endswith(".out") else name

    def needed(self, name: str) -> Path:
        """Return the file of an option that the run cannot do without.

        Raises
        ------
        InvalidFileError
            If the option names no file.
        """
        value: Path | None = getattr(self, name)
        if value is None:
            raise InvalidFileError(
                f"{name}: no file is named, and {self.data_type} data in {self.scenario} mode "
                f"need one. Add `{name} = FILE` to the INI file."
            )
        return value


_FILES = {
    "habitat_file",
    "polygon_file",
    "source_file",
    "ground_file",
    "point_file",
    "included_pairs_file",
    "variable_source_file",
    "mask_file",
    "output_file",
}
_WORDS: dict[str, tuple[str, ...]] = {
    "data_type": ("raster", "network"),
    "scenario": get_args(Scenario),
    "remove_src_or_gnd": get_args(Conflicts),
}
_BOOLEANS = {one.name for one in fields(CircuitscapeSettings)} - _FILES - set(_WORDS) - {"folder"}


def read_circuitscape_ini(path: Path, *, folder: Path | None = None) -> CircuitscapeSettings:
    """Read a Circuitscape configuration.

    Parameters
    ----------
    path
        The INI file.
    folder
        Where relative file names start; None for the folder of the INI file.

    Raises
    ------
    InvalidFileError
        If the file is not an INI file, if an option is unknown, twice there or has a value that
        cannot be meant, or if it asks for something that is not supported.
    """
    start = path.parent if folder is None else folder
    options = _options_of(path)
    known = {one.name for one in fields(CircuitscapeSettings)} - {"folder"}
    problems: list[str] = []
    values: dict[str, object] = {}
    for key, text in options.items():
        if key in _WITHOUT_EFFECT or text.strip().lower() == "not entered":
            continue
        try:
            if key in _UNSUPPORTED:
                if _boolean(key, text):
                    problems.append(f"{key} = {text}: not supported; set it to False.")
            elif key not in known:
                problems.append(_unknown(key, known | _WITHOUT_EFFECT | _UNSUPPORTED))
            else:
                values[key] = _value(key, text, start)
        except ValueError as error:
            problems.append(str(error))
    if problems:
        raise InvalidFileError(f"{path.name}: " + " ".join(problems))
    if values.get("output_file") is None:
        values["output_file"] = start / f"{path.stem}.out"
    _check_switches(path, values)
    return CircuitscapeSettings(folder=start, **values)  # type: ignore[arg-type]


def _options_of(path: Path) -> dict[str, str]:
    parser = configparser.ConfigParser(interpolation=None, strict=True)
    try:
        text = path.read_text(encoding="utf-8-sig")
        if not text.lstrip().startswith(("[", "#", ";")):
            text = "[options]\n" + text
        parser.read_string(text)
    except FileNotFoundError as error:
        raise InvalidFileError(f"{path}: no such file.") from error
    except (configparser.Error, UnicodeDecodeError) as error:
        told = " ".join(str(error).split())
        raise InvalidFileError(f"{path.name}: not a readable INI file ({told}).") from error
    found: dict[str, str] = {}
    for section in parser.sections():
        for key, value in parser.items(section):
            if key in found and found[key] != value:
                raise InvalidFileError(
                    f"{path.name}: {key} is given twice, as {found[key]!r} and {value!r}. "
                    "Keep one of them."
                )
            found[key] = value
    return found


def _unknown(key: str, known: set[str]) -> str:
    near = difflib.get_close_matches(key, sorted(known), n=1)
    meant = f"; did you mean {near[0]}?" if near else "; remove it."
    return f"{key}: no such option{meant}"


def _boolean(key: str, text: str) -> bool:
    word = text.strip().lower()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise ValueError(f"{key} = {text}: True or False is needed.")


def _value(key: str, text: str, folder: Path) -> object:
    word = text.strip()
    if key in _BOOLEANS:
        return _boolean(key, word)
    if key in _WORDS:
        choice = word.lower()
        if choice not in _WORDS[key]:
            raise ValueError(f"{key} = {word}: one of {', '.join(_WORDS[key])} is needed.")
        return choice
    if not word or word.lower() == "none" or word.startswith("("):
        return None
    return folder / word.replace("\\", "/")


def _check_switches(path: Path, values: dict[str, object]) -> None:
    """Refuse a file that is named but not used where that is surely a slip, and the reverse."""
    for switch, name in (
        ("use_polygons", "polygon_file"),
        ("use_mask", "mask_file"),
        ("use_included_pairs", "included_pairs_file"),
        ("use_variable_source_strengths", "variable_source_file"),
    ):
        if values.get(switch) and values.get(name) is None:
            raise InvalidFileError(
                f"{path.name}: {switch} is True but {name} names no file. Name it, or set "
                f"{switch} to False."
            )
    if values.get("data_type") == "network" and values.get("scenario") in (
        "one-to-all",
        "all-to-one",
    ):
        raise InvalidFileError(
            f"{path.name}: scenario = {cast('str', values['scenario'])} works on rasters only; "
            "networks have pairwise and advanced."
        )
