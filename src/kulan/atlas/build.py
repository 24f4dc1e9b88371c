"""Build the starter Atlas: from the package's compact files to a release in a state folder."""

import sys
from collections.abc import Callable
from dataclasses import astuple, dataclass
from pathlib import Path

import numpy as np
import pyogrio

import kulan
from kulan.atlas import store
from kulan.atlas.inputs import STARTER, StarterInputs
from kulan.atlas.layers import FORMAT, Layer, Manifest
from kulan.atlas.plans import Plan, starter_plans
from kulan.atlas.release import Release, open_release
from kulan.places import REGION
from kulan.provenance import canonical_json, hash_bytes

TITLE = "Starter Atlas of Central Asia's migratory mammals"

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class BuildReport:
    """What a build did.

    Attributes
    ----------
    release
        The release, now the one in use.
    made
        Layers that were computed and written.
    kept
        Layers that were already there, made from the same inputs by the same code.
    """

    release: Release
    made: tuple[str, ...]
    kept: tuple[str, ...]


def build_starter(
    state: Path, *, progress: Progress | None = None, folder: Path = STARTER
) -> BuildReport:
    """Build the starter Atlas into a state folder, or find that it is there already.

    Nothing comes from a network. A layer is computed only when its inputs, its recipe or the code
    that makes it changed, or its file is missing or spoiled. The same inputs give the same bytes,
    and so the same release id. A build that is killed leaves the release that stood before.

    Parameters
    ----------
    state
        State folder; made when missing.
    progress
        Called before each layer with the number done, the number of all, and the layer's title, and
        once at the end with an empty title.
    folder
        Folder of the compact inputs.

    Raises
    ------
    AtlasMissingError
        If the compact inputs are not there.
    InvalidTableError
        If a table of the package does not keep its declaration.
    """
    inputs = StarterInputs(folder)
    plans = starter_plans(inputs)
    before = store.read_made(state)
    code = _code_hash()
    layers, made_now, made, kept = [], {}, [], []
    for done, plan in enumerate(plans):
        if progress:
            progress(done, len(plans), plan.layer.title)
        key = hash_bytes(f"{plan.layer.recipe.digest} {plan.layer.extension} {code}".encode())
        sha256 = before.get(key, "")
        if sha256 and store.holds_object(state, sha256, plan.layer.extension):
            kept.append(plan.layer.layer_id)
        else:
            sha256 = store.put_object(state, plan.make(), plan.layer.extension)
            made.append(plan.layer.layer_id)
        made_now[key] = sha256
        layers.append(_with_file(state, plan, sha256))
    manifest = Manifest(
        format=FORMAT,
        title=TITLE,
        kulan_version=kulan.__version__,
        region=astuple(REGION),
        layers=tuple(sorted(layers, key=lambda layer: layer.layer_id)),
    )
    release_id = store.put_release(state, manifest)
    store.write_made(state, made_now)
    if progress:
        progress(len(plans), len(plans), "")
    return BuildReport(open_release(state, release_id), tuple(made), tuple(kept))


def _with_file(state: Path, plan: Plan, sha256: str) -> Layer:
    """Return the plan's layer with the hash and size of its file."""
    size = store.object_path(state, sha256, plan.layer.extension).stat().st_size
    return plan.layer.with_file(sha256, size)


def _code_hash() -> str:
    """Hash the code that makes layers, and the versions of what writes the files.

    It decides only whether a layer is computed again, and never enters a recipe: a changed comment
    leaves the same bytes, and so the same release.
    """
    import rasterio  # noqa: PLC0415  a third of a second, and only builders need it

    package = Path(kulan.__file__).parent
    paths = [package / "grids.py", package / "places.py"]
    for area in ("atlas", "habitat"):
        paths += sorted((package / area).glob("*.py"))
    code = [(path.name, hash_bytes(path.read_bytes())) for path in paths]
    writers = [np.__version__, rasterio.__gdal_version__, pyogrio.__gdal_version_string__]
    return hash_bytes(canonical_json([code, writers, sys.version_info[:2]]))
