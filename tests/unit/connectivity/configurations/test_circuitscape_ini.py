"""Circuitscape configurations: nothing is ignored in silence."""

from pathlib import Path

import pytest

from kulan.connectivity.configurations.circuitscape_ini import read_circuitscape_ini
from kulan.errors import InvalidFileError

LEAST = "[Circuitscape mode]\nhabitat_file = cells.asc\npoint_file = points.asc\n"


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
    ini = written(tmp_path, f"{LEAST}use_maks = True\nscenario = pairs\n")
    with pytest.raises(InvalidFileError, match=r"use_maks.*scenario = pairs"):
        read_circuitscape_ini(ini)


@pytest.mark.parametrize("key", ["use_reclass_table", "set_focal_node_currents_to_zero"])
def test_what_is_not_supported_is_refused_when_on(tmp_path, key):
    assert read_circuitscape_ini(written(tmp_path, f"{LEAST}{key} = False\n"))
    with pytest.raises(InvalidFileError, match=f"{key} = True: not supported"):
        read_circuitscape_ini(written(tmp_path, f"{LEAST}{key} = True\n"))


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
