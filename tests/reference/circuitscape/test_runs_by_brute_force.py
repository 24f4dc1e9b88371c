"""Configurations drawn at random give what a plain nodal analysis of every pair gives.

The analysis here merges cells, lists links and solves dense equations for each pair or site anew,
as the documentation of Circuitscape describes it; it shares no code with the library.
"""

from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from kulan.connectivity.configurations.circuitscape_ini import CircuitscapeSettings
from kulan.connectivity.configurations.circuitscape_run import run_circuitscape
from kulan.connectivity.configurations.raster_files import (
    PlainRaster,
    read_raster,
    write_ascii_grid,
)

SHAPE = (7, 8)


@dataclass(frozen=True)
class Case:
    """One landscape with all that may lie on it; NaN or 0 for none."""

    habitat: np.ndarray
    points: np.ndarray
    polygons: np.ndarray | None
    mask: np.ndarray | None
    pairs: frozenset[tuple[int, int]] | None
    strengths: dict[int, float]
    four: bool
    average_resistances: bool
    are_resistances: bool

    @property
    def conductance(self) -> np.ndarray:
        known = np.where(np.isnan(self.habitat), 1.0, self.habitat)
        found = 1 / known if self.are_resistances else known
        found = np.where(np.isnan(self.habitat), 0.0, found)
        return found if self.mask is None else found * (self.mask > 0)

    @property
    def sites(self) -> list[int]:
        every = sorted({int(one) for one in self.points[self.points > 0]})
        if self.pairs is None:
            return every
        return [one for one in every if any(one in pair for pair in self.pairs)]

    def partners(self, site: int) -> list[int]:
        if self.pairs is None:
            return [one for one in self.sites if one != site]
        return sorted({other for pair in self.pairs if site in pair for other in pair} - {site})


def drawn(seed: int) -> Case:
    rng = np.random.default_rng(seed)
    habitat = rng.uniform(0.5, 9, SHAPE).round(2)
    habitat[rng.random(SHAPE) < 0.15] = np.nan
    points = np.zeros(SHAPE)
    for number in range(1, 6):
        size = 1 if seed % 3 == 0 else rng.integers(1, 4)
        for _ in range(size):
            points[rng.integers(0, SHAPE[0]), rng.integers(0, SHAPE[1])] = number
    polygons = mask = pairs = None
    if rng.random() < 0.7:
        polygons = np.zeros(SHAPE)
        for number in (3, 8):
            row, column = rng.integers(0, 5, 2)
            polygons[row : row + 2, column : column + 3] = number
    if rng.random() < 0.3:
        mask = (rng.random(SHAPE) < 0.9).astype(float)
    sites = sorted({int(one) for one in points[points > 0]})
    if rng.random() < 0.5:
        every = list(combinations(sites, 2))
        pairs = frozenset(every[k] for k in rng.choice(len(every), 4, replace=False))
    strengths = {2: 3.0, 4: 0.5} if rng.random() < 0.5 else {}
    four, average, resistances = (bool(one) for one in rng.random(3) < 0.5)
    return Case(habitat, points, polygons, mask, pairs, strengths, four, average, resistances)


# --- the plain analysis ---------------------------------------------------------------------------


def nodes_with(case: Case, regions: list[int]) -> np.ndarray:
    """Node of each cell from 0, -1 for none: polygons merged, and regions with what they touch."""
    valid = case.conductance > 0
    label = np.where(valid, np.arange(valid.size).reshape(SHAPE), -1)
    groups = []
    if case.polygons is not None:
        groups += [case.polygons == one for one in np.unique(case.polygons[case.polygons > 0])]
    for region in regions:
        cells = case.points == region
        if cells.sum() > 1:
            touched = [group for group in groups if (group & cells).any()]
            groups = [group for group in groups if not (group & cells).any()]
            groups.append(np.logical_or.reduce([cells, *touched]))
    for k, group in enumerate(groups):
        if (group & valid).any():
            label[group] = valid.size + k
    numbered = np.full(SHAPE, -1)
    used = label >= 0
    numbered[used] = np.unique(label[used], return_inverse=True)[1]
    return numbered


