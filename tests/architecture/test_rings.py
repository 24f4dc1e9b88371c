"""Each ring knows only those below it, and starting up stays cheap."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import kulan

ROOT = Path(__file__).resolve().parents[2]
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"][
    "contracts"
]
OUTER = {"cli", "web", "assessment", "report", "exchange"}


def top_level_names() -> set[str]:
    package = Path(kulan.__file__).parent
    names = {path.stem for path in package.glob("*.py")} - {"__init__"}
    return names | {path.name for path in package.iterdir() if list(path.glob("*.py"))}


def test_every_ring_imports_only_from_the_rings_below_it():
    lint = Path(sys.executable).with_name("lint-imports")

    checked = subprocess.run(
        [lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert checked.returncode == 0, checked.stdout[-3000:] + checked.stderr


def test_every_module_has_its_place_in_the_rings():
    layers = CONTRACTS[0]["layers"]
    placed = {name.strip(" ()") for layer in layers for name in layer.replace(":", "|").split("|")}
    assert top_level_names() == placed


def test_every_inner_ring_is_kept_free_of_pages_plots_and_databases():
    inner = {f"kulan.{name}" for name in top_level_names() - OUTER}
    assert set(CONTRACTS[1]["source_modules"]) == inner


def modules_after(statement: str) -> set[str]:
    listing = subprocess.run(
        [sys.executable, "-c", f"import sys; {statement}; print(*sys.modules)"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(listing.stdout.split())


@pytest.mark.parametrize("heavy", ["numpy", "pandas", "geopandas", "rasterio", "jinja2", "typst"])
def test_help_and_version_load_no_analysis(heavy):
    assert heavy not in modules_after("import kulan.cli")


@pytest.mark.parametrize("heavy", ["matplotlib", "numba", "scipy.sparse", "typst", "sphinx"])
def test_a_screening_loads_nothing_it_does_not_use(heavy):
    assert heavy not in modules_after("import kulan.cli.screen")
