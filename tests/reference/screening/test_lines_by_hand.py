"""Lengths, areas and pieces that can be worked out on paper, with the arithmetic.

Numbers used: WGS 84 has a = 6 378 137 m and e² = 0.00669438. A meridian has the radius of curvature
M = a(1 - e²) / (1 - e² sin²φ)^(3/2), a parallel the radius N cos φ with N = a / √(1 - e² sin²φ).
"""

from datetime import date
from math import cos, pi, radians, sin, sqrt

import pytest
import shapely

from builders import (
    make_alternative,
    make_areas,
    make_barriers,
    make_baseline,
    make_habitat,
    make_user_layer,
)
from kulan.screening import screen_alternatives

A, E2 = 6_378_137.0, 0.006_694_379_990_14
ON = date(2026, 11, 1)


def meridian_km(south: float, north: float) -> float:
    """Length of a meridian between two latitudes: Simpson's rule over M, 1 000 steps."""
    steps = 1000
    width = radians(north - south) / steps

    def m(step: int) -> float:
        latitude = radians(south) + step * width
        return A * (1 - E2) / (1 - E2 * sin(latitude) ** 2) ** 1.5

    odd = sum(m(step) for step in range(1, steps, 2))
    even = sum(m(step) for step in range(2, steps, 2))
    return width / 3 * (m(0) + 4 * odd + 2 * even + m(steps)) / 1000


def parallel_km(latitude: float, degrees: float) -> float:
    """Length of an arc of a parallel: N cos φ · Δλ."""
    phi = radians(latitude)
    return A / sqrt(1 - E2 * sin(phi) ** 2) * cos(phi) * radians(degrees) / 1000


def screen(baseline, *alternatives, layers=(), **options):
    return screen_alternatives(alternatives, baseline, on=ON, layers=layers, **options)


def species(screening, name, number=0):
    found = screening.alternatives[number].species
    return next(one for one in found if one.species_id == name)


def row(screening, name, iso3):
    return next(one for one in species(screening, name).exposures if one.iso3 == iso3)


def test_a_line_along_a_meridian_crosses_the_arc_between_two_parallels(tmp_path):
    # habitat from 44.5 to 45.5 °N; the line runs from 44 to 46 °N through cell centres
    baseline = make_baseline(tmp_path, {"saiga": make_habitat((61, 44.5, 63, 45.5))})
    found = row(screen(baseline, make_alternative([(62.025, 44), (62.025, 46)])), "saiga", "KAZ")
    assert meridian_km(44.5, 45.5) == pytest.approx(111.132, abs=0.001)
    assert found.crossed.value == pytest.approx(meridian_km(44.5, 45.5), abs=0.001)
    # one cell less at either end is surely inside, one cell more may be
    assert found.crossed.low == pytest.approx(meridian_km(44.55, 45.45), abs=0.001)
    assert found.crossed.high == pytest.approx(meridian_km(44.45, 45.55), abs=0.001)


def test_a_line_over_the_border_is_divided_there(tmp_path):
    # one degree of the parallel of 45 °N each side, as chords of 5 km: 78.847 km
    baseline = make_baseline(tmp_path, {"saiga": make_habitat((60, 42, 70, 48))})
    screening = screen(baseline, make_alternative([(64, 45), (66, 45)]))
    assert parallel_km(45, 1) == pytest.approx(78.847, abs=0.001)
    lengths = {state.iso3: state.length.value for state in screening.alternatives[0].states}
    assert lengths == pytest.approx({"KAZ": 78.847, "UZB": 78.847}, abs=0.01)
    assert row(screening, "saiga", "KAZ").crossed.value == pytest.approx(78.847, abs=0.01)
    assert row(screening, "saiga", "UZB").crossed.value == pytest.approx(78.847, abs=0.01)


def test_a_strip_of_habitat_is_affected_on_both_sides_and_round_the_ends(tmp_path):
    # everywhere habitat: 2 d L + π d², with d the effect distance and L one degree of meridian
    baseline = make_baseline(tmp_path, {"khulan": make_habitat((60, 42, 70, 48))})
    screening = screen(baseline, make_alternative([(62.5, 44.5), (62.5, 45.5)]))
    one = species(screening, "khulan")
    d_km = one.effect_distance.distance_m / 1000
    by_hand_km2 = 2 * d_km * meridian_km(44.5, 45.5) + pi * d_km**2
    assert one.total_affected.value == pytest.approx(by_hand_km2, rel=2e-3)
    total_km2 = baseline.habitat_areas["area_km2"].sum()
    assert one.total_affected_share.value == pytest.approx(by_hand_km2 / total_km2, rel=2e-3)
    # half of it on either hand
    severance = one.severances[0]
    assert severance.left.value == pytest.approx(by_hand_km2 / 2, rel=5e-3)
    assert severance.right.value == pytest.approx(by_hand_km2 / 2, rel=5e-3)


