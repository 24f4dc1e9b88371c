"""What the world sees of a released layer is opened by two people, never by one who describes."""

from datetime import date

import pytest
from django.urls import reverse

from builders_of_the_web import make_layer, make_version
from kulan.errors import NotAllowedNowError
from kulan.web.catalogue import actions, moves
from kulan.web.catalogue.models import Layer
from kulan.web.catalogue.themes import State
from kulan.web.events.models import Event

CLOSED = {"audience": "partners", "embargo_until": date(2031, 5, 1), "minimum_count": 5}
OPEN = {"audience": "public", "embargo_until": None, "minimum_count": 1}


@pytest.fixture
def next_draft(people):
    """The draft of a second version of Aigul's, whose first is released to few."""
    layer = make_layer(owner=people["aigul"])
    make_version(layer, state=State.RELEASED, created_by=people["aigul"])
    Layer.objects.filter(pk=layer.pk).update(**CLOSED)
    layer.refresh_from_db()
    return actions.begin_version(layer, by=people["aigul"])


def terms(layer):
    layer.refresh_from_db()
    return {name: getattr(layer, name) for name in CLOSED}


def test_a_draft_opens_nothing_of_what_is_released(next_draft, people):
    actions.describe(next_draft, OPEN, by=people["aigul"])

    assert terms(next_draft.layer) == CLOSED
    next_draft.refresh_from_db()
    assert {name: next_draft.term(name) for name in OPEN} == OPEN


def test_the_second_person_reads_what_changes_and_the_release_changes_it(
    next_draft, people, browser_of
):
    actions.describe(next_draft, OPEN, by=people["aigul"])
    whole = {
        "title": {"en": "Herds"}, "abstract": {"en": "Where."}, "method": "m", "source": "s",
        "licence": "CC-BY-4.0",
    }  # fmt: skip
    actions.describe(next_draft, whole, by=people["aigul"])
    type(next_draft).objects.filter(pk=next_draft.pk).update(file_sha256="1" * 64, file_name="x")
    next_draft.refresh_from_db()
    moves.submit(next_draft, by=people["aigul"])

    at = {"layer_id": next_draft.layer.layer_id, "number": next_draft.number}
    page = browser_of("irina").get(reverse("layer_desk", kwargs=at)).content.decode()
    assert "From its release on: Everyone" in page
    assert terms(next_draft.layer) == CLOSED

    moves.release(next_draft, by=people["irina"])
    assert terms(next_draft.layer) == OPEN
    told = Event.objects.filter(kind="layer_released").latest("pk").details
    assert told["changed"] == sorted(OPEN)


def test_terms_of_a_layer_that_never_was_released_hold_at_once(people):
    layer = make_layer(owner=people["aigul"])
    draft = make_version(layer, state=State.DRAFT, created_by=people["aigul"])

    actions.describe(draft, CLOSED, by=people["aigul"])

    assert terms(layer) == CLOSED


def test_what_went_to_review_meanwhile_is_not_described(next_draft, people):
    stale = type(next_draft).objects.get(pk=next_draft.pk)
    type(next_draft).objects.filter(pk=next_draft.pk).update(state=State.IN_REVIEW)

    with pytest.raises(NotAllowedNowError):
        actions.describe(stale, OPEN, by=people["aigul"])
