"""Circuitscape configurations: nothing is ignored in silence."""

from pathlib import Path

import pytest

from kulan.connectivity.configurations.circuitscape_ini import (
    check_circuitscape_files,
    read_circuitscape_ini,
)
from kulan.errors import InvalidFileError

LEAST = (
    "[Circuitscape mode]\nscenario = pairwise\nhabitat_file = cells.asc\npoint_file = points.asc\n"
)


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "run.ini"
    path.write_text(text)
    return path


@pytest.mark.parametrize("word", ["True", "true", "TRUE", "1", "yes"])
def test_a_boolean_is_read_in_any_case(tmp_path, word):
    ini = written(tmp_path, f"{LEAST}use_polygons = {word}\npolygon_file = p.asc\n")
    assert read_circuitscape_ini(ini).use_polygons


@pytest.mark.parametrize("word", ["False", "FALSE", "0", "no", "None"])
def test_what_is_off_is_off_in_any_case(tmp_path, word):
    assert not read_circuitscape_ini(written(tmp_path, f"{LEAST}use_mask = {word}\n")).use_mask


def test_a_word_that_is_no_boolean_is_refused(tmp_path):
    with pytest.raises(InvalidFileError, match=r"use_polygons = Ture: True or False"):
        read_circuitscape_ini(written(tmp_path, f"{LEAST}use_polygons = Ture\n"))


def test_a_mistyped_option_is_refused_with_what_was_meant(tmp_path):
    ini = written(tmp_path, f"{LEAST}habitat_map_is_resistance = False\n")
    with pytest.raises(InvalidFileError, match="did you mean habitat_map_is_resistances"):
        read_circuitscape_ini(ini)


def test_all_problems_are_told_at_once(tmp_path):
    ini = written(tmp_path, LEAST.replace("= pairwise", "= pairs") + "use_maks = True\n")
    with pytest.raises(InvalidFileError, match=r"scenario = pairs.*use_maks"):
        read_circuitscape_ini(ini)


def test_the_trap_of_issue_353_a_switch_in_capitals_is_on(tmp_path):
    """Circuitscape.jl #353: TRUE is not recognised, and polygons are passed over."""
    ini = written(tmp_path, f"{LEAST}use_polygons = TRUE\npolygon_file = p.asc\n")
    settings = read_circuitscape_ini(ini)
    assert settings.inputs()["polygon_file"] == tmp_path / "p.asc"


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("habitat_map_is_resistance = False", "habitat_map_is_resistances"),
        ("habitat_map_is_conductances = True", "habitat_map_is_resistances"),
        ("ground_file_is_resistance = False", "ground_file_is_resistances"),
    ],
)
def test_the_trap_of_issue_312_a_mistyped_key_inverts_no_map(tmp_path, line, meant):
    """Circuitscape.jl #312: a mistyped key leaves a map of conductances read as resistances."""
    with pytest.raises(InvalidFileError, match=f"did you mean {meant}"):
        read_circuitscape_ini(written(tmp_path, f"{LEAST}{line}\n"))


@pytest.mark.parametrize("word", ["", "scenario = not entered\n"])
def test_a_configuration_without_a_scenario_is_refused(tmp_path, word):
    ini = written(tmp_path, LEAST.replace("scenario = pairwise\n", word))
    with pytest.raises(InvalidFileError, match="scenario: not given; one of pairwise, advanced"):
        read_circuitscape_ini(ini)


@pytest.mark.parametrize(
    ("word", "scenario"),
    [("Pairwise", "pairwise"), ("one_to_all", "one-to-all"), ("All-to-One", "all-to-one")],
)
def test_scenarios_are_read_in_every_spelling_of_the_program(tmp_path, word, scenario):
    ini = written(tmp_path, LEAST.replace("= pairwise", f"= {word}"))
    assert read_circuitscape_ini(ini).scenario == scenario


@pytest.mark.parametrize(
    "line",
    [
        "solver = cholmod",
        "solver = cg+amg",
        "precision = Single",
        "precision = None",
        "low_memory_mode = True",
        "preemptive_memory_release = 1",
        "parallelize = true",
        "max_parallel = 8",
        "cholmod_batch_size = 1000",
        "use_64bit_indexing = False",
        "print_timings = 0",
        "print_rusages = False",
        "log_level = DEBUG",
        "log_file = (Browse)",
        "profiler_log_file = None",
        "screenprint_log = True",
        "suppress_messages = True",
        "point_file_contains_polygons = False",
        "version = 5.0.0",
    ],
)
def test_options_of_the_programs_machinery_have_no_effect(tmp_path, line):
    plain = read_circuitscape_ini(written(tmp_path, LEAST))
    assert read_circuitscape_ini(written(tmp_path, f"{LEAST}{line}\n")) == plain


@pytest.mark.parametrize(
    "line", ["solver = cgamg", "precision = half", "low_memory_mode = maybe", "log_level = loud"]
)
def test_a_slip_in_them_is_refused_all_the_same(tmp_path, line):
    with pytest.raises(InvalidFileError, match="is needed"):
        read_circuitscape_ini(written(tmp_path, f"{LEAST}{line}\n"))


def test_missing_files_are_told_together_with_where_they_were_looked_for(tmp_path):
    (tmp_path / "data").mkdir()
    for name in ("cells.asc", "points.asc"):
        (tmp_path / "data" / name).write_text("")
    ini = tmp_path / "data" / "run.ini"
    ini.write_text(LEAST)
    settings = read_circuitscape_ini(ini, folder=tmp_path)
    with pytest.raises(InvalidFileError) as refusal:
        check_circuitscape_files(ini, settings)
    told = str(refusal.value)
    assert f"habitat_file = {tmp_path / 'cells.asc'}" in told
    assert f"point_file = {tmp_path / 'points.asc'}" in told
    assert f"names start at {tmp_path};" in told
    assert f"They are there when names start at {tmp_path / 'data'}" in told
    check_circuitscape_files(ini, read_circuitscape_ini(ini))


def test_a_switch_without_its_file_is_refused(tmp_path):
    ini = written(tmp_path, f"{LEAST}use_mask = True\nmask_file = None\n")
    with pytest.raises(InvalidFileError, match="mask_file names no file"):
        read_circuitscape_ini(ini)


def test_placeholders_of_the_window_count_as_no_file(tmp_path):
    ini = written(tmp_path, f"{LEAST}source_file = (Browse for a current source file)\n")
    settings = read_circuitscape_ini(ini)
    assert settings.source_file is None
    with pytest.raises(InvalidFileError, match="source_file: no file is named"):
        settings.needed("source_file")


def test_an_option_given_twice_with_two_meanings_is_refused(tmp_path):
    ini = written(tmp_path, f"{LEAST}[Other]\npoint_file = elsewhere.asc\n")
    with pytest.raises(InvalidFileError, match="point_file is given twice"):
        read_circuitscape_ini(ini)


def test_networks_have_no_one_to_all_mode(tmp_path):
    ini = written(tmp_path, f"{LEAST}data_type = network\nscenario = one-to-all\n")
    with pytest.raises(InvalidFileError, match="rasters only"):
        read_circuitscape_ini(ini)


def test_files_start_at_the_folder_of_the_configuration(tmp_path):
    settings = read_circuitscape_ini(written(tmp_path, f"{LEAST}output_file = out\\run.out\n"))
    assert settings.habitat_file == tmp_path / "cells.asc"
    assert settings.output_file == tmp_path / "out" / "run.out"
    assert settings.stem == "run"
