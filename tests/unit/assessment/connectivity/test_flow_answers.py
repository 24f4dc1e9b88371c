"""Flow in all directions, given sources and grounds, and networks, asked from files."""

import numpy as np
import pytest

from kulan.assessment.connectivity.barriers import no_barriers
from kulan.assessment.connectivity.circuits import CircuitQuestion, connect
from kulan.assessment.connectivity.networks import connect_nodes, read_links, read_nodes
from kulan.assessment.connectivity.omnidirectional import (
    OmnidirectionalQuestion,
    Strengths,
    find_flow,
    strengths_of_resistance,
)
from kulan.assessment.connectivity.pictures import draw_circuit, draw_flow, draw_wired
from kulan.assessment.connectivity.places import read_sites
from kulan.assessment.connectivity.wired import WiredQuestion, let_flow, read_wires
from kulan.errors import InvalidFileError, InvalidGridError, InvalidTableError, UnknownNameError
from little_landscapes import box_of, landscape_of, write_landscape, write_points, write_shapes


@pytest.fixture
def even(tmp_path):
    return landscape_of(tmp_path, np.ones((5, 5)))


@pytest.fixture
def strip(tmp_path):
    """Five cells in a row; between two neighbours lies one ohm."""
    return landscape_of(tmp_path, np.ones((1, 5)))


# --- circuits -------------------------------------------------------------------------------------


def test_resistance_between_sites_in_a_row_is_their_distance(strip, tmp_path):
    file = write_points(tmp_path / "s.geojson", strip, [(0, 0), (0, 3)], name=["a", "b"])
    question = CircuitQuestion(strip, read_sites(file, strip))
    answer = connect(question)
    [row] = answer.tables["resistance"].to_dict("records")
    assert row["resistance_ohm"] == pytest.approx(3.0)
    assert (row["name"], row["other_name"], row["state"]) == ("a", "b", "connected")
    assert set(draw_circuit(question, answer).pictures) == {"current.png"}


# --- all directions -------------------------------------------------------------------------------


def flow(landscape, **options):
    strengths = options.pop("strengths", strengths_of_resistance(landscape))
    options.setdefault("radius_km", 2.0)
    return OmnidirectionalQuestion(landscape, strengths, **options)


@pytest.mark.parametrize("method", ["windows", "random"])
def test_even_land_has_a_normalised_flow_of_one(even, method):
    answer = find_flow(flow(even, method=method, n_draws=4))
    assert answer.grids["normalised"].values == pytest.approx(np.ones((5, 5)), rel=1e-4)


def test_random_draws_come_with_their_standard_error_and_a_warning(even):
    answer = find_flow(flow(even, method="random", n_draws=8))
    assert {"current_se", "flow_potential_se", "normalised_se"} <= set(answer.grids)
    assert any("windows to report" in note for note in answer.notes)
    again = find_flow(flow(even, method="random", n_draws=8))
    assert answer.grids["current"].values.tolist() == again.grids["current"].values.tolist()
    other = find_flow(flow(even, method="random", n_draws=8, seed=2))
    assert answer.grids["current"].values.tolist() != other.grids["current"].values.tolist()


def test_without_normalising_the_even_landscape_is_not_solved(even):
    assert set(find_flow(flow(even, normalise=False)).grids) == {"current"}


def test_cells_of_much_resistance_can_be_no_sources(tmp_path):
    landscape = landscape_of(tmp_path, [[1.0, 2.0, 50.0, np.nan]])
    assert strengths_of_resistance(landscape).values.tolist() == [[1.0, 0.5, 0.02, 0.0]]
    some = strengths_of_resistance(landscape, 2.0)
    assert some.values.tolist() == [[1.0, 0.5, 0.0, 0.0]]
    assert "at most 2" in some.rests_on
    with pytest.raises(InvalidGridError, match="the least is 1"):
        strengths_of_resistance(landscape, 0.5)


@pytest.mark.parametrize(
    ("radius_km", "words"), [(0.5, "less than a cell"), (0.0, "less than"), (9.0, "only 5 km long")]
)
def test_a_radius_that_fits_no_landscape_is_refused(even, radius_km, words):
    with pytest.raises(InvalidGridError, match=words):
        flow(even, radius_km=radius_km)


def test_a_radius_between_cells_is_told(even):
    answer = find_flow(flow(even, radius_km=2.3))
    assert any("2 whole cells, 2 km, for 2.3 km" in note for note in answer.notes)


