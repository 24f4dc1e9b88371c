"""Findings and a scene made by hand, small and huge: nothing here was computed."""

import geopandas as gpd
import numpy as np
import shapely

from kulan.grids import Grid
from kulan.places import Bounds
from kulan.provenance import Input, Recipe
from kulan.screening import Scene
from kulan.screening.findings import (
    SCHEMA_VERSION,
    Alternative,
    AlternativeFindings,
    AreaFinding,
    BarrierFinding,
    CriterionFinding,
    CriterionRanking,
    CumulativeFinding,
    EffectDistance,
    Exposure,
    Figure,
    Headline,
    InputFile,
    LayerUsed,
    LossRecord,
    Membership,
    MitigationFinding,
    Ranked,
    RuleFinding,
    Screening,
    SeasonFinding,
    Severance,
    SpeciesFindings,
    StateCrossed,
    Structure,
    TransboundarySegment,
    Unknown,
)

LENGTH, CROSSED, AFFECTED, SHARE = "r-length", "r-crossed", "r-affected", "r-share"


def km(value, low=None, high=None, reason=""):
    return Figure(value, "km", CROSSED, low, high, reason)


def km2(value):
    return Figure(value, "km2", AFFECTED)


def count(value):
    return Figure(value, "count", LENGTH)


def share(value):
    return Figure(value, "fraction", SHARE)


def make_species(species_id, states, concern, *, touched=True):
    exposures = tuple(
        Exposure(
            layer_id=f"habitat.{species_id}",
            species_id=species_id,
            iso3=iso3,
            presence="extant",
            crossed=km(123.4, 118.2, 129.0) if touched else km(0.0),
            crossed_marginal=km(4.2),
            occupied=None,
            affected=km2(1480.6) if touched else km2(0.0),
            affected_share=share(0.0123) if touched else share(0.0),
            nearest=None if touched else km(None, reason="farther_than_200_km"),
        )
        for iso3 in states
    )
    cuts = (
        Severance(
            layer_id=f"habitat.{species_id}",
            species_id=species_id,
            habitat=km2(120_345.6),
            larger=km2(80_123.4),
            smaller=km2(40_222.2),
            larger_with_existing=km2(60_000.0),
            smaller_with_existing=km2(12_345.0),
            left=km2(700.0),
            right=km2(780.6),
        ),
    )
    return SpeciesFindings(
        species_id=species_id,
        concern=concern,
        iucn_of_others=(),
        iucn="NT",
        cms_appendices=("II",),
        cites_appendices=("I", "II"),
        cami_editions=("2014", "2021", "2025"),
        migratory_kind="nomad",
        effect_distance=EffectDistance(
            distance_m=6000.0,
            measured="avoidance",
            evidence="measured_species",
            resolved_by="species",
            source="Author et al. 2020, A Journal 1: 1-10",
            confidence="medium",
        ),
        exposures=exposures,
        total_crossed=km(246.8, 236.4, 258.0) if touched else km(0.0),
        total_affected=km2(2961.2) if touched else km2(0.0),
        total_affected_share=share(0.0123) if touched else share(0.0),
        severances=cuts if touched else (),
    )


def make_alternative(number=1, *, name=None, geometry=None, shape="line", barrier_type="railway"):
    shift = 0.35 * (number - 1)
    line = {
        "type": "LineString",
        "coordinates": [
            [114.506 - shift, 48.067],
            [115.02 - shift, 47.62],
            [115.42 - 2 * shift, 47.08],
            [115.95 - shift, 46.55],
            [116.36, 46.107],
        ],
    }
    return Alternative(
        alternative_id=f"alt{number}",
        name=name or f"Route {number} over the steppe",
        barrier_type=barrier_type,
        status="planned",
        shape=shape,
        length=Figure(275.4 + number, "km", LENGTH),
        area=None,
        fenced=True,
        fence_type="barbed_wire",
        fence_height_m=1.5,
        traffic_per_day=24.0,
        gauge_mm=1520.0,
        right_of_way_m=60.0,
        structures=(Structure("S1", "underpass", 30.0, 4.5, 115.1, 47.55, 12.0),),
        geometry=geometry or line,
    )


