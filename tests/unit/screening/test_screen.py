"""What a whole screening answers, on small landscapes."""

from dataclasses import fields, is_dataclass, replace
from datetime import date

import numpy as np
import pytest
import shapely

from builders import (
    BORDER,
    make_alternative,
    make_areas,
    make_barriers,
    make_baseline,
    make_habitat,
    make_states,
    make_user_layer,
)
from kulan.errors import InvalidGeometryError, OutsideRegionError, UnknownNameError
from kulan.grids import Grid, write_grid
from kulan.screening import PlannedAlternative, PlannedStructure, make_scene, screen_alternatives
from kulan.screening.codes import (
    CRITERION_REASONS,
    FIGURE_REASONS,
    HEADLINES,
    RANKINGS,
    UNKNOWNS,
)
from kulan.screening.findings import Figure
from kulan.screening.knowledge import global_population

ON = date(2026, 11, 1)
LINE = [(61, 45), (66, 45.5)]
EVERYWHERE = (60, 42, 70, 48)


def screen(baseline, *alternatives, layers=(), on=ON, **options):
    return screen_alternatives(alternatives, baseline, on=on, layers=layers, **options)


def species(screening, name, number=0):
    found = screening.alternatives[number].species
    return next(one for one in found if one.species_id == name)


def unknowns(screening, code):
    return [one for one in screening.alternatives[0].unknowns if one.code == code]


def figures(value):
    """Every figure anywhere inside findings."""
    if isinstance(value, Figure):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from figures(one)
    elif is_dataclass(value):
        for one in fields(value):
            yield from figures(getattr(value, one.name))


@pytest.fixture(scope="module")
def rich(tmp_path_factory):
    """A screening that has something of everything."""
    baseline = make_baseline(
        tmp_path_factory.mktemp("rich"),
        {"saiga": make_habitat((61, 44, 67, 46)), "khulan": make_habitat((62, 42, 63, 43))},
        make_barriers(
            {"geometry": shapely.LineString([(63, 43), (63, 47)])},
            {"geometry": shapely.LineString([(61, 45.05), (64, 45.35)]), "precision_km": 30.0},
        ),
        make_areas("key_area_id", {"geometry": shapely.Point(62, 45), "area_km2": 500.0}),
        make_areas("landscape_id", {"geometry": shapely.box(64, 45, 66, 46)}),
    )
    layer = make_user_layer([shapely.box(62, 44.9, 62.5, 45.5)], kind="corridor")
    alternatives = (
        make_alternative(LINE, "north", fenced=True, right_of_way_m=60.0),
        make_alternative([(61, 44.2), (66, 44.2)], "south"),
        make_alternative(shapely.box(62, 44.5, 62.4, 44.9), "mine", barrier_type="mine"),
    )
    return screen(baseline, *alternatives, layers=[layer]), baseline, layer


def test_every_figure_has_its_recipe_and_every_missing_value_its_reason(rich):
    screening = rich[0]
    every = list(figures(screening))
    assert len(every) > 300
    for one in every:
        assert one.recipe in screening.recipes
        assert (one.value is None) == (one.reason in FIGURE_REASONS)


def test_recipes_name_their_inputs_by_hash(rich):
    screening = rich[0]
    recipe = screening.recipes[species(screening, "saiga").total_crossed.recipe]
    assert [one.name for one in recipe.inputs] == ["alternative:north", "habitat_saiga", "states"]
    assert all(len(one.sha256) == 64 for one in recipe.inputs)


def test_every_code_is_one_of_the_lists(rich):
    for found in rich[0].alternatives:
        for one in found.unknowns:
            assert set(one.values) == set(UNKNOWNS[one.code])
        assert len(found.headlines) == 3
        for line in found.headlines:
            assert set(line.values) == set(HEADLINES[line.code])
        assert {one.reason for one in found.critical_habitat} <= set(CRITERION_REASONS)
    assert {one.criterion for one in rich[0].ranking} <= set(RANKINGS)


