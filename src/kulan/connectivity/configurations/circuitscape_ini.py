"""Circuitscape's INI files: every option read, none ignored in silence.

Circuitscape itself ignores a mistyped key and a boolean it does not recognise, and then answers
another question than the one asked. Here both are refused, with what was meant.
"""

from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Literal, get_args

from kulan.connectivity.configurations.ini_files import (
    boolean,
    check_files,
    file_named,
    one_of,
    options_in,
    read_text,
    unknown,
)
from kulan.errors import InvalidFileError

Scenario = Literal["pairwise", "advanced", "one-to-all", "all-to-one"]
Conflicts = Literal["keepall", "rmvsrc", "rmvgnd", "rmvall"]

# options that steer Circuitscape's own machinery: read, and without effect on the answer
_SWITCHES_WITHOUT_EFFECT = {
    "use_64bit_indexing",
    "parallelize",
    "low_memory_mode",
    "preemptive_memory_release",
    "print_timings",
    "print_rusages",
    "suppress_messages",
    "screenprint_log",
    # of Circuitscape 3, which had to be told; the file itself shows it
    "point_file_contains_polygons",
}
# a word that is none of these is a slip all the same
_WORDS_WITHOUT_EFFECT: dict[str, tuple[str, ...]] = {
    "solver": (
        "cg+amg",
        "amg+cg",
        "cholmod",
        "cholesky",
        "cholfact",
        "pardiso",
        "mklpardiso",
        "mkl_pardiso",
        "accelerate",
    ),
    "precision": ("double", "single", "none"),
    "log_level": ("none", "debug", "info", "warning", "warn", "error", "critical"),
}
WITHOUT_EFFECT = _SWITCHES_WITHOUT_EFFECT | {
    *_WORDS_WITHOUT_EFFECT,
    "version",
    "cholmod_batch_size",
    "max_parallel",
    "log_file",
    "profiler_log_file",
    "meta_data_file",
}


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
    use_reclass_table: bool = False
    reclass_file: Path | None = None
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
    set_focal_node_currents_to_zero: bool = False
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

    def inputs(self) -> dict[str, Path]:
        """Return the files that the run reads, by the option that names them.

        Raises
        ------
        InvalidFileError
            If an option that is needed names no file.
        """
        names = ["habitat_file"]
        names += ["source_file", "ground_file"] if self.scenario == "advanced" else ["point_file"]
        names += [name for switch, name in _SWITCHED.items() if getattr(self, switch)]
        return {name: self.needed(name) for name in names}


# files that are read where a switch says so
_SWITCHED = {
    "use_reclass_table": "reclass_file",
    "use_polygons": "polygon_file",
    "use_mask": "mask_file",
    "use_included_pairs": "included_pairs_file",
    "use_variable_source_strengths": "variable_source_file",
}
_FILES = {
    "habitat_file",
    "source_file",
    "ground_file",
    "point_file",
    "output_file",
    *_SWITCHED.values(),
}
_WORDS: dict[str, tuple[str, ...]] = {
    "data_type": ("raster", "network"),
    "scenario": get_args(Scenario),
    "remove_src_or_gnd": get_args(Conflicts),
}
OPTIONS = {one.name for one in fields(CircuitscapeSettings)} - {"folder"}
_BOOLEANS = OPTIONS - _FILES - set(_WORDS)
# what Circuitscape writes for a choice that was not made
_NOT_CHOSEN = "not entered"


def read_circuitscape_ini(path: Path, *, folder: Path | None = None) -> CircuitscapeSettings:
    """Read a Circuitscape configuration; the files it names are not opened yet.

    Parameters
    ----------
    path
        The INI file.
    folder
        Where relative file names start; None for the folder of the INI file. Circuitscape itself
        starts at the working folder.

    Raises
    ------
    InvalidFileError
        If the file is not an INI file, lacks the scenario, if an option is unknown, twice there
        or has a value that cannot be meant, or if it asks for something that is not supported;
        all of it is told at once.
    """
    start = path.parent if folder is None else folder
    problems: list[str] = []
    values: dict[str, object] = {}
    options = options_in(read_text(path), problems)
    for key, text in options.items():
        try:
            if text.lower() != _NOT_CHOSEN:
                _take(key, text, start, values)
        except ValueError as error:
            problems.append(str(error))
    if options.get("scenario", _NOT_CHOSEN).lower() == _NOT_CHOSEN:
        problems.append(f"scenario: not given; one of {', '.join(_WORDS['scenario'])} is needed.")
    problems += _contradictions(values)
    if problems:
        raise InvalidFileError(f"{path.name}: " + " ".join(problems))
    if values.get("output_file") is None:
        values["output_file"] = start / f"{path.stem}.out"
    return CircuitscapeSettings(folder=start, **values)  # type: ignore[arg-type]


def check_circuitscape_files(path: Path, settings: CircuitscapeSettings) -> None:
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
        If a file that the run reads is not named or missing; all that are missing are told.
    """
    check_files(path, settings.inputs(), settings.folder)


def _take(key: str, text: str, folder: Path, values: dict[str, object]) -> None:
    """Read one option into `values`; one without effect is looked at and dropped."""
    if key in _WORDS_WITHOUT_EFFECT:
        one_of(key, text or "none", ("none", *_WORDS_WITHOUT_EFFECT[key]))
    elif key in _SWITCHES_WITHOUT_EFFECT:
        boolean(key, text)
    elif key in WITHOUT_EFFECT:
        pass
    elif key not in OPTIONS:
        raise ValueError(unknown(key, OPTIONS | WITHOUT_EFFECT))
    elif key in _BOOLEANS:
        values[key] = boolean(key, text)
    elif key in _WORDS:
        spelled = text.replace("_", "-") if key == "scenario" else text
        values[key] = one_of(key, spelled, _WORDS[key])
    else:
        values[key] = file_named(text, folder)


def _contradictions(values: dict[str, object]) -> list[str]:
    """Say what is lacking, and which options cannot go together."""
    found = [
        f"{switch} is True but {name} names no file; name it, or set {switch} to False."
        for switch, name in _SWITCHED.items()
        if values.get(switch) and values.get(name) is None
    ]
    scenario = values.get("scenario")
    if values.get("data_type") == "network" and scenario in ("one-to-all", "all-to-one"):
        found.append(
            f"scenario = {scenario} works on rasters only; networks have pairwise and advanced."
        )
    return found
