"""A review is made once for all who read the same, and never given to who reads less."""

import io

import docx
import pytest
from django.urls import reverse
from django.utils import timezone

from builders_of_cycles import READ_BY_AUDIENCE, make_cycle, make_report
from kulan.web.programme.reporting import exporting
from kulan.web.programme.reporting.models import GivenAnswer


@pytest.fixture
def report(people):  # noqa: ARG001
    return make_report(
        make_cycle(), state="accepted", accepted_at=timezone.now(), answers=READ_BY_AUDIENCE
    )


@pytest.fixture
def made(monkeypatch, settings, tmp_path):
    """How often a review was made, where none is kept yet."""
    settings.STATE = tmp_path
    times = []
    real = exporting.review_docx
    monkeypatch.setattr(exporting, "review_docx", lambda *told: times.append(1) or real(*told))
    return times


def review(browser_of, who):
    body = browser_of(who).get(reverse("cycle_export", args=["small", "docx"])).content
    document = docx.Document(io.BytesIO(body))
    cells = (cell for table in document.tables for row in table.rows for cell in row.cells)
    told = [*(one.text for one in document.paragraphs), *(cell.text for cell in cells)]
    return {one for one in READ_BY_AUDIENCE.values() if any(one in text for text in told)}


def test_a_review_kept_for_one_reader_is_not_given_to_another(report, made, browser_of):  # noqa: ARG001
    everything = set(READ_BY_AUDIENCE.values())

    assert review(browser_of, "farida") == everything
    assert review(browser_of, "nobody") == {READ_BY_AUDIENCE["general/done"]}
    assert review(browser_of, "dmitri") < everything
    assert len(made) == 3


def test_who_reads_the_same_is_given_the_same_file_until_an_answer_changes(
    report, made, browser_of
):
    for who in ("nobody", "hassan", "nobody"):
        review(browser_of, who)
    assert len(made) == 1

    answer = GivenAnswer.objects.filter(filing=report, question_id="general/done")
    answer.update(value="Three gates were opened")
    assert review(browser_of, "nobody") == set()
    assert len(made) == 2