def test_what_is_crossed_near_and_beside_is_told_apart(rich):
    north = rich[0].alternatives[0]
    assert [(one.area_id, one.relation) for one in north.key_areas] == [("area_1", "crossed")]
    assert [one.extent for one in north.landscapes] == ["polygon"]
    relations = {one.barrier_id: (one.relation, one.crossings) for one in north.barriers}
    assert relations == {"T01": ("crossing", 1), "T02": ("parallel", 0)}
    beside = next(one for one in north.barriers if one.barrier_id == "T02")
    # three degrees of the parallel, 236.5 km, and the 10 km in which the fence's end is still near
    assert beside.parallel.value == pytest.approx(246.5, abs=2)


def test_alternatives_are_ranked_under_each_criterion_and_ties_share_a_place(rich):
    rankings = {(one.criterion, one.species_id): one for one in rich[0].ranking}
    areas = rankings["key_areas_crossed", ""]
    assert {one.alternative_id: one.place for one in areas.ranked} == {
        "south": 1,
        "mine": 2,
        "north": 2,
    }
    beside = rankings["beside_existing", ""]
    assert beside.better == "more"
    assert beside.ranked[0].alternative_id == "north"
    assert "mine" not in {one.alternative_id for one in rankings["length", ""].ranked}


def test_one_alternative_alone_is_not_ranked(tmp_path):
    assert screen(make_baseline(tmp_path), make_alternative(LINE)).ranking == ()


def test_a_scene_holds_what_a_map_needs(rich):
    screening, baseline, layer = rich
    scene = make_scene(screening, baseline, [layer])
    assert list(scene.alternatives["alternative_id"]) == ["north", "south", "mine"]
    assert set(scene.states["iso3"]) == {"KAZ", "UZB"}
    assert list(scene.user_layers["kind"]) == ["corridor"]
    assert set(scene.habitats) == {"saiga"}  # nothing of khulan is touched
    assert scene.key_areas.geom_type.tolist() == ["Polygon"]
    assert (scene.bounds.west, scene.bounds.east) == pytest.approx((60, 67), abs=0.01)


def test_party_status_is_that_of_the_day(tmp_path):
    baseline = make_baseline(tmp_path)

    def cms(day):
        states = screen(baseline, make_alternative(LINE), on=day).alternatives[0].states
        kaz = next(one for one in states if one.iso3 == "KAZ")
        return next(one.status for one in kaz.memberships if one.instrument == "CMS")

    assert cms(date(2005, 1, 1)) == "non_party"  # Kazakhstan joined in May 2006
    assert cms(date(2007, 1, 1)) == "party"


@pytest.mark.parametrize(
    ("row", "stands"),
    [
        ({}, True),
        ({"valid_from": "2014"}, True),
        ({"valid_from": "2027"}, False),
        ({"status": "planned"}, False),
        ({"status": "under_construction"}, False),
        ({"status": "removed", "valid_to": "2030-01"}, True),
    ],
)
def test_a_barrier_stands_when_its_dates_say_so(tmp_path, row, stands):
    fence = make_barriers({"geometry": shapely.LineString([(63, 44), (63, 46.5)]), **row})
    found = screen(make_baseline(tmp_path, barriers=fence), make_alternative(LINE)).alternatives[0]
    assert [one.stands for one in found.barriers] == [stands]
    assert (found.cumulative.barriers_before.value > 0) == stands


def test_a_barrier_that_is_gone_is_not_told_of(tmp_path):
    line = shapely.LineString([(63, 44), (63, 46.5)])
    fence = make_barriers({"geometry": line, "status": "removed", "valid_to": "2020"})
    found = screen(make_baseline(tmp_path, barriers=fence), make_alternative(LINE)).alternatives[0]
    assert found.barriers == ()


def test_a_known_line_screened_again_is_not_its_own_neighbour(tmp_path):
    line = make_barriers(
        {"geometry": shapely.LineString(LINE[::-1]), "barrier_type": "railway", "name": "Itself"}
    )
    screening = screen(make_baseline(tmp_path, barriers=line), make_alternative(LINE))
    found = screening.alternatives[0]
    assert found.barriers == ()
    assert found.cumulative.barriers_before.value == 0
    assert unknowns(screening, "barrier_is_the_alternative")[0].values["name"] == "Itself"


