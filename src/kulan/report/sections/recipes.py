"""The appendix of recipes: how each figure was made."""

import json
from collections.abc import Mapping

from kulan.provenance import Recipe
from kulan.report.document import Paragraph, RecipeEntry, Recipes, Section
from kulan.report.reader import Reader

_HASH_LETTERS = 12


def recipes(made: Mapping[str, Recipe], numbers: Mapping[str, int], reader: Reader) -> Section:
    """Tell every recipe the report's figures name, by number.

    Parameters
    ----------
    made
        All recipes of the screening, by key.
    numbers
        Number in the appendix, by key; a recipe without one is not printed.
    """
    say = reader.say
    intro = say(
        "Every figure of this report names the recipe that made it: the method, its version, what "
        "went in, and the parameters. The same recipe on the same inputs gives the same figure."
    )
    entries = tuple(_entry(number, key, made[key]) for key, number in numbers.items())
    block = Recipes(
        entries,
        method_title=say("Method"),
        inputs_title=say("Inputs"),
        parameters_title=say("Parameters"),
        source_title=say("Source"),
    )
    title = say("How the figures were made")
    return Section("recipes", title, (Paragraph(intro, small=True), block))


def _entry(number: int, key: str, recipe: Recipe) -> RecipeEntry:
    inputs = tuple(f"{one.name} ({one.sha256[:_HASH_LETTERS]})" for one in recipe.inputs)
    parameters = tuple(
        (name, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
        for name, value in recipe.parameters.items()
    )
    return RecipeEntry(
        number, key, recipe.method, recipe.version, inputs, parameters, recipe.source
    )