@pytest.mark.parametrize(
    ("block", "said"),
    [
        (1, None),
        (3, "share one target"),
        (5, "more than a quarter of the radius of 12 cells"),
    ],
)
def test_blocks_so_large_that_their_pattern_shows_are_told(tmp_path, block, said):
    square = landscape_of(tmp_path, np.ones((16, 16)))
    question = flow(square, radius_km=12, block_cells=block, normalise=False)
    notes = [note for note in find_flow(question).notes if "target" in note or "quarter" in note]
    assert [note for note in notes if said is None or said not in note] == []
    assert len(notes) == (said is not None)
    assert any("Give --block 3 or less." in note for note in notes) == (block == 5)


def test_blocks_follow_the_radius_and_are_odd(tmp_path):
    wide = landscape_of(tmp_path, np.ones((2, 200)))
    assert [flow(wide, radius_km=radius).block for radius in (5, 19, 25, 100)] == [1, 1, 1, 9]
    assert flow(wide, radius_km=100, method="random").block == 1
    with pytest.raises(InvalidGridError, match="Leave --block out"):
        flow(wide, radius_km=100, method="random", block_cells=3)


def test_negative_strengths_are_refused(even):
    strengths = Strengths(np.full((5, 5), -1.0), "mine.tif")
    with pytest.raises(InvalidGridError, match="strength of -1"):
        find_flow(flow(even, strengths=strengths))


def test_pictures_of_a_landscape_of_a_few_cells(even):
    question = flow(even)
    assert set(draw_flow(question, find_flow(question)).pictures) == {
        "current.png",
        "normalised.png",
    }


# --- sources and grounds --------------------------------------------------------------------------


def points(strip, tmp_path, file, cells, **columns):
    return write_points(tmp_path / file, strip, cells, **columns)


def test_voltage_falls_by_one_volt_a_step_from_source_to_ground(strip, tmp_path):
    source = points(strip, tmp_path, "herd.geojson", [(0, 4)], amps=[2.0])
    ground = points(strip, tmp_path, "pasture.geojson", [(0, 0)])
    question = WiredQuestion(
        strip, read_wires(source, strip, "amps"), read_wires(ground, strip, "conductance")
    )
    answer = let_flow(question)
    assert answer.grids["voltage"].values[0] == pytest.approx([0.0, 2.0, 4.0, 6.0, 8.0])
    assert answer.grids["current"].values[0] == pytest.approx([2.0] * 5)
    assert answer.numbers["direct_ground_cells"] == 1
    assert set(answer.features) == {"sources", "grounds"}
    assert set(draw_wired(question, answer).pictures) == {"current.png", "voltage.png"}


def test_a_ground_of_finite_conductance_lifts_all_voltages(strip, tmp_path):
    source = points(strip, tmp_path, "herd.geojson", [(0, 4)])
    ground = points(strip, tmp_path, "pasture.geojson", [(0, 0)], conductance=["0.5"])
    answer = let_flow(
        WiredQuestion(
            strip, read_wires(source, strip, "amps"), read_wires(ground, strip, "conductance")
        )
    )
    assert answer.grids["voltage"].values[0] == pytest.approx([2.0, 3.0, 4.0, 5.0, 6.0])


def test_an_area_shares_its_amperes_among_its_cells(even, tmp_path):
    file = write_shapes(tmp_path / "herd.geojson", [box_of(even, 0, 0, 1, 1)], amps=[2.0])
    values = read_wires(file, even, "amps").values
    assert values[:2, :2].tolist() == [[0.5, 0.5], [0.5, 0.5]]
    assert values.sum() == 2.0


def test_rasters_give_the_value_of_each_cell(tmp_path):
    landscape = landscape_of(tmp_path, [[1.0, 1.0, np.nan]])
    file = write_landscape(tmp_path, [[3.0, np.nan, 7.0]], name="amps.tif")
    wires = read_wires(file, landscape, "amps")
    assert wires.values.tolist() == [[3.0, 0.0, 0.0]]
    assert "1 cells of amps.tif" in wires.notes[0]


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        ("amps", "many", "a number is needed"),
        ("amps", "inf", "infinite"),
        ("conductance", "-1", "Zero or more siemens"),
        ("conductance", "much", "inf for a direct"),
    ],
)
def test_strengths_that_mean_nothing_are_refused(strip, tmp_path, kind, value, words):
    file = points(strip, tmp_path, "wrong.geojson", [(0, 0)], **{kind: [value]})
    with pytest.raises(InvalidTableError, match=words):
        read_wires(file, strip, kind)


def test_sources_that_all_lie_outside_are_refused_with_the_reason(strip, tmp_path):
    file = points(strip, tmp_path, "far.geojson", [(0, 30)], name=["Far"])
    with pytest.raises(InvalidGridError, match=r"Far of far\.geojson is left out"):
        read_wires(file, strip, "amps")