def test_only_fences_canals_and_fenced_lines_cut_habitat_already(tmp_path):
    pipe = {"geometry": shapely.LineString([(60, 45.9), (68, 45.9)]), "barrier_type": "pipeline"}
    habitats = {"saiga": make_habitat((62, 44, 64, 46.5))}
    cut = {}
    for fenced in ("no", "yes"):
        (tmp_path / fenced).mkdir()
        barriers = make_barriers({**pipe, "fenced": fenced})
        baseline = make_baseline(tmp_path / fenced, habitats, barriers)
        cut[fenced] = species(screen(baseline, make_alternative(LINE)), "saiga").severances[0]
    no, yes = cut["no"], cut["yes"]
    assert no.larger_with_existing == no.larger
    # the piece the line touches today ends at the pipeline's fence
    assert yes.larger_with_existing.value + yes.smaller_with_existing.value < yes.habitat.value


def test_habitat_in_a_state_where_the_species_is_extinct_is_not_counted(tmp_path):
    baseline = make_baseline(tmp_path, {"saiga": make_habitat((100, 44, 120, 46))})
    grid = Grid(np.ones((40, 40), dtype="uint8"), 110, 46, 0.05, 0.05, 255)
    write_grid(baseline.habitats["saiga"], grid)
    # of the saiga, China has none left: a line there meets cells and no saiga
    chn = make_states({"CHN": (110, 44, 112, 46)})
    screening = screen(replace(baseline, states=chn), make_alternative([(110, 45), (112, 45)]))
    row = species(screening, "saiga").exposures[0]
    assert (row.iso3, row.presence) == ("CHN", "extinct")
    assert (row.crossed.value, row.affected.value, row.nearest) == (0, 0, None)


def test_a_count_the_user_brings_can_meet_a_criterion_and_habitat_alone_cannot(tmp_path):
    baseline = make_baseline(tmp_path, {"saiga": make_habitat(EVERYWHERE)})
    herd = shapely.box(62, 44.9, 62.5, 45.5)

    def c3a(*layers):
        found = screen(baseline, make_alternative(LINE), layers=layers).alternatives[0]
        return next(
            (one.outcome, one.reason)
            for one in found.critical_habitat
            if (one.criterion, one.species_id) == ("C3a", "saiga")
        )

    assert c3a() == ("cannot_be_said", "habitat_only")
    assert c3a(make_user_layer([herd])) == ("cannot_be_said", "habitat_only")
    fewest, most = global_population("saiga").share(1)
    few = make_user_layer([herd], individuals=[fewest / 2])
    many = make_user_layer([herd], individuals=[most + 1])
    assert c3a(few) == ("cannot_be_said", "count_below_threshold")
    assert c3a(many) == ("met", "count_reaches_threshold")


def test_a_criterion_is_not_met_only_beyond_the_reach_of_any_habitat(tmp_path):
    def c3a(box, value):
        folder = tmp_path / f"{box[1]}-{value}"
        folder.mkdir()
        baseline = make_baseline(folder, {"saiga": make_habitat(box, value=value)})
        found = screen(baseline, make_alternative(LINE)).alternatives[0]
        return next(
            one.outcome
            for one in found.critical_habitat
            if (one.criterion, one.species_id) == ("C3a", "saiga")
        )

    far, near = (61, 42, 64, 43), (61, 44.9, 64, 45.6)
    assert c3a(far, 1) == "not_met"
    assert c3a(near, 1) == "cannot_be_said"
    assert c3a(near, 11) == "cannot_be_said"  # marginal habitat is habitat enough to doubt
    assert c3a(near, 255) == "cannot_be_said"  # and so is not knowing


def test_criteria_about_ecosystems_and_processes_cannot_be_said(tmp_path):
    found = screen(make_baseline(tmp_path), make_alternative(LINE)).alternatives[0]
    told = {one.criterion: one.outcome for one in found.critical_habitat if not one.species_id}
    assert told == dict.fromkeys(("C1c", "C2", "C4a", "C4b", "C5"), "cannot_be_said")


