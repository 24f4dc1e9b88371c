"""Every text that readers see is translated, whole, and with the same places to fill."""

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

import extract_words


def test_everything_readers_see_is_translated_and_up_to_date():
    found = extract_words.problems()
    assert found[:20] == [], f"{len(found)} in all; run `make words`, then translate"


@pytest.mark.parametrize("language", extract_words.TRANSLATED)
def test_a_language_has_its_own_plural_forms(language):
    forms = extract_words.read_catalog(language).num_plurals
    assert forms == Catalog(locale=language).num_plurals


def test_texts_come_from_sources_templates_and_tables():
    places = {found.place.rsplit(".", 1)[-1] for found in extract_words.found_texts()}
    assert {"csv", "py"} <= places


def message(source: object, translation: object, *, flags: tuple[str, ...] = ()) -> Message:
    return Message(source, translation, flags=flags)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("found", "problem"),
    [
        (message("{length} km", ""), "is not translated"),
        (message("{length} km", "{length} км"), None),
        (message("{length} km", "{length} км", flags=("fuzzy",)), "fuzzy"),
        (message("{length} km", "км"), "{length} on one side"),
        (message("km", "{length} км"), "{length} on one side"),
        (message(("{count} herd", "{count} herds"), ("стадо", "{count} стада", "")), "translated"),
        (message(("{count} herd", "{count} herds"), ("стадо", "{count} с", "{count} т")), None),
    ],
)
def test_what_is_wrong_with_a_translation_is_found(found, problem):
    problems = list(extract_words.problems_of(found))
    if problem is None:
        assert problems == []
    else:
        assert any(problem in text for text in problems)


def test_a_catalogue_reads_back_as_it_was_written(tmp_path):
    catalog = Catalog(locale="ru", charset="utf-8", fuzzy=False)
    catalog.add("Saiga", "Сайгак")
    (tmp_path / "kulan.po").write_text(extract_words.as_po(catalog), encoding="utf-8")

    with (tmp_path / "kulan.po").open("rb") as file:
        again = read_po(file, locale="ru")

    assert extract_words.as_po(again) == extract_words.as_po(catalog)