def test_sources_without_a_way_to_a_ground_are_told_or_refused(tmp_path):
    parted = landscape_of(tmp_path, [[1.0, 1.0, np.nan, 1.0, 1.0]])
    ground = read_wires(points(parted, tmp_path, "g.geojson", [(0, 0)]), parted, "conductance")
    both = points(parted, tmp_path, "both.geojson", [(0, 1), (0, 4)], amps=[1.0, 5.0])
    answer = let_flow(WiredQuestion(parted, read_wires(both, parted, "amps"), ground))
    assert answer.numbers["amps_without_a_ground"] == 5.0
    assert any("5 A lie where no way" in note for note in answer.notes)
    far = read_wires(points(parted, tmp_path, "far.geojson", [(0, 4)]), parted, "amps")
    with pytest.raises(InvalidGridError, match="none has a way to a ground"):
        let_flow(WiredQuestion(parted, far, ground, no_barriers()))


def test_a_source_that_stands_on_a_direct_ground_is_told(strip, tmp_path):
    here = points(strip, tmp_path, "here.geojson", [(0, 0)])
    wires = read_wires(here, strip, "amps"), read_wires(here, strip, "conductance")
    answer = let_flow(WiredQuestion(strip, *wires))
    assert answer.grids["voltage"].values.tolist() == [[0.0] * 5]
    assert any("1 A lie on cells with a direct connection" in note for note in answer.notes)


# --- networks -------------------------------------------------------------------------------------


def links(tmp_path, text):
    file = tmp_path / "links.csv"
    file.write_text(text)
    return file


SQUARE = "first,second,resistance\na,b,1\nb,c,1\nc,d,1\nd,a,1\n"


def test_a_ring_of_four_links_is_two_ways_side_by_side(tmp_path):
    network = read_links(links(tmp_path, SQUARE))
    answer = connect_nodes(network, read_nodes(["a", "c"], network))
    [row] = answer.tables["resistance"].to_dict("records")
    assert row["resistance_ohm"] == pytest.approx(1.0)
    assert answer.tables["links"]["current_a"].tolist() == pytest.approx([0.5] * 4)
    nodes = answer.tables["nodes"].set_index("node")
    assert nodes.loc[["a", "b"], "current_a"].tolist() == pytest.approx([1.0, 0.5])
    assert nodes["site"].tolist() == [True, False, True, False]


def test_conductances_and_columns_of_other_names_are_taken(tmp_path):
    text = "first,second,conductance,cost_km\n1,2,0.5,30\n"
    for column, ohm in ((None, 2.0), ("cost_km", 30.0)):
        network = read_links(links(tmp_path, text), column)
        answer = connect_nodes(network, ("1", "2"))
        assert answer.tables["resistance"]["resistance_ohm"].tolist() == pytest.approx([ohm])


def test_links_side_by_side_add_up_and_loops_are_told(tmp_path):
    network = read_links(links(tmp_path, "first,second,resistance\na,b,2\nb,a,2\na,a,9\n"))
    answer = connect_nodes(network, ("a", "b"))
    assert answer.tables["resistance"]["resistance_ohm"].tolist() == pytest.approx([1.0])
    assert [note.split()[0] for note in answer.notes] == ["1", "1"]


def test_nodes_in_different_parts_have_no_way(tmp_path):
    network = read_links(links(tmp_path, "first,second,resistance\na,b,1\nc,d,1\n"))
    answer = connect_nodes(network, ("a", "c"))
    assert answer.tables["resistance"]["state"].tolist() == ["no way"]
    assert answer.tables["nodes"]["part"].tolist() == [1, 1, 2, 2]
    assert "no way joins them" in answer.notes[-1]


def test_nodes_come_from_a_table_too(tmp_path):
    network = read_links(links(tmp_path, SQUARE))
    table = tmp_path / "nodes.csv"
    table.write_text("node\nb\nd\n")
    assert read_nodes([str(table), "a"], network) == ("b", "d", "a")
    with pytest.raises(UnknownNameError, match="It has a, b, c, d"):
        read_nodes(["a", "x"], network)
    with pytest.raises(InvalidTableError, match="at least 2"):
        read_nodes(["a"], network)


@pytest.mark.parametrize(
    ("text", "error", "words"),
    [
        ("from,to,ohm\na,b,1\n", InvalidFileError, "no column first, second, resistance"),
        ("first,second,resistance\na,b,0\n", InvalidTableError, "line 2 is '0'"),
        ("first,second,resistance\na,b,1\na,,1\n", InvalidTableError, "line 3 lacks"),
        ("first,second,resistance\na,b,\n", InvalidTableError, "above zero"),
        ("first,second,resistance\na,a,1\n", InvalidTableError, "no link"),
    ],
)
def test_tables_that_are_no_network_are_refused(tmp_path, text, error, words):
    with pytest.raises(error, match=words):
        read_links(links(tmp_path, text))
