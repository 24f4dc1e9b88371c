"""What holds for names in any script."""

import itertools
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from kulan.atlas.names import Gazetteer, NameEntry
from kulan.atlas.spellings import fold, skeletons

letters = st.sampled_from(
    "aeiouybdgklmnrstvzhxqwñöşğаеиоуыбдгклмнрстжшчцщхқғұөүіәابتدرسشکگلمنوهی -'ʻ’"
)
words = st.text(letters, min_size=1, max_size=14)
names = st.lists(words, min_size=1, max_size=12)


def gazetteer(all_names, order=1):
    entries = [NameEntry(name, "", "place", str(row)) for row, name in enumerate(all_names)]
    return Gazetteer(tuple(entries[::order]))


@given(words)
def test_case_marks_and_apostrophes_do_not_change_a_key(name):
    assert fold(name.upper()) == fold(name)
    assert fold(unicodedata.normalize("NFD", name)) == fold(name)
    assert fold(f"{name}'") == fold(name)


@given(words)
def test_a_folded_latin_key_is_letters_without_doubles(name):
    key = fold(name)
    assert all(letter.isascii() and letter.isalnum() for letter in key)
    assert all(one != other for one, other in itertools.pairwise(key))
    assert all(len(skeleton) <= len(key) for skeleton in skeletons(name))


@given(names, words)
def test_what_is_found_is_ranked_once_each_and_does_not_depend_on_order(all_names, typed):
    hits = gazetteer(all_names).search(typed)
    assert hits == gazetteer(all_names, -1).search(typed)
    assert [hit.nearness for hit in hits] == sorted(hit.nearness for hit in hits)
    assert len({hit.entry.id for hit in hits}) == len(hits) <= 10


@given(names)
def test_every_name_finds_itself_first(all_names):
    found = gazetteer(all_names)
    for name in all_names:
        if name.strip():
            hit = found.search(name)[0]
            assert fold(hit.entry.name) == fold(name)
