"""Barriers are called by their names; ids stand where they are needed, and many are counted."""

import numpy as np
import pytest

from kulan.assessment.connectivity.barriers import no_barriers, read_barriers
from kulan.assessment.connectivity.circuits import barrier_notes, barrier_numbers
from kulan.assessment.connectivity.corridors import CorridorQuestion, find_corridors
from kulan.assessment.connectivity.places import read_sites
from little_landscapes import landscape_of, write_line, write_points

RAILWAY = "Trans-Mongolian Railway (Sukhbaatar - Ulaanbaatar - Zamyn-Uud)"


@pytest.fixture
def even(tmp_path):
    return landscape_of(tmp_path, np.ones((5, 9)))


def read(even, *files):
    return read_barriers([str(file) for file in files], even.frame, release=None, on=None)


def line(even, tmp_path, column, barrier_id, **columns):
    file = tmp_path / f"{barrier_id}.geojson"
    columns.setdefault("barrier_type", "railway")
    ends = [(-2, column), (6, column)]
    return write_line(file, even, ends, barrier_id=barrier_id, **columns)


def test_what_was_not_measured_is_told_by_name_and_id(even, tmp_path):
    lines = read(
        even,
        line(even, tmp_path, 2.5, "B01", name=RAILWAY),
        line(even, tmp_path, 5.5, "fence", permeability=0.1, name="A fence"),
    )
    [note] = barrier_notes(lines)
    assert note.startswith("What Trans-Mongolian Railway (B01) let through was not measured")
    names = [row["name"] for row in barrier_numbers(lines)["barriers"]]
    assert names == [RAILWAY, "A fence"]


def test_of_many_barriers_six_are_named_and_the_others_counted(even, tmp_path):
    files = [line(even, tmp_path, k + 0.5, f"B{k}", name=f"Road {k} (part)") for k in range(8)]
    [note] = barrier_notes(read(even, *files))
    assert note.startswith("What Road 0 (B0), Road 1 (B1),")
    assert "Road 5 (B5) and 2 more let through" in note
    assert "Road 6" not in note


def test_titles_have_ids_only_where_two_barriers_share_a_name(even, tmp_path):
    lines = read(
        even,
        line(even, tmp_path, 1.5, "B1", name="Fence (north)"),
        line(even, tmp_path, 3.5, "B2", name="Fence (south)"),
        line(even, tmp_path, 5.5, "B3", name="Canal"),
        line(even, tmp_path, 6.5, "B4", name=None),
    )
    assert lines.titled() == ["Fence (B1)", "Fence (B2)", "Canal", "B4"]
    assert lines.titled(["B2", "B3"]) == ["Fence", "Canal"]
    assert lines.told(["B4", "B3", "B4"]) == "B4, Canal (B3)"


def test_links_tell_the_barriers_they_cross_by_id_and_by_name(even, tmp_path):
    file = write_points(tmp_path / "sites.geojson", even, [(2, 0), (2, 8)], name=["West", "East"])
    lines = read(
        even,
        line(even, tmp_path, 2.5, "B01", name=RAILWAY),
        line(even, tmp_path, 5.5, "B02", name="Road", barrier_type="road"),
    )
    question = CorridorQuestion(even, read_sites(file, even), lines, pinch_points=False)
    links = find_corridors(question).tables["links"]
    assert links["crosses_barriers"].tolist() == ["B01; B02"]
    assert links["crosses_barriers_named"].tolist() == ["Trans-Mongolian Railway; Road"]
    bare = find_corridors(
        CorridorQuestion(even, read_sites(file, even), no_barriers(), pinch_points=False)
    )
    assert bare.tables["links"]["crosses_barriers_named"].tolist() == [""]


def test_a_file_that_lies_elsewhere_is_told(even, tmp_path):
    here = line(even, tmp_path, 2.5, "here", permeability=0.5)
    away = write_line(tmp_path / "away.geojson", even, [(90, 0), (99, 5)], permeability=0.5)
    # its box meets the landscape, the line itself passes by a corner
    beside = write_line(
        tmp_path / "beside.geojson", even, [(-5, 5), (5, 60)], barrier_id="b", permeability=0.5
    )
    lines = read(even, here, away, beside)
    assert lines.missed == ("away.geojson", "beside.geojson")
    notes = barrier_notes(lines)
    assert len(notes) == 2
    assert notes[0].startswith("away.geojson does not meet the landscape")
    assert barrier_notes(read(even, here)) == []
    together = read(even, here).together(read(even, away))
    assert together.missed == ("away.geojson",)
