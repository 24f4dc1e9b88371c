"""What matters most, in three lines."""

from collections.abc import Callable, Mapping
from typing import Any

from kulan.report.reader import Reader
from kulan.screening.findings import AlternativeFindings, Headline, Screening, Unknown
from kulan.words import Words

Values = Mapping[str, Any]


def headlines_of(found: AlternativeFindings, reader: Reader) -> list[str]:
    """Return the sentences that matter most for one alternative."""
    return [headline(one, reader) for one in found.headlines]


def headline_lines(screening: Screening, words: Words) -> list[str]:
    """Return what matters most, three lines for each alternative.

    With several alternatives each line begins with the alternative's name.

    Parameters
    ----------
    screening
        What was found.
    words
        The language.
    """
    reader = Reader(words, screening.layers)
    lines = []
    for found in screening.alternatives:
        start = f"{found.alternative.name}: " if len(screening.alternatives) > 1 else ""
        lines += [start + line for line in headlines_of(found, reader)]
    return lines


def headline(found: Headline, reader: Reader) -> str:
    """Return one headline as sentences.

    Raises
    ------
    KeyError
        If there is no sentence for its code: a mistake of ours, which a test looks for.
    """
    return SENTENCES[found.code](found.values, reader)


def _habitat_crossed(values: Values, reader: Reader) -> str:
    told = reader.filled(values)
    sentence = reader.say(
        "{species}: the line runs {length} through potential habitat ({states}).", **told
    )
    return sentence + _and_others(int(values["species_count"]), reader)


def _habitat_affected(values: Values, reader: Reader) -> str:
    told = reader.filled(values)
    sentence = reader.say(
        "{species}: {area} of potential habitat lie within the effect distance ({states}).",
        **told,
    )
    return sentence + _and_others(int(values["species_count"]), reader)


def _and_others(count: int, reader: Reader) -> str:
    if count < 2:
        return ""
    return " " + reader.say_count(
        "{count} species is touched in all.", "{count} species are touched in all.", count
    )


def _habitat_near(values: Values, reader: Reader) -> str:
    return reader.say(
        "No species' potential habitat is touched; the nearest ({species}) is {distance} away.",
        **reader.filled(values),
    )


def _no_habitat_near(values: Values, reader: Reader) -> str:
    del values
    return reader.say("The Atlas knows no potential habitat near the project.")


def _habitat_cut_off(values: Values, reader: Reader) -> str:
    return reader.say(
        "If animals cannot cross, {area} of connected habitat are cut off ({species}; {share} of "
        "it).",
        **reader.filled(values),
    )


def _new_fragments(values: Values, reader: Reader) -> str:
    return reader.say(
        "Fragments of land between barriers around the project: {before} today, {after} with it.",
        **reader.filled(values),
    )


def _near_border(values: Values, reader: Reader) -> str:
    return reader.say(
        "{length} lie near the border with: {neighbours}. Animals are shared with that side.",
        **reader.filled(values),
    )


def _denser_barriers(values: Values, reader: Reader) -> str:
    told = reader.filled(values)
    if told["before"] == told["after"]:
        return reader.say(
            "The density of known barriers within {within} stays at {before}.",
            within=told["within"],
            before=told["before"],
        )
    return reader.say(
        "The density of known barriers within {within} rises from {before} to {after}.", **told
    )


def _criterion_met(values: Values, reader: Reader) -> str:
    return reader.say(
        "Critical habitat (IFC PS6): criterion {criterion} is met for {species}.",
        **reader.filled(values),
    )


def _criteria_open(values: Values, reader: Reader) -> str:
    told = reader.filled({name: value for name, value in values.items() if name != "species"})
    return reader.say(
        "Critical habitat (IFC PS6) cannot be ruled out: these data cannot answer {criteria}; "
        "counts of animals are needed.",
        **told,
    )


def _biggest_gap(values: Values, reader: Reader) -> str:
    unknown = Unknown(values["unknown"], "", values["values"])
    return reader.say("The largest gap: {gap}", gap=reader.unknown(unknown))


SENTENCES: dict[str, Callable[[Values, Reader], str]] = {
    "habitat_crossed": _habitat_crossed,
    "habitat_affected": _habitat_affected,
    "habitat_near": _habitat_near,
    "no_habitat_near": _no_habitat_near,
    "habitat_cut_off": _habitat_cut_off,
    "new_fragments": _new_fragments,
    "near_border": _near_border,
    "denser_barriers": _denser_barriers,
    "criterion_met": _criterion_met,
    "criteria_open": _criteria_open,
    "biggest_gap": _biggest_gap,
}
"""The sentence of each headline, by code."""
