"""Actions of an edition as an alignment sees them: number, section, and words in one language."""

from dataclasses import dataclass

from kulan.programme.actions import actions, sections
from kulan.programme.text import ImportedText, ListedPlan


@dataclass(frozen=True, slots=True)
class Stated:
    """An action of an edition, in words.

    Attributes
    ----------
    action_id
        Its key in the edition.
    section
        Heading of its section.
    words
        What it says, or its title, in the language of the comparison; empty where it has none.
    species
        What its section is about, which no language changes.
    """

    action_id: str
    section: str
    words: str
    species: tuple[str, ...] = ()


def stated_in_text(text: ImportedText) -> tuple[Stated, ...]:
    """Return the rows of an imported text, each with the words of its parts.

    Parameters
    ----------
    text
        The text.
    """
    headings = {one.section_id: one for one in text.sections}
    below: dict[str, list[str]] = {}
    for one in text.actions:
        if one.parent_id:
            below.setdefault(_row_of(one.action_id), []).append(one.text)
    return tuple(
        Stated(
            one.action_id,
            headings[one.section_id].title,
            " ".join([one.text, *below.get(one.action_id, ())]),
            headings[one.section_id].species,
        )
        for one in text.rows
    )


def _row_of(part_id: str) -> str:
    return ".".join(part_id.split(".")[:2])


def stated_in_list(plan: ListedPlan, language: str = "en") -> tuple[Stated, ...]:
    """Return the actions of a listed plan, each with the words of its parts in a language.

    Parameters
    ----------
    plan
        The plan.
    language
        Language of the words.
    """
    tops = {one.action_id: one.action_id for one in plan.rows}
    below: dict[str, list[str]] = {}
    for one in plan.actions:
        if one.parent_id:
            top = tops[one.action_id] = tops.get(one.parent_id, one.parent_id)
            below.setdefault(top, []).append(one.words_in(language))
    return tuple(
        Stated(
            one.action_id,
            plan.sections.get(one.section_id, {}).get(language, ""),
            " ".join(filter(None, (one.words_in(language), *below.get(one.action_id, ())))),
            one.species,
        )
        for one in plan.rows
    )


def stated_in_register(edition_id: str = "cami-2021", language: str = "en") -> tuple[Stated, ...]:
    """Return the rows of an edition that Kulan knows, by its own titles and those of their parts.

    Parameters
    ----------
    edition_id
        The edition.
    language
        Language of the titles.

    Raises
    ------
    UnknownNameError
        If there is no such edition.

    Examples
    --------
    >>> len(stated_in_register("cami-2021"))
    228
    """
    headings = {one.section_id: one for one in sections(edition_id)}
    below: dict[str, list[str]] = {}
    for one in actions(edition_id, parts=True):
        if one.parent_id:
            below.setdefault(_row_of(one.action_id), []).append(one.title(language))
    return tuple(
        Stated(
            one.action_id,
            headings[one.section_id].title(language),
            " ".join([one.title(language), *below.get(one.action_id, ())]),
            headings[one.section_id].species,
        )
        for one in actions(edition_id)
    )
