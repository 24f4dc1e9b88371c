"""The pictures of what barriers take away, and of what crossings give back."""

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kulan.assessment.connectivity.barrier_names import short_name, with_id
from kulan.assessment.connectivity.crossings import CrossingQuestion
from kulan.assessment.connectivity.effects import EffectQuestion
from kulan.assessment.connectivity.folders import Answer
from kulan.assessment.connectivity.picture_settings import PictureSetting
from kulan.assessment.connectivity.pictures import IN_ENGLISH, labelled, lines_of, with_pictures
from kulan.connectivity.barriers.attribution import Attribution
from kulan.connectivity.barriers.effect import Measure
from kulan.report.connectivity.difference_maps import difference_map
from kulan.report.connectivity.effects import attribution_chart, pair_effect_chart
from kulan.report.connectivity.maps import current_map, resistance_map
from kulan.report.connectivity.rankings import crossing_ranking_chart
from kulan.report.connectivity.sheets import Picture

_SIGNS: dict[Measure, str] = {"conductance": "S", "resistance": "Ω"}


def draw_effect(
    question: EffectQuestion, answer: Answer, setting: PictureSetting = IN_ENGLISH
) -> Answer:
    """Draw currents without and with barriers, their change, the pairs, and shares of barriers.

    Parameters
    ----------
    question
        What was asked.
    answer
        What `kulan.assessment.connectivity.effects.weigh_barriers` found.
    setting
        For whom, and over which borders.
    """
    drawn = _effect_maps(question, answer, setting)
    reader, sites = setting.reader, question.sites
    before, after = (
        _between_sites(answer.tables["pairs"], len(sites), which) for which in ("without", "with")
    )
    if np.isfinite(before[np.triu_indices(len(sites), 1)]).any():
        title = reader.say(
            "Pairs of sites without and with {barriers}",
            barriers=setting.shortened(question.barriers.titled()),
        )
        caption = setting.caption(title, answer, is_map=False)
        drawn["pairs"] = pair_effect_chart(before, after, sites.names, caption, setting.words)
    if "attribution" in answer.tables:
        title = reader.say("Shares of barriers in the loss of connectivity")
        caption = setting.caption(title, answer, is_map=False)
        drawn["attribution"] = attribution_chart(_shares(answer), caption, setting.words)
    return with_pictures(answer, drawn)


def _effect_maps(
    question: EffectQuestion, answer: Answer, setting: PictureSetting
) -> dict[str, Picture]:
    reader, words = setting.reader, setting.words
    standing, added = question.standing, question.barriers
    sites = labelled(question.sites)
    without = setting.over(barriers=lines_of(standing), sites=sites)
    with_them = setting.over(barriers=lines_of(added.together(standing)), sites=sites)
    named = setting.shortened(added.titled())
    grids = {name: answer.grids[f"current_{name}"] for name in ("without", "with", "change")}
    maps = {name: (grid.known, grid) for name, grid in grids.items()}
    titles = {
        "without": reader.say("Current without {barriers}", barriers=named),
        "with": reader.say("Current with {barriers}", barriers=named),
        "change": reader.say("What is changed by {barriers}", barriers=named),
    }
    captions = {name: setting.caption(title, answer) for name, title in titles.items()}
    return {
        "current_without": current_map(*maps["without"], captions["without"], words, over=without),
        "current_with": current_map(*maps["with"], captions["with"], words, over=with_them),
        "current_change": difference_map(
            *maps["change"],
            captions["change"],
            words,
            title=reader.say("Change of current, A"),
            over=with_them,
        ),
    }


def _between_sites(pairs: pd.DataFrame, n: int, which: str) -> NDArray[np.float64]:
    """Put resistances of pairs into a table of sites: infinite without a way, NaN not solved."""
    found = np.full((n, n), np.nan)
    np.fill_diagonal(found, 0.0)
    for row in pairs.to_dict("records"):
        ohm = row[f"resistance_{which}_ohm"]
        if ohm is None or np.isnan(ohm):
            ohm = np.nan if row["state"] == "not solved" else np.inf
        a, b = row["site"] - 1, row["other_site"] - 1
        found[a, b] = found[b, a] = ohm
    return found


def _shares(answer: Answer) -> Attribution:
    """Put the table of shares together again, each barrier with its name."""
    table, told = answer.tables["attribution"], answer.numbers["attribution"]
    columns = ("alone_s", "last_s", "shapley_s", "shapley_standard_error_s")
    alone, last, shapley, error = (table[name].to_numpy(np.float64) for name in columns)
    names = tuple(
        with_id(barrier, short_name(name))
        for name, barrier in zip(
            table["name"].astype(str), table["barrier_id"].astype(str), strict=True
        )
    )
    return Attribution(names, told["total_s"], alone, last, shapley, error, told["orders_drawn"])


def draw_crossings(
    question: CrossingQuestion, answer: Answer, setting: PictureSetting = IN_ENGLISH
) -> Answer:
    """Draw the best places over the map of resistance, and the ranking with its intervals.

    Parameters
    ----------
    question
        What was asked.
    answer
        What `kulan.assessment.connectivity.crossings.rank_candidates` found.
    setting
        For whom, and over which borders.
    """
    reader = setting.reader
    ranking, best = answer.tables["ranking"], int(answer.numbers["best_asked_for"])
    over = setting.over(
        barriers=lines_of(question.barriers),
        sites=labelled(question.sites),
        crossings=_numbered(answer, best),
    )
    led = setting.shortened(question.barriers.titled(answer.numbers["barriers_led_across"]))
    told = reader.say(
        "the best {best} of {count} places, by rank",
        best=setting.words.number(best),
        count=setting.words.number(len(ranking)),
    )
    members = reader.say_count(
        "{count} member of the ensemble",
        "{count} members of the ensemble",
        answer.numbers["members_solved"],
    )
    named = ranking.assign(crossing_id=_ranked_names(ranking, question, setting))
    title = reader.say("Where crossings of {barriers} give most back", barriers=led)
    chart_title = reader.say("What crossings of {barriers} give back", barriers=led)
    drawn = {
        "crossings": resistance_map(
            question.landscape.resistance,
            question.landscape.frame,
            setting.caption(title, answer, told),
            setting.words,
            over=over,
        ),
        "ranking": crossing_ranking_chart(
            named,
            setting.caption(chart_title, answer, members, is_map=False),
            setting.words,
            best=best,
            coverage=question.coverage,
            unit=_SIGNS[question.measure],
        ),
    }
    return with_pictures(answer, drawn)


def _ranked_names(
    ranking: pd.DataFrame, question: CrossingQuestion, setting: PictureSetting
) -> list[str]:
    """Return rank and name of each place; one set along a barrier is called by that and its km."""
    ids = list(dict.fromkeys(ranking["barrier_id"]))
    called = dict(zip(ids, question.barriers.titled(ids), strict=True))
    names = []
    for row in ranking.to_dict("records"):
        name = str(row["crossing_id"])
        if name.startswith(f"{row['barrier_id']}/"):
            km = setting.words.number(float(row["km_along"]), 1)
            name = setting.reader.say(
                "{barrier}, km {km}", barrier=called[row["barrier_id"]], km=km
            )
        names.append(f"{row['rank']}  {name}")
    return names


def _numbered(answer: Answer, best: int) -> gpd.GeoDataFrame:
    """Return the best candidates as points, called by their rank."""
    places = answer.features["candidates"].sort_values("rank").head(best)
    return gpd.GeoDataFrame(
        {"crossing_id": [str(rank) for rank in places["rank"]]},
        geometry=places.geometry.representative_point().to_numpy(),
        crs=places.crs,
    )
