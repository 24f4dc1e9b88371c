"""What the starter Atlas says of its layers is said in every language."""

import pytest

from kulan.atlas.inputs import StarterInputs
from kulan.atlas.plans import starter_plans
from kulan.web.catalogue.starter_words import METHODS
from kulan.words import words_in


@pytest.mark.parametrize("language", ["ru", "fr"])
def test_titles_limits_and_methods_of_the_starter_are_translated(language):
    words = words_in(language)
    layers = [plan.layer for plan in starter_plans(StarterInputs())]
    titles = [one.title for one in layers if not one.layer_id.startswith("habitat_")]
    titles.append("Potential habitat by species and state")
    texts = {*titles, *(one.note for one in layers), *METHODS.values()}
    assert {text for text in texts if words.say(text) == text} == set()


def test_every_method_of_the_starter_is_told_in_words():
    methods = {plan.layer.recipe.method for plan in starter_plans(StarterInputs())}
    assert methods == set(METHODS)
