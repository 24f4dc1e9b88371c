"""A study has the same bytes alone, on a pool of processes and on a Dask cluster of two workers."""

import warnings
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from kulan.assessment.movement.corridors import CorridorAsked, find_corridors
from kulan.assessment.movement.folders import write_answer
from kulan.assessment.movement.migrations import MigrationAsked, find_migrations
from kulan.assessment.movement.models import FitAsked, fit_models
from kulan.assessment.movement.range_questions import RangeAsked
from kulan.assessment.movement.ranges import find_ranges
from kulan.assessment.movement.reading import FixesAsked, read_tracks, telemetry_asked
from kulan.cli import kulan
from kulan.movement.corridors.animals import BridgeSettings

pytestmark = [
    pytest.mark.xdist_group("dask"),
    # Dask's own: sockets and loops that it leaves to the garbage collector when it ends
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
MODELS = FitAsked(kinds=("IID", "OU"))


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """Six animals that go 40 km east in a week, and one with two fixes; and their dates."""
    folder = tmp_path_factory.mktemp("study")
    hours = np.arange(0, 40 * 24, 6.0)
    start = pd.Timestamp("2023-03-01", tz="UTC")
    tables = []
    for k in range(6):
        stray = np.random.default_rng(k).normal(0, 800, (2, len(hours)))
        tables.append(
            pd.DataFrame(
                {
                    "animal_id": f"k{k}",
                    "time": start + pd.to_timedelta(hours, "h"),
                    "x": 500e3 + np.interp(hours / 24, [16, 23], [0, 40e3]) + stray[0],
                    "y": 5e6 + 150.0 * k + stray[1],
                }
            )
        )
    tables.append(tables[0].head(2).assign(animal_id="new"))
    pd.concat(tables).to_csv(folder / "fixes.csv", index=False)
    dates = pd.DataFrame({"animal_id": [f"k{k}" for k in range(6)]})
    dates = dates.assign(kind="migration", season="spring", start="2023-03-16", end="2023-03-25")
    dates.to_csv(folder / "dates.csv", index=False)
    return folder


@pytest.fixture(scope="module")
def cluster():
    distributed = pytest.importorskip(
        "distributed", reason='no Dask here; install it with: pip install "kulan[cluster]"'
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Dask's own, of its start
        with (
            distributed.LocalCluster(
                n_workers=2, threads_per_worker=1, dashboard_address=":0", processes=True
            ) as two_workers,
            distributed.Client(two_workers) as client,
        ):
            yield client


def answered(study, out, executor):
    """Answer all questions that are shared out by animals; return every file's bytes."""
    said = telemetry_asked(zone="UTC", crs="EPSG:32648")
    read = read_tracks([study / "fixes.csv"], FixesAsked(said))
    journeys = CorridorAsked(
        study / "dates.csv", bridges=BridgeSettings(error_m=20.0), resamples=100
    )
    plain = RangeAsked("dynamic-bridge", settings={"error_m": 20.0, "window": 21, "margin": 7})
    answers = {
        "fit": fit_models(read, MODELS, executor=executor),
        "range": find_ranges(read, RangeAsked(fit=MODELS), executor=executor),
        "occurrence": find_ranges(read, plain, executor=executor),
        "migration": find_migrations(read, MigrationAsked(most=1), executor=executor),
        "corridor": find_corridors(read, journeys, executor=executor),
    }
    for name, (answer, _) in answers.items():
        write_answer(out / name, answer)
    return {
        str(file.relative_to(out)): file.read_bytes()
        for file in sorted(out.rglob("*"))
        if file.is_file()
    }


@pytest.fixture(scope="module")
def alone(study, tmp_path_factory):
    return answered(study, tmp_path_factory.mktemp("alone"), None)


def test_two_processes_give_the_same_bytes(study, alone, tmp_path):
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        found = answered(study, tmp_path, pool)
    assert {"fit/result.json", "corridor/class.tif", "migration/ways.csv"} <= set(found)
    assert found == alone


def test_a_dask_cluster_of_two_workers_gives_the_same_bytes(study, alone, cluster, tmp_path):
    assert answered(study, tmp_path, cluster.get_executor()) == alone


def test_the_command_shares_animals_out_to_a_cluster(study, alone, cluster, tmp_path):
    words = ["fit", study / "fixes.csv", "--zone", "UTC", "--crs", "EPSG:32648"]
    words += ["--kind", "IID", "--kind", "OU", "--cluster", cluster.scheduler.address]
    words += ["--out", tmp_path / "fit"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Dask's own
        told = CliRunner().invoke(kulan, ["movement", *map(str, words)], catch_exceptions=False)
    assert told.exit_code == 0, told.output
    for name in ("models.csv", "variograms.csv"):
        assert (tmp_path / "fit" / name).read_bytes() == alone[f"fit/{name}"]


@pytest.mark.parametrize("command", ["fit", "range", "migration", "corridor"])
def test_a_scheduler_that_is_not_there_is_told(command, study, tmp_path):
    pytest.importorskip("distributed", reason="needs Dask")
    words = [command, study / "fixes.csv", "--zone", "UTC", "--crs", "EPSG:32648"]
    words += ["--cluster", "nowhere", "--out", tmp_path / "out"]
    told = CliRunner().invoke(kulan, ["movement", *map(str, words)])
    assert told.exit_code == 2
    assert "no scheduler of a Dask cluster answers there" in told.output
