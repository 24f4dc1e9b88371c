"""A pocket of the starter Atlas's inputs, small enough to build from in a second, and builds."""

import shutil
from pathlib import Path

import pyogrio
import pytest

from kulan.atlas import build_starter
from kulan.atlas.inputs import STARTER
from kulan.grids import read_grid, write_grid
from kulan.habitat.preferences import preferences
from kulan.places import Bounds

# the lower Syr Darya, Karatau, and the desert between them
POCKET = Bounds(west=64.0, south=42.0, east=72.0, north=47.0)


def make_pocket(folder: Path) -> Path:
    """Write inputs cut to the pocket: rasters cropped, rivers only those that species live by."""
    folder.mkdir(parents=True)
    for name in ("states.fgb", "disputed_boundaries.fgb", "places.fgb", "starter_sources.csv"):
        shutil.copyfile(STARTER / name, folder / name)
    for name in ("land_cover.tif", "elevation.tif"):
        write_grid(folder / name, read_grid(STARTER / name, POCKET))
    rivers = pyogrio.read_dataframe(STARTER / "rivers.fgb", use_arrow=False)
    wanted = {" ".join(name.split()) for names in preferences()["rivers"] for name in names}
    rivers = rivers[rivers["name"].isin(wanted)]
    rivers["geometry"] = rivers.simplify(0.3)
    pyogrio.write_dataframe(rivers, folder / "rivers.fgb", driver="FlatGeobuf")
    return folder


@pytest.fixture
def pocket(tmp_path):
    """Inputs of the pocket, to change at will."""
    return make_pocket(tmp_path / "pocket")


@pytest.fixture(scope="session")
def shared_pocket(tmp_path_factory):
    """Inputs of the pocket, to read only."""
    return make_pocket(tmp_path_factory.mktemp("inputs") / "pocket")


@pytest.fixture(scope="session")
def built(shared_pocket, tmp_path_factory):
    """A build of the pocket, to read only."""
    return build_starter(tmp_path_factory.mktemp("built") / "state", folder=shared_pocket)


@pytest.fixture
def state(built, tmp_path):
    """A copy of the built state folder, to spoil at will."""
    copy = tmp_path / "state"
    shutil.copytree(built.release.state, copy)
    return copy
