"""Corridors by hand: who uses a cell, what a stopover is, and what a stranger would find."""

from concurrent.futures import ThreadPoolExecutor
from itertools import combinations

import numpy as np
import pytest

from kulan.errors import NotEnoughDataError
from kulan.movement.corridors.animals import (
    AnimalUse,
    BridgeSettings,
    Journey,
    Traveller,
    uses_of,
)
from kulan.movement.corridors.populations import population_corridors
from kulan.movement.distributions import PlaneFrame
from kulan.movement.tracks import Track

KM = PlaneFrame(0, 1000, 1000, 1000, 1, 20)
SETTINGS = BridgeSettings(error_m=20)


def _use(name, cells, share=None):
    cells = np.asarray(cells)
    share = np.full(len(cells), 1 / len(cells)) if share is None else np.asarray(share)
    return AnimalUse(name, cells, share, 1, 1)


def _traveller(name="k1", seed=1, offset_m=0.0):
    rng = np.random.default_rng(seed)
    hours = np.arange(0, 400, 2.0)
    x = np.interp(hours, [100, 300], [0, 20e3]) + rng.normal(0, 100, 200).cumsum() * 0.3
    y = offset_m + rng.normal(0, 100, 200)
    return Traveller(
        Track(name, 3600 * hours, x, y), (Journey(2023, "spring", 3600 * 90.0, 3600 * 310.0),)
    )


FRAME = PlaneFrame(-5000, 10_000, 250, 250, 80, 140)


def test_animals_are_counted_cell_by_cell():
    found = population_corridors([_use("a", [0, 1]), _use("b", [1, 2]), _use("c", [1])], KM)
    assert found.animals_in[0, :4].tolist() == [1, 3, 1, 0]
    assert found.use.mass.sum() == pytest.approx(1)
    assert found.low_km2.estimate == 3


def test_medium_is_a_tenth_and_high_a_fifth_of_the_animals():
    uses = [
        _use(f"a{k:02}", [0] + ([1] if k < 4 else []) + ([2] if k < 2 else [])) for k in range(20)
    ]
    assert population_corridors(uses, KM).classes[0, :4].tolist() == [3, 3, 2, 0]


def test_a_few_animals_make_no_high_use_alone():
    # a fifth of three animals is less than one of them
    assert (
        population_corridors([_use("a", [0]), _use("b", [1]), _use("c", [2])], KM).classes.max()
        == 1
    )


def test_stopovers_are_the_tenth_that_is_used_most():
    share = np.full(20, 0.5 / 18)
    share[[3, 4]] = 0.25
    found = population_corridors([_use("a", range(20), share)], KM)
    assert np.flatnonzero(found.stopovers).tolist() == [3, 4]


def test_a_stranger_finds_what_the_others_hold():
    uses = [_use("a", [0, 1]), _use("b", [1, 2]), _use("c", [1, 3])]
    found = population_corridors(uses, KM)
    assert found.held.estimate == pytest.approx(0.5)
    assert found.held.low <= 0.5 <= found.held.high


def test_the_curve_is_the_mean_over_all_choices():
    rng = np.random.default_rng(1)
    uses = [_use(f"a{k}", rng.choice(20, 6, replace=False)) for k in range(5)]
    curve = population_corridors(uses, KM).curve
    for m in range(1, 5):
        held, area = [], []
        for chosen in combinations(range(5), m):
            union = np.unique(np.concatenate([uses[k].cells for k in chosen]))
            area.append(len(union))
            held += [
                uses[k].share[np.isin(uses[k].cells, union)].sum()
                for k in range(5)
                if k not in chosen
            ]
        assert curve[m - 1] == pytest.approx([m, np.mean(held), np.mean(area)])
    assert np.isnan(curve[-1, 1])