def test_old_undated_and_coarse_layers_are_named(tmp_path):
    baseline = make_baseline(tmp_path, {"saiga": make_habitat(EVERYWHERE)})
    screening = screen(
        baseline,
        make_alternative(LINE, right_of_way_m=60.0),
        make_alternative([(61, 45.01), (66, 45.51)], "beside"),
        on=date(2031, 1, 1),
        stale_after_years=10,
    )
    assert {one.subject for one in unknowns(screening, "layer_old")} >= {"habitat_saiga", "states"}
    assert unknowns(screening, "layer_coarser_than_right_of_way")[0].subject == "habitat_saiga"
    apart = unknowns(screening, "layer_coarser_than_alternatives")[0]
    assert apart.values["other"] == "beside"
    assert float(apart.values["apart_m"]) == pytest.approx(1100, abs=60)


def test_a_line_along_a_border_says_that_its_state_is_uncertain(tmp_path):
    baseline = make_baseline(tmp_path)
    # 1 km west of the border, from south to north, and one that only crosses it
    beside = [(BORDER - 0.0125, 44.8), (BORDER - 0.0125, 45.2)]
    along = screen(baseline, make_alternative(beside))
    (told,) = unknowns(along, "runs_along_border")
    assert {told.values["iso3"], told.values["neighbour_iso3"]} == {"KAZ", "UZB"}
    assert float(told.values["length_km"]) == pytest.approx(44.5, abs=0.5)
    assert unknowns(screen(baseline, make_alternative(LINE)), "runs_along_border") == []


def test_a_structure_far_from_the_line_is_told_of(tmp_path):
    structures = (
        PlannedStructure("near", "underpass", shapely.Point(61, 45.001), width_m=30.0),
        PlannedStructure("far", "overpass", shapely.Point(61, 45.1)),
    )
    planned = PlannedAlternative(
        "a", "A", "railway", "planned", shapely.LineString(LINE), structures=structures
    )
    screening = screen(make_baseline(tmp_path), planned)
    assert [one.subject for one in unknowns(screening, "structure_off_the_line")] == ["far"]
    far = screening.alternatives[0].alternative.structures[1]
    assert far.distance_from_alignment_m == pytest.approx(11_100, rel=0.02)


def test_several_parts_and_closed_lines_have_no_two_hands(tmp_path):
    baseline = make_baseline(tmp_path, {"saiga": make_habitat(EVERYWHERE)})
    two = shapely.MultiLineString([[(61, 45), (62, 45)], [(63, 45), (64, 45)]])
    ring = shapely.LineString([(61, 44), (62, 44), (62, 45), (61, 44)])
    for shape in (two, ring):
        severance = species(screen(baseline, make_alternative(shape)), "saiga").severances[0]
        assert severance.left is None
    # a ring cuts its inside off
    assert severance.smaller.value == pytest.approx(0.5 * 78.8 * 111.1, rel=0.1)


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"shape": [(0, 1), (1, 1)]}, OutsideRegionError, "longitude comes before latitude"),
        ({"shape": shapely.Point(61, 45)}, InvalidGeometryError, "lines or polygons"),
        ({"shape": shapely.LineString()}, InvalidGeometryError, "empty"),
        ({"barrier_type": "tram"}, UnknownNameError, "use one of railway"),
        (
            {"shape": shapely.Polygon([(61, 44), (62, 45), (62, 44), (61, 45)])},
            InvalidGeometryError,
            "not valid",
        ),
    ],
)
def test_what_cannot_be_screened_is_refused_with_a_word(tmp_path, change, error, words):
    with pytest.raises(error, match=words):
        screen(make_baseline(tmp_path), make_alternative(**{"shape": LINE, **change}))


def test_names_must_differ(tmp_path):
    baseline = make_baseline(tmp_path)
    with pytest.raises(UnknownNameError, match="Two alternatives"):
        screen(baseline, make_alternative(LINE), make_alternative(LINE))
    layer = make_user_layer([shapely.box(61, 44, 62, 45)])
    with pytest.raises(UnknownNameError, match="Two layers"):
        screen(baseline, make_alternative(LINE), layers=[layer, layer])
    with pytest.raises(InvalidGeometryError, match="nothing to screen"):
        screen(baseline)


def test_progress_is_told_from_nothing_to_all(tmp_path):
    told = []
    screen(
        make_baseline(tmp_path),
        make_alternative(LINE),
        make_alternative([(61, 44), (62, 44)], "other"),
        progress=lambda done, total, what: told.append((done, total, what)),
    )
    assert told == [(0, 2, "north"), (1, 2, "other"), (2, 2, "")]
