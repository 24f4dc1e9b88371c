"""Charts of crossings, pairs and barriers: where marks stand, what is said, what is refused."""

import numpy as np
import pandas as pd
import pytest

from kulan.connectivity.barriers.attribution import Attribution, attribute
from kulan.connectivity.crossings.ranking import rank_crossings
from kulan.errors import InvalidGridError, InvalidTableError
from kulan.report.connectivity.charts import PLOT_IN
from kulan.report.connectivity.effects import attribution_chart, pair_effect_chart
from kulan.report.connectivity.lettering import shortened, width_in, wrapped
from kulan.report.connectivity.rankings import crossing_ranking_chart
from kulan.report.connectivity.sheets import Caption, Picture
from kulan.words import words_in

CAPTION = Caption("Переходы", "subtitle", "source")
EN = words_in("en")


def ranking(n: int, members: int = 20, best: int = 2) -> pd.DataFrame:
    rng = np.random.default_rng(3)
    gains = rng.normal(1, 0.1, (members, n)) * np.linspace(5, 1, n)
    return rank_crossings([f"km {k}" for k in range(n)], gains, best=best)


def plot_of(picture: Picture):
    return next(axes for axes in picture.figure.axes if axes.get_label() != "paper")


def said(picture: Picture) -> list[str]:
    texts = [text.get_text() for axes in picture.figure.axes for text in axes.texts]
    return [text.replace("\u00a0", " ") for text in texts]


def marks(picture: Picture, name: str) -> list[tuple[float, float]]:
    lines = [one for one in plot_of(picture).lines if one.get_gid() == name]
    return [(float(x), float(y)) for line in lines for x, y in line.get_xydata()]


def bars(picture: Picture, name: str) -> list:
    found = [one for one in plot_of(picture).collections if one.get_gid() == name]
    return [segment for one in found for segment in one.get_segments()]


def test_each_crossing_has_its_mean_and_interval_in_the_order_of_the_ranking():
    table = ranking(5)
    picture = crossing_ranking_chart(table, CAPTION, EN, best=2)
    assert [x for x, _ in marks(picture, "mean")] == pytest.approx(table["gain_mean"].tolist())
    assert [y for _, y in marks(picture, "mean")] == [0, 1, 2, 3, 4]
    ends = np.array(bars(picture, "interval"))
    np.testing.assert_allclose(ends[:, 0, 0], table["gain_low"])
    np.testing.assert_allclose(ends[:, 1, 0], table["gain_high"])
    axes = plot_of(picture)
    assert axes.get_ylim()[0] > axes.get_ylim()[1]  # the first row is on top
    low, high = axes.get_xlim()
    assert low <= 0 <= table["gain_high"].max() <= high


def test_the_share_of_members_among_the_best_is_drawn_and_written():
    table = ranking(4)
    picture = crossing_ranking_chart(table, CAPTION, EN, best=2)
    paper = picture.figure.axes[0]
    drawn = [one.get_width() for one in paper.patches if one.get_gid() == "in best"]
    np.testing.assert_allclose(np.array(drawn) / 0.55, table["in_best_share"])
    assert "among the best 2" in said(picture)
    assert EN.percent(table["in_best_share"].iloc[0], 0) in said(picture)
    assert "90% of the ensemble" in said(picture)


def test_of_many_crossings_the_first_are_drawn_and_that_is_said():
    picture = crossing_ranking_chart(ranking(200), CAPTION, EN, best=2)
    assert len(marks(picture, "mean")) == 30
    assert "The first 30 of 200 crossings are drawn." in said(picture)
    few = crossing_ranking_chart(ranking(3), CAPTION, EN, best=2)
    assert not [text for text in said(few) if text.startswith("The first")]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ru", ["среди лучших 2", "Выигрыш связности, S", "средний выигрыш"]),
        ("fr", ["parmi les 2 meilleurs", "Gain de connectivité, S", "gain moyen"]),
    ],
)
def test_charts_speak_the_readers_language(language, words):
    picture = crossing_ranking_chart(ranking(3), CAPTION, words_in(language), best=2)
    assert [word for word in words if word not in said(picture)] == []


def test_long_names_are_broken_and_never_reach_into_the_plot():
    table = ranking(3)
    table["crossing_id"] = [
        "Замын-Үүд — Сайншанд, хойд хэсгийн гарц, километр 482, гүүрэн доорх гарам",
        "W" * 90,
        "C",
    ]
    picture = crossing_ranking_chart(table, CAPTION, EN, best=2)
    left = plot_of(picture).get_position().x0 * picture.figure.get_size_inches()[0]
    names = [text for text in picture.figure.axes[0].texts if text.get_ha() == "right"]
    assert len(names) == 5
    assert all(text.get_position()[0] < left for text in names)
    renderer = picture.figure.canvas.get_renderer()
    assert min(text.get_window_extent(renderer).x0 for text in names) > 0
    assert names[3].get_text().endswith("…")


@pytest.mark.parametrize("scale", [1e-12, 1.0, 1e12, -1.0, 0.0])
def test_gains_of_every_size_give_readable_axes(scale):
    table = ranking(3)
    ends = np.sort(table[["gain_low", "gain_mean", "gain_high"]].to_numpy() * scale, axis=1)
    table[["gain_low", "gain_mean", "gain_high"]] = ends
    picture = crossing_ranking_chart(table, CAPTION, EN, best=2)
    low, high = plot_of(picture).get_xlim()
    assert low < high
    below = picture.figure.axes[0].texts
    ticks = [text for text in below if text.get_va() == "top" and text.get_ha() == "center"]
    assert len(ticks) >= 2
    wide = [width_in(text.get_text(), 7.5) for text in ticks[:-1]]
    assert sum(wide) < PLOT_IN + max(wide)


