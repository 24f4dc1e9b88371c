"""A text brought into the database: beside the shipped actions, or as an edition of its own."""

import pytest
from django.db.models import QuerySet

from kulan.errors import AccessDeniedError, InvalidTableError, UnknownNameError
from kulan.web.events.models import Event
from kulan.web.programme.register import importing
from kulan.web.programme.register.catalogue import all_actions, all_editions, edition_in_force
from kulan.web.programme.register.importing import (
    ActionRead,
    EditionRead,
    SourceFile,
    set_edition_state,
    store_text,
)
from kulan.web.programme.register.models import ImportedAction, ImportedEdition

ENGLISH = SourceFile("plan.docx", "0" * 64, "en")
RUSSIAN = SourceFile("план.docx", "1" * 64, "ru")
ARGALI = EditionRead(
    "argali-2027",
    plan="argali",
    titles={"en": "Plan for the argali"},
    sections=({"section_id": "1", "part": "I", "title": {"en": "Habitat"}},),
)


def one(text="Count the argali.", **fields):
    return ActionRead(**{"action_id": "1.1", "section_id": "1", "text": text, **fields})


def test_a_text_stands_beside_the_shipped_action_word_for_word(viewer, browser_of):
    words = "Print, as  it was\nprinted."
    store_text(viewer("farida"), EditionRead("cami-2021"), ENGLISH, [one(words)])
    page = browser_of("nobody").get("/programme/actions/cami-2021/1.1").content.decode()
    assert words in page
    assert "plan.docx" in page
    assert len(all_actions("cami-2021")) == 228


def test_a_shipped_edition_takes_no_action_that_it_has_not(viewer):
    with pytest.raises(UnknownNameError):
        store_text(viewer("farida"), EditionRead("cami-2021"), ENGLISH, [one(action_id="99.9")])
    assert not ImportedAction.objects.exists()


def test_two_actions_of_a_number_are_refused(viewer):
    with pytest.raises(InvalidTableError):
        store_text(viewer("farida"), ARGALI, ENGLISH, [one(), one("Another.")])


@pytest.mark.parametrize("who", ["nobody", "bat", "aigul", "gulnara"])
def test_texts_are_brought_in_by_the_secretariat(viewer, who):
    with pytest.raises(AccessDeniedError):
        store_text(viewer(who), ARGALI, ENGLISH, [one()])


def test_a_plan_of_its_own_begins_as_a_draft_and_comes_into_force(viewer, browser_of):
    store_text(viewer("farida"), ARGALI, ENGLISH, [one(title="Count", states=("KAZ",))])
    assert browser_of("nobody").get("/programme/?edition=argali-2027").status_code == 404
    set_edition_state(viewer("farida"), "argali-2027", "in_force")
    page = browser_of("nobody").get("/programme/?edition=argali-2027").content.decode()
    assert "Habitat" in page
    assert "Count" in page
    assert edition_in_force("argali") == "argali-2027"
    assert edition_in_force("cami") == "cami-2021"
    assert set(Event.objects.values_list("kind", flat=True)) == {
        "edition_imported",
        "edition_state_set",
    }


def test_languages_stand_side_by_side_and_a_new_text_replaces_its_own(viewer):
    store_text(viewer("farida"), ARGALI, ENGLISH, [one("Old."), one("Gone.", action_id="1.2")])
    store_text(viewer("farida"), ARGALI, RUSSIAN, [one("Считать аргали.")])
    row = store_text(viewer("farida"), ARGALI, ENGLISH, [one("New.")])
    assert row.actions.get().text == {"en": "New.", "ru": "Считать аргали."}
    assert set(row.sources.values_list("language", flat=True)) == {"en", "ru"}


def test_of_a_plan_one_edition_is_in_force(viewer):
    store_text(viewer("farida"), EditionRead("cami-2027", plan="cami"), ENGLISH, [one()])
    set_edition_state(viewer("farida"), "cami-2027", "in_force")
    in_force = [e.edition_id for e in all_editions() if e.status == "in_force"]
    assert in_force == ["cami-2027"]
    assert edition_in_force() == "cami-2027"


def test_setting_a_state_writes_the_state_alone(viewer, monkeypatch):
    store_text(viewer("farida"), ARGALI, ENGLISH, [one()])

    def retitled_meanwhile(_, but):
        ImportedEdition.objects.filter(edition_id=but).update(title={"en": "Another title"})

    monkeypatch.setattr(importing, "_make_past", retitled_meanwhile)
    set_edition_state(viewer("farida"), "argali-2027", "in_force")
    row = ImportedEdition.objects.get(edition_id="argali-2027")
    assert (row.title, row.status) == ({"en": "Another title"}, "in_force")


def test_the_editions_of_the_plan_are_held_while_a_state_is_set(viewer, monkeypatch):
    store_text(viewer("farida"), ARGALI, ENGLISH, [one()])
    held, lock = [], QuerySet.select_for_update

    def locking(rows, *args, **named):
        held.append(rows.model)
        return lock(rows, *args, **named)

    monkeypatch.setattr(QuerySet, "select_for_update", locking)
    set_edition_state(viewer("farida"), "argali-2027", "past")
    assert ImportedEdition in held