def test_a_line_right_through_cuts_habitat_in_the_ratio_of_its_columns(tmp_path):
    # 40 columns of cells from 61 to 63 °E; a line at 61.8 °E leaves 16 west of it and 24 east of it
    baseline = make_baseline(tmp_path, {"saiga": make_habitat((61, 44, 63, 46))})
    screening = screen(baseline, make_alternative([(61.8, 43.5), (61.8, 46.5)]))
    severance = species(screening, "saiga").severances[0]
    habitat_km2 = severance.habitat.value
    # the block is 2 degrees wide and high: Δλ · ∫ M N cos φ dφ, by the middle parallel
    assert habitat_km2 == pytest.approx(parallel_km(45, 2) * meridian_km(44, 46), rel=1e-3)
    assert severance.smaller.value == pytest.approx(habitat_km2 * 16 / 40, abs=0.001)
    assert severance.larger.value == pytest.approx(habitat_km2 * 24 / 40, abs=0.001)
    assert severance.larger_with_existing.value == severance.larger.value


def test_a_line_that_ends_inside_cuts_nothing_off(tmp_path):
    baseline = make_baseline(tmp_path, {"saiga": make_habitat((61, 44, 63, 46))})
    severance = species(
        screen(baseline, make_alternative([(61.8, 43.5), (61.8, 45.5)])), "saiga"
    ).severances[0]
    assert severance.smaller.value == 0
    assert severance.larger.value == severance.habitat.value


def test_an_existing_fence_turns_a_spur_into_a_cut(tmp_path):
    # the fence runs along 45.5 °N across the whole block, so that 30 of 40 rows lie south of
    # it; the spur at 61.8 °E ends just before it: of that piece it cuts 16 of 40 columns off
    fence = make_barriers({"geometry": shapely.LineString([(60, 45.5), (64, 45.5)])})
    baseline = make_baseline(tmp_path, {"saiga": make_habitat((61, 44, 63, 46))}, fence)
    severance = species(
        screen(baseline, make_alternative([(61.8, 43.5), (61.8, 45.49)])), "saiga"
    ).severances[0]
    assert severance.smaller.value == 0
    southern_km2 = severance.larger_with_existing.value + severance.smaller_with_existing.value
    assert severance.smaller_with_existing.value == pytest.approx(southern_km2 * 16 / 40, abs=0.001)
    assert southern_km2 == pytest.approx(severance.habitat.value * 30 / 40, rel=0.01)


def test_a_mine_takes_its_cells_and_cuts_off_what_it_surrounds(tmp_path):
    # a habitat strip one degree high and 2 wide; a mine over its whole height from 61.5 to 61.7 °E
    # takes 4 of 40 columns, and leaves 10 west and 26 east
    baseline = make_baseline(tmp_path, {"saiga": make_habitat((61, 45, 63, 46))})
    mine = make_alternative(shapely.box(61.5, 44.9, 61.7, 46.1), barrier_type="mine")
    one = species(screen(baseline, mine), "saiga")
    habitat_km2 = one.severances[0].habitat.value
    assert one.exposures[0].occupied.value == pytest.approx(habitat_km2 * 4 / 40, rel=1e-3)
    assert one.severances[0].smaller.value == pytest.approx(habitat_km2 * 10 / 40, abs=0.001)
    assert one.severances[0].larger.value == pytest.approx(habitat_km2 * 26 / 40, abs=0.001)
    assert one.exposures[0].crossed.value == 0


def test_fifty_kilometres_lie_near_the_border_on_either_side(tmp_path):
    # square to a border that is a meridian: the parallel strays from the geodesic by metres only
    baseline = make_baseline(tmp_path)
    found = screen(baseline, make_alternative([(63, 45), (67, 45)])).alternatives[0].transboundary
    assert [(one.iso3, one.neighbour_iso3, one.crosses_border) for one in found] == [
        ("KAZ", "UZB", True),
        ("UZB", "KAZ", True),
    ]
    assert [one.length.value for one in found] == pytest.approx([50, 50], abs=0.05)