def test_the_same_ranking_gives_the_same_bytes():
    def draw(suffix: str) -> bytes:
        return crossing_ranking_chart(ranking(6), CAPTION, EN, best=2).encode(suffix)

    assert [draw(suffix) for suffix in (".png", ".svg", ".pdf")] == [
        draw(suffix) for suffix in (".png", ".svg", ".pdf")
    ]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"gain_low": np.nan}, "'km 0' has a gain of .* between nan"),
        ({"gain_low": 99.0}, "the lower end first"),
        ({"in_best_share": 1.5}, "a share of 1.5"),
    ],
)
def test_rankings_that_cannot_be_drawn_are_refused(change, message):
    table = ranking(3)
    for name, value in change.items():
        table.loc[0, name] = value
    with pytest.raises(InvalidTableError, match=message):
        crossing_ranking_chart(table, CAPTION, EN, best=2)


def test_a_ranking_without_columns_or_rows_is_refused():
    with pytest.raises(InvalidTableError, match="missing 'gain_low'; found 'crossing_id'"):
        crossing_ranking_chart(ranking(3).drop(columns="gain_low"), CAPTION, EN, best=2)
    with pytest.raises(InvalidTableError, match="0 crossings found"):
        crossing_ranking_chart(ranking(3).head(0), CAPTION, EN, best=2)


def resistances() -> tuple[np.ndarray, np.ndarray]:
    before = np.array([[0, 1, 2, 3], [1, 0, 4, 5], [2, 4, 0, np.inf], [3, 5, np.inf, 0.0]])
    after = before.copy()
    after[0, 1] = after[1, 0] = 1.5
    after[0, 2] = after[2, 0] = np.inf
    after[0, 3] = after[3, 0] = np.nan
    after[1, 3] = after[3, 1] = 100.0
    return before, after


def test_pairs_stand_by_what_is_added_with_those_parted_first_and_those_unsolved_last():
    picture = pair_effect_chart(*resistances(), ["A", "Б", "C", "D"], CAPTION, EN)
    rows = [text for text in said(picture) if "—" in text]
    # C and D had no way before, so nothing was taken from them
    assert rows == ["A — C", "Б — D", "A — Б", "Б — C", "A — D"]
    beside = [text for text in said(picture) if text in ("no way", "× 20", "+50%", "+0%")]
    assert beside == ["no way", "× 20", "+50%", "+0%"]
    assert "not solved" in said(picture)
    assert [x for x, _ in marks(picture, "before")] == [2, 5, 1, 4, 3]
    assert [x for x, _ in marks(picture, "after")] == [100, 1.5, 4]
    reach = plot_of(picture).get_xlim()[1]
    assert marks(picture, "no way") == [(reach, 0)]


def test_of_many_pairs_the_first_are_drawn_and_that_is_said():
    before = np.ones((20, 20))
    picture = pair_effect_chart(
        before, before * 2, [str(k) for k in range(20)], CAPTION, EN, most=9
    )
    assert len(marks(picture, "before")) == 9
    assert "The first 9 of 190 pairs are drawn." in said(picture)


def test_pairs_that_do_not_fit_their_names_are_refused():
    with pytest.raises(InvalidGridError, match=r"for 3 names"):
        pair_effect_chart(*resistances(), ["A", "B", "C"], CAPTION, EN)
    parted = np.full((2, 2), np.inf)
    with pytest.raises(InvalidGridError, match="0 have a way without barriers"):
        pair_effect_chart(parted, parted, ["A", "B"], CAPTION, EN)


def test_each_barriers_share_is_drawn_three_ways_and_the_largest_comes_first():
    worth = {"fence": 1.0, "road": 3.0}
    shares = attribute(lambda present: float(sum(worth[name] for name in present)), worth)
    picture = attribution_chart(shares, CAPTION, EN)
    for name in ("alone", "last", "shapley"):
        assert marks(picture, name) == [(3.0, 0.0), (1.0, 1.0)]
    assert "All together take away 4 S." in said(picture)
    assert bars(picture, "error") == []
    assert "twice its standard error" not in said(picture)


def test_shares_from_drawn_orders_have_their_error():
    shares = Attribution(
        ("a", "b"),
        3.0,
        np.array([2.0, 1.5]),
        np.array([1.5, 1.0]),
        np.array([1.8, 1.2]),
        np.array([0.1, 0.0]),
        50,
    )
    picture = attribution_chart(shares, CAPTION, EN)
    (interval,) = bars(picture, "error")
    np.testing.assert_allclose(interval, [[1.6, 0], [2.0, 0]])
    assert "twice its standard error" in said(picture)
    assert "Orders of building drawn at random: 50." in said(picture)


def test_shares_that_are_not_finite_are_refused():
    nothing = np.array([np.nan])
    shares = Attribution(("a",), 1.0, nothing, nothing, nothing, np.zeros(1), 0)
    with pytest.raises(InvalidGridError, match="shares must be finite"):
        attribution_chart(shares, CAPTION, EN)


def test_text_is_broken_between_words_and_only_then_within_them():
    lines = wrapped("Хулан and Mongolian gazelle at the Trans-Mongolian railway", 1.5, 10)
    assert len(lines) > 2
    assert " ".join(lines) == "Хулан and Mongolian gazelle at the Trans-Mongolian railway"
    assert all(width_in(line, 10) <= 1.5 for line in lines)
    assert "".join(wrapped("W" * 60, 1.5, 10)) == "W" * 60
    assert shortened("one two three four five six", 0.6, 10, lines=2)[-1].endswith("…")
    assert shortened("one", 0.6, 10) == ["one"]