def make_found(
    number=1, species=("mongolian_gazelle", "khulan"), states=("MNG",), areas=2, **given
):
    touched = tuple(make_species(one, states, place) for place, one in enumerate(species))
    party = Membership("CMS", "party", "1999-11-01", "CMS list of Parties", "high")
    unknown_party = Membership("saiga_mou", "unknown", "", "nothing recorded", "unverified")
    first = touched[0].species_id if touched else ""
    headlines = (
        (
            Headline(
                "habitat_crossed",
                {
                    "species_id": first,
                    "length_km": 246.8,
                    "states": list(states),
                    "species_count": len(touched),
                },
            ),
            Headline(
                "habitat_cut_off", {"species_id": first, "area_km2": 40_222.2, "share": 0.334}
            ),
            Headline("criteria_open", {"criteria": ["C1a", "C3a"], "species": [first]}),
        )
        if touched
        else (
            Headline("no_habitat_near", {}),
            Headline(
                "denser_barriers",
                {"before_km_per_100km2": 0.5, "after_km_per_100km2": 1.25, "within_km": 50.0},
            ),
            Headline("biggest_gap", {"unknown": "fence_not_told", "values": {}}),
        )
    )
    return AlternativeFindings(
        alternative=make_alternative(number, **given),
        states=tuple(
            StateCrossed(iso3, True, km(137.7), (party, unknown_party)) for iso3 in states
        ),
        transboundary=(
            TransboundarySegment("MNG", "CHN", 50.0, km(52.1), True, (party,), km(0.0)),
        ),
        species=touched,
        user_layers=(),
        key_areas=tuple(
            AreaFinding(
                area_id=f"area{place}",
                name=f"Strictly Protected Area {place}",
                kind="protected_area",
                states=("MNG",),
                species=("mongolian_gazelle",),
                relation="crossed" if place % 2 else "near",
                extent="circle",
                crossed=km(12.3, 0.0, 12.3),
                distance=km(0.0 if place % 2 else 18.4),
                source="public descriptions of the area",
                confidence="medium",
            )
            for place in range(areas)
        ),
        landscapes=(),
        barriers=(
            BarrierFinding(
                barrier_id="choibalsan_ereentsav",
                name="Choibalsan - Ereentsav railway",
                barrier_type="railway",
                status="operational",
                relation="crossing",
                crossings=1,
                parallel=km(3.2),
                distance=km(0.0),
                species=("mongolian_gazelle",),
                precision_km=2.0,
                source="Natural Earth",
                confidence="medium",
                fenced="partly",
            ),
        ),
        cumulative=CumulativeFinding(
            within_km=50.0,
            window=km2(32_000.0),
            barriers_before=km(410.0),
            barriers_after=km(686.4),
            density_before=Figure(1.281, "km_per_100km2", LENGTH),
            density_after=Figure(2.145, "km_per_100km2", LENGTH),
            fragments_before=count(3.0),
            fragments_after=count(5.0),
            largest_fragment_before=km2(21_000.0),
            largest_fragment_after=km2(14_500.0),
        ),
        seasons=tuple(
            SeasonFinding(one, "birth", (6, 7), "Eastern Steppe", "Author 2010", "medium")
            for one in species[:6]
        ),
        critical_habitat=tuple(
            CriterionFinding(
                criterion="C1a",
                species_id=one,
                outcome="cannot_be_said",
                reason="habitat_only",
                threshold=(
                    "The area regularly holds at least 10 % of the global population and at least "
                    "10 reproductive units of a restricted-range species."
                ),
                figures=(share(0.0123),),
                data_used=(f"habitat.{one}",),
                needs="A map of ecosystem types and their Red List of Ecosystems category.",
                source="IFC 2019, Guidance Note 6",
            )
            for one in species
        ),
        mitigation=(
            MitigationFinding(
                hierarchy="avoid",
                measure_id="avoid-nofence",
                measure=(
                    "Leave the line unfenced where traffic allows it, since for nomads the fence "
                    "and not the track is the barrier."
                ),
                species=tuple(species),
                landscapes=("steppe",),
                evidence="moderate",
                evidence_summary="Khulan depend on few water points; no trial is published.",
                design="Crossing places of parallel lines must face each other.",
                source="Ito et al. 2013, PLoS ONE 8: e56995",
                confidence="high",
                dimensions={"bottom_wire_min_cm": 50.0, "max_spacing_km": 5.0},
            ),
            MitigationFinding("offset", "", "", tuple(species[:1]), (), "none", "", "", "", ""),
        )
        if touched
        else (),
        rules=(
            RuleFinding(
                rule_id="mns-6515",
                iso3="MNG",
                title="Law on Environmental Impact Assessment",
                year="2015",
                article="",
                requirement=(
                    "Plans and construction projects are assessed for their environmental impact "
                    "before approval."
                ),
                source="MNS 6515:2015",
                confidence="medium",
            ),
        ),
        unknowns=(
            Unknown("habitat_is_potential", "", {}),
            Unknown("layer_old", "states", {"layer_id": "states", "date": "2018", "years": "8"}),
            Unknown("no_season_on_record", "khulan", {"species_id": "khulan"}),
            Unknown(
                "barrier_position", "b", {"barrier_id": "b", "name": "G216", "precision_km": "20"}
            ),
        ),
        headlines=headlines,
    )