def test_limits_of_areas_hold_their_areas_and_do_not_take_twins_for_two():
    wide = PlaneFrame(0, 1000, 1000, 1000, 1, 60)
    uses = [_use(f"a{k:02}", range(k, 11 + k // 2 + k)) for k in range(11)]
    found = population_corridors(uses, wide)
    assert found.low_km2.estimate == 26
    for area in (found.low_km2, found.medium_km2, found.high_km2):
        assert area.low < area.estimate < area.high
    assert population_corridors(uses[::-1], wide).medium_km2 == found.medium_km2


def test_limits_of_an_area_are_those_of_leaving_out_one_animal_by_hand():
    found = population_corridors([_use("a", [0, 1]), _use("b", [1, 2, 3]), _use("c", [4])], KM)
    # without a, b or c there are 4, 3 and 4 km²; Student's t of two degrees is 4.3027
    logs = np.log([4, 3, 4])
    reach = 4.3027 * np.sqrt(2 / 3 * ((logs - logs.mean()) ** 2).sum())
    assert found.low_km2.low == pytest.approx(5 * np.exp(-reach), rel=1e-4)
    assert found.low_km2.high == pytest.approx(5 * np.exp(reach), rel=1e-4)


def test_limits_of_areas_hold_what_other_herds_would_use():
    rng = np.random.default_rng(5)
    field = PlaneFrame(0, 40_000, 1000, 1000, 40, 60)
    known = []
    for _ in range(60):
        uses = []
        for k in range(10):
            on = np.zeros(field.shape, bool)
            ends = 20 + 2 * rng.normal(), 20 + 7 * rng.normal()
            rows = np.clip(np.linspace(*ends, 60), 1, 38).astype(int)
            for column in range(int(np.clip(rng.normal(45, 6), 10, 60))):
                on[rows[column] - 1 : rows[column] + 2, column] = True
            uses.append(_use(f"a{k}", np.flatnonzero(on)))
        known.append(population_corridors(uses, field, resamples=2).low_km2)
    truth = np.mean([area.estimate for area in known])
    assert sum(area.holds(truth) for area in known) >= 52


def test_limits_that_leaving_out_animals_cannot_tell_are_unknown():
    alike = population_corridors([_use(f"a{k}", [0, 1]) for k in range(4)], KM)
    assert (alike.low_km2.estimate, np.isnan(alike.low_km2.low)) == (2, True)
    apart = population_corridors([_use("a", [0, 1]), _use("b", [2]), _use("c", [3])], KM)
    assert (apart.high_km2.estimate, np.isnan(apart.high_km2.high)) == (0, True)
    two = population_corridors([_use("a", [0, 1]), _use("b", [2])], KM)
    assert np.isnan(two.low_km2.high)


def test_one_animal_speaks_for_itself_alone():
    found = population_corridors([_use("a", [0, 1])], KM)
    assert not found.held.is_known
    assert np.isnan(found.low_km2.high)


def test_no_use_by_fifteen_animals_still_leaves_some_of_the_population():
    low, high = population_corridors([_use(f"a{k}", [0]) for k in range(15)], KM).share_limits()
    assert (low[0, 5], 0.1 < high[0, 5] < 0.2) == (0, True)
    assert 0.8 < low[0, 0] < 1


def test_order_of_animals_does_not_matter():
    uses = [_use("a", [0, 1]), _use("b", [1, 2]), _use("c", [4])]
    one, other = population_corridors(uses, KM), population_corridors(uses[::-1], KM)
    assert (one.animals_in == other.animals_in).all()
    assert one.held == other.held


def test_a_journey_becomes_a_footprint_along_its_way():
    (use,) = uses_of([_traveller()], FRAME, SETTINGS)
    rows, columns = np.divmod(use.cells, FRAME.columns)
    assert use.share.sum() == pytest.approx(1)
    assert FRAME.x_m[columns].max() > 19e3
    assert np.abs(FRAME.y_m[rows]).max() < 3e3


def test_use_beyond_the_edge_of_the_frame_is_told():
    half = PlaneFrame(-5000, 10_000, 250, 250, 80, 60)  # ends halfway, at 10 km
    (whole,) = uses_of([_traveller()], FRAME, SETTINGS)
    (cut,) = uses_of([_traveller()], half, SETTINGS)
    assert whole.inside == pytest.approx(1, abs=1e-3)
    assert 0.3 < cut.inside < 0.7
    assert cut.share.sum() == pytest.approx(1)


def test_years_weigh_the_same_however_many_journeys_they_have():
    one = _traveller()
    track, journey = one.track, one.journeys[0]
    early = Journey(2022, "spring", 0, 3600 * 150.0)
    many = Traveller(track, (early, journey, journey))
    few = Traveller(track, (early, journey))
    (first,), (second,) = (list(uses_of([who], FRAME, SETTINGS)) for who in (many, few))
    assert (first.cells == second.cells).all()
    assert first.share == pytest.approx(second.share)
    assert (first.journeys, first.years) == (3, 2)


def test_a_pool_gives_the_same_bytes():
    herd = [_traveller(f"k{k}", k, 500.0 * k) for k in range(4)]
    alone = [use.share.tobytes() for use in uses_of(herd, FRAME, SETTINGS)]
    with ThreadPoolExecutor(2) as pool:
        pooled = [use.share.tobytes() for use in uses_of(herd, FRAME, SETTINGS, executor=pool)]
    assert alone == pooled


def test_a_journey_that_cannot_be_bridged_is_told_and_left_out():
    one = _traveller()
    short = Traveller(one.track, (Journey(2023, "spring", 0.0, 10.0),))
    (use,) = uses_of([short], FRAME, SETTINGS)
    assert "spring 2023" in use.left_out[0]
    with pytest.raises(NotEnoughDataError, match="no journey"):
        population_corridors([use], FRAME)


def test_like_migration_mapper_only_fixes_of_the_journey_count():
    one = _traveller()
    ours, theirs = (
        next(uses_of([one], FRAME, BridgeSettings(error_m=20, like=like)))
        for like in (None, "MigrationMapper")
    )
    assert len(theirs.cells) < len(ours.cells)
