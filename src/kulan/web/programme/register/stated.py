"""Actions of any edition of the register in words, as an alignment compares them."""

from kulan.programme.actions import Action, Section
from kulan.programme.editions import Stated
from kulan.web.programme.register.catalogue import all_actions, all_sections
from kulan.web.programme.register.models import ImportedAction
from kulan.words import LANGUAGES


def stated_in(edition_id: str, language: str) -> tuple[Stated, ...]:
    """Return the rows of an edition with the words that it has in a language.

    They are the official ones where somebody brought them in, else titles; with those of the parts.

    Raises
    ------
    UnknownNameError
        If there is no such edition.
    """
    texts = _texts(edition_id, language)
    sections = {one.section_id: one for one in all_sections(edition_id)}
    rows: list[tuple[Action, str]] = []
    below: dict[str, list[str]] = {}
    tops: dict[str, str] = {}  # part to the row that it is of
    for one in all_actions(edition_id, parts=True):
        words = texts.get(one.action_id) or one.titles.get(language, "")
        if one.parent_id:
            top = tops[one.action_id] = tops.get(one.parent_id, one.parent_id)
            below.setdefault(top, []).append(words)
        else:
            rows.append((one, words))
    return tuple(
        Stated(
            one.action_id,
            _heading(sections.get(one.section_id), language),
            " ".join(filter(None, (words, *below.get(one.action_id, ())))),
            _species(one.species, sections.get(one.section_id)),
        )
        for one, words in rows
    )


def languages_of(edition_id: str) -> tuple[str, ...]:
    """Return the languages in which most actions of an edition have words.

    Raises
    ------
    UnknownNameError
        If there is no such edition.
    """
    rows = all_actions(edition_id)
    found = []
    for language in LANGUAGES:
        texts = _texts(edition_id, language)
        n_worded = sum(bool(texts.get(one.action_id) or one.titles.get(language)) for one in rows)
        if rows and n_worded > len(rows) / 2:
            found.append(language)
    return tuple(found)


def _texts(edition_id: str, language: str) -> dict[str, str]:
    rows = ImportedAction.objects.filter(edition__edition_id=edition_id)
    texts = rows.values_list("action_id", "text")
    return {key: " ".join(text[language].split()) for key, text in texts if text.get(language)}


def _heading(section: Section | None, language: str) -> str:
    return section.titles.get(language, "") if section else ""


def _species(own: tuple[str, ...], section: Section | None) -> tuple[str, ...]:
    """Return what the section is about; what the action is, where the section tells nothing."""
    return (section.species if section else ()) or own
