"""Crosswalks: kinds of pairs, what people decide, differences in words, progress carried across."""

import pytest

from builders_of_programmes import document_of_programme, text_of_programme
from kulan.errors import UnknownNameError
from kulan.programme.editions import (
    Crosswalk,
    Pair,
    Stated,
    aligned,
    carried_across,
    decided,
    joined_by_hand,
    stated_in_register,
    stated_in_text,
    word_differences,
)
from kulan.programme.text import read_bytes

OLD = [
    Stated("1.1", "Trade", "Count the horns sold on markets"),
    Stated("1.2", "Trade", "Train rangers to fight poaching"),
    Stated("2.1", "Roads", "Map fences and roads in the steppe"),
]


def kinds(walk):
    return {(pair.before, pair.after): pair.kind for pair in walk.pairs}


def test_an_action_with_another_number_is_renumbered():
    new = [OLD[0], Stated("1.5", "Trade", OLD[1].words), OLD[2]]
    assert kinds(aligned(OLD, new)) == {
        (("1.1",), ("1.1",)): "same",
        (("1.2",), ("1.5",)): "renumbered",
        (("2.1",), ("2.1",)): "same",
    }


def test_an_action_in_other_words_is_reworded_and_says_how_alike_it_is():
    new = [OLD[0], Stated("1.2", "Trade", "Train and equip rangers to fight poaching"), OLD[2]]
    pair = next(one for one in aligned(OLD, new).pairs if one.before == ("1.2",))
    assert pair.kind == "reworded"
    assert pair.reasons[0].startswith("words ")
    assert "same number" in pair.reasons
    assert pair.state == "proposed"


def test_two_that_are_not_each_others_nearest_say_which_is_more_alike():
    new = [
        Stated("1.2", "Trade", "Train rangers to fight poaching"),
        Stated("1.3", "Trade", "Train rangers to fight on markets"),
        OLD[2],
    ]
    pairs = {one.before: one for one in aligned(OLD, new).pairs}
    assert not pairs[("1.2",)].doubtful
    assert pairs[("1.1",)].doubtful
    assert "more like 1.2 of the earlier edition" in pairs[("1.1",)].reasons


def test_what_has_no_partner_is_dropped_or_new():
    new = [*OLD[1:], Stated("3.1", "Money", "Found a trust for herders")]
    found = kinds(aligned(OLD, new))
    assert found[("1.1",), ()] == "dropped"
    assert found[(), ("3.1",)] == "new"


@pytest.mark.parametrize(("left", "right"), [([], OLD), (OLD, []), ([], [])])
def test_an_empty_edition_has_nothing_to_pair(left, right):
    assert all(not (one.before and one.after) for one in aligned(left, right).pairs)


def test_every_action_stands_in_exactly_one_pair():
    before, after = stated_in_register(), stated_in_register()[20:] + tuple(OLD[:1])
    walk = aligned(before, [*after[:-1], Stated("40.1", "Trade", "Count the horns sold")])
    left = [each for pair in walk.pairs for each in pair.before]
    right = [each for pair in walk.pairs for each in pair.after]
    assert sorted(left) == sorted(one.action_id for one in before)
    assert len(right) == len(set(right)) == len(after)


def test_editions_without_a_common_language_are_aligned_by_number_and_section_and_say_so():
    before = [Stated("1.1", "Trade", "Count horns"), Stated("1.2", "Trade", "Train rangers")]
    after = [Stated("1.1", "Commerce", ""), Stated("1.2", "Commerce", "")]
    walk = aligned(before, after)
    assert all("no words in a common language" in one.reasons for one in walk.pairs if one.after)


def test_an_imported_document_aligns_with_the_register():
    text = read_bytes(document_of_programme("en"), "programme.docx")
    walk = aligned(stated_in_register("cami-2021", "en"), stated_in_text(text))
    joined = [one for one in walk.pairs if one.before and one.after]
    assert len(joined) == 228
    assert all(one.before == one.after for one in joined)


def test_two_imported_texts_align_though_mangled():
    first = read_bytes(text_of_programme("fr").encode(), "first.txt")
    second = read_bytes(text_of_programme("fr").replace("saïga", "saiga").encode(), "second.txt")
    walk = aligned(stated_in_text(first), stated_in_text(second))
    assert all(one.before == one.after for one in walk.pairs)


def test_a_person_decides_and_only_about_pairs_there_are():
    walk = aligned(OLD, OLD)
    walk = decided(walk, ["1.1"], ["1.1"], "refused")
    assert [one.state for one in walk.pairs] == ["refused", "proposed", "proposed"]
    assert walk.after("1.1") == ()
    assert walk.after("1.2") == ("1.2",)
    with pytest.raises(UnknownNameError):
        decided(walk, ["1.1"], ["1.2"], "confirmed")
    with pytest.raises(UnknownNameError):
        decided(walk, ["1.1"], ["1.1"], "perhaps")


def test_a_pair_joined_by_a_person_leaves_the_others_alone():
    walk = joined_by_hand(aligned(OLD, OLD), "1.1", "1.2")
    assert kinds(walk) == {
        (("1.1",), ("1.2",)): "renumbered",
        (("1.2",), ()): "dropped",
        ((), ("1.1",)): "new",
        (("2.1",), ("2.1",)): "same",
    }
    with pytest.raises(UnknownNameError):
        joined_by_hand(walk, "9.9", "1.1")


def test_a_difference_in_words_rebuilds_both_wordings():
    before, after = "Map all fences and roads", "Map fences, roads and canals"
    pieces = word_differences(before, after)
    assert " ".join(one.words for one in pieces if one.kind != "added") == before
    assert " ".join(one.words for one in pieces if one.kind != "removed") == after


def test_another_apostrophe_is_no_difference():
    assert [one.kind for one in word_differences("l’aire", "l'aire")] == ["kept"]


def confirmed(*pairs):
    return Crosswalk("a", "b", tuple(Pair(*pair, 1.0, (), "confirmed") for pair in pairs))


@pytest.mark.parametrize(
    ("pair", "statuses", "expected"),
    [
        ((("1",), ("2",), "renumbered"), {"1": "done"}, [("2", "done", True, False)]),
        ((("1",), ("1",), "reworded"), {"1": "done"}, [("1", "done", True, True)]),
        (
            (("1",), ("1", "2"), "split"),
            {"1": "done"},
            [("1", "under_way", True, True), ("2", "under_way", True, True)],
        ),
        (
            (("1", "2"), ("1",), "merged"),
            {"1": "done", "2": "under_way"},
            [("1", "under_way", True, True)],
        ),
        (((), ("3",), "new"), {}, [("3", "not_started", False, False)]),
        ((("3",), (), "dropped"), {"3": "done"}, [("", "", False, True)]),
    ],
)
def test_progress_is_carried_by_confirmed_pairs(pair, statuses, expected):
    found = carried_across(confirmed(pair), statuses)
    assert [(one.after, one.status, one.carried, one.to_look_at) for one in found] == expected
    assert all(one.reason for one in found)


def test_nothing_is_carried_by_a_pair_that_nobody_confirmed():
    walk = aligned(OLD, OLD)
    assert not any(one.carried for one in carried_across(walk, {"1.1": "done"}))
