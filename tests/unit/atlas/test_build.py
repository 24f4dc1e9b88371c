"""Building the starter Atlas: same inputs, same bytes; cached; never half built."""

import os
import signal
import subprocess
import sys
import textwrap
import time

import pytest

from kulan import programme
from kulan.atlas import build_starter, open_release, release_ids, verify
from kulan.atlas.layers import POTENTIAL
from kulan.errors import AtlasMissingError
from kulan.grids import read_grid, write_grid

BUILD = """
    import os, signal, sys
    from pathlib import Path
    from kulan.atlas import build_starter
    state, folder, last = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    def stop(done, total, title):
        if done == last:
            os.kill(os.getpid(), signal.SIGKILL)
    build_starter(state, folder=folder, progress=stop)
"""


def build_in_another_process(state, folder, *, killed_at_layer=-1):
    words = [str(state), str(folder), str(killed_at_layer)]
    return subprocess.Popen([sys.executable, "-c", textwrap.dedent(BUILD), *words], env=os.environ)


def files_below(folder):
    return {
        path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def raise_the_land(folder, metres):
    """Change one input of a pocket."""
    grid = read_grid(folder / "elevation.tif")
    values = grid.values.copy()
    values[grid.values != grid.nodata] += metres
    write_grid(folder / "elevation.tif", grid.with_values(values, grid.nodata))


def test_the_same_inputs_give_the_same_bytes(built, shared_pocket, tmp_path):
    again = build_starter(tmp_path / "elsewhere", folder=shared_pocket)
    assert again.release.release_id == built.release.release_id
    assert files_below(again.release.state) == files_below(built.release.state)


def test_every_species_has_a_layer_of_potential_habitat_that_says_so(built):
    habitats = {layer.species_id: layer for layer in built.release.layers if layer.species_id}
    assert set(habitats) == set(programme.species()["species_id"])
    assert {layer.label for layer in habitats.values()} == {POTENTIAL}


def test_every_layer_names_its_source_licence_recipe_and_hash(built):
    for layer in built.release.layers:
        assert layer.title
        assert layer.licence
        assert layer.attribution
        assert all(source.origin and source.licence for source in layer.sources)
        assert layer.recipe.method.startswith("kulan.")
        assert all(len(item.sha256) == 64 for item in layer.recipe.inputs)
        assert len(layer.sha256) == 64
        assert layer.size_bytes == built.release.path(layer.layer_id).stat().st_size
        assert layer.sensitivity == "public"


def test_the_names_of_files_are_the_hashes_of_their_content(built):
    assert verify(built.release).files == len(built.release.layers)


def test_a_second_build_makes_nothing_and_takes_a_moment(state, shared_pocket, built):
    start = time.process_time()
    again = build_starter(state, folder=shared_pocket)
    # 0.3 s; of the processor: a busy machine lets wait
    assert time.process_time() - start < 3.0
    assert again.made == ()
    assert len(again.kept) == len(built.made)
    assert again.release.release_id == built.release.release_id


def test_a_second_build_leaves_every_file_untouched(state, shared_pocket):
    before = {path: path.stat().st_mtime_ns for path in state.rglob("*") if path.is_file()}
    build_starter(state, folder=shared_pocket)
    after = {path: path.stat().st_mtime_ns for path in state.rglob("*") if path.is_file()}
    assert after == before


def test_progress_counts_every_layer_and_ends_at_all(shared_pocket, state):
    calls = []
    build_starter(state, folder=shared_pocket, progress=lambda *call: calls.append(call))
    total = calls[0][1]
    assert [done for done, _, _ in calls] == list(range(total + 1))
    assert all(title for _, _, title in calls[:-1])


def test_only_layers_made_from_a_changed_input_are_made_again(state, pocket):
    raise_the_land(pocket, 28)
    again = build_starter(state, folder=pocket)
    assert "states" in again.kept
    assert "barriers" in again.kept
    assert "elevation" in again.made
    assert "habitat_snow_leopard" in again.made


def test_the_release_before_stays_and_can_be_opened(state, pocket, built):
    raise_the_land(pocket, 280)
    new = build_starter(state, folder=pocket).release
    assert set(release_ids(state)) == {built.release.release_id, new.release_id}
    assert open_release(state).release_id == new.release_id
    verify(open_release(state, built.release.release_id))


def test_a_spoiled_file_is_made_again(state, shared_pocket):
    path = open_release(state).path("habitat_saiga")
    path.write_bytes(b"not a raster")
    again = build_starter(state, folder=shared_pocket)
    assert again.made == ("habitat_saiga",)
    verify(again.release)


def test_a_spoiled_list_of_what_was_made_costs_a_rebuild_and_nothing_else(state, shared_pocket):
    (state / "atlas" / "made.json").write_text("{")
    again = build_starter(state, folder=shared_pocket)
    assert again.kept == ()
    verify(again.release)


def test_a_build_that_is_killed_leaves_the_release_before(state, pocket, built):
    raise_the_land(pocket, 280)
    killed = build_in_another_process(state, pocket, killed_at_layer=20)
    assert killed.wait() == -signal.SIGKILL
    assert open_release(state).release_id == built.release.release_id
    verify(open_release(state))
    verify(build_starter(state, folder=pocket).release)


def test_a_first_build_that_is_killed_leaves_no_atlas(pocket, tmp_path):
    killed = build_in_another_process(tmp_path / "new", pocket, killed_at_layer=3)
    assert killed.wait() == -signal.SIGKILL
    with pytest.raises(AtlasMissingError, match="kulan atlas build"):
        open_release(tmp_path / "new")


def test_two_builds_at_once_do_each_other_no_harm(shared_pocket, tmp_path, built):
    state = tmp_path / "together"
    both = [build_in_another_process(state, shared_pocket) for _ in range(2)]
    assert [process.wait() for process in both] == [0, 0]
    assert open_release(state).release_id == built.release.release_id
    verify(open_release(state))
    assert not [path for path in state.rglob(".*") if path.is_file()]


def test_missing_inputs_are_named_with_what_to_do(tmp_path):
    with pytest.raises(AtlasMissingError, match=r"starter_sources\.csv.*install it again"):
        build_starter(tmp_path / "state", folder=tmp_path)