def links_of(case: Case, node: np.ndarray) -> list[tuple[int, int, float]]:
    conductance, found = case.conductance, []
    steps = [(0, 1), (1, 0)] + ([] if case.four else [(1, 1), (1, -1)])
    for (i, j), here in np.ndenumerate(conductance):
        for down, right in steps:
            k, m = i + down, j + right
            if not (k < SHAPE[0] and 0 <= m < SHAPE[1]):
                continue
            there = conductance[k, m]
            if here == 0 or there == 0 or node[i, j] == node[k, m]:
                continue
            mean = (here + there) / 2
            if case.average_resistances:
                mean = 2 / (1 / here + 1 / there)
            far = np.sqrt(2) if down and right else 1
            found.append((int(node[i, j]), int(node[k, m]), mean / far))
    return found


def currents(links, sources: dict[int, float], grounded: set[int], n: int):
    """Voltages, currents through nodes, and nodes in reach of a ground; others stay at zero."""
    laplacian = np.zeros((n, n))
    for a, b, c in links:
        laplacian[[a, b], [a, b]] += c
        laplacian[[a, b], [b, a]] -= c
    reach = set(grounded)
    while more := {b for a, c, _ in links for a, b in ((a, c), (c, a)) if a in reach} - reach:
        reach |= more
    free = sorted(reach - grounded)
    injected = np.zeros(n)
    for place, amps in sources.items():
        injected[place] += amps
    voltage = np.zeros(n)
    voltage[free] = np.linalg.solve(laplacian[np.ix_(free, free)], injected[free])
    into, out = np.zeros(n), np.zeros(n)
    for a, b, c in links:
        flow = c * (voltage[a] - voltage[b])
        out[a] += max(flow, 0)
        into[b] += max(flow, 0)
        out[b] += max(-flow, 0)
        into[a] += max(-flow, 0)
    return voltage, np.maximum(into, out), reach


def on_map(node: np.ndarray, values: np.ndarray) -> np.ndarray:
    return np.where(node >= 0, values[node], 0.0)


def place_of(case: Case, node: np.ndarray, site: int) -> int:
    """Node of a site, -1 where all its cells are NoData."""
    return int(node[case.points == site].max())


def by_pairs(case: Case) -> tuple[dict[tuple[int, int], float], dict[str, np.ndarray]]:
    resistance, maps = {}, {"cum_curmap": np.zeros(SHAPE), "max_curmap": np.zeros(SHAPE)}
    for pair in combinations(case.sites, 2):
        if case.pairs is not None and pair not in case.pairs:
            resistance[pair] = -1.0
            continue
        node = nodes_with(case, list(pair))
        links = links_of(case, node)
        a, b = (place_of(case, node, site) for site in pair)
        if a >= 0 and a == b:
            resistance[pair] = 0.0
            continue
        if a < 0 or b < 0:
            resistance[pair] = -1.0
            continue
        voltage, current, reach = currents(links, {b: 1.0}, {a}, int(node.max()) + 1)
        if b not in reach:
            resistance[pair] = -1.0
            continue
        resistance[pair] = voltage[b]
        drawn_map = on_map(node, current)
        maps[f"curmap_{pair[0]}_{pair[1]}"] = drawn_map
        maps[f"voltmap_{pair[0]}_{pair[1]}"] = on_map(node, voltage)
        maps["cum_curmap"] += drawn_map
        maps["max_curmap"] = np.maximum(maps["max_curmap"], drawn_map)
    return resistance, maps