def make_layer(layer_id, kind, species_id="", title=None):
    return LayerUsed(
        layer_id=layer_id,
        title=title or f"Layer {layer_id}",
        kind=kind,
        species_id=species_id,
        label="potential habitat, not observed range" if species_id else "",
        source="NASA LP DAAC, MCD12C1.006, 2019",
        licence="open",
        attribution="",
        date="2019",
        resolution_m=5566.0,
        sha256="0" * 64,
        given_by_user=False,
    )


def make_screening(found=None, *, losses=(), on="2026-11-01"):
    found = tuple(found) if found is not None else (make_found(1), make_found(2))
    species = dict.fromkeys(one.species_id for each in found for one in each.species)
    layers = {"states": make_layer("states", "states", title="States and territories")}
    layers |= {
        f"habitat.{one}": make_layer(f"habitat.{one}", "potential_habitat", one) for one in species
    }
    drawn = Input("alternative:alt1", "a" * 64, "railway")
    recipes = {
        key: Recipe(f"kulan.screening.{name}", "0.1.0", (drawn,), {"within_km": 50.0}, source)
        for key, name, source in (
            (LENGTH, "alignments.length", "Karney 2013, Journal of Geodesy 87: 43-55"),
            (CROSSED, "exposure.crossed", ""),
            (AFFECTED, "exposure.affected", ""),
            (SHARE, "exposure.share", ""),
        )
    }
    ranking = (
        (
            CriterionRanking(
                "length",
                "",
                "less",
                tuple(
                    Ranked(one.alternative.alternative_id, one.alternative.length, place)
                    for place, one in enumerate(found, start=1)
                ),
            ),
        )
        if len(found) > 1
        else ()
    )
    return Screening(
        schema_version=SCHEMA_VERSION,
        kulan_version="0.1.0",
        on=on,
        release="starter-0123456789ab",
        inputs=(InputFile("line.geojson", "b" * 64, "GeoJSON", "EPSG:4326", 2),),
        losses=tuple(losses),
        alternatives=found,
        ranking=ranking,
        layers=layers,
        recipes=recipes,
    )


LOSS = LossRecord("line.geojson", 3, "feature", "its geometry is empty")


def make_scene(screening):
    """Draw two states east and west of 115.5 °E, a river, three towns, an area and a barrier."""
    bounds = Bounds(112.0, 45.0, 118.0, 49.0)
    given = [one.alternative for one in screening.alternatives]
    shapes = [shapely.geometry.shape(one.geometry) for one in given]
    values = np.zeros((80, 120), dtype=np.uint8)
    values[:, :60], values[:20, :60], values[60:, 80:] = 1, 11, 3
    touched = {one.species_id for each in screening.alternatives for one in each.species}
    area = {
        "key_area_id": ["area1"],
        "name": ["Strictly Protected Area 1"],
        "kind": ["protected_area"],
        "extent": ["circle"],
    }
    barrier = {
        "barrier_id": ["choibalsan_ereentsav"],
        "name": ["Choibalsan - Ereentsav railway"],
        "barrier_type": ["railway"],
        "status": ["operational"],
    }
    return Scene(
        bounds=bounds,
        alternatives=_frame(
            {
                "alternative_id": [one.alternative_id for one in given],
                "name": [one.name for one in given],
                "barrier_type": [one.barrier_type for one in given],
            },
            shapes,
        ),
        structures=_frame({"alternative_id": [], "structure_id": [], "kind": []}, []),
        states=_frame(
            {"iso3": ["MNG", "CHN"]},
            [shapely.box(112, 45, 115.5, 49), shapely.box(115.5, 45, 118, 49)],
        ),
        rivers=_frame(
            {"name": ["Herlen"], "kind": ["river"], "scale_rank": [4]},
            [shapely.LineString([(112, 47.8), (116, 48.2)])],
        ),
        places=_frame(
            {
                "name": ["Choybalsan", "Baruun Urt", "Hiding in Choybalsan"],
                "scale_rank": [5, 7, 9],
                "population": [40_000, 15_000, 10],
            },
            shapely.points([(114.5, 48.07), (113.3, 46.7), (114.51, 48.07)]),
        ),
        disputed=_frame({"kind": ["disputed"]}, [shapely.LineString([(115.5, 45), (115.5, 45.8)])]),
        barriers=_frame(barrier, [shapely.LineString([(114.6, 48.1), (115.2, 48.9)])]),
        key_areas=_frame(area, [shapely.Point(116, 47).buffer(0.5)]),
        landscapes=_frame({"landscape_id": [], "name": [], "kind": [], "extent": []}, []),
        user_layers=_frame({"layer_id": [], "title": [], "kind": [], "species_id": []}, []),
        habitats={name: Grid(values, 112.0, 49.0, 0.05, 0.05, 255) for name in sorted(touched)},
    )


def _frame(columns, shapes):
    return gpd.GeoDataFrame(columns, geometry=list(shapes), crs="EPSG:4326")
