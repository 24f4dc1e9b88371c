"""From files at a keyboard to a folder of maps: corridors, flow, sources and grounds, networks."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from kulan.assessment.connectivity.landscapes import read_landscape
from little_landscapes import write_landscape, write_line, write_points

KULAN = Path(sys.executable).with_name("kulan")


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A folder with a landscape, sites, a fence, sources and grounds."""
    folder = tmp_path_factory.mktemp("desk")
    rng = np.random.default_rng(6)
    resistance = np.exp(rng.normal(0, 0.7, (12, 16)))
    landscape = read_landscape(write_landscape(folder, resistance))
    cells = [(2, 2), (9, 6), (4, 14)]
    write_points(folder / "sites.geojson", landscape, cells, name=["North", "South", "East"])
    write_line(folder / "fence.geojson", landscape, [(-2, 9.5), (14, 9.5)], permeability=0.1)
    write_points(folder / "herds.geojson", landscape, cells[:1], amps=[2.0])
    write_points(folder / "pastures.geojson", landscape, cells[2:])
    return folder


def kulan(desk, *words):
    return subprocess.run(
        [KULAN, "connectivity", *words], cwd=desk, capture_output=True, text=True, check=False
    )


COMMANDS = {
    "circuit": ("resistance.tif --sites sites.geojson", {"current.tif", "current.png"}),
    "corridors": (
        "resistance.tif --sites sites.geojson --dispersal-km 10",
        {"corridors.tif", "pinch_points.tif", "links.csv", "patches.csv", "network.png"},
    ),
    "omnidirectional": (
        "resistance.tif --radius-km 4 --method random --draws 4",
        {"current.tif", "normalised.tif", "current_se.tif", "normalised.png"},
    ),
    "wired": (
        "resistance.tif --sources herds.geojson --grounds pastures.geojson",
        {"current.tif", "voltage.tif", "voltage.png"},
    ),
}


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_ends_in_a_folder_with_its_maps_and_pictures(desk, command):
    words, expected = COMMANDS[command]
    out = desk / command
    ran = kulan(
        desk, command, *words.split(), "--barriers", "fence.geojson", "--plot", "--out", out
    )
    assert ran.returncode == 0, ran.stderr
    written = {path.name for path in out.iterdir()}
    assert expected <= written
    result = json.loads((out / "result.json").read_text())
    assert written == {"result.json", *result["files"]}
    assert result["numbers"]["barriers"][0]["permeability"] == 0.1
    assert ran.stdout.splitlines()[-len(written) :] == [
        str(out / name) for name in ("result.json", *result["files"])
    ]


def test_pictures_speak_the_language_asked_for_and_build_no_atlas(desk):
    words = ["circuit", "resistance.tif", "--sites", "sites.geojson", "--plot"]
    words += ["--state", "state"]
    drawn = {}
    for language in ("en", "ru", "fr"):
        ran = kulan(desk, *words, "--lang", language, "--out", f"in_{language}")
        assert ran.returncode == 0, ran.stderr
        drawn[language] = (desk / f"in_{language}" / "current.png").read_bytes()
    assert len(set(drawn.values())) == 3
    results = {(desk / f"in_{language}" / "result.json").read_bytes() for language in drawn}
    assert len(results) == 1
    assert not (desk / "state").exists()


def test_links_of_corridors_become_a_network(desk):
    kulan(desk, "corridors", "resistance.tif", "--sites", "sites.geojson", "--out", "links")
    ran = kulan(
        desk,
        *("network", "links/links.csv", "--resistance", "cost_km"),
        *("--sites", "1", "--sites", "3", "--out", "network"),
    )
    assert ran.returncode == 0, ran.stderr
    assert {path.name for path in (desk / "network").iterdir()} == {
        *("result.json", "resistance.csv", "nodes.csv", "links.csv")
    }


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("corridors resistance.tif --sites sites.geojson --dispersal-km 0", "positive cost"),
        ("corridors resistance.tif --sites sites.geojson --protected park", "--dispersal-km"),
        ("omnidirectional resistance.tif --radius-km 90", "only 16 km long"),
        ("omnidirectional resistance.tif --radius-km 4 --block 2", "odd number"),
        ("omnidirectional sites.geojson --radius-km 4", "not a raster"),
        ("wired resistance.tif --sources herds.geojson --grounds sites.csv", "does not exist"),
        ("network fence.geojson --sites a", "no table (CSV"),
        ("circuit resistance.tif --sites sites.geojson --processes", "--workers of 2 or more"),
    ],
)
def test_what_cannot_be_done_is_refused_in_words(desk, words, said):
    ran = kulan(desk, *words.split(), "--out", "refused")
    assert ran.returncode not in (0, 1)
    assert said in ran.stderr
    assert "Traceback" not in ran.stderr
    assert not (desk / "refused").exists()