def by_sites(case: Case, scenario: str) -> tuple[dict[int, float], dict[str, np.ndarray]]:
    resistance, maps = {}, {"cum_curmap": np.zeros(SHAPE)}
    for site in case.sites:
        others = case.partners(site)
        node = nodes_with(case, [site, *others])
        links, n = links_of(case, node), int(node.max()) + 1
        here = place_of(case, node, site)
        there = {one: place_of(case, node, one) for one in others}
        there = {one: place for one, place in there.items() if place not in (-1, here)}
        resistance[site] = -1.0
        if here < 0 or not there:
            continue
        if scenario == "one-to-all":
            amps = case.strengths.get(site, 1.0)
            voltage, current, reach = currents(links, {here: amps}, set(there.values()), n)
            if here not in reach:
                continue
            resistance[site] = voltage[here] / amps
            # grounds that the site does not reach are in no circuit of its own
        else:
            sources: dict[int, float] = {}
            for one, place in there.items():
                sources[place] = sources.get(place, 0.0) + case.strengths.get(one, 1.0)
            _, _, reach = currents(links, {}, {here}, n)
            sources = {place: amps for place, amps in sources.items() if place in reach}
            if not sources:
                continue
            voltage, current, reach = currents(links, sources, {here}, n)
            resistance[site] = 0.0
        maps[f"curmap_{site}"] = on_map(node, current)
        maps["cum_curmap"] += maps[f"curmap_{site}"]
    return resistance, maps


# --- the runs -------------------------------------------------------------------------------------


def settings_of(case: Case, scenario: str, folder: Path) -> CircuitscapeSettings:
    def stored(name: str, values: np.ndarray | None) -> Path | None:
        if values is not None:
            write_ascii_grid(folder / name, values, PlainRaster(values, 0.0, 0.0, 1.0))
        return folder / name

    if case.pairs is not None:
        rows = [f"{a}\t{b}" for a, b in sorted(case.pairs)]
        (folder / "pairs.txt").write_text("\n".join(["mode\tinclude", *rows]) + "\n")
    rows = [f"{site}\t{amps}" for site, amps in case.strengths.items()]
    (folder / "strengths.txt").write_text("\n".join(rows) + "\n")
    return CircuitscapeSettings(
        folder,
        scenario=scenario,  # type: ignore[arg-type]
        habitat_file=stored("habitat.asc", case.habitat),
        habitat_map_is_resistances=case.are_resistances,
        connect_four_neighbors_only=case.four,
        connect_using_avg_resistances=case.average_resistances,
        point_file=stored("points.asc", np.where(case.points > 0, case.points, np.nan)),
        use_polygons=case.polygons is not None,
        polygon_file=stored("polygons.asc", case.polygons),
        use_mask=case.mask is not None,
        mask_file=stored("mask.asc", case.mask),
        use_included_pairs=case.pairs is not None,
        included_pairs_file=folder / "pairs.txt",
        use_variable_source_strengths=bool(case.strengths),
        variable_source_file=folder / "strengths.txt",
        output_file=folder / "run.out",
        write_cur_maps=True,
        write_volt_maps=scenario == "pairwise",
        write_max_cur_maps=scenario == "pairwise",
    )


def check_maps(folder: Path, maps: dict[str, np.ndarray]) -> None:
    for name, expected in maps.items():
        found = read_raster(folder / f"run_{name}.asc").values
        np.testing.assert_allclose(
            found, expected, atol=1e-7 * max(1, expected.max()), err_msg=name
        )


@pytest.mark.parametrize("seed", range(40))
def test_pairs_are_those_of_a_plain_analysis(seed, tmp_path):
    case = drawn(seed)
    resistance, maps = by_pairs(case)

    run_circuitscape(settings_of(case, "pairwise", tmp_path))

    rows = np.loadtxt(tmp_path / "run_resistances_3columns.out", ndmin=2)
    found = {(int(a), int(b)): r for a, b, r in rows.tolist()}
    assert found == pytest.approx(resistance, rel=1e-9, abs=1e-12)
    check_maps(tmp_path, maps)


@pytest.mark.parametrize("scenario", ["one-to-all", "all-to-one"])
@pytest.mark.parametrize("seed", range(40))
def test_sites_are_those_of_a_plain_analysis(seed, scenario, tmp_path):
    case = drawn(seed)
    resistance, maps = by_sites(case, scenario)

    run_circuitscape(settings_of(case, scenario, tmp_path))

    rows = np.loadtxt(tmp_path / "run_resistances.out", ndmin=2)
    found = {int(site): r for site, r in rows.tolist()}
    assert found == pytest.approx(resistance, rel=1e-9, abs=1e-12)
    check_maps(tmp_path, maps)
