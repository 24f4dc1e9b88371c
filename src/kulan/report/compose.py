"""Put a report together: findings and scene in, a `Document` in one language out."""

from kulan.report.document import (
    Block,
    Document,
    FigureMap,
    KeyValues,
    MapRow,
    Section,
    Table,
    blocks_of,
    recipes_of_columns,
)
from kulan.report.maps import overview_map, species_maps
from kulan.report.reader import Reader
from kulan.report.sections.areas import areas
from kulan.report.sections.barriers import barriers
from kulan.report.sections.comparison import comparison
from kulan.report.sections.critical_habitat import critical_habitat
from kulan.report.sections.mitigation import mitigation
from kulan.report.sections.question import question
from kulan.report.sections.recipes import recipes
from kulan.report.sections.rules import rules
from kulan.report.sections.seasons import seasons
from kulan.report.sections.sources import cited, files, sources
from kulan.report.sections.species import species
from kulan.report.sections.states import states
from kulan.report.sections.summary import summary
from kulan.report.sections.unknowns import unknowns
from kulan.screening import Scene
from kulan.screening.findings import AlternativeFindings, Screening
from kulan.words import Words


def compose(screening: Screening, scene: Scene, words: Words) -> Document:
    """Write a whole report in one language, in no format yet.

    Parameters
    ----------
    screening
        What was found.
    scene
        What there is to draw.
    words
        The language.
    """
    reader = Reader(words, screening.layers)
    told = [
        summary(screening, overview_map(screening, scene, reader), reader),
        *_comparison(screening, reader),
        *_maps(screening, scene, reader),
        *(
            _alternative(number, found, screening, reader)
            for number, found in enumerate(screening.alternatives, start=1)
        ),
        seasons(screening, reader),
        mitigation(screening, reader),
        rules(screening, reader),
        sources(screening, reader),
        files(screening, reader),
    ]
    told.append(cited(reader))
    numbers = _recipe_numbers(told)
    told.append(recipes(screening.recipes, numbers, reader))
    return Document(
        language=words.language,
        title=_title(screening, reader),
        subtitle=_subtitle(screening, reader),
        made=reader.say(
            "Made by Kulan {version} from release {release} of its Atlas.",
            version=screening.kulan_version,
            release=screening.release,
        ),
        on=screening.on,
        sections=tuple(told),
        recipe_numbers=numbers,
        alternatives=tuple(
            (one.alternative.alternative_id, f"{number}. {one.alternative.name}")
            for number, one in enumerate(screening.alternatives, start=1)
        ),
        species=_species(screening, reader),
        labels=labels(reader),
    )


def _comparison(screening: Screening, reader: Reader) -> list[Section]:
    return [comparison(screening, reader)] if len(screening.alternatives) > 1 else []


def _maps(screening: Screening, scene: Scene, reader: Reader) -> list[Section]:
    small: tuple[FigureMap, ...] = species_maps(screening, scene, reader)
    if not small:
        return []
    title = reader.say("Potential habitat of the species of most concern")
    return [Section("maps", title, (MapRow(small),))]


def _alternative(
    number: int, found: AlternativeFindings, screening: Screening, reader: Reader
) -> Section:
    """Write all that was found for one alternative."""
    alternative = found.alternative
    inner = (
        question(alternative, f"asked-{number}", reader),
        species(screening, found, f"species-{number}", reader),
        areas(found, f"areas-{number}", reader),
        states(found, screening.on, f"states-{number}", reader),
        barriers(found, f"barriers-{number}", reader),
        critical_habitat(found, f"critical-habitat-{number}", reader),
        unknowns(found, f"unknown-{number}", reader),
    )
    title = reader.say("Findings in detail")
    if len(screening.alternatives) > 1:
        title = reader.say("Alternative {number}: {name}", number=number, name=alternative.name)
    return Section(
        f"alternative-{number}", title, sections=inner, alternative=alternative.alternative_id
    )


def _recipe_numbers(sections: list[Section]) -> dict[str, int]:
    """Return each recipe's number, in the order in which the reader meets them."""
    met: dict[str, None] = {}
    for section in sections:
        for block in blocks_of(section):
            met.update(dict.fromkeys(_recipes_in(block)))
    return {key: number for number, key in enumerate(met, start=1)}


def _recipes_in(block: Block) -> list[str]:
    if isinstance(block, Table):
        return [key for _, keys in recipes_of_columns(block) for key in keys]
    if isinstance(block, KeyValues):
        return [cell.recipe for _, cell in block.items if cell.recipe]
    return []


def _title(screening: Screening, reader: Reader) -> str:
    kinds = dict.fromkeys(one.alternative.barrier_type for one in screening.alternatives)
    kind = reader.codes("barrier_type", tuple(kinds))
    return reader.say("Screening for migratory mammals: {project}", project=kind)


def _subtitle(screening: Screening, reader: Reader) -> str:
    names = [one.alternative.name for one in screening.alternatives]
    if len(names) == 1:
        return names[0]
    return reader.say_count("{count} alternative", "{count} alternatives", len(names))


def _species(screening: Screening, reader: Reader) -> tuple[tuple[str, str], ...]:
    found = dict.fromkeys(
        species.species_id for one in screening.alternatives for species in one.species
    )
    return tuple((species_id, reader.species(species_id)) for species_id in found)


def labels(reader: Reader) -> dict[str, str]:
    """Return the words of the page itself: choices, buttons, marks."""
    say = reader.say
    return {
        "contents": say("Contents"),
        "skip": say("Skip to the report"),
        "choices": say("Choose what to see"),
        "alternative": say("Alternative"),
        "all_alternatives": say("All alternatives"),
        "species": say("Species"),
        "all_species": say("All species"),
        "filtered": say("Only rows of this species, and rows of no species, are shown."),
        "layers": say("Show on the map"),
        "more": say("Show {count} more rows"),
        "fewer": say("Show fewer rows"),
        "left_out": say("{count} more rows stand in findings.json and in the HTML report."),
        "recipe": say("Recipe"),
        "how": say("How the figures were made:"),
        "close": say("Close"),
        "colon": reader.colon,
        "whole_recipe": say("See it among all recipes"),
        "tofu": say(
            "The fonts of this PDF lack some characters, shown as {mark}: {characters}. The HTML "
            "report shows them."
        ),
        "more_recipes": say("{count} more recipes stand in findings.json."),
    }
