"""A text brought into the register by command or by hand: what changes, and that it does once."""

import pytest

from builders_of_programmes import document_of_programme, text_of_programme
from kulan.errors import AccessDeniedError, UnknownNameError
from kulan.programme.text import read_bytes
from kulan.web.events.models import Event
from kulan.web.programme.register.models import Correction, ImportedAction
from kulan.web.programme.register.text_changes import TextChanges, store_and_tell


@pytest.fixture(scope="module")
def french():
    return read_bytes(text_of_programme("fr").encode(), "texte.txt")


def test_every_action_gets_its_words_and_corrections_stand_beside(viewer, french):
    changes = store_and_tell(viewer("farida"), french)
    assert changes.added == 291
    assert ImportedAction.objects.get(action_id="29.10b").printed == "29.10"
    found = Correction.objects.get(action="cami-2021:13.1")
    assert (found.printed, found.corrected) == ("14.1", "13.1")
    assert changes.corrections == Correction.objects.count() > 1


def test_the_same_file_again_changes_nothing_and_records_nothing(viewer, french):
    store_and_tell(viewer("farida"), french)
    events = Event.objects.count()
    assert store_and_tell(viewer("farida"), french) == TextChanges(0, 0, 0, 291, 0)
    assert Event.objects.count() == events


def test_a_mended_file_alters_only_what_was_mended(viewer, french):
    store_and_tell(viewer("farida"), french)
    mended = text_of_programme("fr").replace("\t5.3\u00a0", "\t5.3\u00a0Bien ")
    changes = store_and_tell(viewer("farida"), read_bytes(mended.encode(), "texte-2.txt"))
    assert (changes.added, changes.altered, changes.removed) == (0, 1, 0)
    assert not changes.corrections


def test_another_language_stands_beside_the_first(viewer, french):
    store_and_tell(viewer("farida"), french)
    english = read_bytes(document_of_programme("en"), "text.docx")
    changes = store_and_tell(viewer("farida"), english)
    assert (changes.added, changes.removed) == (0, 0)
    assert set(ImportedAction.objects.get(action_id="5.3").text) == {"en", "fr"}


def test_a_text_of_another_edition_does_not_touch_the_shipped_one(viewer):
    draft = read_bytes(text_of_programme("fr").encode(), "draft.txt", edition_id="cami-2027")
    assert store_and_tell(viewer("farida"), draft).added == 291
    assert not ImportedAction.objects.filter(edition__edition_id="cami-2021").exists()


def test_a_row_that_the_edition_has_not_is_refused_whole(viewer):
    strange = text_of_programme("fr").replace("\t5.15\u00a0", "\t5.16\u00a0")
    with pytest.raises(UnknownNameError):
        store_and_tell(viewer("farida"), read_bytes(strange.encode(), "strange.txt"))
    assert not ImportedAction.objects.exists()


def test_who_does_not_keep_the_register_brings_nothing_in(viewer, french):
    with pytest.raises(AccessDeniedError):
        store_and_tell(viewer("gulnara"), french)