def test_density_and_fragments_of_a_crossing_fence(tmp_path):
    # line of one degree of parallel (78.847 km), window of 50 km round it: 2·50·L + π·50² km²;
    # a fence square to its middle crosses the window for 100 km and divides it in two; the line
    # itself ends inside the window and divides nothing more
    fence = make_barriers({"geometry": shapely.LineString([(62.5, 43), (62.5, 47)])})
    baseline = make_baseline(tmp_path, barriers=fence)
    sums = screen(baseline, make_alternative([(62, 45), (63, 45)])).alternatives[0].cumulative
    window_km2 = 2 * 50 * 78.847 + pi * 50**2
    assert sums.window.value == pytest.approx(window_km2, rel=2e-3)
    assert sums.barriers_before.value == pytest.approx(100, rel=2e-3)
    assert sums.density_before.value == pytest.approx(100 / window_km2 * 100, rel=3e-3)
    assert sums.density_after.value == pytest.approx(178.847 / window_km2 * 100, rel=3e-3)
    assert (sums.fragments_before.value, sums.fragments_after.value) == (2, 2)
    assert sums.largest_fragment_before.value == pytest.approx(window_km2 / 2, rel=3e-3)


def test_a_line_that_joins_two_fences_makes_one_more_fragment(tmp_path):
    fences = make_barriers(
        {"geometry": shapely.LineString([(62.2, 43), (62.2, 47)])},
        {"geometry": shapely.LineString([(62.8, 43), (62.8, 47)])},
    )
    baseline = make_baseline(tmp_path, barriers=fences)
    sums = screen(baseline, make_alternative([(62, 45), (63, 45)])).alternatives[0].cumulative
    assert (sums.fragments_before.value, sums.fragments_after.value) == (3, 4)


def test_the_nearest_habitat_is_as_far_as_the_meridian_between(tmp_path):
    # habitat from 46 °N on; the line along 45 °N: one degree of meridian, 111.142 km
    baseline = make_baseline(tmp_path, {"saiga": make_habitat((61, 46, 63, 47))})
    found = row(screen(baseline, make_alternative([(61.5, 45), (62.5, 45)])), "saiga", "KAZ")
    assert found.crossed.value == 0
    assert found.nearest.value == pytest.approx(meridian_km(45, 46), abs=0.05)


def test_a_reserve_known_as_a_point_is_a_circle_of_its_size(tmp_path):
    # 314.159 km² are a circle of 10 km; its centre lies 30 km north of the line: 20 km to its rim
    north = 45 + 30 / meridian_km(45, 46)
    areas = make_areas(
        "key_area_id",
        {"geometry": shapely.Point(62, north), "area_km2": 100 * pi},
        {"geometry": shapely.Point(62, 45.05), "area_km2": 100 * pi},
    )
    baseline = make_baseline(tmp_path, key_areas=areas)
    far, crossed = sorted(
        screen(baseline, make_alternative([(61, 45), (63, 45)])).alternatives[0].key_areas,
        key=lambda one: -one.distance.value,
    )
    assert far.distance.value == pytest.approx(20, abs=0.05)
    assert (far.relation, crossed.relation) == ("near", "crossed")
    # a chord 5.556 km from the centre of a circle of 10 km: 2 √(10² - 5.556²)
    half_chord = sqrt(100 - (meridian_km(45, 45.05)) ** 2)
    assert crossed.crossed.value == pytest.approx(2 * half_chord, rel=3e-3)
    assert (crossed.crossed.low, crossed.extent) == (0, "circle")


def test_overlapping_polygons_of_a_user_layer_count_once(tmp_path):
    # 61-62 and 61.5-62.5 °E overlap: together 1.5 degrees of the parallel, not 2
    layer = make_user_layer([shapely.box(61, 44, 62, 46), shapely.box(61.5, 44, 62.5, 46)])
    baseline = make_baseline(tmp_path)
    screening = screen(baseline, make_alternative([(60.5, 45), (63, 45)]), layers=[layer])
    found = row(screening, "saiga", "KAZ")
    assert found.crossed.value == pytest.approx(parallel_km(45, 1.5), abs=0.01)
    d_km = species(screening, "saiga").effect_distance.distance_m / 1000
    assert found.affected.value == pytest.approx(2 * d_km * parallel_km(45, 1.5), rel=3e-3)
    total_km2 = parallel_km(45, 1.5) * meridian_km(44, 46)
    assert found.affected_share.value == pytest.approx(found.affected.value / total_km2, rel=2e-3)
